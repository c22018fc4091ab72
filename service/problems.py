"""Everything the service refuses or fails at, with its HTTP status.

DuchaError
└── Problem                 an answer other than what was asked for
    ├── BadRequest      400 the request breaks the protocol, or the query its grammar or our limits
    ├── Missing         404 nothing is known under this address
    ├── NotAcceptable   406 no format of ours is among those the client takes
    ├── TooLarge        413 the request is longer than we read
    ├── Unsupported     415 the body has a media type that carries no query
    ├── QueryFailed     500 the query broke its worker: memory, stack, or a failure of the engine
    ├── Busy            503 too many queries are waiting
    └── DeadlinePassed  504 the query took longer than it may
"""

import json
from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import Response

from pipeline.errors import DuchaError
from service.negotiation import Offer, negotiate


class Problem(DuchaError):
    """`subject: what happened; what to do`, with the headers the status asks for."""

    status = 500

    def __init__(self, subject: object, problem: str, remedy: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(subject, problem, remedy)
        self.headers = dict(headers or {})


class BadRequest(Problem):
    status = 400


class Missing(Problem):
    status = 404


class NotAcceptable(Problem):
    status = 406


class TooLarge(Problem):
    status = 413


class Unsupported(Problem):
    status = 415


class QueryFailed(Problem):
    status = 500


class Busy(Problem):
    status = 503

    def __init__(self, subject: object, problem: str, remedy: str) -> None:
        super().__init__(subject, problem, remedy, {"Retry-After": "2"})


class DeadlinePassed(Problem):
    status = 504


_OFFERS = (
    Offer("text/plain", "text"),
    Offer("application/problem+json", "json"),
    Offer("application/json", "json"),
)


def problem_response(status: int, detail: str, headers: Mapping[str, str], accept: str | None) -> Response:
    """The problem as text, or as JSON (RFC 9457) for clients that ask for JSON; never cached."""
    offer = negotiate(accept, _OFFERS) or _OFFERS[0]
    headers = {**headers, "Cache-Control": "no-store"}
    if offer.format == "text":
        return Response(f"{detail}\n", status, headers, "text/plain; charset=utf-8")
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return Response(json.dumps(body, ensure_ascii=False).encode(), status, headers, "application/problem+json")
