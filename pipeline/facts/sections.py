"""What a plan lists without numbers: the paragraphs of a section, and lists inside a sentence (GENRE §4).

按照“A、B、C”的原则; 制定了A、B、C三项整改目标; 4条保障:A、B、C、D. The number said must be the number listed.
"""

import re
from collections.abc import Iterator

from pipeline.facts.elements import element
from pipeline.facts.gaps import is_damaged
from pipeline.facts.headings import announced, heading
from pipeline.facts.page import Page
from pipeline.model import Element
from pipeline.numbers import NUMERAL, integer

_GUIDING = re.compile(r"以[^。,]{0,40}?新时代中国特色社会主义思想[^。,]{0,30}?为(?:指导|指引)")
_PATHS = {"Principle": "principle", "Goal": "goal", "Safeguard": "safeguard", "MeasureCategory": "measure-category"}
_SOME = rf"(?P<n>{NUMERAL})(?:个方面|方面|大类|大|类|项|条|个)"
_DEED = "(?:加强|强化|严格|压实|健全|落实|注重|广泛|严肃|完善)"
# Lists inside a sentence: the words `list`, and the number `n` where it is said.
_LISTED: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "Principle",
        re.compile(
            r"(?:按照|遵循|坚持|本着|把握|秉持)(?P<list>[“\"][^。;:”\"]{4,160}?[”\"]|[^。;:“”]{4,160}?)的?(?:工作|整改|基本)原则"
        ),
    ),
    (
        "Principle",
        re.compile(
            r"(?:按照|遵循|坚持|本着|把握|秉持)(?P<list>[“\"][^。;:”\"]{4,160}?[”\"])的?(?:要求|原则)?,?的?原则"
        ),
    ),
    (
        "Principle",
        re.compile(
            r"(?:按照|遵循|本着)(?P<list>[\u4e00-\u9fff]{4}(?:、[\u4e00-\u9fff]{4})*(?:,[\u4e00-\u9fff]{4}(?:、[\u4e00-\u9fff]{4})*)+)的原则"
        ),
    ),
    (
        "Goal",
        re.compile(
            rf"(?:制定了?|明确(?:了|提出)|提出了?|确定了?|确立了?|实现)(?P<list>[^。;:]{{6,240}}?)"
            rf"(?:的?{_SOME}的?(?:整改|工作|主要|总体){{0,2}}|的?(?:综合)?(?:整改|工作|主要|总体){{1,2}})目标"
        ),
    ),
    ("Goal", re.compile(rf"目标(?:共|有){_SOME}:(?P<list>[^。;:]{{6,160}})。")),
    (
        "Safeguard",
        re.compile(
            rf"保障[^。;]{{0,24}}?(?:建立|做到|落实|提出|实行)(?P<list>[^。;:,]{{8,120}}?){_SOME}(?:机制|到位|要求|措施|制度)"
        ),
    ),
    (
        "Safeguard",
        re.compile(
            rf"方案》?要求(?P<list>{_DEED}[^。;:,、]{{2,16}}(?:、{_DEED}[^。;:,、]{{2,16}})+),(?:确保|保证|推动)"
        ),
    ),
    (
        "Safeguard",
        re.compile(rf"{_SOME}的?(?:组织)?(?:保障(?:措施)?|工作要求)[^。;:\d]{{0,6}}:(?P<list>[^。;:]{{6,160}})。"),
    ),
    (
        "Safeguard",
        re.compile(rf"从(?P<list>[^。;:]{{6,160}}?){_SOME}(?:作了?|作出|提出|明确)?(?:了)?[^。;,]{{0,4}}保障"),
    ),
    (
        "Safeguard",
        re.compile(rf"(?:明确|提出|制定|确定)了?(?P<list>[^。;:,]{{6,160}}?)(?:等)?{_SOME}的?(?:组织)?保障措施"),
    ),
    (
        "MeasureCategory",
        re.compile(
            rf"{_SOME}的?(?:主要|重点|整改){{0,2}}(?:措施|举措|任务)[^。;:\d]{{0,6}}:(?P<list>[^。;:一]{{6,240}})。"
        ),
    ),
    (
        "MeasureCategory",
        re.compile(rf"从(?P<list>[^。;:]{{6,240}}?){_SOME}[^。;,]{{0,10}}(?:措施|举措|任务)"),
    ),
)
_LONGEST = {"Safeguard": 24, "MeasureCategory": 40, "Goal": 60, "Principle": 40}


