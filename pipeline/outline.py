"""Text → outline: the numbered items and labelled fields of a text, nested as the page means them.

Reads a `Text`. Writes `Item`s in reading order, each with its parent. Plans number in every way at once (一、 (一) 1. (1)
① 一是 问题一) and lose line breaks in conversion, so a marker counts when it continues a list that is open, or opens one;
a stack of open lists decides. Total: any text gives an outline, at worst an empty one.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from pipeline.assets import asset_path
from pipeline.numbers import integer
from pipeline.text import Text


@cache
def labels() -> dict[str, str]:
    """The field labels of a task list (GENRE §5) and the field each fills, from data/labels.csv."""
    return {word: name for word, name, _ in _label_rows()}


@cache
def _label_rows() -> tuple[tuple[str, str, bool], ...]:
    """Label, field, and whether it is a label only before a colon (问题, 措施)."""
    with asset_path("data", "labels.csv").open(encoding="utf-8", newline="") as file:
        return tuple((row["label"], row["field"], row["colon"] == "needed") for row in csv.DictReader(file))


def _label_pattern() -> str:
    """A label before a colon; alone on its line; or, where it needs no colon, at the start of a line before its value."""
    rows = sorted(_label_rows(), key=lambda row: -len(row[0]))
    everywhere = "|".join(word for word, _, needs in rows if not needs)
    colon = "|".join(word for word, _, needs in rows if needs)
    before = r"(?<![\u4e00-\u9fff])"
    return (
        rf"(?P<label>(?:{everywhere})(?=(?:\([^()]{{1,12}}\))?\s*:)|{before}(?:{colon})(?=\s*:)|(?:(?<=\n)|^)(?:{everywhere})(?=\s*\|?\s*(?:\n|$)|(?P<open>[^:\n。]{{2}})))"
        r"(?:\([^()]{1,12}\))?\s*:?"
    )


_CN = "[一二三四五六七八九十]"
_MARKERS: tuple[tuple[str, str], ...] = (
    (
        "problem",
        rf"(?:(?<=\n)|^|(?<=[。;】)]))【?(?:(?:反馈|整改)?(?:问题|任务)(?P<problem>{_CN}{{1,3}}(?!是|个|项)|\d{{1,3}}(?![\d项个条件%.]))|"
        rf"第(?P<problem2>{_CN}{{1,3}}|\d{{1,3}})(?:项(?:整改任务|问题)?|(?=:)))】?[:、.]?|"
        rf"(?:问题|第)(?P<problem3>{_CN}{{1,3}}|\d{{1,3}})(?:项(?:整改任务|问题)?|(?=:))[:、.]?",
    ),
    ("serial", r"序号\s*:?\s*(?P<serial>[一二三四五六七八九十]{1,3}|\d{1,3})[:、.]?"),
    ("di", rf"(?:(?<=[。;:\n])|^)第(?P<di>{_CN}{{1,2}}),"),
    ("shi", rf"(?P<shi>{_CN}{{1,3}})是"),
    ("cn", rf"(?P<cn>{_CN}{{1,3}})、(?!{_CN}{{1,3}}[、是轮季])"),
    ("cnp", rf"\((?P<cnp>{_CN}{{1,3}})\)[、.]?"),
    ("ar", r"(?P<ar>\d{1,3})(?:[.．](?!\d)|[.．](?=20\d{2}年)|、(?!\d))"),
    ("arp", r"\((?P<arp>\d{1,2})\)[、.]?"),
    ("circle", r"(?P<circle>[①-⑳])"),
    ("dash", r"(?:(?<=\n)|^)(?P<dash>——|--|[—-] ?)(?=[\u4e00-\u9fff])|(?P<dash2>——)(?=坚持|突出|强化|注重)"),
    ("label", _label_pattern()),
)
_MARKER = re.compile("|".join(pattern for _, pattern in _MARKERS))
_WEAK = {"cn", "ar", "shi", "problem"}
_SENTENCE_END = "。;:!?()”》,、\n"
_TITLE_END = re.compile(r"(?:清单|方案|附件|如下|一览表|附表)$")
_HEADING_ROOM = 45
_BRACKET_ROOM = 200  # an open bracket further back is a lost one
_RUNNING = {"ar", "cnp", "arp"}


@dataclass(frozen=True, slots=True)
class Item:
    """A numbered item or labelled field.

    `style` names the kind of marker (`label` for a field, whose `name` says which); `[begin, body)` is the marker,
    `[body, end)` all that belongs to it, children included; offsets are in the cleaned text. `parent` is an index
    into the outline, or None.
    """

    style: str
    ordinal: int
    name: str
    begin: int
    body: int
    end: int
    parent: int | None


@dataclass(frozen=True)
class Outline:
    """The items of a text in reading order."""

    items: tuple[Item, ...]
    children: tuple[tuple[int, ...], ...] = field(repr=False)

    def own_end(self, index: int) -> int:
        """Where an item's own words end: at its first child, or at its end."""
        kids = self.children[index]
        return self.items[kids[0]].begin if kids else self.items[index].end

    def below(self, index: int) -> Iterator[int]:
        """Every descendant, in reading order."""
        for kid in self.children[index]:
            yield kid
            yield from self.below(kid)

    def above(self, index: int) -> Iterator[int]:
        """Every ancestor, nearest first."""
        parent = self.items[index].parent
        while parent is not None:
            yield parent
            parent = self.items[parent].parent


