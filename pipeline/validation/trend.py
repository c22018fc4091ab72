"""What has changed between the findings of two snapshots: new, gone, changed (other numbers) and unchanged."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.validation.browse import Findings, opened
from pipeline.validation.facets import Filter, Listed
from pipeline.validation.report import Rule


@dataclass(frozen=True)
class Trend:
    """The findings of now and of before; each knows the other."""

    now: Findings
    before: Findings

    def by_rule(self, wish: Filter) -> dict[str, Counter[str]]:
        """Rule id → counts of new, gone, changed and unchanged; rules without findings on both sides are left out."""
        found = self.now.trend(wish)
        if (there := self._there(wish)) is not None:
            for name, counts in self.before.trend(there).items():
                if counts["new"]:
                    found.setdefault(name, Counter())["gone"] = counts["new"]
        return found

    @property
    def rules(self) -> dict[str, Rule]:
        """Every rule of either side by its id."""
        return {**self.before.rules, **self.now.rules}

    def resolved(self, wish: Filter) -> Filter:
        """The filter with ids for names, of either side: what is gone may be about a document that is gone. Raises
        UsageError."""
        try:
            return self.now.resolved(wish)
        except UsageError:
            if wish.change != "gone":
                raise
            return self.before.resolved(wish)

    def page(self, wish: Filter, sort: str, offset: int, limit: int) -> list[Listed]:
        """A page of the findings with the change that `wish` names."""
        side, there = self.side(wish)
        return side.page(there, sort, offset, limit) if there else []

    def side(self, wish: Filter) -> tuple[Findings, Filter | None]:
        """Where the findings with a change stand, and the filter to ask there; None where that side knows no such
        region, document or rule."""
        if wish.change != "gone":
            return self.now, wish
        there = self._there(wish)
        return self.before, replace(there, change="new") if there else None

    def _there(self, wish: Filter) -> Filter | None:
        try:
            return self.before.resolved(replace(wish, change=""))
        except UsageError:
            return None


@contextmanager
def compared(now: Path, before: Path) -> Iterator[Trend]:
    """The findings of two snapshots' findings.db, side by side. Raises SnapshotError."""
    with opened(now, before) as new, opened(before, now) as old:
        yield Trend(new, old)
