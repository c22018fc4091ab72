"""`/sparql` against a real server process: protocol, formats, limits, caching."""

import contextlib
import csv
import io
import json
import socket
import time
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import httpx
import pyoxigraph as ox
import pytest

TITLE = "SELECT ?label WHERE { ?plan a <https://w3id.org/ducha/ontology#Plan> ; rdfs:label ?label }"
QUERY = f"PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> {TITLE}"
LABEL = "南通市贯彻落实省第三环境保护督察组反馈意见整改方案"
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
GRAPH = "CONSTRUCT { ?s a ?t } WHERE { ?s a ?t }"


def settle(server):
    """Waits until both workers are there and idle; fails when one goes on for two seconds."""
    for _ in range(40):
        if server.metric("ducha_workers_busy") == 0 and server.metric("ducha_workers") == 2:
            return
        time.sleep(0.05)
    pytest.fail("a worker is still busy")


@pytest.mark.parametrize("way", ["get", "form", "direct"])
def test_three_ways_of_sending_a_query_give_one_answer(server, way):
    url = f"{server.url}/sparql"
    if way == "get":
        response = httpx.get(url, params={"query": QUERY})
    elif way == "form":
        response = httpx.post(url, data={"query": QUERY})
    else:
        response = httpx.post(url, content=QUERY.encode(), headers={"Content-Type": "application/sparql-query"})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/sparql-results+json"
    assert response.json()["results"]["bindings"][0]["label"] == {"type": "literal", "value": LABEL, "xml:lang": "zh"}


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("application/xml", "application/xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("text/*", "text/csv; charset=utf-8"),
        ("text/csv;q=0.1, application/json;q=0.9", "application/json"),
    ],
)
def test_table_formats(server, accept, media_type):
    response = server.query(QUERY, accept)
    assert response.headers["content-type"] == media_type
    if "xml" in media_type:
        document = ElementTree.fromstring(response.content)  # noqa: S314 - our own server wrote it
        assert LABEL in "".join(document.itertext())
    elif "json" in media_type:
        assert json.loads(response.content)["results"]["bindings"]
    elif "csv" in media_type:
        assert list(csv.reader(io.StringIO(response.text)))[:2] == [["label"], [LABEL]]
    else:
        assert f'"{LABEL}"@zh' in response.text


@pytest.mark.parametrize("name", ["ttl", "nt", "rdf", "jsonld", "n3", "trig", "nq"])
def test_graph_formats_hold_the_same_triples(server, name):
    response = server.query(GRAPH, format=name)
    form = ox.RdfFormat.from_media_type(response.headers["content-type"])
    expected = ox.parse(server.query(GRAPH, "application/n-triples").content, format=ox.RdfFormat.N_TRIPLES)
    assert {q.triple for q in ox.parse(response.content, format=form)} == {q.triple for q in expected}


@pytest.mark.parametrize("accept", ["image/png", "text/html", "*/*;q=0", "text/turtle"])
def test_a_table_is_refused_where_no_table_format_is_accepted(server, accept):
    response = server.query(QUERY, accept)
    assert response.status_code == 406
    assert "text/csv" in response.text


def test_ask_and_describe(server):
    assert server.query("ASK { ?s ?p ?o }").json()["boolean"] is True
    described = server.query("DESCRIBE <https://w3id.org/ducha/region/320600>", "text/turtle")
    assert "南通市" in described.text


def test_the_default_graph_is_the_union_and_from_narrows_it(server):
    count = "SELECT (COUNT(*) AS ?n) {0} WHERE {{ ?s a <https://w3id.org/ducha/ontology#City> }}"
    regions = "https://w3id.org/ducha/graph/regions"
    concepts = "https://w3id.org/ducha/graph/concepts"

    def number(response):
        return int(response.json()["results"]["bindings"][0]["n"]["value"])

    assert number(server.query(count.format(""))) == 1
    assert number(server.query(count.format(f"FROM <{regions}>"))) == 1
    assert number(server.query(count.format(f"FROM <{concepts}>"))) == 0
    assert number(server.query(count.format(""), **{"default-graph-uri": regions})) == 1
    assert number(server.query(count.format(""), **{"named-graph-uri": regions})) == 0


@pytest.mark.parametrize("where", ["from", "named", "parameter"])
def test_a_graph_that_is_not_here_is_refused_not_answered_with_nothing(server, where):
    if where == "parameter":
        response = server.query("ASK {}", **{"default-graph-uri": "http://example.org/g"})
    else:
        clause = "FROM" if where == "from" else "FROM NAMED"
        response = server.query(f"SELECT *\n{clause} <http://example.org/g> {{ ?s ?p ?o }}")
        assert "line 2" in response.text
    assert response.status_code == 400
    assert "example.org/g" in response.text


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"params": {"query": "SELECT * { ?s ?p"}}, 400),
        ({"params": {"query": ""}}, 400),
        ({"params": [("query", "ASK {}"), ("query", "ASK {}")]}, 400),
        ({"params": {"query": "INSERT DATA { <a:a> <a:b> <a:c> }"}}, 400),
        ({"params": {"update": "DROP ALL"}}, 400),
        ({"params": {"query": "ASK {}", "timeout": "soon"}}, 400),
        ({"params": {"query": "ASK {}", "timeout": "-1"}}, 400),
        ({"params": {"query": "ASK {}", "format": "exe"}}, 406),
        ({"params": {"query": "SELECT * { SERVICE <http://127.0.0.1/> {} }"}}, 400),
        ({"method": "POST", "content": b"ASK {}", "headers": {"Content-Type": "text/plain"}}, 415),
        ({"method": "POST", "content": b"DROP ALL", "headers": {"Content-Type": "application/sparql-update"}}, 415),
        ({"method": "POST", "content": b"ASK {}"}, 415),
        (
            {"method": "POST", "content": b"ASK { # \xff\n}", "headers": {"Content-Type": "application/sparql-query"}},
            400,
        ),
        (
            {
                "method": "POST",
                "content": b"query=ASK+%7B%7D+%23%FF",
                "headers": {"Content-Type": "application/x-www-form-urlencoded"},
            },
            400,
        ),
        (
            {
                "method": "POST",
                "content": b"ASK {} #" + b"x" * 70_000,
                "headers": {"Content-Type": "application/sparql-query"},
            },
            413,
        ),
        ({"method": "PUT"}, 405),
        ({"method": "DELETE"}, 405),
        ({"method": "PATCH"}, 405),
    ],
)
def test_wrong_requests(server, options, status):
    response = httpx.request(options.pop("method", "GET"), f"{server.url}/sparql", **options)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["detail"].strip()
    if status == 405:
        assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD", "POST", "OPTIONS"}


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/problem+json"),
        ("text/csv", "application/problem+json"),
        ("application/sparql-results+json, text/html;q=0.5, application/json", "application/problem+json"),
        ("text/plain, text/csv;q=0.5", "text/plain; charset=utf-8"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
    ],
)
def test_a_problem_is_json_unless_a_client_prefers_a_page_or_text(server, accept, media_type):
    asked = {"Accept": accept, "Accept-Language": "en"}
    response = server.get("/sparql", params={"query": "SELECT * {\n ?s ?p }"}, headers=asked)
    assert (response.status_code, response.headers["content-type"]) == (400, media_type)
    assert "line 2, column 8" in response.text