@dataclass(slots=True)
class _Open:
    """A list that is being read: its marker style and the number and position of its last item."""

    style: str
    ordinal: int
    index: int
    inside: bool = False


def outline(text: Text) -> Outline:
    """The outline of a text. Never raises."""
    found: list[list[int | str | None]] = []
    stack: list[_Open] = []

    reached: dict[str, int] = {}

    def close(depth: int, at: int) -> None:
        while len(stack) > depth:
            found[stack.pop().index][5] = at

    last = 0
    for line in text.content():
        if _ends_paragraph_list(text, line.begin, stack):
            close(next(d for d, frame in enumerate(stack) if frame.style == "shi"), last)
        if (depth := _left_behind(text, line.begin, stack)) is not None:
            close(depth, last)
        for match in _MARKER.finditer(text.folded, line.begin, line.end):
            group = match.lastgroup or ""
            style = "label" if match["label"] else group.rstrip("23")
            ordinal = _ordinal(style, match["label" if style == "label" else group] or "")
            at_start = not text.folded[line.begin : match.start()].strip(" \t-—•·")
            depth = _place(text, match, style, ordinal, at_start, stack, found)
            if depth is None and at_start and style in _RUNNING and ordinal == reached.get(style, 0) + 1 > 1:
                depth = len(stack)  # 3. after 2. under the heading before: the numbers run through the headings
            if depth is None:
                continue
            reached[style] = ordinal
            close(depth, match.start())
            parent = stack[-1].index if stack else None
            name = labels()[match[style]] if style == "label" else ""
            stack.append(_Open(style, ordinal, len(found), inside=not at_start))
            found.append([style, ordinal, name, match.start(), match.end(), match.end(), parent])
        last = line.end
    close(0, last)
    items = tuple(Item(*row) for row in found)  # type: ignore[arg-type]
    kids: list[list[int]] = [[] for _ in items]
    for i, item in enumerate(items):
        if item.parent is not None:
            kids[item.parent].append(i)
    return Outline(items, tuple(map(tuple, kids)))


def _ordinal(style: str, text: str) -> int:
    if style == "label":
        return 0
    if style == "dash":
        return 1
    if style == "circle":
        return ord(text) - ord("①") + 1
    return integer(text) or 0


_SHI = re.compile(rf"({_CN}{{1,3}})是")


def _ends_paragraph_list(text: Text, at: int, stack: list[_Open]) -> bool:
    """一是…二是… is a list of one paragraph, or of one paragraph an item: other text after it ends the list."""
    frame = next((frame for frame in stack if frame.style == "shi"), None)
    if frame is None:
        return False
    match = _SHI.match(text.folded, at)
    return match is None or integer(match[1]) != frame.ordinal + 1


