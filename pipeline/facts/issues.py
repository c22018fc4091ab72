"""The task list: each issue (问题) with its category, goal, measures, deadline, status and who answers for it (GENRE §5–§7)."""

import re
from collections.abc import Iterator

from pipeline.facts.clauses import stated_due
from pipeline.facts.gaps import is_damaged
from pipeline.facts.elements import Zone, element, label_of
from pipeline.facts.organizations import parties
from pipeline.facts.page import Page
from pipeline.facts.terms import topics_of
from pipeline.model import Due, Element, Issue, Measure, Party, Post, Source, Stated

_FIELDS_OF_AN_ISSUE = {"goal", "measures", "due", "lead", "responsible", "status"}
_ROLES = {
    "lead": "lead",
    "responsible": "responsible",
    "cooperating": "cooperating",
    "supervising": "supervising",
    "accepting": "accepting",
}
_IMMEDIATE = re.compile(r"立行立改|立整立改|即知即改|立知立改|立即整改|边督边改")
_LONG_TERM = re.compile(r"长期坚持|持续推进|长期整改|持续整改|常态化")
_STATUS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("status-not-started", re.compile(r"未启动|尚未开始")),
    ("status-in-progress", re.compile(r"正在(?:推进|整改|加快)|达到?序时进度|按序时|有序推进")),
    ("status-completed", re.compile(r"(?<!未)(?:已|全部|均已)?(?:基本)?(?:完成(?:整改|销号)?|整改(?:完成|到位)|办结)")),
    ("status-long-term", re.compile(r"长期坚持|持续(?:推进|坚持)")),
)
_POST = re.compile(r"(?P<post>主要负责人|主要负责同志|主要领导|分管负责人|分管领导|负责人|党政主要领导)")


def issue_indices(page: Page) -> list[int]:
    """The outline items that are issues: the lowest numbered items with at least two fields of an issue of their own."""
    found = []
    for index, item in enumerate(page.outline.items):
        if item.style == "label":
            continue
        names = {
            page.outline.items[k].name for k in page.outline.children[index] if page.outline.items[k].style == "label"
        }
        if len(names & _FIELDS_OF_AN_ISSUE) >= 2:
            found.append(index)
    return found


def read_issues(page: Page, region: str | None) -> tuple[list[Element], list[Zone]]:
    """The issues and their categories, and the ranges of their parts for the readers of numbers."""
    indices = issue_indices(page)
    ordinals = [page.outline.items[i].ordinal for i in indices]
    restarts = len(set(ordinals)) != len(ordinals)
    found: list[Element] = []
    zones: list[Zone] = []
    categories: dict[int, str] = {}
    for position, index in enumerate(indices, 1):
        parent = page.outline.items[index].parent
        if parent is not None and parent not in categories:
            made = _category(page, parent, len(categories) + 1)
            if made:
                categories[parent] = made.path
                found.append(made)
        path = f"issue/{position}" if restarts else f"issue/{page.outline.items[index].ordinal or position}"
        issue = _issue(page, index, path, categories.get(parent) if parent is not None else None, region)
        if issue:
            found.append(issue)
            zones += _zones(page, index, issue)
    return found, zones


def _category(page: Page, index: int, number: int) -> Element | None:
    item = page.outline.items[index]
    begin, end = page.trim(item.body, page.outline.own_end(index))
    if item.style == "label" or begin >= end or end - begin > 80:
        return None
    return element(
        page,
        "IssueCategory",
        f"issue-category/{number}",
        begin,
        end,
        page.source(item.begin, end, "issue.category"),
        str(item.ordinal),
    )


def _fields(page: Page, index: int) -> dict[str, int]:
    """The issue's labelled fields by name; the first of a name counts."""
    fields: dict[str, int] = {}
    for kid in page.outline.children[index]:
        if page.outline.items[kid].style == "label":
            fields.setdefault(page.outline.items[kid].name, kid)
    return fields


def _range(page: Page, index: int) -> tuple[int, int]:
    item = page.outline.items[index]
    return page.trim(item.body, item.end)


def _issue(page: Page, index: int, path: str, category: str | None, region: str | None) -> Issue | None:
    item = page.outline.items[index]
    fields = _fields(page, index)
    begin, end = page.trim(item.body, page.outline.own_end(index))
    if page.folded.startswith("问题:", begin):
        begin += 3
    if "issue" in fields:
        begin, end = _range(page, fields["issue"])
    if begin >= end:
        return None
    words = page.words(begin, end)
    roles, posts = _parties(page, fields, region)
    due, kind = _deadline(page, fields.get("due"))
    return Issue(
        kind="Issue",
        path=path,
        label=label_of(words),
        text=words,
        source=page.source(item.begin if item.begin < begin else begin, end, "issue.text"),
        number=str(item.ordinal) if item.ordinal else None,
        topics=topics_of(words),
        category=category,
        goal=_goal(page, fields.get("goal"), path),
        measures=tuple(_measures(page, fields.get("measures"), path)),
        due=due,
        deadline_kind=kind,
        status=_status(page, fields),
        parties=roles,
        posts=posts,
    )