@pytest.mark.parametrize(
    ("query", "kind", "line", "column", "token"),
    [
        ("SELECT * {\n ?s ?p }", "syntax", 2, 8, "}"),
        ("SELECT * {\n ?s foaf:name ?o }", "syntax", 2, 5, "foaf:name"),
        ("SELECT * {\n { ?s ?p ?o }", "syntax", 1, 10, "{"),
        ("SELECT * WHER { ?s ?p ?o }", "syntax", 1, 15, "{"),
        ("SELECT * { ?s ?p 'a\n }", "syntax", 1, 18, "'a"),
        ("ASK {\n SERVICE <http://a/> {} }", "service", 2, 2, "SERVICE"),
        ("LOAD <http://a/>", "update", 1, 1, "LOAD"),
        ("ASK FROM <http://a/> {}", "graph", 1, 10, "<http://a/>"),
        ("ASK " + "{" * 200, "nesting", 1, 105, "{"),
    ],
)
def test_a_problem_says_its_kind_its_place_and_what_to_do(server, query, kind, line, column, token):
    problem = server.query(query).json()
    assert (problem["kind"], problem["line"], problem["column"], problem["token"]) == (kind, line, column, token)
    assert problem["hint"]


def test_relative_iris_are_resolved_by_the_base_of_the_data(server):
    assert server.query("ASK { <region/320600> ?p ?o }").json()["boolean"] is True
    assert server.query("ASK FROM <graph/regions> { <region/320600> ?p ?o }").json()["boolean"] is True
    assert server.query("BASE <http://example.org/> ASK { <region/320600> ?p ?o }").json()["boolean"] is False


