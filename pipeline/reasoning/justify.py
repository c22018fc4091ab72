"""Why some triples contradict the ontology: as few of them as can be found, in OWL a justification.

What shows without a reasoner (`clashes.py`) comes first, and HermiT confirms it on these triples alone. Where nothing
shows, they are halved again and again: Junker's QuickXplain, first over the nodes, then over the triples of the nodes
found. In the end no triple can be left out without the contradiction going, unless the time ran out; then it says so.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TypeVar

import pyoxigraph as ox

from pipeline.reasoning.axioms import Axioms
from pipeline.reasoning.clashes import Clash, clashes
from pipeline.reasoning.hermit import ReasoningError
from pipeline.reasoning.reason import axioms, check_slice, concepts, readable

SECONDS = 90.0  # for the whole search; a question takes about one
TRIED = 8  # clashes that HermiT is asked about before the search
SMALL = 12  # triples that a reader can look through

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Justification:
    """Triples that contradict the ontology; none when no few were found in time.

    `clash` is the axiom they break, where it shows; `minimal` says that with any one of them left out no contradiction
    remains.
    """

    triples: tuple[ox.Triple, ...]
    clash: Clash | None
    minimal: bool


class _OutOfTimeError(Exception):
    """The search has to end."""


class _Judge:
    """Asks HermiT whether triples contradict the ontology, within a time for all questions together."""

    def __init__(self, seconds: float) -> None:
        """Counts from now."""
        self._end = time.monotonic() + seconds
        self.smallest: tuple[ox.Triple, ...] = ()
        self.sure = True

    def __call__(self, triples: Iterable[ox.Triple]) -> bool:
        """Whether they do; False, too, where HermiT does not know. Raises _OutOfTimeError."""
        asked = tuple(triples)
        if (left := self._end - time.monotonic()) <= 0:
            raise _OutOfTimeError
        try:
            found = not check_slice(asked, seconds=left).consistent
        except ReasoningError:
            self.sure = False
            return False
        if found and (not self.smallest or len(asked) < len(self.smallest)):
            self.smallest = asked
        return found


def justify(statements: Iterable[ox.Triple], seconds: float = SECONDS) -> Justification:
    """Few of the statements, which contradict the ontology, that do so by themselves. Those that come first are
    preferred, so give first what a reader should see."""
    triples = list(dict.fromkeys(readable(statements)))
    judge = _Judge(seconds)
    try:
        found = _shown(triples, judge) or _searched(triples, judge)
        return Justification(found, _clash(found), judge.sure)
    except _OutOfTimeError:
        found = judge.smallest if len(judge.smallest) <= SMALL else ()
        return Justification(found, _clash(found), minimal=False)


def _shown(triples: Sequence[ox.Triple], judge: _Judge) -> tuple[ox.Triple, ...]:
    """The first clash that HermiT confirms, without what it does not need."""
    for clash in _clashes(triples)[:TRIED]:
        if judge(clash.triples):
            kept = list(clash.triples)
            for triple in clash.triples if len(kept) > 1 else ():
                without = [other for other in kept if other is not triple]
                if without and judge(without):
                    kept = without
            return tuple(kept)
    return ()


def _searched(triples: Sequence[ox.Triple], judge: _Judge) -> tuple[ox.Triple, ...]:
    nodes: dict[str, list[ox.Triple]] = {}
    for triple in triples:
        nodes.setdefault(str(triple.subject), []).append(triple)
    few = smallest(list(nodes.values()), lambda groups: judge(chain.from_iterable(groups)))
    return tuple(smallest(list(chain.from_iterable(few)), judge))


def smallest(elements: Sequence[T], contradictory: Callable[[Sequence[T]], bool]) -> list[T]:
    """Elements of a contradictory list that are contradictory together, and no longer when any one is left out
    (QuickXplain). Where there are several such sets, that of the elements that come first."""

    def needed(given: list[T], changed: bool, among: Sequence[T]) -> list[T]:
        if changed and contradictory(given):
            return []
        if len(among) == 1:
            return list(among)
        first, second = among[: len(among) // 2], among[len(among) // 2 :]
        of_second = needed([*given, *first], True, second)
        return [*needed([*given, *of_second], bool(of_second), first), *of_second]

    return needed([], False, elements) if elements else []


def _clashes(triples: Sequence[ox.Triple]) -> list[Clash]:
    different = frozenset(term.value for term in concepts(triples) if isinstance(term, ox.NamedNode))
    return clashes(triples, _ontology(), different)


def _clash(triples: Sequence[ox.Triple]) -> Clash | None:
    """The axiom that exactly these triples break, where it shows."""
    return next((clash for clash in _clashes(triples) if set(clash.triples) == set(triples)), None)


@cache
def _ontology() -> Axioms:
    return Axioms(axioms("ducha", "alignments"))
