"""The plan's own numbered lists: principles, goals, categories of measures, safeguards (GENRE §4).

A list is known by its heading (二、整改原则) or by the sentence that leads into it (《整改方案》明确了七大类主要措施:一是…).
Slogans elsewhere are no principles, and a list of next steps is no list of the plan.
"""

import re
from collections.abc import Iterator

from pipeline.facts.elements import Zone, element
from pipeline.facts.headings import announced, heading
from pipeline.facts.page import Page
from pipeline.facts.sections import unnumbered
from pipeline.model import Basis, Element, Gap, Reason, Source
from pipeline.numbers import NUMERAL, integer
from pipeline.outline import Item

PATHS = {
    "GuidingThought": "guiding-thought",
    "Principle": "principle",
    "Goal": "goal",
    "MeasureCategory": "measure-category",
    "Safeguard": "safeguard",
}
_DONE_IN_A_REPORT = {"MeasureCategory", "Safeguard"}
_NEXT_STEPS = re.compile(r"下一步|下步|今后")
_LOST_NUMERAL = re.compile(
    r"(?<![但也而不就乃即若凡才正又都总还算当只可尤其特别于像])是(?=[加强推提深完健严落全坚着持狠综统突大开抓压夯构优][\u4e00-\u9fff]{3,})"
)
_ANNEX = re.compile(r"\n[ 　]*(?:附[件表录:](?![一二三四五六七八九十\d]*(?:中|所|列))|[^\n|]{0,20}\|)")
_LEAD = 120
_HEAD = 40


def read_lists(page: Page, taken: list[Zone], reporting: bool) -> tuple[list[Element], list[Zone], list[Gap]]:
    """Every element of the plan's own lists outside the zones that issues have `taken`. What a report (`reporting`) lists
    under 措施 or 保障 was done; it is no part of the plan."""
    found: list[Element] = []
    zones: list[Zone] = []
    gaps: list[Gap] = []

    def keep(made: Element, begin: int, end: int) -> None:
        if made.label and all(made.path != other.path for other in found):
            found.append(made)
            zones.append(Zone(begin, end, made.path, made.kind))

    groups = [
        (kind, members) for kind, members in _groups(page, taken) if not (reporting and kind in _DONE_IN_A_REPORT)
    ]
    for kind, members in groups:
        for position, (item, end, source, number) in enumerate(_members(page, members, gaps), 1):
            printed = None if item.style == "dash" else str(number)
            begin = item.body if source.basis is Basis.STATED else item.begin + 1
            path = f"{PATHS[kind]}/{printed or position}"
            keep(element(page, kind, path, begin, end, source, printed), item.begin, end)
    for made, begin, end in unnumbered(page, {kind for kind, _ in groups}):
        if reporting and made.kind in _DONE_IN_A_REPORT:
            continue
        if not any(zone.begin <= begin < zone.end for zone in taken):
            keep(made, begin, end)
    return found, zones, gaps


def _groups(page: Page, taken: list[Zone]) -> list[tuple[str, list[int]]]:
    """The numbered lists and what each lists; of two lists of one class the first that has a heading counts."""
    groups: list[tuple[str, list[int]]] = []
    items = page.outline.items
    for siblings in _runs(page, taken):
        item = items[siblings[0]]
        over = [i for i in siblings if any(items[i].begin <= zone.begin < items[i].end for zone in taken)]
        if over and (over != siblings[-1:] or len(siblings) == 1 or _annexed(page, items[over[0]]) is None):
            continue  # headings over issues
        if any(heading(page.folded, items[i].body, items[i].body + _HEAD) for i in siblings) and item.style == "cn":
            continue  # chapters of the plan
        kind = _kind_of(page, item)
        if kind in {known for known, _ in groups}:
            continue  # a second list under another heading of the class would take the first one's numbers
        if kind and kind != "GuidingThought" and (len(siblings) > 1 or _is_headed(page, item)):
            groups.append((kind, siblings))
    return groups


def _runs(page: Page, taken: list[Zone]) -> list[list[int]]:
    """The lists of the outline outside the `taken` zones, in reading order: items of one style and parent, ordinals rising
    from the first."""
    open_: dict[tuple[str, int | None], list[int]] = {}
    runs: list[list[int]] = []
    items = page.outline.items
    for index, item in enumerate(items):
        if item.style == "label" or any(zone.begin <= item.begin < zone.end for zone in taken):
            continue
        key = (item.style, item.parent)
        run = open_.get(key)
        if run is None or (item.ordinal <= items[run[-1]].ordinal and item.style != "dash"):
            run = open_[key] = []
            runs.append(run)
        run.append(index)
    return runs


def _is_headed(page: Page, first: Item) -> bool:
    """Whether a list of one item stands right below a heading of its class: the text was cut."""
    if first.parent is None:
        return False
    parent = page.outline.items[first.parent]
    found = heading(page.folded, parent.body, first.begin)
    return found is not None and not page.folded[found[1] : first.begin].strip(" \n。:") and first.ordinal == 1


def _kind_of(page: Page, first: Item) -> str | None:
    """What the list that starts at `first` lists: by its heading, or by the sentence that leads into it."""
    before = page.folded[max(0, first.begin - _LEAD) : first.begin]
    if first.parent is not None:
        parent = page.outline.items[first.parent]
        if parent.style == "label":
            return None
        lead = page.folded[parent.body : first.begin]
        if _NEXT_STEPS.search(lead[:_HEAD]):
            return None
        kind = announced(lead[:_HEAD])
        if kind or len(lead) <= _HEAD:
            return kind
    elif _NEXT_STEPS.search(before):
        return None
    inline = first.begin > 0 and "\n" not in page.folded[first.begin - 1 : first.begin]
    if first.style != "shi" and not inline and not before.rstrip("\n ").endswith(":"):
        return None
    lead = re.split(r"[。\n]", before.rstrip("。:;\n "))[-1]
    return announced(lead)


def _members(page: Page, members: list[int], gaps: list[Gap]) -> Iterator[tuple[Item, int, Source, int]]:
    """Each item of a list with its end, source and number; an item whose numeral was lost is restored when only one
    place fits."""
    items = page.outline.items
    lost = _lost_member(page, members)
    for index in members:
        item = items[index]
        end = lost[0].start() if lost and index == members[-1] else _end(page, item, last=index == members[-1])
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
        source = page.source(match.start(), last.end, "list.item.lost-numeral", Basis.REPAIRED, reason)
        yield ghost, last.end, source, ordinal


def _end(page: Page, item: Item, *, last: bool) -> int:
    """Where an item of a list ends: the last one of a list inside a paragraph ends with the paragraph."""
    inside = item.begin > 0 and page.folded[item.begin - 1] != "\n"
    stop = page.folded.find("。\n", item.body, item.end) if last and inside else -1
    annexed = _annexed(page, item) if last else None
    return stop + 1 if stop >= 0 else annexed or item.end


def _annexed(page: Page, item: Item) -> int | None:
    """Where an annex or a table begins behind the last item of a list; None where none does."""
    found = _ANNEX.search(page.folded, item.body, item.end)
    return found.start() + 1 if found else None


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