def test_invalid_utf8_in_the_address(server):
    assert httpx.get(f"{server.url}/sparql?query=ASK%20%7B%7D%20%23%ff").status_code == 400


def test_a_query_past_its_deadline_is_a_504_and_the_next_is_answered(server):
    begun = time.monotonic()
    response = server.query(CROSS, timeout="1")
    assert response.status_code == 504
    assert time.monotonic() - begun < 2.5
    assert server.query("ASK {}").json()["boolean"] is True


def test_a_memory_bomb_is_a_500_and_the_next_is_answered(server):
    doubling = " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(30))
    response = server.query(f"SELECT ?x30 {{ BIND('0123456789abcdef' AS ?x0) {doubling} }}")
    assert response.status_code == 500
    assert "memory" in response.text
    assert server.query("ASK {}").json()["boolean"] is True


def test_a_large_answer_is_streamed_whole(server):
    response = server.query("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 20000", "text/csv")
    assert "content-length" not in response.headers
    assert len(list(csv.reader(io.StringIO(response.text)))) == 20_001


def test_an_answer_broken_off_never_looks_whole(server):
    with pytest.raises(httpx.TransportError):
        server.query(ENDLESS, "text/csv", timeout="1.5")
    assert server.query("ASK {}").status_code == 200


def test_http_1_0_gets_a_status_instead_of_a_broken_body(server):
    host = urlsplit(server.url)
    target = f"/sparql?timeout=1&query={quote(ENDLESS)}"
    with socket.create_connection((host.hostname, host.port), timeout=10) as client:
        client.sendall(f"GET {target} HTTP/1.0\r\nHost: x\r\nAccept: text/csv\r\n\r\n".encode())
        head = client.makefile("rb").readline()
    assert b"504" in head or b"500" in head


def test_a_client_that_leaves_frees_its_worker(server):
    host = urlsplit(server.url)
    with socket.create_connection((host.hostname, host.port)) as client:
        client.sendall(f"GET /sparql?query={quote(CROSS)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        for _ in range(50):
            if server.metric("ducha_workers_busy") == 1:
                break
            time.sleep(0.05)
    settle(server)


def test_too_many_queries_are_told_to_come_back(server):
    host = urlsplit(server.url)
    settle(server)
    with contextlib.ExitStack() as stack:
        for number in range(2 + 4):
            client = stack.enter_context(socket.create_connection((host.hostname, host.port)))
            head = f"Host: x\r\nX-Forwarded-For: 192.0.2.{number}\r\n"
            client.sendall(f"GET /sparql?query={quote(CROSS)} HTTP/1.1\r\n{head}\r\n".encode())
        for _ in range(50):
            if server.metric("ducha_queries_waiting") == 4:
                break
            time.sleep(0.05)
        response = server.query("ASK { }")
        assert response.status_code == 503
        assert "waiting already" in response.text
        assert int(response.headers["retry-after"]) > 0
        assert server.get("/", headers={"Accept": "text/html"}).status_code == 200
    settle(server)
    assert server.query("ASK {  }").status_code == 200


def test_xml_keeps_a_carriage_return(server):
    response = server.query('SELECT ("a\\r\\nb" AS ?x) {}', "application/sparql-results+xml")
    assert b"&#xD;" in response.content
    document = ElementTree.fromstring(response.content)  # noqa: S314 - our own server wrote it
    assert "a\r\nb" in [element.text for element in document.iter()]


def test_escapes_of_the_whole_query_are_understood(server):
    assert server.query("\\u0041SK { \\u007D").json()["boolean"] is True


def test_without_a_query_browsers_get_the_editor_and_machines_the_description(server):
    assert "<textarea" in server.get("/sparql", headers={"Accept": "text/html,*/*;q=0.8"}).text
    described = server.get("/sparql", headers={"Accept": "text/turtle"}).text
    assert "UnionDefaultGraph" in described
    assert "graph/regions" in described


def test_a_long_query_may_stand_in_the_address_however_it_arrives(server):
    host = urlsplit(server.url)
    text = "ASK {} #" + "x" * 50_000
    assert server.query(text).status_code == 200
    with socket.create_connection((host.hostname, host.port), timeout=10) as client:
        request = f"GET /sparql?query={quote(text)}y HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        for begin in range(0, len(request), 5000):
            client.sendall(request[begin : begin + 5000])
            time.sleep(0.01)
        assert client.recv(100).startswith(b"HTTP/1.1 200 ")
    assert server.query("ASK {}", accept="text/csv, " + "a" * 150_000).status_code == 431
