r"""Looks at a query before any worker sees it: length, nesting, SERVICE, updates, graphs. Nothing is evaluated here.

The engine's own parser reads some things more loosely than the grammar (`trueSERVICE<…>`, `SERVICE:name`), so the
rules for SERVICE err on the safe side. A worker has no network either way (`service.sandbox`).
"""

import re
from dataclasses import dataclass
from urllib.parse import urljoin

from service.problems import BadRequestError, TooLargeError
from service.tokens import Token, position, tokens

FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
UPDATES = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"},
)
# Two runs of one query differ where it calls one of these, so its answer has no strong ETag and is not kept.
_VOLATILE = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})
_OPEN, _CLOSE, _UNARY = "([{", ")]}", "!+-^"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True)
class Checked:
    """A query that may go to a worker. `form` is SELECT, ASK, CONSTRUCT or DESCRIBE, or empty where the grammar is
    broken (the worker then says how); `graphs` are the IRIs after FROM with their line and column."""

    text: str
    form: str
    volatile: bool
    graphs: tuple[tuple[str, int, int], ...]

    @property
    def answers_graph(self) -> bool:
        """Whether the answer is RDF rather than a table."""
        return self.form in {"CONSTRUCT", "DESCRIBE"}


def check(query: str, *, max_bytes: int = 64 * 1024, max_depth: int = 100) -> Checked:
    """The query, checked. Raises TooLargeError or BadRequestError, with line and column, and nothing else."""
    try:
        size = len(query.encode("utf-8"))
    except UnicodeEncodeError:
        raise BadRequestError("query", "holds a lone surrogate", "send well-formed Unicode") from None
    if size > max_bytes:
        raise TooLargeError("query", f"has {size} bytes, more than {max_bytes}", "shorten it")
    text = _expand(query)
    found = [token for token in tokens(text) if token.kind not in {"space", "comment"}]
    _check_strings(text, found)
    _check_depth(text, found, max_depth)
    _check_service(text, found)
    form = _form(text, found)
    return Checked(text, form, _is_volatile(found, form), tuple(_graphs(text, found)))


def _expand(query: str) -> str:
    r"""Replaces `\uXXXX` outside strings, IRIs and comments (SPARQL 1.1, 19.2), which the engine does not do."""
    if "\\" not in query:
        return query
    return "".join(_character(query, token) if token.kind == "escape" else token.text for token in tokens(query))


def _character(query: str, token: Token) -> str:
    code = int(token.text[2:], 16)
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise _refusal(query, token.begin, f"{token.text} is no character", "mend the escape")
    return chr(code)


def _check_depth(text: str, found: list[Token], limit: int) -> None:
    """Counts open brackets and runs of prefix operators. Inside `<…>` too: `1<((1))>0` may be read either way."""
    depth = run = 0
    for token in found:
        if token.kind == "string":
            run = 0
            continue
        local = depth
        for offset, sign in enumerate(token.text):
            run = run + 1 if sign in _UNARY else 0
            local += (sign in _OPEN) - (sign in _CLOSE)
            if max(local, run) > limit:
                raise _refusal(text, token.begin + offset, f"is nested more than {limit} deep", "flatten it")
        depth = depth if token.kind == "iri" else max(local, 0)


def _check_strings(text: str, found: list[Token]) -> None:
    for token in found:
        if token.kind == "open":
            raise _refusal(text, token.begin, "a string is never closed", "close it")


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
            raise _refusal(text, token.begin, "SERVICE is not allowed here", "ask the other endpoint yourself")


def _form(text: str, found: list[Token]) -> str:
    """The first keyword after the prologue. Raises BadRequestError when it is one of SPARQL Update."""
    for token in found:
        word = token.text.upper()
        if token.kind != "word" or word in {"BASE", "PREFIX", "VERSION"}:
            continue
        if word in UPDATES:
            raise _refusal(text, token.begin, f"{word} is an update", "this endpoint answers queries only")
        return next((form for form in FORMS if word.startswith(form)), "")
    return ""


def _is_volatile(found: list[Token], form: str) -> bool:
    if any(token.kind == "word" and token.text.upper() in _VOLATILE for token in found):
        return True
    # A blank node of a template gets a new label in every run.
    return form == "CONSTRUCT" and any(token.kind == "blank" or token.text == "[" for token in found)


def _graphs(text: str, found: list[Token]) -> list[tuple[str, int, int]]:
    """The IRIs after FROM and FROM NAMED, made absolute by the prologue as far as it goes."""
    base, prefixes = "", dict[str, str]()
    graphs: list[tuple[str, int, int]] = []
    words = [token.text.upper() if token.kind == "word" else "" for token in found]
    for index, token in enumerate(found):
        before = words[index - 1] if index else ""
        if token.kind == "iri" and before == "BASE":
            base = _unescaped(token.text)
        elif token.kind == "iri" and index > 1 and words[index - 2] == "PREFIX":
            prefixes[found[index - 1].text.rstrip(":")] = _absolute(base, token)
        elif before == "FROM" or (before == "NAMED" and index > 1 and words[index - 2] == "FROM"):
            if token.kind == "iri":
                graphs.append((_absolute(base, token), *position(text, token.begin)))
            elif token.kind == "name":
                prefix, _, local = token.text.partition(":")
                iri = prefixes.get(prefix, "") + re.sub(r"\\(.)", r"\1", local)
                graphs.append((iri, *position(text, token.begin)))
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


def _refusal(text: str, offset: int, problem: str, remedy: str) -> BadRequestError:
    line, column = position(text, offset)
    return BadRequestError(f"query, line {line}, column {column}", problem, remedy)
