"""Reads a SPARQL 1.1 Protocol request (https://www.w3.org/TR/sparql11-protocol/), query operations only."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from starlette.requests import Request

from pipeline.errors import Wording
from service.problems import BadRequestError, TooLargeError, UnsupportedError

FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
_ACCEPTED = {"Accept-Post": f"{DIRECT}, {FORM}"}
_MOST_FIELDS = 200


@dataclass(frozen=True)
class Operation:
    """What a request asks for. `query` is None where it gives none; `formats` are the wishes of `format=` and `output=`,
    which clients give several times under several names; `timeout` is in seconds."""

    query: str | None
    graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    formats: tuple[str, ...]
    timeout: float | None


async def read_operation(request: Request, query_bytes: int) -> Operation:
    """The operation of a GET or POST. Raises BadRequestError, TooLargeError or UnsupportedError."""
    content_type, body = request.headers.get("content-type", ""), b""
    if request.method == "POST":
        body = await _body(request, _media_type(content_type), query_bytes)
    return operation(request.method, request.scope["query_string"], content_type, body, query_bytes)


def operation(method: str, query_string: bytes, content_type: str, body: bytes, query_bytes: int) -> Operation:
    """The operation of a GET or POST that is here whole. Raises what `read_operation` does."""
    found = _fields(query_string)
    if method == "POST":
        media_type = _media_type(content_type)
        _check_length(len(body), media_type, query_bytes)
        if media_type == FORM:
            found += _fields(body)
        else:
            found.append(("query", _utf8(body)))
    return _operation(found)


def _media_type(content_type: str) -> str:
    media_type, _, parameters = content_type.partition(";")
    media_type = media_type.strip().lower()
    if media_type not in {FORM, DIRECT}:
        problem = Wording("has the media type {given!r}", given=media_type)
        remedy = Wording("send {direct} or {form}", direct=DIRECT, form=FORM)
        raise UnsupportedError("request body", problem, remedy, _ACCEPTED)
    if not _is_utf8(parameters):
        raise UnsupportedError("request body", "is not UTF-8", "send UTF-8", _ACCEPTED)
    return media_type


def _check_length(size: int, media_type: str, query_bytes: int) -> None:
    # A percent-encoded form may be three times as long as the query it carries.
    most = query_bytes if media_type == DIRECT else 3 * query_bytes + 4096
    if size > most:
        problem, close = Wording("is longer than {n} bytes", n=most), {"Connection": "close"}
        raise TooLargeError("request body", problem, "shorten the query", close, limit=f"query_bytes={query_bytes}")


def _is_utf8(parameters: str) -> bool:
    """Whether the parameters of a media type name no charset but UTF-8."""
    named = [
        value for name, _, value in (part.partition("=") for part in parameters.split(";")) if "charset" in name.lower()
    ]
    return all(value.strip().strip('"').lower() in {"utf-8", "utf8"} for value in named)


def _operation(fields: list[tuple[str, str]]) -> Operation:
    if any(name == "update" for name, _ in fields):
        raise BadRequestError("update", "is not allowed", "this endpoint answers queries only", kind="update")
    single = {name: _single(fields, name) for name in ("query", "timeout")}
    return Operation(
        single["query"],
        tuple(value for name, value in fields if name == "default-graph-uri"),
        tuple(value for name, value in fields if name == "named-graph-uri"),
        tuple(value for name, value in fields if name in {"format", "output"} and value),
        _timeout(single),
    )


def _single(fields: list[tuple[str, str]], wanted: str) -> str | None:
    values = [value for name, value in fields if name == wanted]
    if len(values) > 1:
        raise BadRequestError(wanted, Wording("is given {n} times", n=len(values)), "give it once")
    return values[0] if values else None


def _timeout(single: Mapping[str, str | None]) -> float | None:
    text = single["timeout"]
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.0 < seconds < float("inf"):
        raise BadRequestError("timeout", Wording("{text!r} is no time", text=text[:20]), "give seconds above 0")
    return seconds


def _fields(encoded: bytes) -> list[tuple[str, str]]:
    """The fields of a form, percent-encoded or, which the standard does not allow but is unambiguous, as UTF-8."""
    if encoded.count(b"&") >= _MOST_FIELDS:
        raise BadRequestError("request", Wording("has more than {n} fields", n=_MOST_FIELDS), "send fewer fields")
    try:
        return [
            (_decoded(name), _decoded(value))
            for name, _, value in (part.partition(b"=") for part in encoded.split(b"&"))
            if name or value
        ]
    except UnicodeDecodeError:
        raise BadRequestError("request", "is not UTF-8", "percent-encode UTF-8 bytes", kind="encoding") from None


def _decoded(part: bytes) -> str:
    spaced = part.replace(b"+", b" ")
    return (unquote_to_bytes(spaced) if b"%" in spaced else spaced).decode()


def _utf8(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        problem = Wording("is not UTF-8 from byte {n} on", n=error.start)
        raise BadRequestError("query", problem, "send UTF-8", kind="encoding") from None


async def _body(request: Request, media_type: str, query_bytes: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    async for piece in request.stream():
        size += len(piece)
        _check_length(size, media_type, query_bytes)
        pieces.append(piece)
    return b"".join(pieces)
