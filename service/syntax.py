"""Says where a query that the engine does not parse is wrong, and how to mend it.

The engine names the furthest place its parser came to and what might follow there, which is seldom what is wrong. What
people get wrong most is found on the tokens first: undeclared prefixes, and brackets.
"""

import re
from collections.abc import Sequence

from pipeline.vocabulary import PREFIXES
from service.guard import place
from service.problems import BadRequestError, Place
from service.tokens import Token, tokens

_REPORT = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_EXPECTED = re.compile(r"expected (?:one of )?(.*)", re.DOTALL)
_PAIRS = {")": "(", "]": "[", "}": "{"}
_SHOWN = 8
_NOT_OURS = {"LATERAL", "SERVICE"}


def syntax_error(query: str, message: str) -> BadRequestError:
    """The refusal of a query, from the engine's own message about it."""
    every = list(tokens(query))
    words = [token for token in every if token.kind not in {"space", "comment"}]
    where, problem, remedy = _undeclared(query, words) or _bracket(query, words) or _engine(query, words, message)
    return BadRequestError(where, f"does not parse: {problem}", remedy, kind="syntax")


def _undeclared(query: str, words: Sequence[Token]) -> tuple[Place, str, str] | None:
    """The first prefix without PREFIX before it."""
    declared: set[str] = set()
    for index, token in enumerate(words):
        prefix = token.text.partition(":")[0]
        if token.kind != "name" or prefix in declared:
            continue
        if index and words[index - 1].text.upper() == "PREFIX":
            declared.add(prefix)
        else:
            remedy = f"declare it: PREFIX {prefix}: <{PREFIXES.get(prefix, '…')}>"
            return place(query, token), f"the prefix {prefix}: is not declared", remedy
    return None


def _bracket(query: str, words: Sequence[Token]) -> tuple[Place, str, str] | None:
    """The first bracket that closes nothing, or the last one that is never closed."""
    opened: list[Token] = []
    for token in words:
        if token.text in {"(", "[", "{"}:
            opened.append(token)
        elif token.text in _PAIRS:
            if not opened or opened[-1].text != _PAIRS[token.text]:
                return place(query, token), f"{token.text} closes nothing", "balance the brackets"
            opened.pop()
    if opened:
        return place(query, opened[-1]), f"{opened[-1].text} is never closed", "balance the brackets"
    return None


def _engine(query: str, words: Sequence[Token], message: str) -> tuple[Place, str, str]:
    """The place the parser came to: it reports one sign past the token it could not use."""
    remedy = "mend the query there"
    report = _REPORT.match(message)
    if report is None:
        return Place(1, 1), message, remedy
    line, column = int(report[1]), int(report[2])
    lines = query.split("\n")  # as the engine counts them
    offset = sum(len(one) + 1 for one in lines[: line - 1]) + column - 1
    reached = [token for token in words if token.begin < offset]
    expected = _EXPECTED.match(report[3])
    hints = [
        part
        for part in re.split(r", (?![^\[]*\])", expected[1] if expected else "")
        if part[:1].isalpha() and part not in _NOT_OURS
    ]
    if told := [part for part in hints if " " in part]:
        problem = told[0]
    else:
        problem = f"expected {' or '.join(hints[:_SHOWN])}" if hints else "something else is expected"
    if not reached:
        return Place(line, column), problem, remedy
    return place(query, reached[-1]), f"{problem} where {reached[-1].text[:40]} stands", remedy
