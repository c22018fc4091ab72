r"""Looks at a query before any worker sees it: length, nesting, SERVICE, updates, graphs. Nothing is evaluated here.

The engine's own parser reads some things more loosely than the grammar (`trueSERVICE<…>`, `SERVICE:name`), so the
rules for SERVICE err on the safe side. A worker has no network either way (`service.sandbox`).
"""

import re
from dataclasses import dataclass
from urllib.parse import urljoin

from pipeline.errors import Wording
from service.aside import aside
from service.glance import glance
from service.problems import BadRequestError, Place, TooLargeError
from service.settings import Settings
from service.tokens import Token, position, tokens

FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
UPDATES = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"},
)
# Two runs of one query differ where it calls one of these, so its answer has no strong ETag and is not kept.
_VOLATILE = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})
_SKIPPED = frozenset({"space", "comment"})
_DATASET = frozenset({"FROM", "NAMED"})
_OPEN, _CLOSE, _UNARY = "([{", ")]}", "!+-^"
_SIGNS = re.compile(r"[()\[\]{}!+^-]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True)
class Checked:
    """A query that may go to a worker. `form` is SELECT, ASK, CONSTRUCT or DESCRIBE, or empty where the grammar is
    broken (the worker then says how); `graphs` are the IRIs after FROM with the tokens that name them."""

    text: str
    form: str
    volatile: bool
    graphs: tuple[tuple[str, Token], ...]

    @property
    def answers_graph(self) -> bool:
        """Whether the answer is RDF rather than a table."""
        return self.form in {"CONSTRUCT", "DESCRIBE"}


def check(
    query: str,
    *,
    max_bytes: int = 64 * 1024,
    max_depth: int = 100,
    max_tokens: int = 20_000,
    max_graphs: int = 1000,
    base: str = "",
) -> Checked:
    """The query, checked; `base` resolves relative IRIs where the query has no BASE. Raises TooLargeError or BadRequestError, with line and column, and nothing else.

    Takes time in proportion to `max_bytes`, and most of it to `max_tokens`: the event loop waits meanwhile.
    """
    try:
        size = len(query.encode("utf-8"))
    except UnicodeEncodeError:
        remedy = "send well-formed Unicode"
        raise BadRequestError("query", "holds a lone surrogate", remedy, kind="encoding") from None
    if size > max_bytes:
        problem = Wording("has {n} bytes, more than {most}", n=size, most=max_bytes)
        raise TooLargeError("query", problem, "shorten it", limit=f"query_bytes={max_bytes}")
    if form := glance(query, max_tokens, max_depth):
        return Checked(query, form, False, ())
    text = _expand(query)
    found = _words(text, max_tokens, max_depth)
    words = {token.text.upper() for token in found if token.kind == "word"}
    if "service" in text.lower():
        _check_service(text, found)
    form = _form(text, found)
    graphs = _graphs(found, base) if words & _DATASET else []
    if len(graphs) > max_graphs:
        problem, limit = Wording("names more than {most} graphs", most=max_graphs), f"graphs={max_graphs}"
        raise _refusal(text, graphs[max_graphs][1], problem, "name fewer", "graph", limit)
    return Checked(text, form, _is_volatile(found, words, form), tuple(graphs))


async def admit(query: str, settings: Settings, base: str) -> Checked:
    """`check` by the limits of the settings, beside the event loop where the query is long."""
    return await aside(
        query,
        check,
        query,
        max_bytes=settings.query_bytes,
        max_depth=settings.depth,
        max_tokens=settings.tokens,
        max_graphs=settings.graphs,
        base=base,
    )


def _words(text: str, most: int, deepest: int) -> list[Token]:
    """The tokens that are neither space nor comment. Stops at the first one too many, too deep, or never closed.

    Depth counts open brackets and runs of prefix operators, inside `<…>` too: `1<((1))>0` may be read either way.
    """
    found: list[Token] = []
    depth = run = 0
    for token in tokens(text, skip=_SKIPPED):
        kind, signs, begin = token
        found.append(token)
        if kind == "open":
            raise _refusal(text, token, "a string is never closed", "close it", "syntax")
        if len(found) > most:
            problem = Wording("the query has more than {most} tokens", most=most)
            raise _refusal(text, token, problem, "shorten it", "length", f"tokens={most}")
        # The engine may read `true---1` as a word and operators, where the grammar has one name.
        if kind == "string" or (kind not in {"other", "iri"} and "--" not in signs) or not _SIGNS.search(signs):
            run = 0
            continue
        local = depth
        for offset, sign in enumerate(signs):
            run = run + 1 if sign in _UNARY else 0
            local += (sign in _OPEN) - (sign in _CLOSE)
            if max(local, run) > deepest:
                problem, limit = Wording("is nested more than {most} deep", most=deepest), f"depth={deepest}"
                raise _refusal(text, Token(kind, sign, begin + offset), problem, "flatten it", "nesting", limit)
        depth = depth if kind == "iri" else max(local, 0)
    return found


def _expand(query: str) -> str:
    r"""Replaces `\uXXXX` outside strings, IRIs and comments (SPARQL 1.1, 19.2), which the engine does not do."""
    if "\\" not in query:
        return query
    return "".join(_character(query, token) if token.kind == "escape" else token.text for token in tokens(query))


def _character(query: str, token: Token) -> str:
    code = int(token.text[2:], 16)
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        problem = Wording("{text} is no character", text=token.text)
        raise _refusal(query, token, problem, "mend the escape", "encoding")
    return chr(code)


def _check_service(text: str, found: list[Token]) -> None:
    for index, token in enumerate(found):
        if token.kind == "word":
            refused = "service" in token.text.lower()
        elif token.kind == "name":
            opens = index + 1 < len(found) and found[index + 1].text == "{"
            after_graph = index > 0 and found[index - 1].text.upper() == "GRAPH"
            refused = "service" in token.text.partition(":")[0].lower() and opens and not after_graph
        else:
            refused = False
        if refused:
            problem = "SERVICE is not allowed here"
            raise _refusal(text, token, problem, "ask the other endpoint yourself", "service")


def _form(text: str, found: list[Token]) -> str:
    """The first keyword after the prologue. Raises BadRequestError when it is one of SPARQL Update."""
    for token in found:
        word = token.text.upper()
        if token.kind != "word" or word in {"BASE", "PREFIX", "VERSION"}:
            continue
        if word in UPDATES:
            problem = Wording("{word} is an update", word=word)
            raise _refusal(text, token, problem, "this endpoint answers queries only", "update")
        return next((form for form in FORMS if word.startswith(form)), "")
    return ""


def _is_volatile(found: list[Token], words: set[str], form: str) -> bool:
    if words & _VOLATILE:
        return True
    # A blank node of a template gets a new label in every run.
    return form == "CONSTRUCT" and any(token.kind == "blank" or token.text == "[" for token in found)


def _graphs(found: list[Token], base: str) -> list[tuple[str, Token]]:
    """The IRIs after FROM and FROM NAMED, made absolute by the prologue as far as it goes."""
    prefixes = dict[str, str]()
    graphs: list[tuple[str, Token]] = []
    words = [token.text.upper() if token.kind == "word" else "" for token in found]
    for index, token in enumerate(found):
        before = words[index - 1] if index else ""
        if token.kind == "iri" and before == "BASE":
            base = _absolute(base, token)
        elif token.kind == "iri" and index > 1 and words[index - 2] == "PREFIX":
            prefixes[found[index - 1].text.rstrip(":")] = _absolute(base, token)
        elif before == "FROM" or (before == "NAMED" and index > 1 and words[index - 2] == "FROM"):
            if token.kind == "iri":
                graphs.append((_absolute(base, token), token))
            elif token.kind == "name":
                prefix, _, local = token.text.partition(":")
                iri = prefixes.get(prefix, "") + re.sub(r"\\(.)", r"\1", local)
                graphs.append((iri, token))
    return graphs


def _absolute(base: str, token: Token) -> str:
    iri = _unescaped(token.text)
    if _SCHEME.match(iri) or not base:
        return iri
    try:
        return urljoin(base, iri)
    except ValueError:
        return iri


def _unescaped(iri: str) -> str:
    return re.sub(r"\\[uU]([0-9A-Fa-f]+)", lambda match: chr(min(int(match[1], 16), 0x10FFFF)), iri[1:-1])


def place(text: str, token: Token) -> Place:
    """Where a token stands; long ones are cut after forty characters."""
    return Place(*position(text, token.begin), token.text[:40])


def _refusal(text: str, token: Token, problem: str, remedy: str, kind: str, limit: str = "") -> BadRequestError:
    return BadRequestError(place(text, token), problem, remedy, kind=kind, limit=limit)
