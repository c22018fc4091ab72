"""Answers to cited queries: whole, the same bytes each time, from the version in force or an older one."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import pyoxigraph as ox

from pipeline.errors import Wording
from service.cache import Stored
from service.citations.register import Record
from service.dataset import Dataset
from service.formats import RDF_OFFERS, RESULT_OFFERS
from service.frames import Job
from service.guard import Checked, admit
from service.negotiation import Offer
from service.problems import BadRequestError
from service.routes.sparql import refuse_unknown_graphs
from service.settings import Settings
from service.terms import Row, Term, rows
from service.tokens import tokens


@dataclass(frozen=True)
class Answer:
    """A whole answer; `rows` counts rows or triples, None for a truth value."""

    body: bytes
    rows: int | None


async def checked(text: str, dataset: Dataset, settings: Settings) -> Checked:
    """The query, fit to be cited. Raises BadRequestError or TooLargeError, as `/sparql` does, and for a query whose
    answer is never the same twice."""
    found = await admit(text, settings, dataset.base)
    refuse_unknown_graphs(dataset, found)
    if found.volatile:
        problem = "has an answer that is never the same twice (NOW, RAND, UUID, BNODE, or a new blank node)"
        raise BadRequestError("query", problem, "leave that out to cite it", kind="volatile")
    return found


def offers(query: Checked) -> tuple[Offer, ...]:
    """The formats that its answer has."""
    return RDF_OFFERS if query.answers_graph else RESULT_OFFERS


async def evaluate(dataset: Dataset, text: str, form: str, settings: Settings) -> Answer:
    """The whole answer in a format of `service.formats`. Raises ProblemError, also for one too long to be cited."""
    job = Job(await dataset.searched(text, settings.timeout), form, base=dataset.base)
    key = (dataset.version, "cited", job)
    if kept := dataset.cache.get(key):
        (_, number), *_ = kept.headers
        return Answer(kept.body, int(number) if number else None)
    evaluation = dataset.public.line_up(job, settings.timeout)
    blocks: list[bytes] = []
    size = 0
    try:
        while (block := await evaluation.block()) is not None:
            blocks.append(block)
            size += len(block)
            if size > settings.whole_bytes:
                problem, limit = (
                    Wording("is longer than {n} bytes", n=settings.whole_bytes),
                    f"whole_bytes={settings.whole_bytes}",
                )
                remedy = "cite a narrower query, or the dump"
                raise BadRequestError("answer", problem, remedy, kind="length", limit=limit)
    finally:
        evaluation.close()
    number = b"" if evaluation.rows is None else str(evaluation.rows).encode()
    dataset.cache.put(key, Stored(((b"rows", number),), b"".join(blocks)), len(job.encoded))
    return Answer(b"".join(blocks), evaluation.rows)


def plain_form(query: Checked) -> str:
    """The format in which answers are compared."""
    return "nt" if query.answers_graph else "json"


def record_of(answer: Answer) -> Record:
    """What a citation notes of an answer in its plain form."""
    return Record(answer.rows, hashlib.sha256(answer.body).hexdigest())


def table(query: Checked, body: bytes) -> tuple[list[str], list[Row]]:
    """Columns and rows of an answer in its plain form: of a graph subject, predicate and object, of a truth value one
    row."""
    if query.answers_graph:
        triples = sorted({quad.triple for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES)}, key=str)
        names = ("subject", "predicate", "object")
        return list(names), [dict(zip(names, map(_term, triple), strict=True)) for triple in triples]
    results = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    if isinstance(results, ox.QuerySolutions):
        return [variable.value for variable in results.variables], rows(body)
    return ["answer"], [{"answer": Term("literal", str(bool(results)).lower())}]


def _term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Term:
    if isinstance(term, ox.Literal):
        return Term("literal", term.value, term.language or "", "" if term.language else term.datatype.value)
    if isinstance(term, ox.Triple):
        return Term("triple", str(term))
    return Term("uri" if isinstance(term, ox.NamedNode) else "bnode", term.value)


def difference(before: list[Row], after: list[Row]) -> tuple[list[Row], list[Row]]:
    """The rows that went and those that came, each as often as it did; order does not count."""
    old, new = (Counter(tuple(sorted(row.items(), key=lambda pair: pair[0])) for row in one) for one in (before, after))
    return [dict(row) for row in (old - new).elements()], [dict(row) for row in (new - old).elements()]


def ordered(text: str) -> bool:
    """Whether the query says in which order its rows come."""
    words = [token.text.upper() for token in tokens(text) if token.kind == "word"]
    return any(pair == ("ORDER", "BY") for pair in pairwise(words))
