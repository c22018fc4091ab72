"""A load of HTTP requests on a server, from one process: as many as it takes in the time given, over open connections.

`measure(port, asked, seconds, clients)` keeps one request under way on each of `clients` connections. It parses no
more of an answer than it needs to know its end, so that it can ask ten thousand times a second.
"""

import re
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
READ = 1 << 18
LONGEST = 7000  # characters of a target


@dataclass
class Load:
    """What came of it. Latencies are seconds."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    bytes: int = 0

    @property
    def rate(self) -> float:
        """Answers of status 200 in a second."""
        return self.statuses[200] / self.seconds if self.seconds else 0.0

    @property
    def failed(self) -> int:
        return sum(self.statuses.values()) - self.statuses[200]


class _Connection:
    def __init__(self, port: int, number: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.head = f"\r\nHost: 127.0.0.1:{port}\r\nX-Forwarded-For: 198.51.100.{number}\r\n".encode()
        self.begun = 0.0
        self.answer = bytearray()
        self.end = -1

    def ask(self, asked: "Asked", accept: bytes) -> None:
        self.answer.clear()
        self.end = -1
        self.begun = time.perf_counter()
        self.socket.sendall(
            asked.line + b" HTTP/1.1" + self.head + b"Accept: " + accept + asked.fields + b"\r\n\r\n" + asked.body
        )

    def read(self) -> bool:
        """Whether the answer is whole. Raises ConnectionError when it breaks off."""
        piece = self.socket.recv(READ)
        if not piece:
            raise ConnectionError
        self.answer += piece
        if self.end < 0:
            head = self.answer.find(b"\r\n\r\n")
            if head < 0:
                return False
            if found := LENGTH.search(self.answer, 0, head):
                self.end = head + 4 + int(found[1])
            elif not CHUNKED.search(self.answer, 0, head + 2):
                self.end = head + 4
        return len(self.answer) >= self.end if self.end >= 0 else self.answer.endswith(b"0\r\n\r\n")

    @property
    def status(self) -> int:
        return int(self.answer[9:12])


@dataclass(frozen=True)
class Asked:
    """A request: method and target, further header fields, body."""

    line: bytes
    fields: bytes = b""
    body: bytes = b""

    @classmethod
    def by_get(cls, target: str) -> "Asked":
        return cls(f"GET {target}".encode())

    @classmethod
    def query(cls, query: str, address: str = "/sparql") -> "Asked":
        """By GET; a long one by POST, since the stock server takes heads of 8 KB at most."""
        target = f"{address}?{urlencode({'query': query})}"
        if len(target) < LONGEST:
            return cls.by_get(target)
        body = query.encode()
        fields = f"\r\nContent-Type: application/sparql-query\r\nContent-Length: {len(body)}"
        return cls(f"POST {address}".encode(), fields.encode(), body)


def measure(
    port: int, asked: Iterator[Asked], seconds: float, clients: int = 8, accept: str = "application/sparql-results+json"
) -> Load:
    """Asks one after another until the time is over or there are no more; waits for the last answers."""
    load, selector = Load(), selectors.DefaultSelector()
    begun = time.perf_counter()
    wanted = accept.encode()
    open_ = 0
    for number in range(1, clients + 1):
        try:
            connection = _Connection(port, number)
        except OSError:
            load.statuses[0] += 1
            continue
        one = next(asked, None)
        if one is None:
            connection.socket.close()
            break
        connection.ask(one, wanted)
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        open_ += 1
    while open_:
        for key, _ in selector.select():
            connection = key.data
            try:
                if not connection.read():
                    continue
                status = connection.status
            except OSError:
                status = 0
            now = time.perf_counter()
            load.statuses[status] += 1
            load.latencies.append(now - connection.begun)
            load.bytes += len(connection.answer)
            one = next(asked, None) if status and now - begun < seconds else None
            if one is None:
                selector.unregister(connection.socket)
                connection.socket.close()
                open_ -= 1
            else:
                connection.ask(one, wanted)
    load.seconds = time.perf_counter() - begun
    return load
