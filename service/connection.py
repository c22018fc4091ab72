"""One client's connection: a request that dribbles in, a reader that takes nothing, and an answer broken off.

uvicorn's own protocol waits for ever for the rest of a request and for a reader, and ends a broken answer quietly.
"""

import asyncio
import logging
import socket
import struct
from contextlib import suppress
from typing import Any, cast

import h11
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from service.settings import Settings

LOG = logging.getLogger("ducha.service")
BREAK_OFF = "ducha.break_off"
"""The ASGI extension by which an answer that cannot be finished is broken off, visibly for every client."""
# struct linger: whether the connection ends by RST, not by FIN. Some clients read a clean end between two chunks as the
# end of the body, so a connection with an unfinished answer ends by RST, even when this process is killed.
_RESET, _GRACE = struct.pack("ii", 1, 0), struct.pack("ii", 0, 0)
READ_BYTES = 16 * 1024
"""Read at a time: a body of ten thousand chunks must not be parsed in one go, while everybody waits."""
_FULL = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 2\r\nContent-Length: 0\r\n\r\n"
_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_LATE = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Connection(H11Protocol):
    """uvicorn's HTTP/1.1 with limits. `settings` is set on a subclass by `limited`."""

    settings: Settings

    def __init__(self, config: Config, server_state: ServerState, app_state: dict[str, Any], _loop: Any = None) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._inner = cast(ASGIApp, self.app)
        self.app = self._serve
        self._arrival: asyncio.TimerHandle | None = None
        self._stall: asyncio.TimerHandle | None = None
        self._since = self.loop.time()

    @property
    def resting(self) -> bool:
        """Whether no request of this connection is being answered."""
        return self.cycle is None or self.cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if hasattr(transport, "max_size"):
            transport.max_size = READ_BYTES
        self._arrive()
        if len(self.connections) > self.settings.connections:
            others = [one for one in self.connections if one is not self and isinstance(one, Connection)]
            oldest = min((one for one in others if one.resting), key=lambda one: one._since, default=None)
            if oldest is None:
                transport.write(_FULL)
                transport.close()
            else:
                oldest.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        for timer in (self._arrival, self._stall):
            if timer is not None:
                timer.cancel()

    def handle_events(self) -> None:
        super().handle_events()
        self._since = self.loop.time()
        state = self.conn.their_state
        if state is h11.SEND_BODY or (state is h11.IDLE and self.timeout_keep_alive_task is None):
            self._arrive()
        elif self._arrival is not None:
            self._arrival.cancel()
            self._arrival = None

    def send_400_response(self, msg: str) -> None:
        if self.conn.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
            self.transport.abort()  # an answer to an earlier request is under way
        elif len(self.conn.trailing_data[0]) > self.settings.head_bytes:
            self.transport.write(_LONG)
            self.transport.close()
        else:
            super().send_400_response(msg)

    def on_response_complete(self) -> None:
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
        if not self.transport.is_closing():
            if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE} and self.conn.their_state is not h11.IDLE:
                self.transport.write(_LATE)
                self._end_by(_GRACE)
            self.transport.close()
        self._give_up_later()

    def _give_up_later(self) -> None:
        """A connection that is closing waits for its reader, but not for ever."""
        if self.transport.is_closing() and self._stall is None:
            self._stall = self.loop.call_later(self.settings.stall_seconds, self.transport.abort)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._end_by(_RESET)
        scope.setdefault("extensions", {})[BREAK_OFF] = self._break_off
        await self._inner(scope, receive, send)

    async def _break_off(self) -> None:
        self.transport.abort()
        while not self.cycle.disconnected:
            await asyncio.sleep(0)

    def _end_by(self, linger: bytes) -> None:
        if (raw := self.transport.get_extra_info("socket")) is not None:
            with suppress(OSError):
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


def limited(settings: Settings) -> type[Connection]:
    """The protocol class for one server."""
    return type("LimitedConnection", (Connection,), {"settings": settings})
