"""The outermost layer, plain ASGI: kept answers, HEAD, OPTIONS, conditional requests, and the headers of every answer.

It stands before the framework, so that a kept answer costs a dictionary look-up.
"""

import hashlib
import time
from collections.abc import Hashable
from dataclasses import dataclass, field

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.cache import Stored
from service.clients import CLIENT, client_of
from service.compression import SMALLEST, Gzip, accepts_gzip, bare, tag, worth_it
from service.dataset import Datasets
from service.problems import problem_response

# Styles may stand inline because the query editor and the API page place their parts by them; scripts may not.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
COMMON = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Content-Location, ETag, Link, Retry-After, Server-Timing, Ducha-Version, Ducha-Rows, Ducha-Limit"
    ),
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
VARY = "Accept, Accept-Encoding, Accept-Language, Cookie"
AMBIGUOUS = {"transfer-encoding", "content-length"}


class Front:
    """Wraps the application."""

    def __init__(self, app: ASGIApp, datasets: Datasets) -> None:
        self._app, self._datasets = app, datasets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        dataset = self._datasets.current
        scope.setdefault("state", {})["dataset"] = dataset
        CLIENT.set(client_of(scope))
        method, headers = scope["method"], Headers(scope=scope)
        if method == "OPTIONS":
            await _Reply(self, scope, headers, send, None).options()
            return
        if set(headers) >= AMBIGUOUS:
            await _Reply(self, scope, headers, send, None).ambiguous(receive)
            return
        key = None
        if method in {"GET", "HEAD"}:
            wishes = tuple(headers.get(name, "") for name in ("accept", "accept-language", "cookie"))
            place = (scope["scheme"], headers.get("host", ""), scope["raw_path"], scope["query_string"])
            key = (dataset.version, *place, *wishes, accepts_gzip(headers.get("accept-encoding")))
            scope["method"] = "GET"
        reply = _Reply(self, scope, headers, send, key, head=method == "HEAD")
        if key is not None and (stored := self._datasets.cache.get(key)):
            await reply.stored(stored)
            return
        await self._app(scope, receive, reply.send)

    def keep(self, key: Hashable, stored: Stored) -> None:
        self._datasets.cache.put(key, stored)

    def count(self, status: int) -> None:
        self._datasets.metrics.requests[status] += 1


@dataclass
class _Reply:
    """One answer on its way out. The start is held back until the first piece of the body is here."""

    front: Front
    scope: Scope
    wishes: Headers
    out: Send
    key: Hashable
    head: bool = False
    start: Message | None = None
    silent: bool = field(default=False, init=False)
    gzip: Gzip | None = field(default=None, init=False)
    began: float = field(default_factory=time.perf_counter, init=False)

    @property
    def compressed(self) -> bool:
        """Whether the client takes gzip, and the address has it: dumps are resumed by ranges of their own bytes."""
        return accepts_gzip(self.wishes.get("accept-encoding")) and not self.scope["path"].startswith("/dumps/")

    async def options(self) -> None:
        methods = methods_of(self.scope["path"])
        headers = MutableHeaders({"Allow": methods, "Access-Control-Allow-Methods": methods})
        headers["Access-Control-Allow-Headers"] = "*, Authorization"
        headers["Access-Control-Max-Age"] = "86400"
        await self.send({"type": "http.response.start", "status": 204, "headers": headers.raw})
        await self.send({"type": "http.response.body", "body": b""})

    async def ambiguous(self, receive: Receive) -> None:
        """Two lengths of one body: what a proxy before us took for the next request may be something else to us."""
        detail = "request: has both Transfer-Encoding and Content-Length; send one of them"
        accept, members = self.wishes.get("accept"), {"kind": "request"}
        await problem_response(400, detail, {"Connection": "close"}, accept, members)(self.scope, receive, self.send)

    async def stored(self, stored: Stored) -> None:
        await self._begin({"type": "http.response.start", "status": 200, "headers": list(stored.headers)}, "cache")
        await self.out({"type": "http.response.body", "body": b"" if self.silent else stored.body})

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
            await self.out(message)
        elif last:
            await self.out({"type": "http.response.body", "body": b""})

    async def _complete(self, start: Message, body: Message) -> Message:
        """Adds the common headers; gives a whole answer its ETag, compresses what is worth it, keeps what is whole."""
        headers = MutableHeaders(raw=list(start["headers"]))
        dataset = self.scope["state"]["dataset"]
        headers["Ducha-Version"] = dataset.version
        for name, value in COMMON.items():
            headers.setdefault(name, value)
        headers["Vary"] = "Accept-Encoding" if self.scope["path"].startswith("/static/") else VARY
        if start["status"] == 405:
            headers["Allow"] = methods_of(self.scope["path"])
        whole = start["status"] == 200 and not body.get("more_body", False)
        kept = whole and self.key is not None and "no-store" not in headers.get("cache-control", "")
        if kept:
            digest = hashlib.sha256(dataset.version.encode() + body.get("body", b"")).hexdigest()
            headers.setdefault("ETag", f'"{digest[:32]}"')
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
        if kept:
            self.front.keep(self.key, Stored(tuple(headers.raw), body.get("body", b"")))
        start["headers"] = headers.raw
        return body

    async def _compress(self, message: Message) -> Message:
        assert self.gzip is not None  # noqa: S101 - its callers made it
        last = not message.get("more_body", False)
        return {**message, "body": await self.gzip.piece(message.get("body", b""), last=last)}

    async def _begin(self, start: Message, how: str = "") -> None:
        headers = MutableHeaders(raw=list(start["headers"]))
        condition = self.wishes.get("if-none-match")
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
        self.front.count(start["status"])
        await self.out({**start, "headers": headers.raw})


def methods_of(path: str) -> str:
    """The methods of an address, as Allow lists them."""
    return "GET, HEAD, POST, OPTIONS" if path in {"/sparql", "/q/"} else "GET, HEAD, OPTIONS"


def matches(condition: str | None, etag: str | None) -> bool:
    """Whether If-None-Match names this entity tag (weak comparison, RFC 9110, 13.1.2), compressed
    or not."""
    if not condition or not etag:
        return False
    tags = [bare(one.strip().removeprefix("W/")) for one in condition.split(",")]
    return "*" in tags or bare(etag.removeprefix("W/")) in tags
