"""The plan's own lists: guiding thought, principles, goals, categories of measures, safeguards (GENRE §4).

A list is known by its heading (二、整改原则) or by the sentence that leads into it (《整改方案》明确了七大类主要措施:一是…).
Slogans elsewhere are no principles, and a list of next steps is no list of the plan.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.facts.gaps import is_damaged
from pipeline.facts.page import Page
from pipeline.facts.terms import topics_of
from pipeline.model import Basis, Element, Gap, Reason, Source
from pipeline.numbers import NUMERAL, integer
from pipeline.outline import Item

# Which list a heading or lead-in announces, tried in this order, at its last such word.
_HEADS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("Safeguard", re.compile(r"(?:组织)?保障措施|组织保障|保障机制|工作要求|组织领导$|工作保障|强化保障")),
    ("Principle", re.compile(r"(?:基本|整改|工作|总体)原则")),
    ("Goal", re.compile(r"(?:整改|工作|主要|总体|具体|近期|阶段)目标")),
    ("GuidingThought", re.compile(r"指导思想|总体要求|总体思路")),
    ("MeasureCategory", re.compile(r"(?:主要|重点|整改|工作|具体)?(?:措施|任务)")),
)
_HEADING_WORDS = re.compile(
    r"(?:指导思想|总体要求|总体思路|基本原则|整改原则|工作原则|主要目标|整改目标|工作目标|总体目标|组织保障措施|组织保障|保障措施|工作要求|"
    r"主要措施|整改措施|工作措施|重点任务|主要任务|整改任务|重点工作)"
)
_PATH = {
    "GuidingThought": "guiding-thought",
    "Principle": "principle",
    "Goal": "goal",
    "MeasureCategory": "measure-category",
    "Safeguard": "safeguard",
}
_NEXT_STEPS = re.compile(r"下一步")
_GUIDING = re.compile(r"以[^。,]{0,40}?新时代中国特色社会主义思想[^。,]{0,30}?为指导")
_ENUMERATED = re.compile(
    rf"(?:制定了?|明确(?:了|提出)|提出了?|确定了|确立了)(?P<list>[^。;:]{{6,240}}?)"
    rf"(?:的?(?P<n>{NUMERAL})(?:个方面|项|个|大)的?(?:整改|工作|主要|总体){{0,2}}|的?(?:整改|工作|主要|总体){{1,2}})目标"
)
_BY_PRINCIPLES = re.compile(r"(?:按照|遵循|坚持|本着)(?P<list>[“\"]?[^。;:]{4,160}?[”\"]?)的?(?:工作|整改|基本)原则")
_LOST_NUMERAL = re.compile(
    r"(?<![但也而不就乃即若凡才正又都总还算当只可尤其特别于像])是(?=[加强推提深完健严落全坚着持狠综统突大开抓压夯构优][\u4e00-\u9fff]{3,})"
)
_LABEL_MAX = 40


@dataclass(frozen=True, slots=True)
class Zone:
    """A range of the text that belongs to one element (its path), for the readers of numbers."""

    begin: int
    end: int
    owner: str
    kind: str


def label_of(words: str) -> str:
    """A short label: the words up to the first full stop, else up to the first comma; never longer than 40 signs."""
    head = re.split(r"[。;:\n]", words.strip(), maxsplit=1)[0]
    if len(head) > _LABEL_MAX:
        head = re.split(",", head, maxsplit=1)[0]
    return head[:_LABEL_MAX].strip(" ,、")


def element(
    page: Page, kind: str, path: str, begin: int, end: int, source: Source, number: str | None = None
) -> Element:
    words = page.words(begin, end)
    return Element(kind, path, label_of(words), words, source, number, topics_of(words))


def read_lists(page: Page, issue_begin: int) -> tuple[list[Element], list[Zone], list[Gap]]:
    """Every element of the plan's own lists before offset `issue_begin`, where the task list starts."""
    found: list[Element] = []
    zones: list[Zone] = []
    gaps: list[Gap] = []

    def keep(made: Element, begin: int, end: int) -> None:
        if all(made.path != other.path for other in found):
            found.append(made)
            zones.append(Zone(begin, end, made.path, made.kind))

    groups = _groups(page, issue_begin)
    for kind, members in groups:
        for position, (item, end, source, number) in enumerate(_members(page, members, gaps), 1):
            printed = None if item.style == "dash" else str(number)
            begin = item.body if source.basis is Basis.STATED else item.begin + 1
            keep(
                element(page, kind, f"{_PATH[kind]}/{printed or position}", begin, end, source, printed),
                item.begin,
                end,
            )
    taken = {kind for kind, _ in groups}
    for made, begin, end in _unnumbered(page, issue_begin, taken):
        keep(made, begin, end)
    return found, zones, gaps


