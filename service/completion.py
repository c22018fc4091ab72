"""What the editor offers while a query is written: the terms and places of a snapshot, under all their names."""

import json
from collections.abc import Iterable

from pipeline.vocabulary import DU, DUC, PREFIXES
from service.cache import Stored
from service.dataset import Dataset
from service.labels import curie
from service.messages import keys, message
from service.terms import Row

_HEAD = """
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
# Not ordered: sorted here, which is faster.
_TERMS = (
    _HEAD
    + """
SELECT DISTINCT ?term ?kind ?says ?text WHERE {
  VALUES (?type ?kind) { (owl:Class "class") (owl:ObjectProperty "property") (owl:DatatypeProperty "property")
                         (owl:AnnotationProperty "property") (skos:Concept "concept") (skos:ConceptScheme "scheme") }
  ?term a ?type FILTER NOT EXISTS { ?term owl:deprecated true }
  VALUES (?property ?says) { (rdfs:label "label") (skos:prefLabel "label") (skos:definition "definition")
                             (skos:altLabel "also") (skos:hiddenLabel "also") }
  ?term ?property ?text FILTER(isIRI(?term))
}
"""
)
_PLACES = (
    _HEAD
    + """
SELECT DISTINCT ?term ("region" AS ?kind) ?says ?text WHERE {
  { SELECT DISTINCT ?term WHERE {
      { ?term a du:Province } UNION { ?plan a du:Plan ; du:concernsRegion ?term }
      UNION { ?visit a du:Supervision ; du:region ?term } } ORDER BY ?term LIMIT 1000 }
  VALUES (?property ?says) { (rdfs:label "label") (skos:altLabel "also") }
  ?term ?property ?text FILTER(isIRI(?term))
}
"""
)


async def terms_json(dataset: Dataset) -> bytes:
    """`{"prefixes": {prefix: namespace}, "terms": [{"name", "kind", "zh", "en", "also", "about"}]}`, kept for the
    snapshot.

    `name` is what stands in a query: `du:due`, or a place's IRI relative to the base. `kind` is class, property,
    concept, scheme, region or other. Raises ProblemError.
    """
    key = (dataset.version, "editor terms")
    if kept := dataset.cache.get(key):
        return kept.body
    found = _gathered(dataset.base, [*await dataset.select(_TERMS), *await dataset.select(_PLACES)])
    told = {"prefixes": PREFIXES, "terms": [found[name] for name in sorted(found)]}
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    dataset.cache.put(key, Stored((), body), len(key[1]))
    return body


def name_in_query(iri: str, base: str) -> str:
    """The IRI as a query may write it: `du:due`, `<region/320600>`, or in full."""
    short = curie(iri)
    prefix, colon, local = short.partition(":")
    if colon and PREFIXES.get(prefix, "") + local == iri:
        return short
    return f"<{iri.removeprefix(base)}>"


def _gathered(base: str, rows: Iterable[Row]) -> dict[str, dict[str, object]]:
    also: dict[str, set[str]] = {}
    found: dict[str, dict[str, object]] = {}
    for row in sorted(rows, key=lambda row: (row["term"].value, row["says"].value, row["text"].value)):
        iri, text = row["term"].value, row["text"]
        if row["kind"].value != "region" and not iri.startswith((DU, DUC)):
            continue  # what other vocabularies' terms are called is written in messages.csv
        term = found.setdefault(name_in_query(iri, base), {"name": name_in_query(iri, base), "kind": row["kind"].value})
        match row["says"].value:
            case "label":
                term.setdefault(text.language or "zh", text.value)
            case "definition":
                about = term.setdefault("about", {})
                assert isinstance(about, dict)  # noqa: S101 - made a line above
                about.setdefault(text.language or "zh", text.value)
            case _:
                also.setdefault(str(term["name"]), set()).add(text.value)
    for name, texts in also.items():
        found[name]["also"] = sorted(texts)
    for key in keys():
        if key.startswith("term.") and (name := key.removeprefix("term.")) not in found:
            found[name] = {"name": name, "kind": "other", "zh": message(key, "zh"), "en": message(key, "en")}
    return found
