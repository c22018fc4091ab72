"""What it means that a phrase occurs in a text: the one definition that index, page, JSON and SPARQL share.

Signs are compared folded: in one width, in Simplified script, in lower case. Each sign folds by itself, so that whether a
phrase occurs depends on nothing around it, and a place in the folded text is a place in the original. Blanks and line ends
are passed over, since converters put them anywhere between Chinese signs; one between two letters or digits counts.
"""

import re
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from pipeline.signs import WIDTHS, variants

_BLANK = r"\s\u200b\ufeff"
_NARROW = r"0-9A-Za-z\u00c0-\u1fff"
_BLANKS = re.compile(rf"[{_BLANK}]++")
_PASSED_OVER = re.compile(rf"(?<![{_NARROW}{_BLANK}])[{_BLANK}]++|[{_BLANK}]++(?![{_NARROW}])")
_IS_NARROW = re.compile(rf"[{_NARROW}]")
PRIVATE = range(0x10FF00, 0x10FF80)
"""Signs of a private area that the index needs for itself: all fold to U+FFFD, the sign of what is not known."""
_CASED = (*range(0x2E80), *range(0xFF21, 0xFF3B), *range(0x10400, 0x10428))

Range = tuple[int, int]


@dataclass(frozen=True)
class Phrase:
    """What to look for: words in their folded form, in their order, each once. All of them have to occur."""

    words: tuple[str, ...]

    def occurs(self, text: str) -> bool:
        """Whether the text holds every word."""
        return bool(self.words) and all(pattern.search(text) for pattern in self._patterns)

    def ranges(self, text: str) -> list[Range]:
        """Where the words stand in the text as it is: code points, half-open, in order, those that overlap as one."""
        found: list[Range] = []
        for begin, end in sorted(match.span() for pattern in self._patterns for match in pattern.finditer(text)):
            if found and begin < found[-1][1]:
                found[-1] = (found[-1][0], max(end, found[-1][1]))
            else:
                found.append((begin, end))
        return found

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(_pattern(word)) for word in self.words)


@lru_cache(maxsize=256)
def phrase(text: str) -> Phrase:
    """The words of a text, as its blanks divide it; none where it is blank."""
    return Phrase(tuple(dict.fromkeys(word for word in _BLANKS.split(text.translate(folding())) if word)))


def folded(text: str) -> str:
    """The text as it is compared: folded, without the blanks that are passed over."""
    return _PASSED_OVER.sub("", text.translate(folding()))


@cache
def folding() -> dict[int, str]:
    """Each sign that folds, to what it folds to, which folds no further."""
    simplified = variants()
    table = {ord(sign): form for sign, form in WIDTHS.items()} | simplified | dict.fromkeys(PRIVATE, "\ufffd")
    for code in _CASED:
        lower = table.get(code, chr(code)).lower()
        if len(lower) == 1 and lower != chr(code):
            table[code] = lower
    return {code: _last(table, form) for code, form in table.items()}


def _last(table: dict[int, str], form: str) -> str:
    while (further := table.get(ord(form), form)) != form:
        form = further
    return form


@cache
def _unfolding() -> dict[str, str]:
    """Each folded sign, to all that fold to it, itself among them."""
    forms: dict[str, str] = {}
    for code, form in folding().items():
        forms[form] = forms.get(form, form) + chr(code)
    return forms


def _pattern(word: str) -> str:
    """An expression that finds the folded word in a text that is not folded."""
    parts = []
    for before, sign in zip(("", *word), word, strict=False):
        if before and not (_IS_NARROW.match(before) and _IS_NARROW.match(sign)):
            parts.append(f"[{_BLANK}]*+")
        forms = _unfolding().get(sign, sign)
        parts.append(f"[{re.escape(forms)}]" if len(forms) > 1 else re.escape(sign))
    return "".join(parts)