def _groups(page: Page, issue_begin: int) -> list[tuple[str, list[int]]]:
    """The numbered lists and what each lists."""
    groups: list[tuple[str, list[int]]] = []
    seen: set[int] = set()
    items = page.outline.items
    for index, item in enumerate(items):
        if index in seen or item.style == "label" or item.begin >= issue_begin:
            continue
        siblings = _run(page, index, seen)
        seen.update(siblings)
        kind = _kind_of(page, item)
        if kind and kind != "GuidingThought" and len(siblings) > 1:
            groups.append((kind, siblings))
    return groups


def _run(page: Page, index: int, seen: set[int]) -> list[int]:
    """The items of one list: same style and parent, ordinals rising from the first."""
    items = page.outline.items
    run = [index]
    for other in range(index + 1, len(items)):
        here = items[other]
        if other not in seen and here.style == items[index].style and here.parent == items[index].parent:
            if here.ordinal <= items[run[-1]].ordinal and here.style != "dash":
                break
            run.append(other)
    return run


def _kind_of(page: Page, first: Item) -> str | None:
    """What the list that starts at `first` lists: by its heading, or by the sentence that leads into it."""
    if first.parent is not None:
        parent = page.outline.items[first.parent]
        return _head_kind(page.folded[parent.body : first.begin][:_LABEL_MAX]) if parent.style != "label" else None
    lead = re.split(r"[。\n]", page.folded[max(0, first.begin - 120) : first.begin].rstrip("。:;\n "))[-1]
    if first.style != "shi" or _NEXT_STEPS.search(page.folded[max(0, first.begin - 120) : first.begin]):
        return None
    return _head_kind(lead)


def _head_kind(lead: str) -> str | None:
    hits = [
        (match.end(), -order, kind) for order, (kind, pattern) in enumerate(_HEADS) for match in pattern.finditer(lead)
    ]
    return max(hits)[2] if hits else None


def _members(page: Page, members: list[int], gaps: list[Gap]) -> Iterator[tuple[Item, int, Source, int]]:
    """Each item of a list with its end, source and number; an item whose numeral was lost is restored when only one
    place fits."""
    items = page.outline.items
    lost = _lost_member(page, members)
    for index in members:
        item = items[index]
        end = lost[0].start() if lost and index == members[-1] else item.end
        yield item, end, page.source(item.begin, end, "list.item"), item.ordinal
    if lost:
        match, ordinal = lost
        last = items[members[-1]]
        reason = Reason(
            f"导语说共有{ordinal}项,前面各项序号连续,只有此处的“是”可作第{ordinal}项的开头,序号在转换中丢失",
            f"the lead-in counts {ordinal} items, the others are numbered without a break, and only this 是 can open item {ordinal}",
        )
        gaps.append(Gap("lost", page.span(*match.span()), "number", _chinese(ordinal) + "是", reason))
        ghost = Item("shi", ordinal, "", match.start(), match.end(), last.end, last.parent)
        yield (
            ghost,
            last.end,
            page.source(match.start(), last.end, "list.item.lost-numeral", Basis.REPAIRED, reason),
            ordinal,
        )


def _lost_member(page: Page, members: list[int]) -> tuple[re.Match[str], int] | None:
    items = page.outline.items
    first, last = items[members[0]], items[members[-1]]
    lead = page.folded[max(0, first.begin - 60) : first.begin]
    counts = re.findall(rf"({NUMERAL})(?:个方面|大类|方面|项|条)", re.split(r"[。\n]", lead.rstrip("。:\n"))[-1])
    if first.style != "shi" or not counts or integer(counts[0]) != last.ordinal + 1 or last.ordinal != len(members):
        return None
    places = list(_LOST_NUMERAL.finditer(page.folded, last.body, last.end))
    return (places[0], last.ordinal + 1) if len(places) == 1 else None


