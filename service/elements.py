"""Cuts the pattern of a query into the pieces that are joined: triples, filters, groups; each with its place.

Works on tokens, one after another and without recursion, so that any text takes time in proportion to its length. What
it does not know it keeps whole. Pieces put together again in their order are a pattern of SPARQL.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from service.tokens import Token, tokens

_PAIRS = {"(": ")", "[": "]", "{": "}"}
_FORMS = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}


class UncutError(Exception):
    """The query has no pattern, or one whose brackets do not close."""


@dataclass(frozen=True)
class Element:
    """One piece. `kind` is triple, filter, optional, minus, graph, bind, values, union, group or select; `text` may
    stand in a pattern as it is; `words` are its tokens; it begins at the code point `begin` of the query."""

    kind: str
    text: str
    words: tuple[Token, ...]
    begin: int

    @property
    def variables(self) -> frozenset[str]:
        return frozenset(token.text[1:] for token in self.words if token.kind == "variable")


@dataclass(frozen=True)
class Pattern:
    """The pieces of a query's (or a group's) pattern in their order, what stands before it, and the words after."""

    head: str
    elements: tuple[Element, ...]
    tail: frozenset[str]

    def ask(self, elements: Sequence[Element]) -> str:
        """Whether these have a solution, as a query."""
        inner = "\n".join(element.text for element in elements)
        return f"{self.head}{{\n{inner}\n}}"


def cut(text: str) -> Pattern:
    """The pattern of a query. Raises UncutError."""
    words = _words(text)
    form = next((at for at, word in enumerate(words) if word.text.upper() in _FORMS and word.kind == "word"), None)
    if form is None:
        raise UncutError
    opening = _first_group(words, form)
    if words[form].text.upper() == "CONSTRUCT" and words[opening - 1].text.upper() not in {"WHERE"}:
        after = _close(words, opening) + 1
        if after < len(words) and words[after].text.upper() in {"WHERE", "FROM", "{"}:
            opening = _first_group(words, after)
    closing = _close(words, opening)
    elements = _elements(text, words, opening + 1, closing)
    rest = words[closing + 1 :]
    at = next((number for number, word in enumerate(rest) if word.text.upper() == "VALUES"), None)
    if at is not None:
        elements.append(_element(text, "values", rest[at:]))
    head = text[: words[form].begin] + "ASK " + _dataset(text, words[form:opening])
    return Pattern(head, tuple(elements), frozenset(word.text.upper() for word in rest if word.kind == "word"))


def within(text: str, pattern: Pattern, element: Element) -> Pattern | None:
    """The pattern inside a group, a sub-SELECT or GRAPH; None where there is none to look into."""
    if element.kind not in {"group", "select", "graph"}:
        return None
    words = list(element.words)
    try:
        opening = _first_group(words, 1 if element.kind == "select" else 0)
        closing = _close(words, opening)
    except UncutError:
        return None
    inner = _elements(text, words, opening + 1, closing)
    tail = frozenset(word.text.upper() for word in words[closing + 1 :] if word.kind == "word")
    if element.kind == "graph":
        inner = [_wrapped(one, text[words[0].begin : words[opening].begin]) for one in inner]
    return Pattern(pattern.head, tuple(inner), tail)


def _wrapped(element: Element, before: str) -> Element:
    wrapped = element.text if element.kind in {"filter", "bind", "values"} else f"{before}{{ {element.text} }}"
    return Element(element.kind, wrapped, element.words, element.begin)


def _words(text: str) -> list[Token]:
    return [token for token in tokens(text) if token.kind not in {"space", "comment"}]


def _dataset(text: str, words: Sequence[Token]) -> str:
    """The FROM clauses before the pattern."""
    at = next((number for number, word in enumerate(words) if word.text.upper() == "FROM"), None)
    if at is None:
        return ""
    end = next((number for number, word in enumerate(words) if word.text.upper() == "WHERE"), len(words))
    last = words[end - 1]
    return text[words[at].begin : last.begin + len(last.text)] + " "


def _first_group(words: Sequence[Token], begin: int) -> int:
    """The first `{` that stands in no other bracket."""
    at = begin
    while at < len(words):
        if words[at].text == "{":
            return at
        at = _close(words, at) + 1 if words[at].text in {"(", "["} else at + 1
    raise UncutError


def _close(words: Sequence[Token], begin: int) -> int:
    """The bracket that closes the one at `begin`."""
    open_: list[str] = []
    for at in range(begin, len(words)):
        sign = words[at].text
        if sign in _PAIRS and words[at].kind == "other":
            open_.append(_PAIRS[sign])
        elif open_ and sign == open_[-1]:
            open_.pop()
            if not open_:
                return at
    raise UncutError


def _element(text: str, kind: str, words: Sequence[Token]) -> Element:
    begin, last = words[0].begin, words[-1]
    return Element(kind, text[begin : last.begin + len(last.text)], tuple(words), begin)


def _elements(text: str, words: Sequence[Token], begin: int, end: int) -> list[Element]:
    """The pieces between two brackets. Raises UncutError."""
    found: list[Element] = []
    at = begin
    while at < end:
        word = words[at].text.upper()
        if word == ".":
            at += 1
            continue
        if word == "SELECT":  # the group is a sub-SELECT
            found.append(_element(text, "select", words[at:end]))
            break
        after = _clause(words, at, end)
        if after is not None:
            kind = word.lower() if word != "{" else _group_kind(words, at, after)
            found.append(_element(text, kind, words[at:after]))
        else:
            after = _statement_end(words, at, end)
            found += _triples(text, words[at:after])
        at = after
    return [_braced(one) if one.kind == "select" else one for one in found]


def _braced(element: Element) -> Element:
    """A sub-SELECT needs its braces to stand in a pattern."""
    return Element("select", f"{{ {element.text} }}", element.words, element.begin)


def _group_kind(words: Sequence[Token], at: int, after: int) -> str:
    if _close(words, at) + 1 != after:
        return "union"
    return "select" if words[at + 1].text.upper() == "SELECT" else "group"


def _clause(words: Sequence[Token], at: int, end: int) -> int | None:
    """Where the clause that begins here ends; None where triples begin. Raises UncutError."""
    word = words[at].text.upper()
    if word == "{":
        after = _close(words, at) + 1
        while after + 1 < end and words[after].text.upper() == "UNION":
            after = _close(words, after + 1) + 1
        return after
    if words[at].kind != "word":
        return None
    if word in {"OPTIONAL", "MINUS", "GRAPH"}:
        return _close(words, _first_group(words, at)) + 1
    if word == "VALUES":
        return _close(words, _first_group(words, at)) + 1
    if word in {"FILTER", "BIND"}:
        for place in range(at + 1, end):
            if words[place].text in {"(", "{"}:
                return _close(words, place) + 1
        raise UncutError
    return None


def _statement_end(words: Sequence[Token], at: int, end: int) -> int:
    """Where a statement of triples ends: at its dot, or before the clause that follows it."""
    place = at
    while place < end:
        sign = words[place].text
        if sign == "." or (place > at and (sign == "{" or _is_clause(words[place]))):
            return max(place, at + 1)
        place = _close(words, place) + 1 if sign in {"(", "["} else place + 1
    return end


def _is_clause(word: Token) -> bool:
    return word.kind == "word" and word.text.upper() in {"FILTER", "OPTIONAL", "MINUS", "GRAPH", "BIND", "VALUES"}


def _triples(text: str, words: Sequence[Token]) -> list[Element]:
    """A triple an element, `;` and `,` written out; the whole statement where its subject is made of brackets."""
    whole = [_dotted(_element(text, "triple", words))]
    subject = _term_end(words, 0)
    if words[0].text in {"[", "(", "<"} or subject >= len(words):
        return whole
    found: list[Element] = []
    at = subject
    while at < len(words):
        if words[at].text == ";":
            at += 1
            continue
        verb = _verb_end(words, at)
        if verb >= len(words):
            return whole
        place = verb
        while True:
            after = _term_end(words, place)
            triple = (*words[:subject], *words[at:verb], *words[place:after])
            parts = (words[:subject], words[at:verb], words[place:after])
            shown = " ".join(_element(text, "", part).text for part in parts)
            first = words[0] if at == subject and place == verb else words[at] if place == verb else words[place]
            found.append(Element("triple", f"{shown} .", triple, first.begin))
            if after < len(words) and words[after].text == ",":
                place = after + 1
                if place >= len(words):
                    return whole
                continue
            break
        if after < len(words) and words[after].text != ";":
            return whole
        at = after
    return found or whole


def _dotted(element: Element) -> Element:
    return Element(element.kind, f"{element.text} .", element.words, element.begin)


def _term_end(words: Sequence[Token], at: int) -> int:
    """Where the term that begins here ends."""
    if words[at].text in {"(", "["} and words[at].kind == "other":
        return _close(words, at) + 1
    if words[at].text in {"+", "-"} and at + 1 < len(words):
        return at + 2
    after = at + 1
    if words[at].kind == "string" and after < len(words):
        if words[after].kind == "language":
            return after + 1
        if words[after].text == "^" and after + 2 < len(words):
            return after + 3
    return after


def _verb_end(words: Sequence[Token], at: int) -> int:
    """Where the property, or the path of properties, that begins here ends."""
    while at < len(words):
        while at < len(words) and words[at].text in {"^", "!"}:
            at += 1
        if at >= len(words):
            break
        at = _close(words, at) + 1 if words[at].text == "(" else at + 1
        while at < len(words) and words[at].text in {"?", "*", "+"}:
            at += 1
        if at < len(words) and words[at].text in {"/", "|"}:
            at += 1
            continue
        break
    return at
