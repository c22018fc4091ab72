"""Versions, entity tags, kept answers, HEAD and OPTIONS of a real server process."""

import re

import httpx
import pytest

QUERY = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?label WHERE { ?plan a <https://w3id.org/ducha/ontology#Plan> ; rdfs:label ?label }"""


def test_head_has_the_headers_of_get_and_no_body(server):
    got = server.query(QUERY, "text/csv")
    head = httpx.head(f"{server.url}/sparql", params={"query": QUERY}, headers={"Accept": "text/csv"})
    assert head.status_code == 200
    assert head.content == b""
    for name in ("content-type", "content-length", "etag", "ducha-version"):
        assert head.headers[name] == got.headers[name]
    assert httpx.head(f"{server.url}/sparql", params={"query": "SELECT"}).status_code == 400


def test_options_answers_a_preflight(server):
    response = httpx.options(f"{server.url}/sparql", headers={"Origin": "https://example.org"})
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == "*"
    assert "POST" in response.headers["access-control-allow-methods"]


def test_every_answer_names_the_version_and_may_be_read_by_other_sites(server):
    version = (server.out / "current").read_text().strip()
    for path in ("/", "/sparql?query=ASK%7B%7D", "/sparql?query=bad", "/nowhere", "/region/320600", "/healthz"):
        response = server.get(path)
        assert response.headers["ducha-version"] == version
        assert response.headers["access-control-allow-origin"] == "*"
        assert "Accept" in response.headers["vary"]


def test_strong_entity_tags_spare_the_body(server):
    first = server.query(QUERY, "text/csv")
    tag = first.headers["etag"]
    assert not tag.startswith("W/")
    again = server.get(
        "/sparql", params={"query": QUERY}, headers={"Accept": "text/csv", "If-None-Match": f'"x", {tag}'}
    )
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert server.query(QUERY, "application/json").headers["etag"] != tag
    assert server.query(QUERY + " ", "text/csv").headers["etag"] != tag
    changed = server.get("/sparql", params={"query": QUERY}, headers={"Accept": "text/csv", "If-None-Match": '"x"'})
    assert (changed.status_code, changed.content) == (200, first.content)


def test_an_answer_that_changes_from_run_to_run_is_not_kept(server):
    first, second = server.query("SELECT (UUID() AS ?u) {}"), server.query("SELECT (UUID() AS ?u) {}")
    assert first.content != second.content
    assert "etag" not in first.headers
    assert first.headers["cache-control"] == "no-store"


def test_a_repeated_query_comes_from_the_cache(server):
    text = "ASK { ?cached ?p ?o }"
    server.query(text)
    evaluated, hits = server.metric("ducha_query_seconds_count"), server.metric("ducha_cache_hits_total")
    server.query(text)
    httpx.post(f"{server.url}/sparql", data={"query": text})
    assert server.metric("ducha_query_seconds_count") == evaluated
    assert server.metric("ducha_cache_hits_total") >= hits + 2


def test_rows_are_counted_in_every_format(server):
    tables = [server.query("SELECT * { ?s ?p ?o } LIMIT 900", format=name) for name in ("json", "xml", "csv", "tsv")]
    (number,) = {answer.headers["ducha-rows"] for answer in tables}
    assert int(number) == len(tables[0].json()["results"]["bindings"]) > 100
    graph = "CONSTRUCT { ?s a ?t } WHERE { ?s a ?t } LIMIT 900"
    lines = server.query(graph, format="nt")
    assert int(lines.headers["ducha-rows"]) == len(lines.text.splitlines())
    assert server.query(graph, format="rdf").headers["ducha-rows"] == lines.headers["ducha-rows"]
    assert "ducha-rows" not in server.query("ASK {}").headers


def test_rows_of_a_kept_answer_are_told_again(server):
    text = "SELECT ?kept { ?kept a <https://w3id.org/ducha/ontology#City> }"
    first = httpx.post(f"{server.url}/sparql", data={"query": text})
    again = httpx.post(f"{server.url}/sparql", data={"query": text})
    assert first.headers["ducha-rows"] == again.headers["ducha-rows"] == "1"


def test_every_answer_tells_its_time(server):
    assert re.fullmatch(
        r"queue;dur=[\d.]+, query;dur=[\d.]+, total;dur=[\d.]+",
        server.query("ASK { ?timed ?p ?o }").headers["server-timing"],
    )
    assert server.query("ASK { ?timed ?p ?o }").headers["server-timing"].startswith("cache, total;dur=")
    assert "total;dur=" in server.query("nonsense").headers["server-timing"]


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("br, gzip;q=0.5", "gzip"),
        ("*", "gzip"),
        ("identity", None),
        ("gzip;q=0", None),
        ("gzip;q=0.0, *", None),
        ("", None),
    ],
)
def test_answers_are_compressed_for_those_who_take_it(server, accepted, coding):
    parameters = {"query": "SELECT * { ?s ?p ?o } LIMIT 900"}
    answer = server.get("/sparql", params=parameters, headers={"Accept-Encoding": accepted})
    assert answer.headers.get("content-encoding") == coding
    assert "Accept-Encoding" in answer.headers["vary"]
    plain = server.get("/sparql", params=parameters, headers={"Accept-Encoding": "identity"})
    assert answer.content == plain.content
    if coding:
        assert int(answer.headers["content-length"]) < len(plain.content) / 2
        assert answer.headers["etag"] != plain.headers["etag"]


