"""The task list: each issue (问题) with its category, goal, measures, deadline, status and who answers for it (GENRE §5–§7)."""

import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.facts.clauses import stated_due
from pipeline.facts.dates import bare_due
from pipeline.facts.elements import Zone, element, label_of
from pipeline.facts.gaps import is_damaged
from pipeline.facts.headings import announced
from pipeline.facts.layouts import Entry, Range, marked
from pipeline.facts.organizations import parties, parties_with_roles
from pipeline.facts.page import Page
from pipeline.facts.terms import topics_of
from pipeline.model import Basis, Due, Element, Issue, Measure, Party, Post, Reason, Source, Stated

_CATEGORY_MAX = 80
_GENERIC = 10  # a heading so short that names a list (具体任务, 整改措施清单) is no category of issues
_MARKER_ROOM = 12  # an entry's own marker before its words
_OPENER = re.compile(r"(?:问题|督察意见|反馈问题|存在问题):\s*")
_ROLES = ("lead", "responsible", "cooperating", "supervising", "accepting")
_IMMEDIATE = re.compile(r"立行立改|立整立改|即知即改|立知立改|立即整改|边督边改")
_LONG_TERM = re.compile(r"长期坚持|持续推进|长期整改|持续整改|常态化")
_STATUS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("status-not-started", re.compile(r"未启动|尚未开始|未开工|未动工")),
    ("status-long-term", re.compile(r"转入长期坚持|转为长期")),
    (
        "status-in-progress",
        re.compile(
            r"正在(?:推进|整改|加快|实施|办理)|达到?(?:序时|时序)进度|按(?:序时|时序|计划)|有序推进|未完成|整改中|逾期|滞后|延期"
        ),
    ),
    (
        "status-completed",
        re.compile(
            r"(?<!未)(?:已|全部|均已)?(?:基本)?(?:完成(?:整改|销号)?(?!\d)(?!了?(?:总|工程)?量)|整改(?:完成|到位)|办结|通过(?:现场|[省市县区]级)?(?:验收|核查)|竣工|完工|同意销号|达到销号|予以销号)"
        ),
    ),
    ("status-long-term", re.compile(r"长期坚持|持续(?:推进|坚持)")),
)
_POST = re.compile(r"(?P<post>主要负责人|主要负责同志|主要领导|分管负责人|分管领导|负责人|党政主要领导)")


def read_issues(page: Page, found: list[Entry], region: str | None) -> tuple[list[Element], list[Zone]]:
    """The issues and their categories, and the ranges of their parts for the readers of numbers."""
    numbers = [entry.number for entry in found]
    restarts = len(set(numbers)) != len(numbers) or None in numbers
    made: list[Element] = []
    zones: list[Zone] = []
    categories: dict[tuple[int, int], str] = {}
    notice = _closing_notice(page)
    for position, entry in enumerate(found, 1):
        if entry.category and entry.category not in categories:
            category = _category(page, entry.category, len(categories) + 1)
            if category:
                same = next(
                    (e for e in made if isinstance(e, Element) and e.kind == category.kind and e.text == category.text),
                    None,
                )
                categories[entry.category] = same.path if same else category.path
                if same is None:
                    made.append(category)
        path = f"issue/{position}" if restarts else f"issue/{entry.number}"
        issue = _issue(page, entry, path, categories.get(entry.category) if entry.category else None, region, notice)
        if issue:
            made.append(issue)
            zones += _zones(page, entry, issue)
    return made, zones


def _category(page: Page, span: Range, number: int) -> Element | None:
    begin, end = span
    while end > begin and page.folded[end - 1] in ":。| ":
        end -= 1
    words = page.folded[begin:end]
    if begin >= end or end - begin > _CATEGORY_MAX or (end - begin <= _GENERIC and announced(words)):
        return None
    if not label_of(page.words(begin, end)):
        return None
    source = page.source(begin, end, "issue.category")
    return element(page, "IssueCategory", f"issue-category/{number}", begin, end, source, None)


_NOTICE = re.compile(
    r"(?:已(?:经)?(?:全部)?(?:完成(?:整改)?|整改完成|整改到位)|已按程序完成现场核查)[^。]{0,40}?(?:销号|验收|公示|核查)|(?:拟|申请|予以)[^。,]{0,8}销号"
)
# What a plan promises of any issue is said of none: 验收合格、公示无异议后予以销号, 对已完成整改的问题及时验收销号.
_RULE_AFTER = re.compile(r"(?:后|方可|才能|应当?|必须|不得|及时|严格|逐[项一])[^。;]*$")
_RULE_OF = re.compile(r"(?:对|对于|凡|凡是)[^。;,]{0,6}$")
_NOTICE_ROOM = 800


def _closing_notice(page: Page) -> Stated[str] | None:
    """What a closure notice (销号公示) says of all the issues it lists: they are done."""
    match = next(
        (one for one in _NOTICE.finditer(page.folded, 0, _NOTICE_ROOM) if not _promised(page.folded, one)), None
    )
    if match is None:
        return None
    reason = Reason("公示开头说明所列问题已完成整改", "the notice says at its head that the issues it lists are done")
    source = page.source(*match.span(), "issue.status.notice", Basis.INFERRED, reason)
    return Stated("status-completed", source)


