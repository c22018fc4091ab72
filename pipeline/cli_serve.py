"""The command `ducha serve`: a snapshot → HTTP."""

# ruff: noqa: PLC0415 - every module is imported by the command that needs it
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer

Log = Literal["events", "requests", "queries"]


def serve(
    out: Annotated[Path, typer.Option("--out", help="The folder that holds the snapshots.")] = Path("out"),
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port to listen on.")] = 8000,
    endpoint: Annotated[
        str, typer.Option("--endpoint", metavar="URL", help="Ask this server, which `ducha publish` has filled.")
    ] = "",
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Processes for queries; by default one more than cores.")
    ] = None,
    limit: Annotated[
        list[str] | None,
        typer.Option("--limit", metavar="NAME=VALUE", help="A limit of the page /about, e.g. timeout=60."),
    ] = None,
    log: Annotated[Log, typer.Option("--log", help="What is written to standard error.")] = "events",
) -> None:
    """The web service over the snapshot in force."""
    from service.serve import run
    from service.settings import REMOTE_WORKERS, Settings

    settings = Settings(out, log=log)
    if workers or endpoint:
        settings = replace(settings, workers=workers or REMOTE_WORKERS)
    run(out, host, port, settings.limited(limit or ()), endpoint)
