"""Proactive content negotiation as RFC 9110, section 12.5.1, describes it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_RANGE = re.compile(rf"\s*({_NAME})/({_NAME})\s*((?:;.*)?)$")
_QUALITY = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$")
_LONGEST, _MOST = 4096, 100  # characters and ranges of a header that are read
_PART = re.compile(r'(?:[^,"]|"[^"]*+"|")++')


@dataclass(frozen=True)
class Offer:
    """A media type we can answer with, and our own name of the format behind it."""

    media_type: str
    format: str


@dataclass(frozen=True)
class _Range:
    type: str
    subtype: str
    quality: float

    def specificity(self, media_type: str) -> int:
        """0 when the range does not cover the media type; the larger the closer it names it."""
        main, sub = media_type.lower().split("/")
        if (self.type, self.subtype) == (main, sub):
            return 3
        if (self.type, self.subtype) == (main, "*"):
            return 2
        return int((self.type, self.subtype) == ("*", "*"))


def negotiate(accept: str | None, offers: tuple[Offer, ...]) -> Offer | None:
    """The offer the client likes best; among equals one that it names closer, then ours first; None when it takes none.

    An absent header, and one without a single well-formed range, takes everything. A malformed range is passed over.
    """
    return _negotiate((accept or "")[:_LONGEST], offers)


@lru_cache(512)
def _negotiate(accept: str, offers: tuple[Offer, ...]) -> Offer | None:
    ranges = _ranges(accept)
    if not ranges:
        return offers[0]
    likings = [(_liking(offer.media_type, ranges), offer) for offer in offers]
    liking, best = max(likings, key=lambda found: found[0])
    return best if liking > (0.0, 3) else None


def one_line(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers with the lines of Accept as one, which is what they mean (RFC 9110, section 5.3); RDF4J sends many."""
    found = list(headers)
    lines = [value for name, value in found if name == b"accept"]
    if len(lines) < 2:
        return found
    return [*(header for header in found if header[0] != b"accept"), (b"accept", b", ".join(lines))]


def names(accept: str | None, media_type: str) -> bool:
    """Whether the header names this media type itself (not by a wildcard) with a quality above 0."""
    ranges = _ranges((accept or "")[:_LONGEST])
    return any(found.specificity(media_type) == 3 and found.quality > 0 for found in ranges)


def _ranges(accept: str) -> list[_Range]:
    parts = islice(_PART.finditer(accept), _MOST)
    return [found for part in parts if (found := _parse(part.group()))]


def _liking(media_type: str, ranges: Sequence[_Range]) -> tuple[float, int]:
    """Quality and specificity of the range that names the media type closest."""
    fitting = [(found.specificity(media_type), found.quality) for found in ranges if found.specificity(media_type)]
    specificity, quality = max(fitting, default=(0, 0.0))
    return quality, specificity


def _parse(part: str) -> _Range | None:
    match = _RANGE.match(part)
    if match is None:
        return None
    main, sub, parameters = match.groups()
    if main == "*" and sub != "*":
        return None
    quality = 1.0
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            if not _QUALITY.match(value.strip()):
                return None
            quality = float(value.strip())
    return _Range(main.lower(), sub.lower(), quality)
