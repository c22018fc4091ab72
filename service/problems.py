"""Everything the service refuses or fails at, with its HTTP status.

DuchaError
└── ProblemError                   an answer other than what was asked for
    ├── BadRequestError        400 the request breaks the protocol, or the query its grammar or our limits
    ├── MissingError           404 nothing is known under this address
    ├── NotAcceptableError     406 no format of ours is among those the client takes
    ├── TooLargeError          413 the request is longer than we read
    ├── UnsupportedError       415 the body has a media type that carries no query
    ├── QueryFailedError       500 the query broke its worker: memory, stack, or a failure of the engine
    ├── EndpointFailedError    502 the remote store does not answer, or holds another version
    ├── BusyError              503 too many queries are waiting
    └── DeadlinePassedError    504 the query took longer than it may
"""

import json
from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import Response

from pipeline.errors import DuchaError
from service.negotiation import Offer, negotiate


class ProblemError(DuchaError):
    """`subject: what happened; what to do`, with the headers the status asks for."""

    status = 500

    def __init__(self, subject: object, problem: str, remedy: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(subject, problem, remedy)
        self.headers = dict(headers or {})


class BadRequestError(ProblemError):
    status = 400


class MissingError(ProblemError):
    status = 404


class NotAcceptableError(ProblemError):
    status = 406


class TooLargeError(ProblemError):
    status = 413


class UnsupportedError(ProblemError):
    status = 415


class QueryFailedError(ProblemError):
    status = 500


class EndpointFailedError(ProblemError):
    status = 502


class BusyError(ProblemError):
    status = 503

    def __init__(self, subject: object, problem: str, remedy: str) -> None:
        super().__init__(subject, problem, remedy, {"Retry-After": "2"})


class DeadlinePassedError(ProblemError):
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