def test_both_forms_of_an_answer_are_known_by_their_tags(server):
    parameters = {"query": "SELECT * { ?s ?p ?o }"}
    for coding in ("gzip", "identity"):
        first = server.get("/sparql", params=parameters, headers={"Accept-Encoding": coding})
        headers = {"Accept-Encoding": coding, "If-None-Match": first.headers["etag"]}
        for way in ("GET", "HEAD"):
            again = httpx.request(way, f"{server.url}/sparql", params=parameters, headers=headers)
            assert (again.status_code, again.headers["etag"]) == (304, first.headers["etag"])
        posted = httpx.post(f"{server.url}/sparql", data=parameters, headers=headers)
        assert (posted.status_code, posted.headers["etag"]) == (304, first.headers["etag"])


def test_a_stream_is_compressed_too(server):
    query = {"query": "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 20000 # not asked before", "format": "csv"}
    answers = [server.get("/sparql", params=query, headers={"Accept-Encoding": coding}) for coding in ("gzip", "br")]
    assert [answer.headers.get("content-encoding") for answer in answers] == ["gzip", None]
    assert answers[0].content == answers[1].content
    assert "content-length" not in answers[0].headers


def test_small_answers_and_dumps_are_sent_as_they_are(server):
    headers = {"Accept-Encoding": "gzip"}
    assert "content-encoding" not in server.get("/sparql?query=ASK%7B%7D", headers=headers).headers
    part = server.get("/dumps/dump.nq", headers=headers | {"Range": "bytes=0-99"})
    assert (part.status_code, len(part.content), part.headers.get("content-encoding")) == (206, 100, None)


def test_the_service_description_names_the_host_it_was_asked_by(server):
    for host in ("a.example", "b.example"):
        told = server.get("/sparql", headers={"Accept": "text/turtle", "Host": host}).text
        assert f"http://{host}/sparql" in told


def test_a_preflight_allows_any_header(server):
    asked = {"Origin": "https://a.example", "Access-Control-Request-Headers": "x-requested-with, authorization"}
    allowed = httpx.options(f"{server.url}/sparql", headers=asked).headers["access-control-allow-headers"]
    assert allowed == "*, Authorization"
    exposed = server.query("ASK {}").headers["access-control-expose-headers"]
    assert {"Ducha-Version", "Ducha-Rows", "Ducha-Limit", "ETag", "Server-Timing"} <= set(exposed.split(", "))
