r"""Splits a SPARQL query into tokens: enough to find keywords, brackets and graph names without being fooled.

Total: every text gives tokens that cover it without gaps. What the grammar does not know becomes a token of kind
`other`, a string that is never closed one of kind `open`. Linear in the length of the text.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_CHUNK = r"[^\W\d_](?:[\w-]|\.++(?=[\w-]))*+"
_ESCAPE = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_LOCAL = r"(?:[\w:-]|%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?\#@%-]|\.++(?=[\w:%\\-]))*+"
# Possessive quantifiers, and a kind for what is opened but never closed: no text is read more than a few times over.
_LONG_1, _LONG_2 = r'"""(?:[^"\\]|\\.|"(?!""))*+', r"\'\'\'(?:[^'\\]|\\.|'(?!''))*+"
_SHORT_1, _SHORT_2 = r'"(?:[^"\\\r\n]|\\[^\r\n])*+', r"'(?:[^'\\\r\n]|\\[^\r\n])*+"
IRI = rf"<(?:[^\x00-\x20<>\"{{}}|^`\\]|{_ESCAPE})*+>"
# Each way to write a string begins with its quote, by which the engine of regular expressions finds the next one soon.
STRING = rf"""{_LONG_1}\"\"\"|{_LONG_2}\'\'\'|"(?!""){_SHORT_1[1:]}\"|'(?!''){_SHORT_2[1:]}\'"""
_KINDS = re.compile(
    rf"""
    (?P<space>[ \t\r\n]+)
  | (?P<comment>\#[^\r\n]*)
  | (?P<iri>{IRI})
  | (?P<string>{STRING})
  | (?P<open>{_LONG_1}|{_LONG_2}|{_SHORT_1}|{_SHORT_2})
  | (?P<variable>[?$]\w+)
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<blank>_:\w(?:[\w-]|\.++(?=[\w-]))*+)
  | (?P<name>(?:{_CHUNK})?:{_LOCAL})
  | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
  | (?P<word>{_CHUNK})
  | (?P<escape>{_ESCAPE})
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_BREAK = re.compile(r"\r\n|\r|\n")


class Token(NamedTuple):
    """`kind` is a group name of the pattern above; `begin` counts code points of the query."""

    kind: str
    text: str
    begin: int


def tokens(query: str, skip: frozenset[str] = frozenset()) -> Iterator[Token]:
    """The tokens in order, but for the kinds to skip; all their texts joined are the query."""
    for match in _KINDS.finditer(query):
        kind = str(match.lastgroup)
        if kind not in skip:
            yield Token(kind, match[0], match.start())


def position(query: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of a code-point offset."""
    before = _BREAK.split(query[:offset])
    return len(before), len(before[-1]) + 1
