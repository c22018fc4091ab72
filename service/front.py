"""The outermost layer, plain ASGI: kept answers, HEAD, OPTIONS, conditional requests, and the headers of every answer.

It stands before the framework, so that a kept answer costs a dictionary look-up.
"""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.errors import Wording
from service.cache import ByteCache, Stored
from service.clients import CLIENT, client_of
from service.compression import SMALLEST, Gzip, accepts_gzip, bare, tag, worth_it
from service.dataset import Datasets
from service.log import REQUEST, event, request_id
from service.negotiation import one_line
from service.problems import BadRequestError, problem_response
from service.whole import Whole

# Styles may stand inline because the query editor and the API page place their parts by them; scripts may not.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
COMMON = MutableHeaders(
    {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": (
            "Content-Location, ETag, Link, Retry-After, Server-Timing, X-Request-ID, Ducha-Version, Ducha-Rows, "
            "Ducha-Total, Ducha-Limit"
        ),
        "Content-Security-Policy": POLICY,
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
).raw
Key = tuple[object, ...]
VARY = "Accept, Accept-Encoding, Accept-Language, Cookie"
AMBIGUOUS = {b"transfer-encoding", b"content-length"}
CHOOSING = (b"host", b"accept", b"accept-language", b"cookie")


class Front:
    """Wraps the application."""

    def __init__(self, app: ASGIApp, datasets: Datasets) -> None:
        self._app, self._datasets = app, datasets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["http_version"] == "1.0":
            send = Whole(scope, receive, send, self._datasets.settings.whole_bytes).send
        dataset = scope.setdefault("state", {}).setdefault("dataset", self._datasets.current)
        CLIENT.set(client_of(scope))
        scope["headers"] = one_line(scope["headers"])
        method, wishes = scope["method"], Wishes(scope["headers"])
        REQUEST.set(request_id(wishes.get(b"x-request-id")))
        if method == "OPTIONS":
            await _Reply(self, scope, wishes, send, None).options()
            return
        if fault := wishes.fault(scope["http_version"]):
            await _Reply(self, scope, wishes, send, None).refuse(fault, receive)
            return
        key = None
        if method in {"GET", "HEAD"}:
            key = wishes.key(dataset.version, scope)
            scope["method"] = "GET"
        reply = _Reply(self, scope, wishes, send, key, head=method == "HEAD")
        if key is not None and (stored := self._datasets.cache.get(key)):
            await reply.stored(stored)
            return
        await self._app(scope, receive, reply.send)

    def keep(self, key: Key, stored: Stored) -> None:
        keep(self._datasets.cache, key, stored)

    def begun(self, status: int) -> None:
        """Counts an answer that begins to be sent."""
        self._datasets.metrics.requests.labels(status).inc()

    def ended(self, scope: Scope, method: str, status: int, seconds: float, size: int) -> None:
        """Writes down an answer that has been sent, where it is asked for or tells of a failure."""
        log = self._datasets.settings.log
        if log == "events" and status < 500:
            return
        told: dict[str, object] = {"client": CLIENT.get(), "method": method, "path": scope["path"], "status": status}
        told |= {"milliseconds": round(1000 * seconds, 1), "bytes": size}
        if log == "queries":
            told["query"] = scope["state"].get("query") or scope["query_string"].decode("latin-1")
        event("request", told)


class Wishes:
    """The headers of a request that an answer depends on; of a repeated one the first, as everywhere behind."""

    def __init__(self, headers: Sequence[tuple[bytes, bytes]]) -> None:
        self.fields = dict(reversed(headers))
        self.repeated = len(self.fields) < len(headers)
        self._hosts = sum(name == b"host" for name, _ in headers)
        self.gzip = accepts_gzip(self.get(b"accept-encoding"))

    def get(self, name: bytes) -> str | None:
        value = self.fields.get(name)
        return None if value is None else value.decode("latin-1")

    def fault(self, http_version: str) -> BadRequestError | None:
        """What a proxy before us may have read otherwise: lengths, hosts (RFC 9112, 3.2 and 6.3)."""
        if self.fields.keys() >= AMBIGUOUS:
            problem = "has both Transfer-Encoding and Content-Length"
            return BadRequestError("request", problem, "send one of them", {"Connection": "close"})
        if self._hosts > 1 or (not self._hosts and http_version == "1.1"):
            problem = Wording("has {n} Host headers", n=self._hosts)
            return BadRequestError("request", problem, "send one", {"Connection": "close"})
        return None

    def key(self, version: str, scope: Scope) -> Key:
        """What the whole answer to a GET is kept under: the address, and whatever makes another answer of the same one."""
        place = (scope["scheme"], scope["raw_path"], scope["query_string"])
        return (version, *place, *map(self.fields.get, CHOOSING), self.gzip)


