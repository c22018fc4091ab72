"""Runs the service: `run(out, host, port)` is what `ducha serve` calls."""

import os
import resource
import socket
import sys
from dataclasses import replace
from pathlib import Path

import uvicorn

from pipeline.errors import UsageError
from pipeline.remote.endpoint import Client
from pipeline.remote.published import find_query
from pipeline.snapshot import current_snapshot
from service.app import create_app
from service.aside import SWITCH_SECONDS
from service.connection import limited
from service.direct import Direct
from service.log import write_to_stderr
from service.remote import RemoteStore
from service.settings import Settings

BACKLOG = 1024


def run(
    out: Path, host: str = "127.0.0.1", port: int = 8000, settings: Settings | None = None, endpoint: str = ""
) -> None:
    """Serves the snapshot published in `out` until interrupted; port 0 takes any free one. Prints the address.

    `endpoint` is a SPARQL server that `ducha publish` has put the same snapshot on; its store is asked then.
    Raises SnapshotError when nothing is published there, UsageError when host or port cannot be used, EndpointError
    when the endpoint does not hold the snapshot.
    """
    settings = settings or Settings(out)
    snapshot = current_snapshot(out, store=not endpoint)
    if endpoint:
        with Client() as client:
            settings = replace(settings, endpoint=find_query(client, endpoint))
        RemoteStore(settings.endpoint, str(snapshot.manifest["base"]), snapshot.version).graphs()
    listener = listen(host, port)
    sys.setswitchinterval(SWITCH_SECONDS)
    _allow_files(2 * settings.connections + 200)
    app = create_app(settings)
    write_to_stderr()
    address = f"[{host}]" if ":" in host else host
    source = f" from {settings.endpoint}" if endpoint else ""
    sys.stdout.write(f"version {snapshot.version}{source} at http://{address}:{listener.getsockname()[1]}/\n")
    sys.stdout.flush()
    trusted = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
    config = uvicorn.Config(
        app,
        http=limited(settings, Direct(app.state.datasets, trusted)),
        forwarded_allow_ips=trusted,
        loop="uvloop",
        ws="none",
        backlog=BACKLOG,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=settings.grace_seconds,
    )
    server = uvicorn.Server(config)
    try:
        server.run(sockets=[listener])
    finally:
        listener.close()


def _allow_files(number: int) -> None:
    """Raises this process's own limit of open files as far as it may, so that connections do not end at it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = number if hard == resource.RLIM_INFINITY else min(number, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; made here, so that a port in use is known before any worker starts."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # With its protocol named, asyncio sends small answers at once; else each waits 40 ms for an acknowledgement.
        listener = socket.socket(family, kind, protocol)
    except (OSError, OverflowError) as error:
        raise UsageError(
            f"{host}:{port}", f"is no address ({error})", "give a host of this machine by --host"
        ) from None
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(BACKLOG)  # who comes before the workers are ready waits
    except OSError as error:
        listener.close()
        why = (error.strerror or str(error)).lower()
        raise UsageError(f"{host}:{port}", f"cannot be used ({why})", "give another by --port") from None
    listener.set_inheritable(False)
    return listener
