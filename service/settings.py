"""What an operator may set. Nothing is read at import: `serve` builds one value and hands it to `create_app`."""

import os
import re
from collections.abc import Iterable
from dataclasses import Field, dataclass, fields, replace
from pathlib import Path

from pipeline.errors import UsageError

MIB = 1024 * 1024
_UNITS = {"": 1, "s": 1, "KiB": 1024, "MiB": MIB, "GiB": 1024 * MIB}
_VALUE = re.compile(r"(\d+(?:\.\d+)?) ?(s|KiB|MiB|GiB)?")
REMOTE_WORKERS = 8
"""Where an endpoint is asked: they wait more than they work."""
_NOT_LIMITS = {"out", "endpoint", "prewarm", "log", "poll"}


@dataclass(frozen=True)
class Settings:
    """Sizes are bytes, times are seconds."""

    out: Path
    """The folder that `ducha build` publishes into."""
    endpoint: str = ""
    """The address of a SPARQL endpoint that holds the snapshot; empty: its own store is asked."""
    workers: int = min(os.cpu_count() or 1, 15) + 1
    """Processes for the queries of clients, of which one client gets all but one; a quarter as many, at least one,
    answer those of our own pages."""
    timeout: float = 30.0
    """How long a query may take, waiting and sending included; a client may ask for less."""
    memory: int = 2048 * MIB
    """Address space a worker may add to what it needs to open the store."""
    stack: int = 256 * MIB
    """Stack of the evaluating thread: deep enough for the longest query we accept, however it is nested."""
    waiting: int = 32
    """Queries that may wait for a worker; the next one is told to come back."""
    client_waiting: int = 16
    """Queries of one client address that wait at a time."""
    query_bytes: int = 64 * 1024
    head_bytes: int = 64 * 1024
    """Address and headers of a request, to within what is read at a time; a longer query goes into the body."""
    tokens: int = 20_000
    """Words and signs of a query."""
    depth: int = 100
    """Nesting of brackets and of prefix operators."""
    graphs: int = 1000
    """Graphs that one query may name by FROM, or one request by its parameters."""
    held_bytes: int = 1 * MIB
    """Answers up to this size are sent only when complete; larger ones are streamed."""
    whole_bytes: int = 32 * MIB
    """The same for HTTP/1.0, which cannot show that a stream broke off; a larger answer is refused."""
    cache_bytes: int = 64 * MIB
    connections: int = 1000
    """Open connections; the longest idle one makes room for the next."""
    request_seconds: float = 15.0
    """How long a request may take to arrive, head and body."""
    stall_seconds: float = 15.0
    """How long a client may take nothing of its answer."""
    grace_seconds: int = 10
    """How long requests may go on after the service was told to stop."""
    citations: int = 10_000
    """Queries that may be cited: their texts are kept in `out`."""
    cited_bytes: int = 128 * MIB
    """Disk that these texts may take."""
    cited_hourly: int = 60
    """Citations that one client may record within an hour."""
    poll: float = 2.0
    """How often the service looks for a newly published snapshot."""
    prewarm: bool = True
    """Whether the named queries are answered once, and what takes long to read is read, in the background, when a snapshot
    is opened."""
    log: str = "events"
    """What is written to standard error, a JSON object a line: `events` (what an operator should see), `requests` (each
    as well), `queries` (with the text of each)."""

    def limited(self, limits: Iterable[str]) -> "Settings":
        """With limits as an operator writes them: `timeout=60`, `memory=4GiB`. Raises UsageError."""
        known = {one.name: type(getattr(self, one.name)) for one in limit_fields()}
        changed: dict[str, float] = {}
        for limit in limits:
            name, _, value = limit.partition("=")
            if name not in known:
                raise UsageError(f"--limit {limit}", "names no limit", f"take one of {', '.join(known)}")
            match = _VALUE.fullmatch(value)
            number = float(match[1]) * _UNITS[match[2] or ""] if match else 0.0
            if number <= 0 or (known[name] is int and number != int(number)):
                raise UsageError(f"--limit {limit}", "has no value above 0", f"write {name}={getattr(self, name)}")
            changed[name] = known[name](number)
        return replace(self, **changed)  # type: ignore[arg-type]


def limit_fields() -> tuple[Field[object], ...]:
    """The settings that are limits: what a client may meet."""
    return tuple(one for one in fields(Settings) if one.name not in _NOT_LIMITS)
