r"""A first look at a query, by patterns alone: most queries need no more, and it takes a tenth of the time.

Where nothing calls for a look at the tokens (no escape, no word of a service, a graph or a new value, nothing nested or
repeated near a limit), what is said here is what `service.guard` would say; a test holds the two equal. Of any other query
nothing is said.
"""

import re

from service.tokens import IRI, STRING

_PUT_BY = "\x1f"  # stands for a string or an IRI: neither a word nor a sign
_OUTSIDE = re.compile(rf"{IRI}|{STRING}|\#[^\r\n]*", re.DOTALL)
_WORDS = ("now", "rand", "uuid", "struuid", "bnode", "from", "named")
# A word and then what stands before it: from its first letter on the next one is found soon.
_UNSURE = {word: re.compile(rf"{word}(?<![a-z]{word})(?![a-z])") for word in _WORDS} | {
    "service": re.compile("service")
}
_FORM = re.compile(
    rf"\s*(?:(?:PREFIX\s+[\w.-]*:\s*{_PUT_BY}|BASE\s*{_PUT_BY})\s*)*+(SELECT|ASK|DESCRIBE)(?=[\s({{*?${_PUT_BY}])",
    re.IGNORECASE,
)
_SIGNS = "([{!+-^"


def glance(query: str, max_tokens: int, max_depth: int) -> str:
    """The form of the query in upper case, where it is plain; else an empty text."""
    if "\\" in query:
        return ""
    bare = _OUTSIDE.sub(lambda found: " " if found[0][0] == "#" else _PUT_BY, query)
    if len(bare) > max_tokens or '"' in bare or "'" in bare:
        return ""
    folded = bare.casefold()
    if any(word in folded and unsure.search(folded) for word, unsure in _UNSURE.items()):
        return ""
    if sum(map(query.count, _SIGNS)) > max_depth and _deepest(query, bare) > max_depth:
        return ""
    form = _FORM.match(bare)
    return form[1].upper() if form else ""


def _deepest(query: str, bare: str) -> int:
    """At least the depth of brackets and the length of runs of prefix operators, inside an IRI too."""
    depth = deepest = 0
    for sign in re.findall(r"[()\[\]{}]", bare):
        depth = depth + 1 if sign in "([{" else max(depth - 1, 0)
        deepest = max(deepest, depth)
    run = max(map(len, re.findall(r"[!+^-](?:\s*+[!+^-])*+", bare)), default=0)
    inside = max((sum(map(iri.count, _SIGNS)) for iri in re.findall(IRI, query)), default=0)
    return max(deepest, run) + inside
