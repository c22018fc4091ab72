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
from dataclasses import dataclass
from http import HTTPStatus

from starlette.responses import Response

from pipeline.errors import DuchaError
from service.negotiation import Offer, names, negotiate

HTML = Offer("text/html", "html")


@dataclass(frozen=True)
class Place:
    """Where a query is wrong: line and column from 1, in code points, and the token that stands there."""

    line: int
    column: int
    token: str = ""

    def __str__(self) -> str:
        return f"query, line {self.line}, column {self.column}"


class ProblemError(DuchaError):
    """`subject: what happened; what to do`. `kind` names the cause in one word, `place` is where the query is wrong,
    `limit` the setting that was hit with its value (`timeout=30`), `headers` what the status asks for."""

    status = 500
    kind = "failed"

    def __init__(
        self,
        subject: object,
        problem: str,
        remedy: str,
        headers: Mapping[str, str] | None = None,
        *,
        kind: str = "",
        limit: str = "",
    ) -> None:
        super().__init__(subject, problem, remedy)
        self.headers = dict(headers or {}) | ({"Ducha-Limit": limit} if limit else {})
        self.place = subject if isinstance(subject, Place) else None
        self.kind, self.limit = kind or self.kind, limit

    def members(self) -> dict[str, object]:
        """What a problem document says beside status, title and detail."""
        told: dict[str, object] = {"kind": self.kind, "hint": self.remedy}
        if self.place:
            told |= {"line": self.place.line, "column": self.place.column}
            told |= {"token": self.place.token} if self.place.token else {}
        return told | ({"limit": self.limit} if self.limit else {})


class BadRequestError(ProblemError):
    status, kind = 400, "request"


class MissingError(ProblemError):
    status, kind = 404, "missing"


class NotAcceptableError(ProblemError):
    status, kind = 406, "format"


class TooLargeError(ProblemError):
    status, kind = 413, "length"


class UnsupportedError(ProblemError):
    status, kind = 415, "media type"


class QueryFailedError(ProblemError):
    status = 500


class EndpointFailedError(ProblemError):
    status = 502


class BusyError(ProblemError):
    status, kind = 503, "queue"

    def __init__(self, subject: object, problem: str, remedy: str, *, limit: str = "") -> None:
        super().__init__(subject, problem, remedy, {"Retry-After": "2"}, limit=limit)


class DeadlinePassedError(ProblemError):
    status, kind = 504, "deadline"


_OFFERS = (
    Offer("application/problem+json", "json"),
    Offer("application/json", "json"),
    Offer("text/plain", "text"),
)


def wants_page(accept: str | None) -> bool:
    """Whether the client names HTML, as browsers do, and likes nothing of ours better."""
    return names(accept, "text/html") and negotiate(accept, (HTML, *_OFFERS)) is HTML


def problem_response(
    status: int, detail: str, headers: Mapping[str, str], accept: str | None, members: Mapping[str, object]
) -> Response:
    """The problem as JSON (RFC 9457), or as text for clients that prefer it; never cached."""
    offer = negotiate(accept, _OFFERS) or _OFFERS[0]
    headers = {**headers, "Cache-Control": "no-store"}
    if offer.format == "text":
        return Response(f"{detail}\n", status, headers, "text/plain; charset=utf-8")
    title = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **members}
    return Response(json.dumps(body, ensure_ascii=False, indent=1).encode(), status, headers, _OFFERS[0].media_type)
