"""English names for the Chinese labels of an answer: named queries give labels in Chinese, whatever the reader's language."""

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from service.pages import Page
from service.reading import HEAD
from service.terms import Row, Term

# Places, concepts and classes: what a column of an answer names. A property may be called as a concept is (提示).
_ENGLISH = HEAD + (
    "PREFIX owl: <http://www.w3.org/2002/07/owl#>"
    " SELECT ?zh (MIN(STR(?label)) AS ?en) WHERE { VALUES ?zh { UNDEF } ?node rdfs:label|skos:prefLabel ?zh, ?label ."
    " FILTER(LANG(?label) = 'en') FILTER NOT EXISTS { ?node a ?property ."
    " FILTER(?property IN (owl:ObjectProperty, owl:DatatypeProperty, owl:AnnotationProperty)) } }"
    " GROUP BY ?zh HAVING(COUNT(DISTINCT ?label) = 1)"
)


async def english(rows: Iterable[Row], page: Page) -> Mapping[Term, str]:
    """Chinese label → English label, of what the graph names in English, in one way only. On a Chinese page, and for what has
    no English label, the label stays."""
    labels = sorted({term.value for row in rows for term in row.values() if term.language == "zh"})
    if page.language == "zh" or not labels:
        return {}
    named = await page.dataset.select(_ENGLISH, zh=[ox.Literal(label, language="zh") for label in labels])
    return {row["zh"]: row["en"].value for row in named}
