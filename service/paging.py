"""`limit` and `offset` of a table: read, checked, and the links to the parts before and after."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from pipeline.errors import Wording
from service.problems import BadRequestError

MOST = 10_000
NAMES = frozenset({"limit", "offset"})
_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Part:
    """`limit` rows from `offset` (0 is the first)."""

    limit: int
    offset: int

    def links(self, path: str, given: Mapping[str, str], total: int) -> dict[str, str]:
        """`Link` (RFC 8288: first, prev, next, last) and `Ducha-Total`, for a table of `total` rows."""
        last = max(0, (total - 1) // self.limit * self.limit)
        places = {"first": 0, "prev": max(0, self.offset - self.limit), "next": self.offset + self.limit, "last": last}
        if self.offset == 0:
            del places["prev"]
        if self.offset + self.limit >= total:
            del places["next"]
        kept = [(name, value) for name, value in given.items() if name not in NAMES]
        found = [
            f'<{path}?{urlencode([*kept, ("limit", self.limit), ("offset", place)])}>; rel="{name}"'
            for name, place in places.items()
        ]
        return {"Link": ", ".join(found), "Ducha-Total": str(total)}


def read_part(given: Mapping[str, str]) -> Part | None:
    """The part asked for; None where neither parameter is given. Raises BadRequestError."""
    if not NAMES & given.keys():
        return None
    return Part(_number(given, "limit", 100, 1, MOST), _number(given, "offset", 0, 0, 10**9 - 1))


def read_page(given: Mapping[str, str]) -> int:
    """The number of a page, from 1. Raises BadRequestError."""
    return _number(given, "page", 1, 1, 10**6)


def _number(given: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = given.get(name, "")
    if not text:
        return default
    if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
        problem = Wording("{value!r} does not do", value=text[:20])
        remedy = Wording("write {least} to {most}", least=least, most=most)
        raise BadRequestError(Wording("parameter {name}", name=name), problem, remedy)
    return int(text)
