"""Why a query has no rows: the piece that empties the join, near spellings, limits, and hostile queries."""

import time

import httpx
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.query import load_queries
from service.elements import UncutError, cut, within

HEAD = """PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX duc: <https://w3id.org/ducha/concept/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""


def why(server, body: str, **options):
    return server.get("/sparql/why", params={"query": HEAD + body}, **options)


def test_a_misspelt_property_is_named_with_its_place_and_what_is_near(server):
    told = why(server, "SELECT * WHERE {\n  ?issue a du:Issue ;\n    du:leadOrganisation ?body .\n}").json()
    assert told["verdict"] == "pattern"
    assert told["pieces"] == [{"line": 6, "column": 5, "kind": "triple", "text": "?issue du:leadOrganisation ?body ."}]
    (term,) = told["terms"]
    assert (term["text"], term["line"], term["column"]) == ("du:leadOrganisation", 6, 5)
    assert "du:leadOrganization" in term["near"]
    assert told["complete"]


def test_a_label_without_its_language_is_offered_with_it(server):
    told = why(server, 'SELECT * { ?region rdfs:label "南通市" }').json()
    assert told["terms"][0]["near"][0] == '"南通市"@zh'


def test_a_city_written_otherwise_is_offered(server):
    told = why(server, 'SELECT * { ?region rdfs:label "南通县"@zh ; a du:City }').json()
    assert '"南通市"@zh' in told["terms"][0]["near"]


def test_pieces_that_only_clash_together_are_told_together(server):
    told = why(
        server,
        "SELECT * { ?plan a du:Plan ; rdfs:label ?label . ?issue a du:Issue ; du:inPlan ?plan . FILTER(?issue = ?plan) }",
    ).json()
    assert told["verdict"] == "join"
    assert told["pieces"][0]["text"] == "FILTER(?issue = ?plan)"
    assert {one["text"] for one in told["against"]} <= {
        "?plan a du:Plan .",
        "?issue a du:Issue .",
        "?issue du:inPlan ?plan .",
    }
    assert told["against"]
    assert told["terms"] == []


def test_two_classes_that_nothing_shares(server):
    told = why(
        server, "SELECT * { ?x rdfs:label ?l . ?x a du:Issue . ?x a du:Plan . OPTIONAL { ?x du:due ?d } }"
    ).json()
    assert told["verdict"] == "join"
    texts = {one["text"] for one in (*told["pieces"], *told["against"])}
    assert texts == {"?x a du:Issue .", "?x a du:Plan ."}


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("SELECT * { ?x a du:Issue } OFFSET 100000", "modifiers"),
        ("SELECT * { ?x a du:Issue } LIMIT 0", "modifiers"),
        ("SELECT ?x { ?x a du:Issue } GROUP BY ?x HAVING(COUNT(*) > 99)", "modifiers"),
        ("SELECT * { { SELECT ?x { ?x a du:Issue } GROUP BY ?x HAVING(COUNT(*) > 99) } }", "modifiers"),
        ("SELECT * { ?x a du:Issue }", "rows"),
        ("ASK { ?x a du:Nothing }", "pattern"),
        ("CONSTRUCT { ?x a du:Plan } WHERE { ?x a du:Nothing }", "pattern"),
        ("CONSTRUCT WHERE { ?x a du:Nothing }", "pattern"),
        ("SELECT * { { ?x a du:Nothing } UNION { ?x a du:Nought } }", "pattern"),
        ("SELECT * { GRAPH ?g { ?x a du:Nothing } }", "pattern"),
        ("SELECT * { ?x a du:Issue } VALUES ?x { du:None }", "join"),
        ("DESCRIBE <urn:nothing>", "unknown"),
        ("SELECT * { }", "rows"),
    ],
)
def test_verdicts(server, body, verdict):
    answer = why(server, body)
    assert answer.status_code == 200
    assert answer.json()["verdict"] == verdict


def test_a_piece_inside_a_sub_select_or_a_graph_is_found(server):
    told = why(server, "SELECT * {\n ?x a du:Issue .\n { SELECT ?x {\n ?x du:inPlan ?p ; du:nope ?y } }\n}").json()
    assert [(one["line"], one["text"]) for one in told["pieces"]] == [(7, "?x du:nope ?y .")]


def test_the_page_says_it_in_both_languages(server):
    for language, words in (("zh", "图中没有匹配"), ("en", "match nothing in the graph")):
        page = server.get(
            "/sparql/why",
            params={"query": HEAD + 'SELECT * { ?x a du:Nothing ; rdfs:label "<script>" }', "lang": language},
            headers={"Accept": "text/html"},
        )
        assert words in page.text
        assert "<script>" not in page.text.replace('<script src="/static', "")


def test_a_named_query_without_rows_offers_to_explain_itself(server):
    address = "/query/issue-load?region=上海市&lang=en"
    page = server.get(address, headers={"Accept": "text/html"}).text
    assert "explain=empty" in page
    assert "empties the join" not in page
    told = server.get(f"{address}&explain=empty", headers={"Accept": "text/html"}).text
    assert "empties the join" in told
    assert "VALUES ?region { &#34;上海市&#34; }" in told


def test_the_query_may_come_by_post(server):
    for options in (
        {"data": {"query": HEAD + "SELECT * { ?x a du:Nothing }"}},
        {"content": HEAD + "SELECT * { ?x a du:Nothing }", "headers": {"Content-Type": "application/sparql-query"}},
    ):
        answer = httpx.post(f"{server.url}/sparql/why", timeout=20, **options)
        assert answer.json()["verdict"] == "pattern"


# ---------------------------------------------------------------- what is refused, and what is hard


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 400),
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", 400),
        ("SELECT * " + "{" * 300 + "}" * 300, 400),
        ("SELECT * { ?s ?p " + '"x" . ?s ?p ' * 9000 + '"x" }', 413),
        ("SELECT * { ?x a }", 400),
        ("SELECT * { ?x nope:this ?y }", 400),
    ],
)
def test_what_the_endpoint_refuses_is_refused_here(server, query, status):
    answer = httpx.post(f"{server.url}/sparql/why", data={"query": query}, timeout=20)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert server.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?a = ?l && ?c = ?g && false) }",
        "SELECT * { " + "".join(f"?x{n} ?y ?z{n} . " for n in range(90)) + "FILTER(?z1 != ?z1) }",
        "SELECT * { " + "{ ?x a du:Nothing } UNION " * 300 + "{ ?x a du:Nought } }",
        "SELECT * " + "{ " * 90 + "?x a du:Nothing " + "} " * 90,
        'SELECT * { ?x rdfs:label "' + "长" * 15000 + '" }',
    ],
)
def test_a_hard_query_ends_in_time_and_admits_what_it_does_not_know(server, body):
    begun = time.monotonic()
    answer = why(server, body, headers={"Accept": "application/json"}) if len(body) < 12000 else None
    if answer is None:
        answer = httpx.post(f"{server.url}/sparql/why", data={"query": HEAD + body}, timeout=30)
    assert answer.status_code == 200
    told = answer.json()
    assert time.monotonic() - begun < 16
    assert told["verdict"] in {"pattern", "join", "unknown", "modifiers"}
    assert told["asked"] <= 60
    assert told["verdict"] != "unknown" or not told["complete"]
    assert server.query("ASK {}").status_code == 200


# ---------------------------------------------------------------- cutting a query into pieces


def test_every_named_query_is_cut_into_pieces_that_are_sparql():
    for name, query in load_queries().items():
        text = query.bound({})
        pattern = cut(text)
        assert len(pattern.elements) > 3, name
        ox.Store().query(pattern.ask(pattern.elements))
        for element in pattern.elements:
            assert element.words[0].begin <= element.begin <= element.words[-1].begin
            if inner := within(text, pattern, element):
                ox.Store().query(inner.ask(inner.elements))


def test_the_pieces_of_a_pattern():
    pattern = cut(
        HEAD
        + """SELECT ?r (COUNT(*) AS ?n) WHERE {
  ?t a du:Target, du:Goal ; du:inPlan/du:region? ?r ; ^du:value -3.5 ; .
  ?r rdfs:label "a.b;c"@zh, "x"^^du:T FILTER(LANG(?x) = "zh" && EXISTS { ?a ?b ?c })
  OPTIONAL { ?r du:x [ du:y 1 ] } [ a du:Z ] du:q ?z .
  { SELECT ?r WHERE { ?r ?p ?o } } { ?a a ?b } UNION { ?c a ?d }
  VALUES (?x ?y) { (1 UNDEF) } BIND(1 AS ?w) FILTER NOT EXISTS { ?a ?b ?c }
} GROUP BY ?r LIMIT 3 VALUES ?r { du:A }"""
    )
    assert [element.kind for element in pattern.elements] == (
        ["triple"] * 6 + ["filter", "optional", "triple", "select", "union", "values", "bind", "filter", "values"]
    )
    assert [element.text for element in pattern.elements[:6]] == [
        "?t a du:Target .",
        "?t a du:Goal .",
        "?t du:inPlan/du:region? ?r .",
        "?t ^du:value -3.5 .",
        '?r rdfs:label "a.b;c"@zh .',
        '?r rdfs:label "x"^^du:T .',
    ]
    assert {"GROUP", "LIMIT"} <= pattern.tail
    ox.Store().query(pattern.ask(pattern.elements))


@given(st.text(alphabet="{}()[]?xa.;,:/|^\"'<> \nSELECTWHRUNIONFLVAGPBD", max_size=120))
def test_cutting_any_text_ends(text):
    try:
        pattern = cut(text)
    except UncutError:
        return
    for element in pattern.elements:
        within(text, pattern, element)
