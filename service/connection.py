"""One client's connection: a request that dribbles in, a reader that takes nothing, and an answer broken off.

uvicorn's own protocol waits for ever for the rest of a request and for a reader, takes a head of any length, and ends a
broken answer quietly.
"""

import asyncio
import socket
import struct
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

import httptools
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from service.settings import Settings

if TYPE_CHECKING:
    from service.direct import Direct, Errand

BREAK_OFF = "ducha.break_off"
"""The ASGI extension by which an answer that cannot be finished is broken off, visibly for every client."""
# struct linger: whether the connection ends by RST, not by FIN. Some clients read a clean end between two chunks as the
# end of the body, so a connection with an unfinished answer ends by RST, even when this process is killed.
_RESET, _GRACE = struct.pack("ii", 1, 0), struct.pack("ii", 0, 0)
HEADERS = 200
"""Lines of a head; browsers behind several proxies send some forty."""
PIPELINED = 64
"""Requests of one connection that may wait for the answer to the one before them."""
_FULL = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 2\r\nContent-Length: 0\r\n\r\n"
_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_NO_LENGTH = b"HTTP/1.1 411 Length Required\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_UNKNOWN = b"HTTP/1.1 501 Not Implemented\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_LATE = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Joined:
    """A transport that sends what is written in one turn of the event loop at once: the head of an answer with its body."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._pieces: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        if not self._pieces:
            self._loop.call_soon(self._flush)
        self._pieces.append(data)

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        if self._pieces and not self._transport.is_closing():
            self._transport.write(b"".join(self._pieces))
        self._pieces.clear()


class Connection(HttpToolsProtocol):
    """uvicorn's HTTP/1.1 with limits. `settings` is set on a subclass by `limited`."""

    settings: Settings
    direct: "Direct"

    def __init__(self, config: Config, server_state: ServerState, app_state: dict[str, Any], _loop: Any = None) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._inner = cast(ASGIApp, self.app)
        self.app = self._serve
        self._arrival: asyncio.TimerHandle | None = None
        self._stall: asyncio.TimerHandle | None = None
        self._since = self.loop.time()
        self._begun = self._in_body = self._resets = False
        self._head = self._owed = 0
        self.errand: Errand | None = None
        """A query of this connection that a worker is at."""
        self._deferred = False

    @property
    def resting(self) -> bool:
        """Whether no request of this connection is being answered."""
        return self.cycle is None or self.cycle.response_complete

    @property
    def _may_refuse(self) -> bool:
        """Whether what is sent now is taken for the answer to the request on its way in, not to one before it."""
        return self.resting or (self.cycle.more_body and not self.cycle.response_started)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(cast(asyncio.Transport, Joined(transport, self.loop)))
        self._arrive()
        if len(self.connections) > self.settings.connections:
            others = [one for one in self.connections if one is not self and isinstance(one, Connection)]
            oldest = min((one for one in others if one.resting), key=lambda one: one._since, default=None)
            if oldest is None:
                self.transport.write(_FULL)
                self.transport.close()
            else:
                oldest.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self.errand is not None:
            self.errand.leave()
        for timer in (self._arrival, self._stall):
            if timer is not None:
                timer.cancel()

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        if not self._in_body:
            self._head += len(data)
        self._unset_keepalive_if_required()
        self._feed(data)
        self._since = self.loop.time()
        if not self._in_body and self._head > self.settings.head_bytes:
            self._refuse(_LONG)
        elif self._begun or (self.resting and self.timeout_keep_alive_task is None):
            self._arrive()
        elif self._arrival is not None:
            self._arrival.cancel()
            self._arrival = None

    def _feed(self, data: bytes) -> None:
        """Parses. A client may offer another protocol (Java's does, HTTP/2), which the parser takes for the end of the
        request, body or not: the offer is passed over, and the body taken from what follows."""
        while data:
            if self._owed:
                body, data = data[: self._owed], data[self._owed :]
                self._owed -= len(body)
                self.on_body(body)
                if not self._owed:
                    self.on_message_complete()
                continue
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as offer:
                data = data[offer.args[0] :]
            except httptools.HttpParserError:
                self.send_400_response("Invalid HTTP request received.")
                return
            else:
                return

    def on_message_begin(self) -> None:
        if len(self.pipeline) >= PIPELINED:
            raise ConnectionAbortedError
        self._begun = True
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        if len(self.headers) >= HEADERS:
            raise ConnectionAbortedError
        if not self._in_body:  # behind a body of chunks there may be more, which nobody reads
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._in_body, self._head = True, 0
        if self.parser.should_upgrade():
            fields = dict(self.headers)
            self._owed = int(fields.get(b"content-length", 0))
            if b"transfer-encoding" in fields:
                self._refuse(_NO_LENGTH)

    def on_message_complete(self) -> None:
        if not self._owed:
            super().on_message_complete()
            self._begun = self._in_body = False
            if self._deferred:
                self._deferred = False
                self._start_asgi_task(self.cycle, self.app)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        if self.direct.awaits_body(cycle):
            self._deferred = True
        elif not self.direct.take(self, cycle):
            super()._start_asgi_task(cycle, app)

    def usual(self, cycle: RequestResponseCycle) -> None:
        """Answers the request by the application."""
        super()._start_asgi_task(cycle, self.app)

    def send_400_response(self, msg: str) -> None:
        if not self._may_refuse:
            self.transport.abort()
        elif self._begun and len(self.headers) >= HEADERS:
            self._refuse(_LONG)
        elif isinstance(sys.exc_info()[1], httptools.HttpParserInvalidMethodError):
            self._refuse(_UNKNOWN)
        else:
            super().send_400_response(msg)

    def on_response_complete(self) -> None:
        if self._resets:
            self._end_by(_GRACE)
        super().on_response_complete()
        self._give_up_later()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._give_up_later()

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._stall is None:
            self._stall = self.loop.call_later(self.settings.stall_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stall is not None:
            self._stall.cancel()
            self._stall = None

    def _arrive(self) -> None:
        """A request is under way: it has so long to be here whole, however many pieces it comes in."""
        if self._arrival is None:
            self._arrival = self.loop.call_later(self.settings.request_seconds, self._late)

    def _late(self) -> None:
        if self._begun:
            self._refuse(_LATE)
        else:
            self.transport.close()
        self._give_up_later()

    def _refuse(self, answer: bytes) -> None:
        if self.transport.is_closing():
            return
        if self._may_refuse:
            self.transport.write(answer)
            self._end_by(_GRACE)
        self.transport.close()

    def _give_up_later(self) -> None:
        """A connection that is closing waits for its reader, but not for ever."""
        if self.transport.is_closing() and self._stall is None:
            self._stall = self.loop.call_later(self.settings.stall_seconds, self.transport.abort)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start" and all(
                name != b"content-length" for name, _ in message["headers"]
            ):
                self._end_by(_RESET)
            await send(message)

        scope.setdefault("extensions", {})[BREAK_OFF] = self._break_off
        try:
            await self._inner(scope, receive, watched)
        finally:
            if (left := scope["state"].pop("evaluation", None)) is not None:
                left.close()

    async def _break_off(self) -> None:
        self.transport.abort()
        while not self.cycle.disconnected:
            await asyncio.sleep(0)

    def _end_by(self, linger: bytes) -> None:
        self._resets = linger is _RESET
        if (raw := self.transport.get_extra_info("socket")) is not None:
            with suppress(OSError):
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


def limited(settings: Settings, direct: "Direct") -> type[Connection]:
    """The protocol class for one server."""
    return type("LimitedConnection", (Connection,), {"settings": settings, "direct": direct})
