"""The named queries as examples, and the prefixes they use, as SPARQL editors look for them in an endpoint.

The form is that of SIB's collection of examples: an `sh:SPARQLExecutable` with a comment, its text, and `sh:prefixes`
that lead to `sh:declare`. Each runs as it stands, its parameters at their defaults.
"""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from pipeline.description.statements import both, say, typed
from pipeline.query import NamedQuery
from pipeline.vocabulary import PREFIXES

PLACE = ".well-known/sparql-examples/"
SHACL = PREFIXES["sh"]


def examples(base: str, queries: Iterable[NamedQuery]) -> Iterator[ox.Triple]:
    """Every query as an executable example, and every shared prefix as a declaration."""
    prefixes = f"{base}{PLACE}prefixes"
    yield from say(prefixes, [("rdf:type", f"{PREFIXES['owl']}Ontology")])
    for name, namespace in sorted(PREFIXES.items()):
        declared = f"{prefixes}/{name}"
        yield from say(prefixes, [("sh:declare", declared)])
        said = [("sh:prefix", ox.Literal(name)), ("sh:namespace", typed(namespace, "xsd:anyURI"))]
        yield from say(declared, [("rdf:type", f"{SHACL}PrefixDeclaration"), *said])
    for query in queries:
        yield from say(
            f"{base}{PLACE}{query.name}",
            [
                ("rdf:type", f"{SHACL}SPARQLExecutable"),
                ("rdf:type", f"{SHACL}SPARQLSelectExecutable"),
                ("rdfs:comment", ox.Literal(f"{query.title_zh} · {query.title_en}")),
                *both("dcterms:title", query.title_zh, query.title_en),
                *both("dcterms:description", query.description_zh, query.description_en),
                ("sh:prefixes", prefixes),
                ("sh:select", ox.Literal(query.bound({}).strip() + "\n")),
                ("schema:target", f"{base}sparql"),
                ("rdfs:seeAlso", f"{base}query/{query.name}"),
            ],
        )
