"""Comunica, the SPARQL client of the Web, gets from a real server what the store itself answers.

Its packages come from the npm registry as `comunica/package-lock.json` pins them, once, when this test first runs.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from pipeline.snapshot import current_snapshot
from pipeline.vocabulary import DEFAULT_BASE, PREFIXES

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parent / "comunica"
ROOT = Path(__file__).parents[2]
PLAN = "plan/450300-202310"
HEAD = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("du", "rdfs", "xsd"))
JOIN = f"""{HEAD}SELECT ?city ?text ?due ?share WHERE {{
  ?target a du:Target ; du:due ?due ; du:cumulativeShare ?share ; du:indicatorText ?text ;
          du:inPlan/du:region/rdfs:label ?city .
  FILTER(LANG(?city) = "zh" && ?share > 50 && ?due < "2026-01-01"^^xsd:date)
}} ORDER BY ?city ?text ?due ?share"""
GROUP = f"""{HEAD}SELECT ?plan (COUNT(DISTINCT ?target) AS ?n) (MAX(?value) AS ?most) WHERE {{
  ?target a du:Target ; du:inPlan ?plan . OPTIONAL {{ ?target du:value ?value }} }} GROUP BY ?plan ORDER BY ?plan"""
GRAPHS = f"""{HEAD}SELECT ?g (COUNT(?s) AS ?n) WHERE {{ GRAPH ?g {{ ?s a du:Target }} }} GROUP BY ?g ORDER BY ?g"""
YES = f'{HEAD}ASK {{ ?plan a du:Plan ; du:region/rdfs:label "桂林市"@zh }}'
NO = f'{HEAD}ASK {{ ?plan a du:Plan ; du:region/rdfs:label "北京市"@zh }}'
CONSTRUCT = f"{HEAD}CONSTRUCT {{ ?s rdfs:label ?label }} WHERE {{ ?s a du:Target ; rdfs:label ?label }}"
OWN = f"{HEAD}SELECT ?title ?region WHERE {{ ?plan a du:Plan ; du:region ?region ; rdfs:label ?title }} ORDER BY ?title"
PLANS = "?plan a du:Plan ; du:region ?region ."
PLACES = 'SERVICE $ { ?region du:adcode ?code ; rdfs:label ?city . FILTER(LANG(?city) = "zh") }'


def run(name: str, *arguments: str, given: str = "") -> str:
    """What a program of Node.js says: the one that came with the packages of the tests."""
    program = Path(sys.executable).with_name(name)
    done = subprocess.run(
        [program, *arguments], cwd=FOLDER, input=given, capture_output=True, encoding="utf-8", check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def comunica() -> Any:
    """Asks queries of sources; gives what Comunica makes of each."""
    stamp, lock = FOLDER / "node_modules" / ".stamp", (FOLDER / "package-lock.json").read_bytes()
    if not stamp.is_file() or stamp.read_bytes() != lock:
        run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
        stamp.write_bytes(lock)

    def asked(*jobs: tuple[str, list[str]]) -> list[dict[str, str]]:
        given = json.dumps([{"query": query, "sources": sources} for query, sources in jobs])
        answers: list[dict[str, str]] = json.loads(run("node", "ask.mjs", given=given))
        assert [answer.get("error") for answer in answers] == [None] * len(jobs)
        return answers

    return asked


@pytest.fixture(scope="module")
def store(five: Path) -> ox.Store:
    return ox.Store.read_only(str(current_snapshot(five).store_path))


def said(answer: dict[str, str]) -> Any:
    """Rows, a truth, or a set of triples, in pyoxigraph's terms."""
    if answer["mediaType"] == "application/n-quads":
        return {quad.triple for quad in ox.parse(answer["text"], format=ox.RdfFormat.N_QUADS)}
    standard = {name: part for name, part in json.loads(answer["text"]).items() if name != "metadata"}
    results = ox.parse_query_results(json.dumps(standard), format=ox.QueryResultsFormat.JSON)
    return bool(results) if isinstance(results, ox.QueryBoolean) else [tuple(row) for row in results]


def known(store: ox.Store, query: str) -> Any:
    results = store.query(query)
    if isinstance(results, ox.QueryBoolean):
        return bool(results)
    return set(results) if isinstance(results, ox.QueryTriples) else [tuple(row) for row in results]


def test_the_endpoint_is_found_by_its_description_and_answers(cities, comunica, store):
    queries = (JOIN, GROUP, GRAPHS, YES, NO, CONSTRUCT)
    # An address that does not end as those of endpoints do: only the service description says what is there.
    before = cities.metric('ducha_queries_total{outcome="ok"}')
    answers = comunica(*((query, [f"{cities.url}/sparql?lang=en"]) for query in queries))
    for query, answer in zip(queries, answers, strict=True):
        assert said(answer) == known(store, query), query
    assert cities.metric('ducha_queries_total{outcome="ok"}') == before + len(queries), "each query is one request"
    rows = said(answers[0])
    assert {row[0].value for row in rows} == {"桂林市", "昭通市"}
    assert "64.71" in {row[3].value for row in rows}
    assert said(answers[3]) is True
    assert said(answers[4]) is False


def test_the_snippet_of_the_documentation_works(cities, comunica, store):
    (snippet,) = re.findall(r"```js\n(.*?)```", (ROOT / "docs" / "service.md").read_text("utf-8"), re.S)
    printed = run("node", "--input-type=module", given=snippet.replace("http://127.0.0.1:8000", cities.url))
    query = f"{HEAD}SELECT ?plan ?title WHERE {{ ?plan a du:Plan ; rdfs:label ?title }} ORDER BY ?plan"
    expected = [f"{plan.value} {title.value}" for plan, title in known(store, query)]
    assert len(expected) > 3
    assert printed.splitlines() == expected


def test_the_document_behind_an_iri_is_a_source(cities, comunica, store):
    """The address of a plan gives RDF to a client of RDF, and the endpoint answers what the document leaves open."""
    plan, endpoint = f"{cities.url}/{PLAN}", f"{cities.url}/sparql"
    query = f"{HEAD}SELECT ?plan ?code ?city WHERE {{ {PLANS} {PLACES} }}"
    federated, local = query.replace("$", f"<{endpoint}>"), query.replace("SERVICE $", "")
    alone, joined, both = comunica((OWN, [plan]), (federated, [plan]), (local, [plan, endpoint]))
    iri = ox.NamedNode(DEFAULT_BASE + PLAN)
    expected = [row for row in known(store, OWN.replace("SELECT", "SELECT ?plan")) if row[0] == iri]
    assert said(alone) == [row[1:] for row in expected]
    (row,) = said(joined)
    assert row == (iri, ox.Literal("450300"), ox.Literal("桂林市", language="zh"))
    assert set(said(both)) == set(known(store, local))
    assert row in said(both)
