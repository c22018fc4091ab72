"""Outline → facts: what one document says, each fact with its sentence, its rule and its basis (DESIGN §3).

Reads a text and its outline. Writes `Facts`. The readers are rooms of their own: `metadata`, `places`, `supervision`,
`counts`, `lists`, `issues`, `commitments`, `gaps`; `page` is what they all look at.
"""

from bisect import bisect_left, bisect_right
from dataclasses import replace
from operator import itemgetter

from pipeline.errors import DocumentError
from pipeline.facts.commitments import read_commitments
from pipeline.facts.counts import read_counts
from pipeline.facts.elements import Zone
from pipeline.facts.gaps import is_damaged, read_gaps, with_ellipses
from pipeline.facts.genre import is_roundup, not_of_one_place, read_completeness, read_kind
from pipeline.facts.issues import read_issues
from pipeline.facts.layouts import Entry, Range, entries
from pipeline.facts.lists import read_lists
from pipeline.facts.metadata import read_issued, read_origin, read_publisher, read_title, title_mark, titled
from pipeline.facts.naming import own_plans, plan_names
from pipeline.facts.page import Mark, Page, lay_out
from pipeline.facts.places import read_region
from pipeline.facts.supervision import read_supervision
from pipeline.model import Document, Element, Facts, Gap, Issue, Plan
from pipeline.outline import outline
from pipeline.text import clean


def read_facts(document: Document) -> Facts:
    """Everything a document says. A text that is not of the genre gives its kind and metadata, no plan.

    Raises DocumentError when the text holds nothing but blanks.
    """
    text = clean(document.text)
    if not text.plain.strip():
        raise DocumentError(document.file_name, "holds no readable text", "check the file, or convert it again")
    page = lay_out(document.id, text, outline(text))
    listed, unread = entries(page)
    gaps = tuple(read_gaps(page))
    kind = read_kind(page, listed)
    facts = Facts(
        kind=kind,
        completeness=read_completeness(page, kind.value, len(listed), gaps, ()),
        title=read_title(page),
        issued=read_issued(page),
        publisher=read_publisher(page),
        origin=read_origin(page),
        gaps=gaps,
    )
    return facts if kind.value == "document-other" else _with_plan(page, facts, listed, unread)


def _with_plan(page: Page, facts: Facts, listed: list[Entry], unread: list[Range]) -> Facts:
    names = plan_names(page)
    title = title_mark(page)
    titles = ([title] if title else []) + names[:1]
    region = read_region(page, titles)
    code = region.value if region else None
    if region is None and is_roundup(page, facts.kind.value):
        return replace(facts, kind=not_of_one_place(page))
    names = own_plans(page, names, code)
    page_date = facts.issued.value if facts.issued else None
    supervision, others, more = read_supervision(page, titles, code, page_date)
    issues, issue_zones = read_issues(page, listed, code)
    taken = [zone for zone in issue_zones if zone.kind == "Entry"]
    reporting = facts.kind.value == "document-implementation-report"
    lists, zones, lost = read_lists(page, taken, reporting)
    own = [e for e in issues if isinstance(e, Issue)]
    ordinals = tuple(int(e.number) for e in own if e.number)
    free = _free_zones(page, [*(z for z in zones if z.kind != "GuidingThought"), *taken], unread)
    counts = tuple(read_counts(page, [(zone.begin, zone.end) for zone in [*free, *zones]]))
    committing = [zone for zone in [*zones, *issue_zones] if zone.kind not in {"GuidingThought", "Principle", "Entry"}]
    amounts = read_commitments(page, committing + free, own, counts, reporting, page_date)
    elements: tuple[Element, ...] = (*lists, *issues, *amounts)
    name = min(names, key=lambda n: with_ellipses(n.words)[1], default=None)
    damaged = name if name and is_damaged(name.words) else None
    if damaged:
        kind = "redacted" if "略" in damaged.words else "placeholder"
        more.append(Gap(kind, page.span(damaged.begin, damaged.end), "title"))
        name = name if with_ellipses(damaged.words)[1] == 1 else None
    anchor = name or damaged or Mark(*page.sentence_around(facts_begin(page)), "")
    plan = Plan(
        source=page.source(anchor.begin, anchor.end, "plan"),
        title=titled(page, name, "plan.title") if name else None,
        counts=counts,
        elements=elements,
    )
    return replace(
        facts,
        completeness=read_completeness(page, facts.kind.value, len(own), facts.gaps, counts, tuple(unread), ordinals),
        region=region,
        supervision=supervision,
        other_visits=others,
        plan=plan,
        gaps=_merged([*facts.gaps, *more, *lost]),
    )


def facts_begin(page: Page) -> int:
    """Where the text proper begins: the first content line."""
    return next((line.begin for line in page.text.content()), 0)


def _merged(gaps: list[Gap]) -> tuple[Gap, ...]:
    """One gap a place; the one that says most wins."""
    best: dict[tuple[int, int], Gap] = {}
    for gap in gaps:
        known = best.get(gap.span)
        if known is None or (gap.affects and not known.affects):
            best[gap.span] = gap
    return tuple(best[key] for key in sorted(best))


def _free_zones(page: Page, zones: list[Zone], unread: list[Range]) -> list[Zone]:
    """What lies outside lists, issues and tables, sentence by sentence: it belongs to the plan itself."""
    taken: list[Range] = []
    for begin, end in sorted([*((zone.begin, zone.end) for zone in zones), *unread]):
        if taken and begin <= taken[-1][1]:
            taken[-1] = taken[-1][0], max(end, taken[-1][1])
        else:
            taken.append((begin, end))
    free = []
    for begin, end in page.sentences():
        at = begin
        for low, high in [
            *taken[bisect_right(taken, begin, key=itemgetter(1)) : bisect_left(taken, end, key=itemgetter(0))],
            (end, end),
        ]:
            if at < low:
                free.append(Zone(at, low, "", "Plan"))
            at = max(at, high)
    return free