def _chinese(ordinal: int) -> str:
    digits = "零一二三四五六七八九十"
    return digits[ordinal] if ordinal <= 10 else "十" + digits[ordinal - 10]


def _unnumbered(page: Page, issue_begin: int, taken: set[str]) -> Iterator[tuple[Element, int, int]]:
    """What stands without numbers: a section's sentences, principles and goals listed inside a sentence, guidance."""
    yield from _sections(page, issue_begin, taken)
    if "Principle" not in taken:
        yield from _listed(page, "Principle", _BY_PRINCIPLES, issue_begin)
    if "Goal" not in taken:
        yield from _listed(page, "Goal", _ENUMERATED, issue_begin)
    if not any(_head_kind(page.folded[i.body : i.body + 8]) == "GuidingThought" for i in page.outline.items):
        for match in _GUIDING.finditer(page.folded, 0, issue_begin):
            end = page.sentence_around(match.start())[1]
            begin = match.start() - 2 if page.folded.endswith("坚持", 0, match.start()) else match.start()
            yield _thought(page, begin, end), begin, end
            return


def _thought(page: Page, begin: int, end: int) -> Element:
    return element(page, "GuidingThought", "guiding-thought/1", begin, end, page.source(begin, end, "guiding-thought"))


def _sections(page: Page, issue_begin: int, taken: set[str]) -> Iterator[tuple[Element, int, int]]:
    for index, item in enumerate(page.outline.items):
        if item.style == "label" or item.begin >= issue_begin or page.outline.children[index]:
            continue
        heading = _HEADING_WORDS.match(page.folded, item.body)
        kind = _head_kind(heading[0]) if heading else None
        if heading is None or kind is None or kind in taken or kind == "MeasureCategory":
            continue
        begin, end = page.trim(heading.end(), item.end)
        if kind == "GuidingThought":
            yield _thought(page, begin, end), begin, end
        elif kind == "Safeguard":
            made = Element(
                kind,
                "safeguard/1",
                heading[0],
                page.words(begin, end),
                page.source(begin, end, "section.safeguard"),
                str(item.ordinal),
                ("governance",),
            )
            yield made, begin, end
        else:
            for number, (b, e) in enumerate(page.sentences(begin, end), 1):
                yield (
                    element(page, kind, f"{_PATH[kind]}/{number}", b, e, page.source(b, e, f"section.{_PATH[kind]}")),
                    b,
                    e,
                )


def _halves(folded: str, begin: int, last: tuple[int, int]) -> list[tuple[int, int]]:
    """The last member of a list cut at its 和 or 以及, when there is just one."""
    joints = list(re.finditer(r"以及|和", folded[begin + last[0] : begin + last[1]]))
    if len(joints) != 1:
        return [last]
    return [(last[0], last[0] + joints[0].start()), (last[0] + joints[0].end(), last[1])]


def _listed(page: Page, kind: str, pattern: re.Pattern[str], issue_begin: int) -> Iterator[tuple[Element, int, int]]:
    """按照“A,B,C”的工作原则; 制定了A、B、C三项整改目标. The number said must be the number listed."""
    for match in pattern.finditer(page.folded, 0, issue_begin):
        begin, end = match.span("list")
        while page.folded[begin] in '“"':
            begin += 1
        while page.folded[end - 1] in '”"的':
            end -= 1
        sign = "、" if kind == "Goal" or "," not in page.folded[begin:end] else ","
        parts = [m.span() for m in re.finditer(rf"[^{sign}]+", page.folded[begin:end])]
        stated = integer(match.groupdict().get("n") or "")
        if stated and len(parts) == stated - 1:
            parts = [*parts[:-1], *_halves(page.folded, begin, parts[-1])]
        words = [page.words(begin + b, begin + e) for b, e in parts]
        if (
            len(parts) < 2
            or (stated and stated != len(parts))
            or any(_HEADING_WORDS.search(w) or len(w) < 4 or is_damaged(w) for w in words)
        ):
            continue
        for number, (b, e) in enumerate(parts, 1):
            yield (
                element(
                    page,
                    kind,
                    f"{_PATH[kind]}/{number}",
                    begin + b,
                    begin + e,
                    page.source(begin + b, begin + e, f"sentence.{_PATH[kind]}"),
                ),
                begin + b,
                begin + e,
            )
        return
