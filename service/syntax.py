"""Says where a query that the engine does not parse is wrong, and how to mend it.

The engine names the furthest place its parser came to and what might follow there, which is seldom what is wrong. What
people get wrong most is found on the tokens first: undeclared prefixes, and brackets.
"""

import re
from collections.abc import Sequence

from pipeline.errors import Wording
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
    return BadRequestError(where, Wording("does not parse: {why}", why=problem), remedy, kind="syntax")


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
            remedy = Wording("declare it: PREFIX {prefix}: <{iri}>", prefix=prefix, iri=PREFIXES.get(prefix, "…"))
            return place(query, token), Wording("the prefix {prefix}: is not declared", prefix=prefix), remedy
    return None


def _bracket(query: str, words: Sequence[Token]) -> tuple[Place, str, str] | None:
    """The first bracket that closes nothing, or the last one that is never closed."""
    opened: list[Token] = []
    for token in words:
        if token.text in {"(", "[", "{"}:
            opened.append(token)
        elif token.text in _PAIRS:
            if not opened or opened[-1].text != _PAIRS[token.text]:
                problem = Wording("{bracket} closes nothing", bracket=token.text)
                return place(query, token), problem, "balance the brackets"
            opened.pop()
    if opened:
        problem = Wording("{bracket} is never closed", bracket=opened[-1].text)
        return place(query, opened[-1]), problem, "balance the brackets"
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
    problem = Wording("something else is expected")
    if told := [part for part in hints if " " in part]:
        problem = Wording("{why}", why=told[0])
    elif hints:
        problem = Wording("expected {words}", words=" | ".join(hints[:_SHOWN]))
    if not reached:
        return Place(line, column), problem, remedy
    return (
        place(query, reached[-1]),
        Wording("{why} where {text} stands", why=problem, text=reached[-1].text[:40]),
        remedy,
    )
