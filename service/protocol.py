"""Reads a SPARQL 1.1 Protocol request (https://www.w3.org/TR/sparql11-protocol/), query operations only."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

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
    fields = _fields(request.scope["query_string"])
    if request.method == "POST":
        media_type, _, parameters = request.headers.get("content-type", "").partition(";")
        media_type = media_type.strip().lower()
        if media_type not in {FORM, DIRECT}:
            problem = Wording("has the media type {given!r}", given=media_type)
            remedy = Wording("send {direct} or {form}", direct=DIRECT, form=FORM)
            raise UnsupportedError("request body", problem, remedy, _ACCEPTED)
        if not _is_utf8(parameters):
            raise UnsupportedError("request body", "is not UTF-8", "send UTF-8", _ACCEPTED)
        # A percent-encoded form may be three times as long as the query it carries.
        body = await _body(request, query_bytes if media_type == DIRECT else 3 * query_bytes + 4096)
        if media_type == FORM:
            fields += _fields(body)
        else:
            fields.append(("query", _utf8(body)))
    return _operation(fields)


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
    try:
        return parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError:
        pass
    except ValueError as error:
        raise BadRequestError("request", Wording("cannot be read ({why})", why=error), "send fewer fields") from None
    try:
        text = encoded.decode("utf-8")  # not encoded as the standard says, but unambiguous
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError:
        raise BadRequestError("request", "is not UTF-8", "percent-encode UTF-8 bytes", kind="encoding") from None
    except ValueError as error:
        raise BadRequestError("request", Wording("cannot be read ({why})", why=error), "send fewer fields") from None


def _utf8(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        problem = Wording("is not UTF-8 from byte {n} on", n=error.start)
        raise BadRequestError("query", problem, "send UTF-8", kind="encoding") from None


async def _body(request: Request, limit: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > limit:
            problem, close = Wording("is longer than {n} bytes", n=limit), {"Connection": "close"}
            raise TooLargeError("request body", problem, "shorten the query", close, limit=f"query_bytes={limit}")
        pieces.append(piece)
    return b"".join(pieces)
