"""Up to when a reported value holds (截至2023年2月底): the date before it in its own paragraph (GENRE §2)."""

import re
from datetime import date

from pipeline.facts.dates import by_page_date
from pipeline.facts.page import Page
from pipeline.model import Basis, Moment, Stated

_AS_OF = re.compile(
    r"截[至止](?:(?P<y>20\d{2})年|(?P<this>今)年)?(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})日|底|末|中旬|上旬|下旬)?"
)


def as_of_marks(page: Page, page_date: date | None) -> list[tuple[int, Stated[Moment]]]:
    """Where each 截至 stands and its date, in reading order; one whose year nothing tells is left out."""
    found: list[tuple[int, Stated[Moment]]] = []
    for match in _AS_OF.finditer(page.folded):
        year, basis, reason = int(match["y"] or 0), Basis.STATED, None
        month, day = int(match["m"]), int(match["d"]) if match["d"] else None
        if not year:
            if page_date is None:
                continue
            year = page_date.year - (not match["this"] and month > page_date.month)
            basis, reason = Basis.INFERRED, by_page_date(year, page_date)
        try:
            date(year, month, day or 1)
        except ValueError:
            continue
        source = page.source(*match.span(), "baseline.as-of", basis, reason)
        found.append((match.start(), Stated(Moment(year, month, day), source)))
    return found


def as_of(page: Page, marks: list[tuple[int, Stated[Moment]]], at: int) -> Stated[Moment] | None:
    """The last 截至 before an offset in the same paragraph."""
    paragraph = page.folded.rfind("\n", 0, at)
    before = [fact for place, fact in marks if paragraph < place <= at]
    return before[-1] if before else None