def _promised(folded: str, match: re.Match[str]) -> bool:
    """Whether the words are a rule for what will be done, not news of what was."""
    before = folded[max(0, match.start() - 80) : match.start()]
    if match[0].startswith("已"):
        return bool(_RULE_OF.search(before))
    return not match[0].startswith("拟") and bool(_RULE_AFTER.search(before))


def _issue(
    page: Page, entry: Entry, path: str, category: str | None, region: str | None, notice: Stated[str] | None
) -> Issue | None:
    begin, end = entry.words
    opener = _OPENER.match(page.folded, begin, end)
    begin = opener.end() if opener else begin
    if begin >= end:
        return None
    words = page.words(begin, end)
    if not label_of(words):
        return None
    roles, posts = _parties(page, entry.fields, region)
    due, kind = _deadline(page, entry.fields.get("due"))
    start = entry.begin if entry.begin < begin and begin - entry.begin <= _MARKER_ROOM else begin
    return Issue(
        kind="Issue",
        path=path,
        label=label_of(words),
        text=words,
        source=page.source(start, end, "issue.text"),
        number=entry.number,
        topics=topics_of(words),
        category=category,
        goal=_goal(page, entry.fields.get("goal"), path),
        measures=tuple(_measures(page, entry, path)),
        due=due,
        deadline_kind=kind,
        status=_status(page, entry.fields) or notice,
        parties=roles,
        posts=posts,
    )


def _goal(page: Page, span: Range | None, path: str) -> Element | None:
    if span is None or not label_of(page.words(*span)):
        return None
    return element(page, "Goal", f"{path}/goal", *span, page.source(*span, "issue.goal"))


def _measures(page: Page, entry: Entry, owner: str) -> Iterator[Measure]:
    """The measures of an issue: numbered, or parted by semicolons."""
    seen: set[str] = set()
    ranges = entry.measures or tuple(marked(page, entry.fields.get("measures")))
    for position, (number, start, (begin, end)) in enumerate(ranges, 1):
        if begin >= end:
            continue
        words = page.words(begin, end)
        if not label_of(words):
            continue
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


def _deadline(page: Page, span: Range | None) -> tuple[Stated[Due] | None, Stated[str] | None]:
    if span is None or span[0] >= span[1]:
        return None, None
    begin, end = span
    marks = page.dues(begin, end)
    last = max(marks, key=lambda m: m.due.last_day, default=None) or bare_due(page.folded, begin, end)
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


def _status(page: Page, fields: dict[str, Range]) -> Stated[str] | None:
    """The status a field states; a deadline field may hold one (已完成整改)."""
    for name in ("status", "due"):
        if name not in fields:
            continue
        begin, end = fields[name]
        if name == "due" and not re.search(r"已|完成整改|销号", page.folded[begin:end]):
            continue
        for value, pattern in _STATUS:
            if match := pattern.search(page.folded, begin, end):
                return Stated(value, page.source(*match.span(), "issue.status"))
    return None


def _parties(
    page: Page, fields: dict[str, Range], region: str | None
) -> tuple[tuple[tuple[str, Party], ...], tuple[Post, ...]]:
    found: list[tuple[str, Party]] = []
    posts: list[Post] = []
    for role in _ROLES:
        if role in fields:
            words, source = _field(page, fields[role], f"issue.{role}")
            for party, mark in parties_with_roles(words, source, region) if source else ():
                found.append((mark or role, _printed(page, party, fields[role])))
    if "persons" in fields:
        words, source = _field(page, fields["persons"], "issue.persons")
        if source and (post := _POST.search(words)):
            bodies = (party for party, _ in parties(words[: post.start()], source, region))
            posts = [Post(post["post"], _printed(page, party, fields["persons"])) for party in bodies]
    return tuple(found), tuple(posts)


def _printed(page: Page, party: Party, span: Range) -> Party:
    """The party with its words as the page prints them: in its own script, with its own brackets."""
    return replace(party, as_written=page.as_written(party.as_written, *span))


def _field(page: Page, span: Range, rule: str) -> tuple[str, Source | None]:
    begin, end = span
    stop = page.folded.find("\n", begin, end)
    end = stop if stop > begin else end
    if begin >= end:
        return "", None
    while (
        end > begin
        and page.folded[end - 1] == ")"
        and page.folded.count(")", begin, end) > page.folded.count("(", begin, end)
    ):
        end -= 1
    words = page.folded[begin:end]
    return ("", None) if is_damaged(words) and len(words) < 8 else (words, page.source(begin, end, rule))


def _zones(page: Page, entry: Entry, issue: Issue) -> Iterator[Zone]:
    """The issue's own words and its status report the present; its goal and measures commit. The rest is no number's place."""
    yield Zone(*entry.words, issue.path, "Issue")
    if issue.goal:
        yield Zone(*entry.fields["goal"], issue.path, "IssueGoal")
    ranges = entry.measures or tuple(marked(page, entry.fields.get("measures")))
    kept = [(begin, end) for _, _, (begin, end) in ranges if begin < end and label_of(page.words(begin, end))]
    for measure, (begin, end) in zip(issue.measures, kept, strict=True):
        yield Zone(begin, end, measure.path, "Measure")
    if "status" in entry.fields:
        yield Zone(*entry.fields["status"], issue.path, "Status")
    low = min([entry.begin, entry.words[0], *(b for b, _ in entry.fields.values())])
    high = max([entry.words[1], *(e for _, e in entry.fields.values())])
    yield Zone(low, high, issue.path, "Entry")
