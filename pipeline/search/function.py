"""The phrase search as a SPARQL extension function: `duf:matches(?text, "短语")` (SPARQL 1.1, 17.6)."""

from collections.abc import Callable

import pyoxigraph as ox

from pipeline.search.phrase import phrase
from pipeline.vocabulary import FUNCTION

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

MATCHES = f"{FUNCTION}matches"


def matches(*arguments: Term) -> ox.Literal | None:
    """Whether all words of the second literal occur in the first, as `/search` means it. An error, None, for what is no
    literal, for a phrase without words, and unless there are two."""
    if len(arguments) != 2:
        return None
    text, wanted = arguments
    if not isinstance(text, ox.Literal) or not isinstance(wanted, ox.Literal):
        return None
    words = phrase(wanted.value)
    return ox.Literal(words.occurs(text.value)) if words.words else None


FUNCTIONS: dict[ox.NamedNode, Callable[..., Term | None]] = {ox.NamedNode(MATCHES): matches}
