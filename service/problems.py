"""Everything the service refuses or fails at, with its HTTP status.

DuchaError
└── ProblemError                   an answer other than what was asked for
    ├── BadRequestError        400 the request breaks the protocol, or the query its grammar or our limits
    ├── MissingError           404 nothing is known under this address
    ├── MethodError            405 the address does not take this method
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

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import Scope

from pipeline.errors import DuchaError, Wording
from service.failures import said, told
from service.messages import TAGS, Language, language_for_programs, message
from service.negotiation import Offer, names, negotiate

HTML = Offer("text/html", "html")


@dataclass(frozen=True)
class Place:
    """Where a query is wrong: line and column from 1, in code points, and the token that stands there."""

    line: int
    column: int
    token: str = ""

    def __str__(self) -> str:
        return Wording("query, line {line}, column {column}", line=self.line, column=self.column)


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

    def document(self, language: Language) -> dict[str, object]:
        """The problem document (RFC 9457). `title`, `detail` and `hint` are for people, the rest is the same in every
        language."""
        phrase = HTTPStatus(self.status).phrase
        title = phrase if language == "en" else message(f"error.{self.status}", language, phrase)
        body: dict[str, object] = {"type": "about:blank", "title": title, "status": self.status}
        body |= {"detail": told(self, language), "kind": self.kind, "hint": said(self.remedy, language)}
        if self.place:
            body |= {"line": self.place.line, "column": self.place.column}
            body |= {"token": self.place.token} if self.place.token else {}
        return body | ({"limit": self.limit} if self.limit else {})


class BadRequestError(ProblemError):
    status, kind = 400, "request"


class MissingError(ProblemError):
    status, kind = 404, "missing"


class MethodError(ProblemError):
    status, kind = 405, "method"


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


def problem_response(scope: Scope, problem: ProblemError) -> Response:
    """The problem as JSON, or as text for clients that prefer it, in the language they ask for; never cached."""
    asking = HTTPConnection(scope)
    offer, language = negotiate(asking.headers.get("accept"), _OFFERS) or _OFFERS[0], language_for_programs(asking)
    headers = {**problem.headers, "Cache-Control": "no-store", "Content-Language": TAGS[language]}
    if offer.format == "text":
        return Response(f"{told(problem, language)}\n", problem.status, headers, "text/plain; charset=utf-8")
    body = json.dumps(problem.document(language), ensure_ascii=False, indent=1).encode()
    return Response(body, problem.status, headers, _OFFERS[0].media_type)