def _goal(page: Page, field: int | None, path: str) -> Element | None:
    if field is None:
        return None
    begin, end = _range(page, field)
    return (
        element(page, "Goal", f"{path}/goal", begin, end, page.source(begin, end, "issue.goal"))
        if begin < end
        else None
    )


def _measures(page: Page, field: int | None, owner: str) -> Iterator[Measure]:
    """The numbered measures of an issue; without numbers the whole field is one."""
    if field is None:
        return
    ranges: list[tuple[str | None, int, int, int]] = []
    for kid in page.outline.children[field]:
        item = page.outline.items[kid]
        ranges.append((str(item.ordinal), item.begin, *page.trim(item.body, item.end)))
    if not ranges:
        begin, end = _range(page, field)
        ranges.append((None, begin, begin, end))
    seen: set[str] = set()
    for position, (number, start, begin, end) in enumerate(ranges, 1):
        if begin >= end:
            continue
        words = page.words(begin, end)
        key = number if number and number not in seen else f"{position}p"
        seen.add(key)
        marks = page.dues(begin, end)
        last = max(marks, key=lambda m: m.due.last_day, default=None)
        due = stated_due(page, last, "measure.due") if last else None
        yield Measure(
            kind="Measure",
            path=f"{owner}/measure/{key}",
            label=label_of(words),
            text=words,
            source=page.source(start, end, "issue.measure"),
            number=number,
            topics=topics_of(words),
            owner=owner,
            due=due,
        )


def _deadline(page: Page, field: int | None) -> tuple[Stated[Due] | None, Stated[str] | None]:
    if field is None:
        return None, None
    begin, end = _range(page, field)
    if begin >= end:
        return None, None
    marks = page.dues(begin, end)
    last = max(marks, key=lambda m: m.due.last_day, default=None)
    words = page.folded[begin:end]
    long_term, at_once = _LONG_TERM.search(words), _IMMEDIATE.search(words)
    due = stated_due(page, last, "issue.due", begin) if last else None
    if due and long_term:
        kind = "deadline-fixed-then-long-term"
    elif due:
        kind = "deadline-fixed"
    elif at_once and not long_term:
        kind = "deadline-immediate"
    elif long_term:
        kind = "deadline-long-term"
    else:
        return None, None
    return due, Stated(kind, page.source(begin, end, "issue.deadline-kind"))


def _status(page: Page, fields: dict[str, int]) -> Stated[str] | None:
    """The status a field states; a deadline field may hold one (已完成整改)."""
    for name in ("status", "due"):
        if name not in fields:
            continue
        begin, end = _range(page, fields[name])
        if name == "due" and not re.search(r"已|完成整改|销号", page.folded[begin:end]):
            continue
        for value, pattern in _STATUS:
            if match := pattern.search(page.folded, begin, end):
                return Stated(value, page.source(*match.span(), "issue.status"))
    return None


def _parties(
    page: Page, fields: dict[str, int], region: str | None
) -> tuple[tuple[tuple[str, Party], ...], tuple[Post, ...]]:
    found: list[tuple[str, Party]] = []
    posts: list[Post] = []
    for name, role in _ROLES.items():
        if name in fields:
            words, source = _field(page, fields[name], f"issue.{role}")
            for party, lead in parties(words, source, region) if source else ():
                found.append(("lead" if lead else role, party))
    if "persons" in fields:
        words, source = _field(page, fields["persons"], "issue.persons")
        if source and (post := _POST.search(words)):
            posts = [Post(post["post"], party) for party, _ in parties(words[: post.start()], source, region)]
    return tuple(found), tuple(posts)


def _field(page: Page, index: int, rule: str) -> tuple[str, Source | None]:
    begin, end = _range(page, index)
    stop = page.folded.find("\n", begin, end)
    end = stop if stop > begin else end
    if begin >= end:
        return "", None
    words = page.folded[begin:end]
    return ("", None) if is_damaged(words) and len(words) < 8 else (words, page.source(begin, end, rule))


def _zones(page: Page, index: int, issue: Issue) -> Iterator[Zone]:
    """The issue's own words report the present; its goal and measures commit."""
    begin, end = page.trim(page.outline.items[index].body, page.outline.own_end(index))
    yield Zone(begin, end, issue.path, "Issue")
    fields = _fields(page, index)
    if issue.goal:
        yield Zone(*_range(page, fields["goal"]), issue.path, "IssueGoal")
    if "measures" in fields:
        kids = page.outline.children[fields["measures"]]
        for measure, kid in zip(issue.measures, kids or [fields["measures"]], strict=False):
            yield Zone(*_range(page, kid), measure.path, "Measure")
