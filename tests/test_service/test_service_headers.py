"""Versions, entity tags, kept answers, HEAD and OPTIONS of a real server process."""

import httpx

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
    evaluated, hits = server.metric("ducha_query_seconds_count"), server.metric("ducha_cache_hits")
    server.query(text)
    httpx.post(f"{server.url}/sparql", data={"query": text})
    assert server.metric("ducha_query_seconds_count") == evaluated
    assert server.metric("ducha_cache_hits") >= hits + 2
