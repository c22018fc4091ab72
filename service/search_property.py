"""`?entry duf:search "短语"` in a query: the index is asked before the query is, and VALUES with what it found stand in its
place. So a phrase costs a look-up, where FILTER costs a call for each text; and it can be asked of a remote store."""

import asyncio
import re
from collections.abc import Callable, Iterator
from urllib.parse import urljoin

import pyoxigraph as ox

from pipeline.errors import UsageError, Wording
from pipeline.search.find import SearchTimeoutError, asked, opened
from pipeline.search.function import MATCHES
from pipeline.snapshot import Snapshot
from pipeline.vocabulary import FUNCTION
from service.guard import place
from service.problems import BadRequestError, DeadlinePassedError
from service.tokens import Token, tokens

SEARCH = f"{FUNCTION}search"
MOST = 10_000
_ESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_FORM = 'write `?entry duf:search "phrase"`, ended by a stop, a semicolon or a brace'

Find = Callable[[str], list[str]]


def may_search(query: str) -> bool:
    """Whether `resolved` may find something: cheap, and true too often."""
    return "function" in query


def check_remote(query: str, base: str) -> None:
    """Raises BadRequestError for what a remote store would answer with nothing instead of an error."""
    if may_search(query):
        resolved(query, base, lambda _: [], functions=False)


def resolved(query: str, base: str, find: Find, *, functions: bool = True) -> str:
    """The query with VALUES in place of each search. `find` gives the IRIs of what holds a phrase; without `functions`
    duf:matches is refused, too. Raises BadRequestError with the place, and what `find` does."""
    words = [token for token in tokens(query) if token.kind not in {"space", "comment"}]
    made, at = "", 0
    for index, iri in _ours(words, base):
        if iri == MATCHES and functions:
            continue
        if iri != SEARCH:
            raise _refusal(query, words[index], iri)
        subject, begin, after, end = _pattern(query, words, index)
        try:
            found = find(_text(words[index + 1].text))
        except UsageError as error:
            raise BadRequestError(place(query, words[index + 1]), error.problem, error.remedy) from None
        values = f"VALUES {subject} {{ {' '.join(str(ox.NamedNode(one)) for one in found)} }}"
        made += query[at:begin] + values + (f" . {subject}" if after == ";" else "")
        at = end
    return made + query[at:]


async def searched(query: str, snapshot: Snapshot, seconds: float, *, functions: bool) -> str:
    """`resolved` by the index of a snapshot, in a thread. Raises DeadlinePassedError besides what `resolved` does."""
    if not may_search(query):
        return query
    base, find = str(snapshot.manifest["base"]), finder(snapshot, seconds)
    try:
        return await asyncio.to_thread(resolved, query, base, find, functions=functions)
    except SearchTimeoutError:
        problem, limit = Wording("took longer than it may, {seconds:g} s", seconds=seconds), f"timeout={seconds:g}"
        raise DeadlinePassedError("duf:search", problem, "give a longer phrase", limit=limit) from None


def finder(snapshot: Snapshot, seconds: float) -> Find:
    """Asks the index of a snapshot. Raises UsageError for more than MOST, SnapshotError and SearchTimeoutError."""

    def find(text: str) -> list[str]:
        wanted = asked(text)
        with opened(snapshot.search_path, seconds) as index:
            numbers = index.numbers(wanted, limit=MOST + 1)
            if len(numbers) > MOST:
                problem = Wording("is in more than {most:,} entries", most=MOST)
                raise UsageError(text, problem, "take a longer phrase, or FILTER by duf:matches")
            return index.iris(numbers)

    return find


def _ours(words: list[Token], base: str) -> Iterator[tuple[int, str]]:
    """Where an IRI under our namespace of functions stands, written out or by a prefix."""
    prefixes: dict[str, str] = {}
    for index, token in enumerate(words):
        before = words[index - 1] if index else None
        if token.kind == "iri":
            iri = _absolute(base, token.text[1:-1])
            if before and before.text.upper() == "BASE":
                base = iri
            elif before and before.kind == "name" and index > 1 and words[index - 2].text.upper() == "PREFIX":
                prefixes[before.text.rstrip(":")] = iri
            elif iri.startswith(FUNCTION):
                yield index, iri
        elif token.kind == "name" and not (before and before.text.upper() == "PREFIX"):
            prefix, _, local = token.text.partition(":")
            if (iri := prefixes.get(prefix, "") + re.sub(r"\\(.)", r"\1", local)).startswith(FUNCTION):
                yield index, iri


def _pattern(query: str, words: list[Token], index: int) -> tuple[str, int, str, int]:
    """The subject of the search at this place, where its triple begins, the sign after it, and where that leaves the query.
    Raises BadRequestError unless it is a triple of its own."""
    if 2 <= index < len(words) - 2:
        before, subject, phrase, after = (words[index + step] for step in (-2, -1, 1, 2))
        fits = before.text in {"{", "}", "."} and after.text in {"}", ".", ";"}
        if fits and subject.kind == "variable" and phrase.kind == "string":
            last = after if after.text == ";" else phrase
            return subject.text, subject.begin, after.text, last.begin + len(last.text)
    raise BadRequestError(place(query, words[index]), "duf:search is no triple of its own here", _FORM, kind="syntax")


def _refusal(query: str, token: Token, iri: str) -> BadRequestError:
    if iri == MATCHES:
        problem = "duf:matches is not there in a remote store"
        return BadRequestError(place(query, token), problem, 'take `?entry duf:search "phrase"`', kind="syntax")
    problem = Wording("{iri} is no function or property of ours", iri=iri)
    return BadRequestError(place(query, token), problem, "there are duf:matches and duf:search", kind="syntax")


def _text(literal: str) -> str:
    """What a string of SPARQL says."""
    quotes = 3 if literal[:3] in {'"""', "'''"} else 1

    def sign(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(min(int(code, 16), 0x10FFFF)) if code else _ESCAPES.get(match[3], match[3])

    return _ESCAPE.sub(sign, literal[quotes:-quotes])


def _absolute(base: str, iri: str) -> str:
    try:
        return urljoin(base, iri)
    except ValueError:
        return iri
