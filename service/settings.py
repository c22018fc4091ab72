"""What an operator may set. Nothing is read at import: `serve` builds one value and hands it to `create_app`."""

from dataclasses import dataclass
from pathlib import Path

MIB = 1024 * 1024


@dataclass(frozen=True)
class Settings:
    """Sizes are bytes, times are seconds."""

    out: Path
    """The folder that `ducha build` publishes into."""
    endpoint: str = ""
    """The address of a SPARQL endpoint that holds the snapshot; empty: its own store is asked."""
    workers: int = 2
    """Processes for the queries of clients; a quarter as many, at least one, answer those of our own pages."""
    timeout: float = 30.0
    """How long a query may take, waiting and sending included; a client may ask for less."""
    memory: int = 2048 * MIB
    """Address space a worker may add to what it needs to open the store."""
    stack: int = 256 * MIB
    """Stack of the evaluating thread: deep enough for the longest query we accept, however it is nested."""
    waiting: int = 32
    """Queries that may wait for a worker; the next one is told to come back."""
    client_running: int = 1
    """Queries of one client address that run at a time: fewer than `workers`, or one client can hold them all."""
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
    citations: int = 10_000
    """Queries that may be cited: their texts are kept in `out`."""
    cited_bytes: int = 128 * MIB
    """Disk that these texts may take."""
    cited_hourly: int = 60
    """Citations that one client may record within an hour."""
    poll: float = 2.0
    """How often the service looks for a newly published snapshot."""
