"""Why a query has no rows: which piece of its pattern empties the join, found by asking whether fewer pieces have a
solution, and what its terms might have been meant to be.

Every question goes through the pool like the query itself: guard, deadline, turn. Their number and time are bounded, and
what could not be settled is said to be so. OPTIONAL never empties a join; UNION and property paths are looked at whole,
a group, GRAPH and sub-SELECT from within.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from service.aside import aside
from service.dataset import Dataset, run
from service.elements import Element, Pattern, UncutError, cut, within
from service.frames import Job
from service.guard import check
from service.nearby import Hint, hints
from service.problems import BadRequestError, DeadlinePassedError, QueryFailedError
from service.tokens import position

MOST_ASKS, MOST_SECONDS, MOST_ALONE, MOST_ELEMENTS, DEEPEST = 60, 10.0, 24, 200, 4
Verdict = Literal["pattern", "join", "modifiers", "rows", "unknown"]


@dataclass(frozen=True)
class Piece:
    """A piece of the pattern where it stands: line and column from 1."""

    line: int
    column: int
    kind: str
    text: str


@dataclass(frozen=True)
class Explanation:
    """`pattern`: each of `pieces` matches nothing by itself. `join`: the one piece has no solution together with
    `against`. `modifiers`: the pattern has solutions, what follows it takes them away. `rows`: there are solutions.
    `unknown`: not found out. `complete` is False where time or questions ran out; `asked` counts them."""

    verdict: Verdict
    pieces: tuple[Piece, ...]
    against: tuple[Piece, ...]
    terms: tuple[Hint, ...]
    asked: int
    complete: bool

    def as_json(self) -> dict[str, object]:
        return asdict(self)


class _SpentError(Exception):
    """No more questions, or no more time."""


class _Search:
    """The questions about one query. Raises BusyError when the service has no turn for it."""

    def __init__(self, dataset: Dataset, text: str, timeout: float) -> None:
        self._dataset, self.text = dataset, text
        self._end = asyncio.get_running_loop().time() + min(timeout, MOST_SECONDS)
        self.asked = 0

    async def has(self, pattern: Pattern, elements: Sequence[Element]) -> bool:
        """Whether these pieces have a solution together, filters last: they hold for the whole group."""
        ordered = sorted(elements, key=lambda one: one.kind == "filter")
        return await self.ask(pattern.ask(ordered))

    async def ask(self, query: str) -> bool:
        left = self._end - asyncio.get_running_loop().time()
        if self.asked >= MOST_ASKS or left <= 0:
            raise _SpentError
        self.asked += 1
        checked = await aside(query, check, query, max_bytes=128 * 1024, max_tokens=40_000, max_depth=120)
        try:
            text = await self._dataset.searched(checked.text, left)
            body = await run(self._dataset.public, Job(text, "json", base=self._dataset.base), left)
        except (DeadlinePassedError, QueryFailedError, BadRequestError):
            # A piece alone may cost more than the whole, or lack what binds its variables: then it settles nothing.
            raise _SpentError from None
        return b"true" in body


async def explain(dataset: Dataset, text: str, timeout: float) -> Explanation:
    """What empties a query that the guard has passed. Takes `timeout` or ten seconds at most. Raises ProblemError when
    the service is too busy."""
    search = _Search(dataset, text, timeout)
    try:
        pattern = await aside(text, cut, text)
    except UncutError:
        return _told(search, "unknown")
    try:
        return await _explain(dataset, search, pattern)
    except _SpentError:
        return _told(search, "unknown", complete=False)


async def _explain(dataset: Dataset, search: _Search, pattern: Pattern) -> Explanation:
    if len(pattern.elements) > MOST_ELEMENTS:
        raise _SpentError
    if await _parses(search, pattern):
        cut_away = pattern.tail & {"HAVING", "OFFSET", "LIMIT"}
        return _told(search, "modifiers" if cut_away else "rows")
    for _ in range(DEEPEST):
        # A group is entered where it, and nothing else, has no solution by itself.
        inner = await _entered(search, pattern)
        if inner is None:
            break
        if await search.has(inner, inner.elements):
            return _told(search, "modifiers")
        pattern = inner
    alone = await _empty_alone(search, pattern)
    if alone:
        return await _with_terms(dataset, search, "pattern", alone, [])
    last = await _last(search, pattern)
    others, complete = await _against(search, pattern, last)
    return await _with_terms(dataset, search, "join", [last], others, complete=complete)


async def _parses(search: _Search, pattern: Pattern) -> bool:
    """Whether the whole pattern has a solution. Raises BadRequestError when it is no SPARQL."""
    try:
        return await search.has(pattern, pattern.elements)
    except _SpentError as error:
        if isinstance(error.__context__, BadRequestError):
            raise BadRequestError(
                "query", "does not parse", "mend it first; /sparql says where", kind="syntax"
            ) from None
        raise


async def _entered(search: _Search, pattern: Pattern) -> Pattern | None:
    for element in pattern.elements:
        if element.kind in {"group", "select", "graph"} and not await search.has(pattern, [element]):
            return within(search.text, pattern, element)
    return None


async def _empty_alone(search: _Search, pattern: Pattern) -> list[Element]:
    """The pieces that match nothing by themselves."""
    able = [one for one in pattern.elements if one.kind in {"triple", "union", "values"}]
    return [one for one in able[:MOST_ALONE] if not await search.has(pattern, [one])]


async def _last(search: _Search, pattern: Pattern) -> Element:
    """The piece with which the join, taken in its order, becomes empty; found by halving, as nothing refills a join."""
    order = sorted(pattern.elements, key=lambda one: one.kind == "filter")
    full, empty = 0, len(order)
    while empty - full > 1:
        middle = (full + empty) // 2
        if await search.has(pattern, order[:middle]):
            full = middle
        else:
            empty = middle
    return order[empty - 1]


async def _against(search: _Search, pattern: Pattern, last: Element) -> tuple[list[Element], bool]:
    """Few other pieces with which this one has no solution, and whether each of them is needed for that."""
    kept = [one for one in pattern.elements if one is not last]
    try:
        # What can empty nothing goes first; what stands near the piece is the likeliest to be needed.
        for one in sorted(kept, key=lambda one: (one.kind != "optional", bool(one.variables & last.variables))):
            fewer = [other for other in kept if other is not one]
            if one.variables & last.variables and not _still_bound(one, last, fewer):
                continue
            if not await search.has(pattern, [*fewer, last]):
                kept = fewer
    except _SpentError:
        return kept, False
    return kept, True


def _still_bound(one: Element, last: Element, fewer: Sequence[Element]) -> bool:
    """Whether what `last` tests is bound without this piece: an unbound variable would empty the join by itself."""
    if last.kind not in {"filter", "bind"}:
        return True
    if one.kind == "optional":
        return True
    bound = frozenset().union(*(other.variables for other in fewer if other.kind not in {"optional", "filter"}))
    return one.variables & last.variables <= bound


async def _with_terms(
    dataset: Dataset,
    search: _Search,
    verdict: Verdict,
    found: list[Element],
    others: list[Element],
    *,
    complete: bool = True,
) -> Explanation:
    try:
        terms = await hints(dataset, search.ask, search.text, [*found, *others])
    except _SpentError:
        terms, complete = [], False
    pieces, against = (_pieces(search.text, some) for some in (found, others))
    return Explanation(verdict, pieces, against, tuple(terms), search.asked, complete)


def _pieces(text: str, elements: Sequence[Element]) -> tuple[Piece, ...]:
    return tuple(Piece(*position(text, one.begin), one.kind, one.text[:400]) for one in elements)


def _told(search: _Search, verdict: Verdict, *, complete: bool = True) -> Explanation:
    return Explanation(verdict, (), (), (), search.asked, complete)
