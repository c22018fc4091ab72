"""gzip as a content coding (RFC 9110, 8.4 and 12.5.3): for texts of a kilobyte and more, streamed ones too."""

import asyncio
import re
import zlib
from functools import lru_cache

SMALLEST = 1024  # below this a packet is sent either way
_TEXTS = re.compile(r"text/|application/(?:[\w.-]+\+)?(?:json|xml)|application/(?:n-|trig|javascript)|image/svg")
_CODING = re.compile(r"\s*([\w*.-]+)\s*(?:;\s*q\s*=\s*([\d.]{1,5}))?\s*$", re.IGNORECASE)
_ASIDE = 64 * 1024  # larger pieces are compressed beside the event loop
_SUFFIX = '-gzip"'


@lru_cache(256)
def accepts_gzip(header: str | None) -> bool:
    """Whether Accept-Encoding takes gzip, by name or by `*`, with a quality above 0."""
    found = {match[1].lower(): match[2] for part in (header or "")[:1024].split(",") if (match := _CODING.match(part))}
    quality = found.get("gzip", found.get("x-gzip", found.get("*", "0")))
    return quality is None or bool(quality.strip("0."))


def worth_it(content_type: str) -> bool:
    """Whether the media type is one of a text."""
    return _TEXTS.match(content_type) is not None


def tag(etag: str) -> str:
    """The entity tag of the compressed form: other bytes, so another strong tag."""
    return f"{etag[:-1]}{_SUFFIX}"


def bare(etag: str) -> str:
    """The entity tag without its coding: both forms say the same."""
    return f'{etag.removesuffix(_SUFFIX)}"' if etag.endswith(_SUFFIX) else etag


def compressed(data: bytes) -> bytes:
    """The whole of a small answer."""
    coder = _coder()
    return coder.compress(data) + coder.flush(zlib.Z_FINISH)


def _coder() -> "zlib._Compress":
    return zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS | 16)


class Gzip:
    """One answer being compressed, piece by piece; every piece can be read as soon as it is there."""

    def __init__(self) -> None:
        self._coder = _coder()

    async def piece(self, data: bytes, *, last: bool) -> bytes:
        if len(data) < _ASIDE:
            return self._piece(data, last)
        return await asyncio.to_thread(self._piece, data, last)

    def _piece(self, data: bytes, last: bool) -> bytes:
        return self._coder.compress(data) + self._coder.flush(zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH)
