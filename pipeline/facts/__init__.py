"""Outline → facts: what one document says, each fact with its sentence, its rule and its basis (DESIGN §3).

Reads a text and its outline. Writes `Facts`. The readers are rooms of their own: `metadata`, `places`, `supervision`,
`counts`, `lists`, `issues`, `commitments`, `gaps`; `page` is what they all look at.
"""

import re
from dataclasses import replace

from pipeline.errors import DocumentError
from pipeline.facts.commitments import read_commitments
from pipeline.facts.counts import read_counts
from pipeline.facts.gaps import is_damaged, read_gaps
from pipeline.facts.genre import read_completeness, read_kind
from pipeline.facts.issues import issue_indices, read_issues
from pipeline.facts.elements import Zone
from pipeline.facts.lists import read_lists
from pipeline.facts.metadata import read_issued, read_origin, read_publisher, read_title, title_mark
from pipeline.facts.page import Mark, Page, lay_out
from pipeline.facts.places import read_region
from pipeline.facts.supervision import read_supervision
from pipeline.model import Document, Element, Facts, Gap, Issue, Plan, Stated
from pipeline.outline import outline
from pipeline.text import clean

_PLAN_NAME = re.compile(r"《(?P<name>[^《》\n]{6,80}?整改(?:落实)?(?:工作|实施|总体|细化)?(?:方案|任务清单|清单))》")
_BARE_NAME = re.compile(
    r"(?P<name>[\u4e00-\u9fff0-9“”()]{2,30}?贯彻落实[^,。;:《》\n]{4,50}?整改(?:落实)?(?:工作|实施|总体|细化)?方案)"
)


def read_facts(document: Document) -> Facts:
    """Everything a document says. A text that is not of the genre gives its kind and metadata, no plan.

    Raises DocumentError when the text holds nothing but blanks.
    """
    text = clean(document.text)
    if not text.plain.strip():
        raise DocumentError(document.file_name, "holds no readable text", "check the file, or convert it again")
    page = lay_out(document.id, text, outline(text))
    indices = issue_indices(page)
    gaps = tuple(read_gaps(page))
    kind = read_kind(page, len(indices))
    facts = Facts(
        kind=kind,
        completeness=read_completeness(page, kind.value, len(indices), gaps, ()),
        title=read_title(page),
        issued=read_issued(page),
        publisher=read_publisher(page),
        origin=read_origin(page),
        gaps=gaps,
    )
    return facts if kind.value == "document-other" else _with_plan(page, facts, indices)


def _plan_names(page: Page) -> list[Mark]:
    """The plans a page names, its own first: 《…整改方案》 set as a title, else a bare name in the text."""
    found = [Mark(*m.span("name"), m["name"]) for m in _PLAN_NAME.finditer(page.folded)]
    title = title_mark(page)
    edition = re.search(r"\([^()]{1,8}\)$", title.words) if title else None
    if title and edition:
        title = Mark(title.begin, title.end - len(edition[0]), title.words[: edition.start()])
    head = (
        [title]
        if title
        and re.search(r"整改(?:落实)?(?:工作|实施|总体|细化)?(?:方案|任务清单)$", title.words)
        and "公" not in title.words[:12]
        else []
    )
    bare = [Mark(*m.span("name"), m["name"]) for m in _BARE_NAME.finditer(page.folded)]
    return sorted(found, key=lambda m: "清单" in m.words) + [_after_notice(name) for name in head + bare]


def _after_notice(name: Mark) -> Mark:
    """The plan's name without the notice that issues it (中共X市委关于印发…)."""
    notice = re.match(r".*关于(?:印发|公开|公布)", name.words)
    return Mark(name.begin + notice.end(), name.end, name.words[notice.end() :]) if notice else name


def _with_plan(page: Page, facts: Facts, indices: list[int]) -> Facts:
    names = _plan_names(page)
    title = title_mark(page)
    titles = ([title] if title else []) + names[:1]
    region = read_region(page, titles)
    code = region.value if region else None
    page_date = facts.issued.value if facts.issued else None
    supervision, others, more = read_supervision(page, titles, code, page_date)
    issue_begin = page.outline.items[indices[0]].begin if indices else len(page.folded)
    lists, zones, lost = read_lists(page, issue_begin, [])
    issues, issue_zones = read_issues(page, code)
    own = [e for e in issues if isinstance(e, Issue)]
    reporting = facts.kind.value == "document-implementation-report"
    free = _free_zones(page, zones, issue_begin)
    own_zones = [zone for zone in zones if zone.kind != "GuidingThought"]
    counts = tuple(read_counts(page, list(page.sentences(0, issue_begin))))
    amounts = read_commitments(page, own_zones + issue_zones + free, own, counts, reporting)
    elements: tuple[Element, ...] = (*lists, *issues, *amounts)
    name = next((n for n in names if not is_damaged(n.words)), None)
    damaged = next((n for n in names if is_damaged(n.words)), None)
    if damaged and not name:
        more.append(
            Gap("redacted" if "略" in damaged.words else "placeholder", page.span(damaged.begin, damaged.end), "title")
        )
    anchor = name or damaged or Mark(*page.sentence_around(facts_begin(page)), "")
    plan = Plan(
        source=page.source(anchor.begin, anchor.end, "plan"),
        title=Stated(page.words(name.begin, name.end), page.source(name.begin, name.end, "plan.title"))
        if name
        else None,
        counts=counts,
        elements=elements,
    )
    return replace(
        facts,
        completeness=read_completeness(page, facts.kind.value, len(own), facts.gaps, counts),
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


def _free_zones(page: Page, zones: list[Zone], issue_begin: int) -> list[Zone]:
    """What lies outside the lists, sentence by sentence: it belongs to the plan itself."""
    taken = sorted((zone.begin, zone.end) for zone in zones)
    free = []
    for begin, end in page.sentences(0, issue_begin):
        if page.folded.count("|", begin, end) >= 3:
            continue
        at = begin
        for low, high in [*((b, e) for b, e in taken if b < end and begin < e), (end, end)]:
            if at < low:
                free.append(Zone(at, low, "", "Plan"))
            at = max(at, high)
    return free
