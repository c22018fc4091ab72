"""Every amount of a clause, whichever way it is worded; of two readings of one number the first reader's counts."""

import re

from pipeline.facts.closings import closings
from pipeline.facts.quantities import (
    Amount,
    bare,
    changes,
    counts_of,
    durations,
    everything,
    levels,
    shares,
    works,
)
from pipeline.facts.respectively import respectively

_MAY_HOLD = re.compile(r"\d|全部|半年|[一二两三四五六七八九十](?:个月|年|天|日|个工作日)")
_READERS = (respectively, closings, changes, levels, bare, shares, works, counts_of, durations, everything)


def amounts(folded: str, begin: int, end: int) -> list[Amount]:
    """The amounts of one clause chain (no 。 or ; inside), in reading order, none overlapping another's number."""
    if not _MAY_HOLD.search(folded, begin, end):
        return []
    found: list[Amount] = []
    taken: set[int] = set()
    for reader in _READERS:
        for amount, (low, high) in reader(folded, begin, end):
            if taken.isdisjoint(range(low, high)):
                taken.update(range(low, high))
                if amount is not None:
                    found.append(amount)
    return sorted(found, key=lambda a: (a.begin, a.end, a.value))
