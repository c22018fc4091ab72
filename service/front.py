"""The outermost layer, plain ASGI: kept answers, HEAD, OPTIONS, conditional requests, and the headers of every answer.

It stands before the framework, so that a kept answer costs a dictionary look-up.
"""

import hashlib
from collections.abc import Hashable
from dataclasses import dataclass, field

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.cache import Stored
from service.dataset import Datasets

# Styles may stand inline because the query editor and the API page place their parts by them; scripts may not.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
COMMON = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Location, ETag, Link, Retry-After, Ducha-Version",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
VARY = "Accept, Accept-Language, Cookie"


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
        method, headers = scope["method"], Headers(scope=scope)
        if method == "OPTIONS":
            await _Reply(self, scope, headers, send, None).options()
            return
        key = None
        if method in {"GET", "HEAD"}:
            wishes = tuple(headers.get(name, "") for name in ("accept", "accept-language", "cookie"))
            key = (dataset.version, scope["raw_path"], scope["query_string"], *wishes)
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

    async def options(self) -> None:
        methods = methods_of(self.scope["path"])
        headers = MutableHeaders({"Allow": methods, "Access-Control-Allow-Methods": methods})
        headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language, Content-Type, If-None-Match"
        headers["Access-Control-Max-Age"] = "86400"
        await self.send({"type": "http.response.start", "status": 204, "headers": headers.raw})
        await self.send({"type": "http.response.body", "body": b""})

    async def stored(self, stored: Stored) -> None:
        await self._begin({"type": "http.response.start", "status": 200, "headers": list(stored.headers)})
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
            self._complete(start, message)
            await self._begin(start)
        last = not message.get("more_body", False)
        if not self.silent:
            await self.out(message)
        elif last:
            await self.out({"type": "http.response.body", "body": b""})

    def _complete(self, start: Message, body: Message) -> None:
        """Adds the common headers; gives a whole answer its ETag and keeps it."""
        headers = MutableHeaders(raw=list(start["headers"]))
        dataset = self.scope["state"]["dataset"]
        headers["Ducha-Version"] = dataset.version
        for name, value in COMMON.items():
            headers.setdefault(name, value)
        if not self.scope["path"].startswith("/static/"):
            headers["Vary"] = VARY
        if start["status"] == 405:
            headers["Allow"] = methods_of(self.scope["path"])
        whole = start["status"] == 200 and not body.get("more_body", False) and self.key is not None
        if whole and "no-store" not in headers.get("cache-control", ""):
            digest = hashlib.sha256(dataset.version.encode() + body.get("body", b"")).hexdigest()
            headers.setdefault("ETag", f'"{digest[:32]}"')
            headers.setdefault("Cache-Control", "no-cache")
            self.front.keep(self.key, Stored(tuple(headers.raw), body.get("body", b"")))
        start["headers"] = headers.raw

    async def _begin(self, start: Message) -> None:
        headers = MutableHeaders(raw=list(start["headers"]))
        if start["status"] == 200 and matches(self.wishes.get("if-none-match"), headers.get("etag")):
            start = {**start, "status": 304}
            for name in ("content-length", "content-type"):
                if name in headers:
                    del headers[name]
            self.silent = True
        self.silent = self.silent or self.head
        self.front.count(start["status"])
        await self.out({**start, "headers": headers.raw})


def methods_of(path: str) -> str:
    """The methods of an address, as Allow lists them."""
    return "GET, HEAD, POST, OPTIONS" if path == "/sparql" else "GET, HEAD, OPTIONS"


def matches(condition: str | None, etag: str | None) -> bool:
    """Whether If-None-Match names this entity tag (weak comparison, RFC 9110, 13.1.2)."""
    if not condition or not etag:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in condition.split(",")]
    return "*" in tags or etag.removeprefix("W/") in tags
