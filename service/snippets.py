"""Templates 模板 of the editor: the files of `service/snippets/`, in which «slot» stands for what a reader will change.

A slot is filled with what the snapshot holds, so that each template runs as it is and has rows; a template whose slot
the snapshot cannot fill is left out.
"""

import json
import re
from functools import cache
from importlib import resources

from pipeline.query import NamedQuery, load_queries, parse_query
from service.cache import Stored
from service.completion import name_in_query
from service.dataset import Dataset
from service.messages import Language, message

_SLOT = re.compile("«([a-z]+)»")
_HEAD = "PREFIX du: <https://w3id.org/ducha/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
_VALUES = {
    "region": "SELECT (?r AS ?value) WHERE { ?i a du:Issue ; du:inPlan/du:region ?r }",
    "indicator": "SELECT (?i AS ?value) WHERE { ?t a du:Target ; du:indicator ?i ; du:value ?v }",
    "organization": "SELECT (?name AS ?value) WHERE { ?i du:leadOrganization ?o . ?o a du:Organization ; rdfs:label ?name }",
    "date": "SELECT (?d AS ?value) WHERE { ?e du:inPlan ?p ; du:due ?d }",
}


@cache
def snippets() -> tuple[NamedQuery, ...]:
    """The templates by name. Raises QueryError for a faulty header."""
    folder = resources.files("service").joinpath("snippets")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".rq")), key=lambda file: file.name)
    return tuple(parse_query(file.name.removesuffix(".rq"), file.read_text("utf-8")) for file in files)


async def editor_queries_json(dataset: Dataset, language: Language) -> bytes:
    """`{"queries": {name: text}, "templates": {name: [piece]}}` in the language, kept for the snapshot.

    A piece is a text, or `{"text", "label"}` for a place that a reader will change. Raises ProblemError.
    """
    key = (dataset.version, f"editor queries {language}")
    if kept := dataset.cache.get(key):
        return kept.body
    fillings = {slot: await _filling(dataset, slot) for slot in _VALUES}
    fillings |= {"phrase": "污水", "language": language}
    told: dict[str, object] = {
        "queries": {query.name: _plain(query) for query in load_queries().values()},
        "templates": {one.name: pieces for one in snippets() if (pieces := _pieces(one, fillings, language))},
    }
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    dataset.cache.put(key, Stored((), body), len(key[1]))
    return body


def _plain(query: NamedQuery) -> str:
    """The query without its header, under its titles."""
    return f"# {query.title_zh}\n# {query.title_en}\n{query.bound({})}"


async def _filling(dataset: Dataset, slot: str) -> str:
    """The value that most facts have, as the query writes it; the last date. Empty where the snapshot has none."""
    order = "DESC(?value)" if slot == "date" else "DESC(COUNT(*)) ?value"
    found = f"SELECT ?value WHERE {{ {{ {_VALUES[slot]} }} }} GROUP BY ?value"
    rows = await dataset.select(f"{_HEAD} {found} ORDER BY {order} LIMIT 1")
    if not rows:
        return ""
    term = rows[0]["value"]
    return name_in_query(term.value, dataset.base) if term.is_iri else term.value


def _pieces(snippet: NamedQuery, fillings: dict[str, str], language: Language) -> list[str | dict[str, str]]:
    pieces: list[str | dict[str, str]] = []
    for number, part in enumerate(_SLOT.split(snippet.bound({}).lstrip())):
        if number % 2 == 0:
            pieces.append(part)
        elif not fillings[part]:
            return []
        elif part == "language":
            pieces.append(language)
        else:
            pieces.append({"text": fillings[part], "label": message(f"editor.slot.{part}", language)})
    return pieces
