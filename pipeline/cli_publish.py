"""The command `ducha publish`: a snapshot → a SPARQL server."""

# ruff: noqa: PLC0415, T201 - every module is imported by the command that needs it; a command prints
import sys
import time
from pathlib import Path
from typing import Annotated

import typer


def publish(
    to: Annotated[str, typer.Option("--to", metavar="URL", help="The server, or the address of its queries.")],
    out: Annotated[Path, typer.Option("--out", help="The folder that holds the snapshots.")] = Path("out"),
    update: Annotated[str, typer.Option("--update", metavar="URL", help="Its SPARQL Update address.")] = "",
    store: Annotated[str, typer.Option("--graph-store", metavar="URL", help="Its Graph Store address.")] = "",
    in_place: Annotated[bool, typer.Option("--in-place", help="Without a second copy, but not in one step.")] = False,
    batch: Annotated[int, typer.Option("--batch", min=1, help="Triples a request.")] = 10_000,
    timeout: Annotated[float, typer.Option("--timeout", min=1, help="Seconds to wait for the server.")] = 60.0,
) -> None:
    """The snapshot in force → any SPARQL 1.1 server, verified there.

    User and password are read from DUCHA_STORE_USER and DUCHA_STORE_PASSWORD, a bearer token from DUCHA_STORE_TOKEN, or
    from the files that these names with _FILE point to.
    """
    from pipeline.remote.endpoint import Client
    from pipeline.remote.publish import Publication
    from pipeline.remote.target import Target
    from pipeline.snapshot import current_snapshot

    start = time.monotonic()
    snapshot = current_snapshot(out)
    with Client(timeout) as client:
        target = Target.find(client, to, say=lambda line: print(f"ducha: {line}", file=sys.stderr))
        done = Publication(snapshot, target, batch=batch, progress=True).run(update, store, in_place=in_place)
    how = "nothing to do" if not done.written + done.removed else "in place" if done.in_place else "in one step"
    print(f"graphs     {done.written} written, {done.unchanged} unchanged, {done.removed} removed ({how})")
    print(f"triples    {done.sent} sent")
    print(f"version    {done.version}")
    print(f"seconds    {time.monotonic() - start:.1f}")