def unnumbered(page: Page, taken: set[str]) -> Iterator[tuple[Element, int, int]]:
    """A section's paragraphs, lists inside a sentence, and the guiding thought; of a class `taken` by a numbered list, none."""
    found: set[str] = set(taken)
    for made, begin, end in _sections(page, taken):
        found.add(made.kind)
        yield made, begin, end
    for kind, pattern in _LISTED:
        if kind not in found:
            for made, begin, end in _listed(page, kind, pattern):
                found.add(kind)
                yield made, begin, end
    if "GuidingThought" not in found:
        for match in _GUIDING.finditer(page.folded):
            end = page.sentence_around(match.start())[1]
            begin = match.start() - 2 if page.folded.endswith("坚持", 0, match.start()) else match.start()
            yield _thought(page, begin, end), begin, end
            return


def _thought(page: Page, begin: int, end: int) -> Element:
    return element(page, "GuidingThought", "guiding-thought/1", begin, end, page.source(begin, end, "guiding-thought"))


def _sections(page: Page, taken: set[str]) -> Iterator[tuple[Element, int, int]]:
    """The sections that have a heading and no numbered items of their own."""
    for index, item in enumerate(page.outline.items):
        if item.style == "label" or page.outline.children[index]:
            continue
        head = heading(page.folded, item.body, item.end)
        if head is None or head[0] in taken or head[0] == "MeasureCategory":
            continue
        kind, stop = head
        begin, end = page.trim(stop, item.end)
        begin += len(page.folded[begin:end]) - len(page.folded[begin:end].lstrip("。:,\n "))
        if begin >= end:
            continue
        if kind == "GuidingThought":
            yield _thought(page, begin, end), begin, end
        elif kind == "Safeguard":
            label = page.words(item.body, stop)
            source = page.source(begin, end, "section.safeguard")
            made = Element(
                kind, "safeguard/1", label, page.words(begin, end), source, str(item.ordinal), ("governance",)
            )
            yield made, begin, end
        else:
            for number, (b, e) in enumerate(_paragraphs(page, kind, begin, end), 1):
                path = f"{_PATHS[kind]}/{number}"
                yield element(page, kind, path, b, e, page.source(b, e, f"section.{_PATHS[kind]}")), b, e


def _paragraphs(page: Page, kind: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """The members of a section: a principle is a paragraph, or runs from one 坚持 to the next; a goal is a sentence that does
    not open with a deadline."""
    sentences = list(page.sentences(begin, end))
    if kind != "Principle":
        for low, high in sentences:
            dues = page.dues(low, high)
            if not (dues and dues[0].begin - low <= 2) and high - low >= 4:
                yield low, high
        return
    lines = [(line.begin, line.end) for line in page.text.content() if begin <= line.begin < end] or [(begin, end)]
    if len(lines) > 1:
        yield from (page.trim(max(low, begin), min(high, end)) for low, high in lines)
        return
    opens = [low for low, _ in sentences if page.folded.startswith(("坚持", "——", "突出", "强化"), low)]
    if opens and opens[0] == sentences[0][0]:
        yield from zip(opens, [*opens[1:], end], strict=True)
    else:
        yield from sentences


def _halves(folded: str, begin: int, last: tuple[int, int]) -> list[tuple[int, int]]:
    """The last member of a list cut at its 和 or 以及, when there is just one."""
    joints = list(re.finditer(r"以及|和", folded[begin + last[0] : begin + last[1]]))
    if len(joints) != 1:
        return [last]
    return [(last[0], last[0] + joints[0].start()), (last[0] + joints[0].end(), last[1])]


def _listed(page: Page, kind: str, pattern: re.Pattern[str]) -> Iterator[tuple[Element, int, int]]:
    for match in pattern.finditer(page.folded):
        begin, end = match.span("list")
        while begin < end and page.folded[begin] in '“"':
            begin += 1
        while end > begin and page.folded[end - 1] in '”"的':
            end -= 1
        stated = integer(match.groupdict().get("n") or "")
        sign = "、" if kind != "Principle" or "," not in page.folded[begin:end] else ","
        if stated and page.folded.count(",", begin, end) == stated - 1:
            sign = ","
        parts = [m.span() for m in re.finditer(rf"[^{sign}]+", page.folded[begin:end])]
        if stated and len(parts) == stated - 1:
            parts = [*parts[:-1], *_halves(page.folded, begin, parts[-1])]
        words = [page.words(begin + b, begin + e) for b, e in parts]
        if len(parts) < 2 or (stated and stated != len(parts)) or any(_is_no_member(w, kind) for w in words):
            continue
        for number, (b, e) in enumerate(parts, 1):
            low, high = begin + b, begin + e
            path = f"{_PATHS[kind]}/{number}"
            yield element(page, kind, path, low, high, page.source(low, high, f"sentence.{_PATHS[kind]}")), low, high
        return


def _is_no_member(words: str, kind: str) -> bool:
    return (
        bool(announced(words[-6:]) and not re.match(_DEED, words))
        or len(words) < 4
        or len(words) > _LONGEST[kind]
        or is_damaged(words)
    )
