"""Terms of a query that the graph does not have, and what near them it has."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import pyoxigraph as ox

from pipeline.vocabulary import FUNCTION, PREFIXES
from service import terms
from service.dataset import Dataset
from service.elements import Element
from service.labels import curie
from service.tokens import Token, position, tokens

MOST_TERMS, MOST_NEAR, LONGEST = 8, 5, 60
NAMES = """
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?name WHERE {
  VALUES ?kind { du:Province du:City du:County du:Zone du:Organization }
  VALUES ?says { rdfs:label skos:altLabel }
  ?named a ?kind ; ?says ?name .
} LIMIT 20000
"""
_TAGS, _TYPES = ("zh", "en"), ("integer", "decimal", "date", "gYearMonth", "string")
_PARTIAL = {"CONTAINS", "REGEX", "STRSTARTS", "STRENDS", "REPLACE", "LANGMATCHES", "SUBSTR", "STRBEFORE", "STRAFTER"}
_XSD = PREFIXES["xsd"]


@dataclass(frozen=True)
class Hint:
    """A term of the query as written, where it stands, whether the ontology declares it, and what is near it."""

    text: str
    line: int
    column: int
    declared: bool
    near: tuple[str, ...]


async def hints(
    dataset: Dataset, ask: Callable[[str], Awaitable[bool]], text: str, elements: Iterable[Element]
) -> list[Hint]:
    """What to say of the terms of these pieces that stand nowhere in the graph; of eight at most."""
    prefixes, base = _prologue(text, dataset.base)
    told: list[Hint] = []
    seen: set[str] = set()
    for element in elements:
        for token, term in _constants(element, prefixes, base):
            key = str(term)
            ours = isinstance(term, ox.NamedNode) and term.value.startswith(FUNCTION)  # stands in no graph
            if ours or key in seen or len(seen) >= MOST_TERMS:
                continue
            seen.add(key)
            partial = element.kind == "filter" and bool(_PARTIAL & {word.text.upper() for word in element.words})
            if isinstance(term, ox.Literal) and (partial or not _is_meant(element, term)):
                continue
            if await ask(_occurs(term)):
                continue
            if isinstance(term, ox.NamedNode):
                near, declared = await _near_iri(dataset, term), dataset.labels.has(term.value)
            else:
                near, declared = await _near_literal(dataset, ask, term), False
            told.append(Hint(_shown(term), *position(text, token.begin), declared, tuple(near)))
    return told


def _is_meant(element: Element, term: ox.Literal) -> bool:
    """Whether a literal stands for something in the graph, rather than for a part of a computation."""
    plain = element.kind in {"triple", "values", "filter"} and len(term.value) <= LONGEST
    return plain and any(sign.isalnum() for sign in term.value)


def _occurs(term: ox.NamedNode | ox.Literal) -> str:
    if isinstance(term, ox.Literal):
        return f"ASK {{ ?s ?p {term} }}"
    return f"ASK {{ {{ {term} ?p ?o }} UNION {{ ?s ?p {term} }} UNION {{ ?s {term} ?o }} }}"


async def _near_iri(dataset: Dataset, term: ox.NamedNode) -> list[str]:
    """Terms of the ontology that are spelt alike; the same name under another namespace first."""
    wanted = curie(term.value)
    known = {curie(iri): iri for iri in dataset.labels.names}
    local = wanted.rpartition(":")[2].lower()
    same = sorted(name for name in known if name.rpartition(":")[2].lower() == local and name != wanted)
    close = await asyncio.to_thread(get_close_matches, wanted, list(known), MOST_NEAR, 0.75)
    return [*dict.fromkeys([*same, *close])][:MOST_NEAR]


async def _near_literal(dataset: Dataset, ask: Callable[[str], Awaitable[bool]], term: ox.Literal) -> list[str]:
    """The same text with another language or type, then names of regions and organisations that are spelt alike."""
    same = [one for one in _variants(term) if await ask(_occurs(one))]
    names = [row["name"] for row in terms.rows(await dataset.ask_pages(NAMES, "json"))]
    spelt = await asyncio.to_thread(_alike, term.value, names)
    return [*dict.fromkeys([*map(_shown, same), *spelt])][:MOST_NEAR]


def _alike(wanted: str, names: Sequence[terms.Term]) -> list[str]:
    """Those that hold the text or are held by it, the nearest in length first; then those spelt alike."""
    by_text: dict[str, terms.Term] = {}
    for name in names:
        by_text.setdefault(name.value, name)
    held = [one for one in by_text if one and (wanted in one or (len(one) > 1 and one in wanted))]
    held.sort(key=lambda one: (abs(len(one) - len(wanted)), one))
    near = [one for one in by_text if abs(len(one) - len(wanted)) <= 3 and set(one) & set(wanted)]
    found = dict.fromkeys([*held[:MOST_NEAR], *get_close_matches(wanted, near, MOST_NEAR, 0.5)])
    return [_shown(ox.Literal(one, language=by_text[one].language or None)) for one in found]


def _variants(term: ox.Literal) -> list[ox.Literal]:
    """The text with the languages and types that our data use."""
    tagged = [ox.Literal(term.value, language=tag) for tag in _TAGS]
    typed = [ox.Literal(term.value, datatype=ox.NamedNode(_XSD + kind)) for kind in _TYPES]
    return [one for one in [*tagged, *typed] if one != term]


def _shown(term: ox.NamedNode | ox.Literal) -> str:
    """As one would write it in a query: with a known prefix where there is one."""
    if isinstance(term, ox.NamedNode):
        short = curie(term.value)
        return short if short.partition(":")[0] in PREFIXES and ":" in short else str(term)
    return str(term).replace(f"^^<{_XSD}", "^^xsd:").removesuffix(">") if f"^^<{_XSD}" in str(term) else str(term)


def _prologue(text: str, base: str) -> tuple[dict[str, str], str]:
    """The prefixes of a query, and the base that resolves relative IRIs."""
    words = [token for token in tokens(text) if token.kind not in {"space", "comment"}]
    prefixes: dict[str, str] = {}
    for index, word in enumerate(words[:-2]):
        if word.text.upper() == "PREFIX" and words[index + 2].kind == "iri":
            prefixes[words[index + 1].text.rstrip(":")] = words[index + 2].text[1:-1]
        elif word.text.upper() == "BASE" and words[index + 1].kind == "iri":
            base = words[index + 1].text[1:-1]
    return prefixes, base


def _constants(element: Element, prefixes: dict[str, str], base: str) -> list[tuple[Token, ox.NamedNode | ox.Literal]]:
    """The IRIs and the literals in quotes of a piece. What is no term is passed over."""
    found: list[tuple[Token, ox.NamedNode | ox.Literal]] = []
    words = element.words
    for index, word in enumerate(words):
        typed = index > 1 and words[index - 1].text == words[index - 2].text == "^"
        try:
            if word.kind == "iri" and not typed:
                iri = word.text[1:-1]
                found.append((word, ox.NamedNode(iri if re.match(r"[A-Za-z][\w+.-]*:", iri) else base + iri)))
            elif word.kind == "name" and not typed:
                prefix, _, local = word.text.partition(":")
                if prefix in prefixes:
                    found.append((word, ox.NamedNode(prefixes[prefix] + re.sub(r"\\(.)", r"\1", local))))
            elif word.kind == "string":
                found.append((word, _literal(words, index, prefixes)))
        except ValueError:
            continue
    return found


def _literal(words: Sequence[Token], index: int, prefixes: dict[str, str]) -> ox.Literal:
    """The literal at this place. Raises ValueError."""
    quote = 3 if words[index].text[:3] in {'"""', "'''"} else 1
    value = re.sub(r"\\(.)", lambda one: {"n": "\n", "t": "\t"}.get(one[1], one[1]), words[index].text[quote:-quote])
    after = words[index + 1 : index + 4]
    if after and after[0].kind == "language":
        return ox.Literal(value, language=after[0].text[1:])
    if len(after) == 3 and after[0].text == after[1].text == "^":
        prefix, _, local = after[2].text.partition(":")
        iri = after[2].text[1:-1] if after[2].kind == "iri" else prefixes.get(prefix, "") + local
        return ox.Literal(value, datatype=ox.NamedNode(iri))
    return ox.Literal(value)
