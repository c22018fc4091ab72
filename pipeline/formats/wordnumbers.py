"""Automatic numbering (自动编号) of a Word document → the numbers it prints.

Reads `word/numbering.xml` and `word/styles.xml`. A document does not hold its numbers: a paragraph names a list and a
level, itself or through its style, and the number follows from the paragraphs before it (ECMA-376-1 §17.9).
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from pipeline.formats.numerals import numeral

LEVELS = 9
_BASED_ON = 20  # styles on styles; more is a circle


def local(node: Element) -> str:
    """An element's name without its namespace: transitional and strict documents differ in that alone."""
    return str(node.tag).rpartition("}")[2]


def child(node: Element | None, *names: str) -> Element | None:
    """The descendant reached by these names, one a level."""
    for name in names:
        node = next((kid for kid in node if local(kid) == name), None) if node is not None else None
    return node


def attribute(node: Element | None, name: str = "val") -> str | None:
    """An attribute by its name without the namespace."""
    if node is None:
        return None
    return next((value for key, value in node.items() if key.rpartition("}")[2] == name), None)


def number_of(node: Element | None, otherwise: int) -> int:
    written = attribute(node) or ""
    return int(written) if re.fullmatch(r"-?\d{1,9}", written) else otherwise


@dataclass(frozen=True)
class _Level:
    """How one level of a list is numbered."""

    start: int
    style: str
    text: str
    suffix: str
    legal: bool
    restart: int
    paragraph_style: str | None


@dataclass
class _List:
    """A list: its levels, the counters it shares with lists of the same kind, and new starts of its own."""

    levels: dict[int, _Level]
    counters: list[int | None]
    starts: dict[int, int]


@dataclass
class Numbering:
    """The lists of a document; `label` must be asked of each paragraph, in order."""

    lists: dict[str, _List] = field(default_factory=dict)
    styles: dict[str, Element] = field(default_factory=dict)

    def label(self, properties: Element | None, style: str | None) -> str:
        """What is printed before a paragraph with these properties and this style, with the blank after it."""
        own = child(properties, "numPr")
        name, level = attribute(child(own, "numId")), number_of(child(own, "ilvl"), -1)
        for of_style in self._styles(style) if name is None else ():
            inherited = child(of_style, "pPr", "numPr")
            if name is None and (name := attribute(child(inherited, "numId"))) is not None and level < 0:
                level = number_of(child(inherited, "ilvl"), self._linked(name, attribute(of_style, "styleId")))
        found = self.lists.get(name or "0")
        return _label(found, max(level, 0)) if found is not None and level < LEVELS else ""

    def name(self, style: str | None) -> str:
        """The name of a style, which stays when a program in another language gives it another id."""
        return attribute(child(self.styles.get(style or ""), "name")) or ""

    def _styles(self, name: str | None) -> Iterator[Element]:
        for _ in range(_BASED_ON):
            style = self.styles.get(name or "")
            if style is None:
                return
            yield style
            name = attribute(child(style, "basedOn"))

    def _linked(self, name: str, style: str | None) -> int:
        """The level that says it is the one of a style."""
        levels = self.lists[name].levels if name in self.lists else {}
        return next((number for number, level in levels.items() if level.paragraph_style == style), 0)


def read_numbering(numbering: Element | None, styles: Element | None) -> Numbering:
    """The lists of the two parts; a document may have neither."""
    by_style = {attribute(s, "styleId") or "": s for s in (styles if styles is not None else ()) if local(s) == "style"}
    found = Numbering(styles=by_style)
    kinds: dict[str, Element] = {}
    counters: dict[str, list[int | None]] = {}
    for node in numbering if numbering is not None else ():
        if local(node) == "abstractNum":
            kinds[attribute(node, "abstractNumId") or ""] = node
    links = {
        attribute(child(kind, "styleLink")): name
        for name, kind in kinds.items()
        if child(kind, "styleLink") is not None
    }
    for node in numbering if numbering is not None else ():
        if local(node) != "num":
            continue
        kind = attribute(child(node, "abstractNumId")) or ""
        if kind in kinds and (link := attribute(child(kinds[kind], "numStyleLink"))) in links:
            kind = links[link]
        levels = dict(map(_level, kinds[kind])) if kind in kinds else {}
        starts: dict[int, int] = {}
        for override in (kid for kid in node if local(kid) == "lvlOverride"):
            at = int(attribute(override, "ilvl") or 0)
            if (level := child(override, "lvl")) is not None:
                levels[at] = _level(level)[1]
            if (start := child(override, "startOverride")) is not None:
                starts[at] = number_of(start, 1)
        shared = counters.setdefault(kind, [None] * LEVELS)
        found.lists[attribute(node, "numId") or ""] = _List(levels, shared, starts)
    return found


def _level(node: Element) -> tuple[int, _Level]:
    style = (
        attribute(child(node, "numFmt")) or attribute(child(node, "AlternateContent", "Choice", "numFmt")) or "decimal"
    )
    at = attribute(node, "ilvl") or ""
    return int(at) if at.isdigit() else -1, _Level(
        start=number_of(child(node, "start"), 0 if child(node, "start") is None else 1),
        style=style,
        text=attribute(child(node, "lvlText")) or "",
        suffix=attribute(child(node, "suff")) or "tab",
        legal=child(node, "isLgl") is not None and attribute(child(node, "isLgl")) not in ("0", "false"),
        restart=number_of(child(node, "lvlRestart"), -1),
        paragraph_style=attribute(child(node, "pStyle")),
    )


def _label(found: _List, at: int) -> str:
    level = found.levels.get(at)
    if level is None:
        return ""
    _count(found, at)
    if level.style == "bullet":
        return "• " if any(unicodedata.category(sign) not in ("Zs", "Cc") for sign in level.text) else ""

    def printed(place: re.Match[str]) -> str:
        number = int(place[1]) - 1
        of = found.levels.get(number)
        value = found.counters[number]
        if of is None or of.style == "none":
            return ""
        return numeral(of.start if value is None else value, "decimal" if level.legal else of.style)

    text = "" if level.style == "none" and "%" not in level.text else re.sub(r"%([1-9])", printed, level.text)
    return text + ("" if not text or level.suffix == "nothing" else " ")


def _count(found: _List, at: int) -> None:
    """Counts the paragraph, and starts the deeper levels anew."""
    if at in found.starts:
        found.counters[at] = found.starts.pop(at)
    else:
        before = found.counters[at]
        found.counters[at] = found.levels[at].start if before is None else before + 1
    for deeper, level in found.levels.items():
        if deeper > at and level.restart != 0 and (level.restart < 0 or at < level.restart):
            found.counters[deeper] = None