def _left_behind(text: Text, at: int, stack: list[_Open]) -> int | None:
    """The depth of a list that was opened inside a paragraph and that a new paragraph, after a full stop, does not go on with."""
    if stack and stack[-1].style == "dash" and not _MARKER.match(text.folded, at):
        return len(stack) - 1
    before = text.folded[:at].rstrip("\n ")[-1:] if at else ""
    if before != "。":
        return None
    for depth, frame in enumerate(stack):
        if not frame.inside or frame.style not in {"cnp", "ar", "arp", "circle", "di"}:
            continue
        if any(other.style == "label" for other in stack[:depth]):
            return None
        match = _MARKER.match(text.folded, at)
        group = (match.lastgroup or "").rstrip("23") if match else ""
        return None if match and group == frame.style else depth
    return None


def _place(
    text: Text,
    match: re.Match[str],
    style: str,
    ordinal: int,
    at_start: bool,
    stack: list[_Open],
    found: list[list[int | str | None]],
) -> int | None:
    """The depth at which a marker goes on the stack, or None when it is no marker here."""
    if style == "label":
        return _place_label(text, match, at_start, stack)
    before = text.folded[max(0, match.start() - 1) : match.start()] or "\n"
    bounded = at_start or before in _SENTENCE_END
    same = [d for d, frame in enumerate(stack) if frame.style == style]
    for depth in reversed(same):
        if ordinal == stack[depth].ordinal + 1 and (bounded or style not in {"cn", "shi", "problem"}):
            return depth
    if style == "dash":
        return same[-1] if same else len(stack)
    if ordinal == 1:
        return _place_first(text, match, style, bounded, stack, same, found)
    if at_start and style != "shi":
        later = [d for d in same if ordinal > stack[d].ordinal]
        if later:
            return later[-1]
        return same[-1] if same else (len(stack) if style in {"problem", "serial"} else None)
    return None


def _place_first(
    text: Text,
    match: re.Match[str],
    style: str,
    bounded: bool,
    stack: list[_Open],
    same: list[int],
    found: list[list[int | str | None]],
) -> int | None:
    """Where the first item of a list goes: below a field or heading just opened, else beside the list it restarts."""
    lead = text.folded[(int(found[stack[-1].index][4] or 0) if stack else 0) : match.start()]
    after_heading = bool(stack) and "。" not in lead and "\n" not in lead and len(lead) <= _HEADING_ROOM
    if not bounded and style in _WEAK and not after_heading:
        title = _TITLE_END.search(text.folded[max(0, match.start() - 6) : match.start()])
        if style != "cn" or not title:
            return None
    if style == "cn" and not bounded and not _TITLE_END.search(text.folded[max(0, match.start() - 6) : match.start()]):
        return None
    if same:
        just_opened = bool(stack) and stack[-1].style == "label" and not lead.strip()
        inside_label = any(frame.style == "label" for frame in stack[same[-1] + 1 :])
        if just_opened or (inside_label and style in {"ar", "arp", "circle", "shi"}):
            return len(stack)
        return same[-1]
    return len(stack)


def _place_label(text: Text, match: re.Match[str], at_start: bool, stack: list[_Open]) -> int | None:
    if match["open"] is not None and not _is_field_without_colon(text, match):
        return None
    before = text.folded[max(0, match.start() - 1) : match.start()] or "\n"
    line = max(text.folded.rfind("\n", 0, match.start()) + 1, match.start() - _BRACKET_ROOM)
    if before in "“《‘、和及" or (
        _in_brackets(text, line, match.start()) and not _bracket_of_fields(text, line, match)
    ):
        return None
    for depth, frame in enumerate(stack):
        if frame.style == "label":
            return depth
    return len(stack) if at_start or before in _SENTENCE_END else None


def _in_brackets(text: Text, line: int, at: int) -> bool:
    return text.folded.count("(", line, at) > text.folded.count(")", line, at)


def _bracket_of_fields(text: Text, line: int, match: re.Match[str]) -> bool:
    """(牵头单位:…;责任单位:…): a bracket that opens its line or sentence with a label holds fields."""
    opened = text.folded.rfind("(", line, match.start())
    first = _MARKER.match(text.folded, opened + 1)
    return first is not None and bool(first["label"]) and text.folded[max(line, opened - 1) : opened] in {"", "。", ";"}


def _is_field_without_colon(text: Text, match: re.Match[str]) -> bool:
    """整改目标 老旧管线更新到位: a label at the start of its line is a field when a blank follows it in the stored text."""
    at = match.end("label")
    return text.origin[at] > text.origin[at - 1] + 1
