"""`/search`: a phrase in labels, in quoted sentences, and in the documents' texts."""

import asyncio
import re
from dataclasses import dataclass

import pyoxigraph as ox
from fastapi import APIRouter, Query
from starlette.responses import Response

from service.context import Data, ThisPage
from service.dataset import Dataset
from service.highlight import excerpt
from service.nodes import Node, gather
from service.terms import Row

router = APIRouter(tags=["Pages"])
LONGEST, MOST, AROUND = 100, 100, 60
LABELLED = """
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?s ?p ?o WHERE {
  { SELECT DISTINCT ?s WHERE {
      VALUES ?phrase { UNDEF }
      ?s rdfs:label ?label .
      FILTER(CONTAINS(LCASE(?label), ?phrase))
    } ORDER BY ?s LIMIT 100 }
  VALUES ?p { rdf:type rdfs:label }
  ?s ?p ?o .
} ORDER BY ?s ?p ?o
"""
QUOTED = """
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?s ?p ?o ?document ?begin ?end ?quote WHERE {
  { SELECT DISTINCT ?s ?document ?begin ?end ?quote WHERE {
      VALUES ?phrase { UNDEF }
      ?evidence du:quote ?quote ; du:document ?document ; du:begin ?begin ; du:end ?end .
      FILTER(CONTAINS(LCASE(?quote), ?phrase))
      ?s du:evidence ?evidence ; rdfs:label ?any .
    } ORDER BY ?document ?begin ?s LIMIT 100 }
  VALUES ?p { rdf:type rdfs:label }
  ?s ?p ?o .
} ORDER BY ?document ?begin ?s ?p ?o
"""


@dataclass(frozen=True)
class Passage:
    """A place of a document's text where the phrase stands; offsets are code points."""

    document: str
    title: str
    begin: int
    end: int
    before: str
    phrase: str
    after: str


@router.get("/search", summary="Search a phrase")
async def search(dataset: Data, page: ThisPage, q: str = Query("", max_length=LONGEST)) -> Response:
    """Nodes whose label holds the phrase, facts whose sentence holds it, and passages of the texts."""
    phrase = " ".join(re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", " ", q).split())
    labelled: list[Node] = []
    quoted: list[Node] = []
    passages: list[Passage] = []
    if phrase:
        literal = ox.Literal(phrase.lower())
        labelled = list(gather(await dataset.select(LABELLED, phrase=literal)).values())
        found = await dataset.select(QUOTED, phrase=literal)
        quoted = list(gather(_once(found), _once_quotes(found)).values())
        passages = await asyncio.to_thread(_passages, dataset, phrase)
    return page.render(
        "search.html", phrase=phrase, labelled=labelled, quoted=quoted, passages=passages, most=MOST, longest=LONGEST
    )


def _once(found: list[Row]) -> list[Row]:
    """Each ?s ?p ?o once, however many quotes repeat it."""
    return list({(row["s"], row["p"], row["o"]): row for row in found}.values())


def _once_quotes(found: list[Row]) -> list[Row]:
    return list({(row["s"], row["document"], row["begin"], row["end"]): row for row in found}.values())


def _passages(dataset: Dataset, phrase: str) -> list[Passage]:
    """At most a hundred places; a text that may only be quoted is not searched."""
    pattern = re.compile(re.escape(phrase), re.IGNORECASE)
    found: list[Passage] = []
    for document in dataset.snapshot.manifest.get("documents", []):
        if document.get("rights") == "quotes-only":
            continue
        text = dataset.snapshot.text(document["id"])
        for match in pattern.finditer(text):
            if len(found) == MOST:
                return found
            before, phrase, after = excerpt(text, match.start(), match.end(), AROUND)
            iri, title = f"{dataset.base}document/{document['id']}", document.get("title") or document["file"]
            found.append(Passage(iri, title, match.start(), match.end(), before, phrase, after))
    return found
