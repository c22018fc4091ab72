"""Answers to HTTP/1.0, which cannot show that a stream broke off: one without a length is sent when all of it is here."""

from starlette.types import Message, Receive, Scope, Send

from pipeline.errors import Wording
from service.problems import QueryFailedError, problem_response


class Whole:
    """Stands between one request's answer and the connection; past `limit` bytes it sends an error instead."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        self._scope, self._receive, self._send, self._limit = scope, receive, send, limit
        self._start: Message | None = None
        self._pieces: list[bytes] = []
        self._size = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and not any(
            name == b"content-length" for name, _ in message["headers"]
        ):
            self._start = message
        elif self._start is None:
            if self._size <= self._limit:
                await self._send(message)
        else:
            await self._gather(message, self._start)

    async def _gather(self, message: Message, start: Message) -> None:
        self._pieces.append(message.get("body", b""))
        self._size += len(self._pieces[-1])
        if self._size > self._limit:
            self._start = None
            self._pieces.clear()
            answer = problem_response(self._scope, too_long(self._limit))
            await answer(self._scope, self._receive, self._send)
        elif not message.get("more_body", False):
            headers = [*start["headers"], (b"content-length", str(self._size).encode())]
            await self._send({**start, "headers": headers})
            await self._send({"type": "http.response.body", "body": b"".join(self._pieces)})


def too_long(limit: int) -> QueryFailedError:
    """What is said of an answer that HTTP/1.0 cannot carry."""
    problem = Wording("is longer than {n} bytes, and HTTP/1.0 shows no broken stream", n=limit)
    return QueryFailedError("answer", problem, "use HTTP/1.1", kind="length", limit=f"whole_bytes={limit}")