@dataclass
class _Reply:
    """One answer on its way out. The start is held back until the first piece of the body is here."""

    front: Front
    scope: Scope
    wishes: Wishes
    out: Send
    key: Key | None
    head: bool = False
    start: Message | None = None
    silent: bool = field(default=False, init=False)
    gzip: Gzip | None = field(default=None, init=False)
    status: int = field(default=0, init=False)
    size: int = field(default=0, init=False)
    began: float = field(default_factory=time.perf_counter, init=False)

    @property
    def compressed(self) -> bool:
        """Whether the client takes gzip, and the address has it: dumps are resumed by ranges of their own bytes."""
        return self.wishes.gzip and not self.scope["path"].startswith("/dumps/")

    async def options(self) -> None:
        methods = methods_of(self.scope["path"])
        headers = MutableHeaders({"Allow": methods, "Access-Control-Allow-Methods": methods})
        headers["Access-Control-Allow-Headers"] = "*, Authorization"
        headers["Access-Control-Max-Age"] = "86400"
        await self.send({"type": "http.response.start", "status": 204, "headers": headers.raw})
        await self.send({"type": "http.response.body", "body": b""})

    async def refuse(self, fault: BadRequestError, receive: Receive) -> None:
        """Ends the connection: what follows on it may be meant otherwise."""
        await problem_response(self.scope, fault)(self.scope, receive, self.send)

    async def stored(self, stored: Stored) -> None:
        await self._begin({"type": "http.response.start", "status": 200, "headers": list(stored.headers)}, "cache")
        await self._end({"type": "http.response.body", "body": b"" if self.silent else stored.body})

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
            return
        if message["type"] != "http.response.body":
            await self.out(message)
            return
        if self.start is not None:
            start, self.start = self.start, None
            message = await self._complete(start, message)
            await self._begin(start)
        elif self.gzip is not None:
            message = await self._compress(message)
        last = not message.get("more_body", False)
        if not self.silent:
            await self._end(message)
        elif last:
            await self._end({"type": "http.response.body", "body": b""})

    async def _complete(self, start: Message, body: Message) -> Message:
        """Adds the common headers; gives a whole answer its ETag, compresses what is worth it, keeps what is whole."""
        given = {name for name, _ in start["headers"]}
        headers = MutableHeaders(raw=[*start["headers"], *(pair for pair in COMMON if pair[0] not in given)])
        dataset = self.scope["state"]["dataset"]
        headers["Ducha-Version"] = dataset.version
        file = start["status"] < 400 and self.scope["path"].startswith("/static/")
        headers["Vary"] = "Accept-Encoding" if file else VARY
        if start["status"] == 405:
            headers["Allow"] = methods_of(self.scope["path"])
        whole = start["status"] == 200 and not body.get("more_body", False)
        kept = whole and self.key is not None and "no-store" not in headers.get("cache-control", "")
        if kept:
            if "etag" not in headers:
                digest = hashlib.sha256(dataset.version.encode() + body.get("body", b"")).hexdigest()
                headers["ETag"] = f'"{digest[:32]}"'
            headers.setdefault("Cache-Control", "no-cache")
        large = body.get("more_body", False) or len(body.get("body", b"")) >= SMALLEST
        if start["status"] == 200 and large and self.compressed and worth_it(headers.get("content-type", "")):
            self.gzip = Gzip()
            body = await self._compress(body)
            headers["Content-Encoding"] = "gzip"
            if "etag" in headers:
                headers["ETag"] = tag(headers["etag"])
            if whole:
                headers["Content-Length"] = str(len(body["body"]))
            elif "content-length" in headers:
                del headers["content-length"]
        if kept and self.key is not None:
            self.front.keep(self.key, Stored(tuple(headers.raw), body.get("body", b"")))
        start["headers"] = headers.raw
        return body

    async def _compress(self, message: Message) -> Message:
        assert self.gzip is not None  # noqa: S101 - its callers made it
        last = not message.get("more_body", False)
        return {**message, "body": await self.gzip.piece(message.get("body", b""), last=last)}

    async def _begin(self, start: Message, how: str = "") -> None:
        headers = MutableHeaders(raw=list(start["headers"]))
        condition = self.wishes.get(b"if-none-match")
        if start["status"] == 200 and matches(condition, headers.get("etag")):
            start = {**start, "status": 304}
            for name in ("content-length", "content-type", "content-encoding"):
                if name in headers:
                    del headers[name]
            self.silent = True
        elif start["status"] == 304 and self.compressed and tag(headers.get("etag", "")) in (condition or ""):
            headers["ETag"] = tag(headers["etag"])
        parts = [how or headers.get("server-timing", ""), f"total;dur={1000 * (time.perf_counter() - self.began):.1f}"]
        headers["Server-Timing"] = ", ".join(filter(None, parts))
        self.silent = self.silent or self.head
        headers["X-Request-ID"] = REQUEST.get()
        self.status = start["status"]
        self.front.begun(self.status)
        await self.out({**start, "headers": headers.raw})

    async def _end(self, message: Message) -> None:
        """Sends a piece of the body; after the last the answer is told of."""
        self.size += len(message.get("body", b""))
        await self.out(message)
        if not message.get("more_body", False):
            method = "HEAD" if self.head else self.scope["method"]
            self.front.ended(self.scope, method, self.status, time.perf_counter() - self.began, self.size)


def keep(cache: ByteCache, key: Key, stored: Stored) -> None:
    """Puts the whole answer to a GET where the next one finds it (`Wishes.key`)."""
    cache.put(key, stored, sum(len(part) for part in key if isinstance(part, (str, bytes))))


def methods_of(path: str) -> str:
    """The methods of an address, as Allow lists them."""
    return "GET, HEAD, POST, OPTIONS" if path in {"/sparql", "/sparql/why", "/q/"} else "GET, HEAD, OPTIONS"


def matches(condition: str | None, etag: str | None) -> bool:
    """Whether If-None-Match names this entity tag (weak comparison, RFC 9110, 13.1.2), compressed
    or not."""
    if not condition or not etag:
        return False
    tags = [bare(one.strip().removeprefix("W/")) for one in condition.split(",")]
    return "*" in tags or bare(etag.removeprefix("W/")) in tags
