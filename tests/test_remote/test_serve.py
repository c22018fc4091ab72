"""`ducha serve --endpoint`: the same answers as from the store of one's own, and none that is not true."""

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter

import httpx
import pyoxigraph as ox
import pytest

from pipeline.query import load_queries
from pipeline.remote.endpoint import Client, Credentials
from pipeline.remote.publish import Publication
from pipeline.remote.target import Target
from pipeline.snapshot import current_snapshot

SERVE = """
import sys
from pathlib import Path
import service.serve
from service.settings import Settings
out = Path(sys.argv[1])
settings = Settings(out, workers=2, timeout=4, poll=0.2, held_bytes=100_000, prewarm=False)
service.serve.run(out, "127.0.0.1", 0, settings, endpoint=sys.argv[2])
"""
EVERYTHING = "SELECT ?s ?p ?o { ?s ?p ?o }"


EACH = 2  # addresses of each kind that are looked at
KINDS = {
    "plan",
    "plan/issue",
    "plan/target",
    "plan/principle",
    "document",
    "supervision",
    "round",
    "region",
    "organization",
}
KINDS |= {"finding", "concept", "shape", "plan.ttl", "region.rdf", "document.ttl", "document/gap.nt", "concept.jsonld"}
KINDS |= {"search?", "ontology", "ontology.ttl", "validation", "validation?", "dumps", "docs", "about", "openapi.json"}


class Service:
    """A running service; `remote` is its endpoint, empty for the store of its own."""

    def __init__(self, out, remote=""):
        environment = {**os.environ, "PYTHONWARNINGS": "error"}
        command = [sys.executable, "-c", SERVE, str(out), remote]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        line = self.process.stdout.readline()
        assert " at http://" in line, line
        self.url = line.rpartition(" at ")[2].strip().rstrip("/")
        self.client = httpx.Client(base_url=self.url, timeout=30)
        for _ in range(200):
            try:
                self.client.get("/healthz")
                return
            except httpx.TransportError:
                time.sleep(0.05)

    def get(self, path, accept="*/*", **parameters):
        return self.client.get(path, headers={"Accept": accept}, params=parameters or None)

    def query(self, text, accept="text/csv", **parameters):
        return self.client.post("/sparql", headers={"Accept": accept}, data={"query": text, **parameters})

    def stop(self):
        self.client.close()
        self.process.terminate()
        self.process.wait(timeout=20)
        self.process.stdout.close()


def put(out, url):
    with Client(20, Credentials()) as client:
        Publication(current_snapshot(out), Target.find(client, url, pause=0.01)).run()


@pytest.fixture
def serve():
    running = []

    def start(out, remote=""):
        running.append(Service(out, remote))
        return running[-1]

    yield start
    for service in running:
        service.stop()


def refused(out, remote):
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, "serve", "--out", str(out), "--endpoint", remote, "--port", "0"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    return done.stderr


COMMAND = "from pipeline.cli import main; main()"


def without_names(page, service):
    """The page without the words that name the endpoint and the service's own address."""
    return re.sub(r" · (?:from|取自) <code>[^<]*</code>", "", page.replace(service.url, ""))


def graph_of(answer):
    """The triples of an answer, with blank nodes named alike in every answer (RDFC-1.0)."""
    kind = answer.headers["content-type"].partition(";")[0]
    dataset = ox.Dataset(ox.parse(answer.content, format=ox.RdfFormat.from_media_type(kind)))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(map(str, dataset))


def kind_of(path):
    """What an address is of: every named query for itself, and nodes by what they are: `plan/issue/measure.ttl`."""
    place, _, asked = re.sub(r"c14n\d+", "unnamed", path).partition("?")
    parts = place.strip("/").split("/")
    suffix = re.search(r"\.\w+$", parts[-1])
    kind = (
        place if parts[0] == "query" else "/".join(parts[::2]) + (suffix[0] if suffix and len(parts) % 2 == 0 else "")
    )
    return kind + ("?" if asked else "")


@pytest.mark.slow
def test_every_page_and_answer_is_the_embedded_one(five, oxigraph, serve):
    url = oxigraph()
    put(five, url)
    remote, embedded = serve(five, url), serve(five)
    seen, todo, kinds, graphs = set(), ["/?lang=en", "/?lang=zh", "/search?q=整改"], Counter(), 0
    while todo:
        path = todo.pop(0)
        if path in seen or kinds[kind_of(path)] == EACH:
            continue
        seen.add(path)
        kinds[kind_of(path)] += 1
        ours, theirs = remote.get(path, "text/html, */*;q=0.1"), embedded.get(path, "text/html, */*;q=0.1")
        assert ours.status_code == theirs.status_code, path
        assert ours.headers["content-type"] == theirs.headers["content-type"], path
        media_type = ours.headers["content-type"].partition(";")[0]
        if media_type in {"text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"}:
            assert graph_of(ours) == graph_of(theirs), path
            graphs += 1
        else:
            assert without_names(ours.text, remote) == without_names(theirs.text, embedded), path
        if media_type == "text/html":
            found = [link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"#]*)', theirs.text)]
            todo += [link for link in found if not link.startswith("/static/")]
    assert kinds.keys() >= KINDS, sorted(KINDS - kinds.keys())
    assert {f"/query/{name}" for name in load_queries()} <= kinds.keys()
    assert graphs > 30

    for name in load_queries():
        for suffix in (".csv", ".json"):
            ours, theirs = remote.get(f"/query/{name}{suffix}"), embedded.get(f"/query/{name}{suffix}")
            assert ours.status_code == theirs.status_code == 200
            assert ours.content == theirs.content, name
            assert ours.headers["etag"] == theirs.headers["etag"]
    for accept in ("application/sparql-results+xml", "text/tab-separated-values"):
        query = "SELECT ?s ?o { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?o } ORDER BY ?s ?o LIMIT 200"
        assert remote.query(query, accept).content == embedded.query(query, accept).content
    plan = next(path for path in seen if re.fullmatch(r"/plan/[\w-]+", path))
    for suffix in ("ttl", "nt", "jsonld", "rdf"):
        assert graph_of(remote.get(f"{plan}.{suffix}")) == graph_of(embedded.get(f"{plan}.{suffix}"))
    ours, theirs = (service.get("/sparql", "application/n-triples") for service in (remote, embedded))
    functions = {one for one in graph_of(theirs) if "extensionFunction" in one or one.endswith("#Function>")}
    assert len(functions) == 2, "a function that only the embedded engine has, and what it is"
    assert len(graph_of(ours)) == len(graph_of(theirs) - functions), "the marker is no graph of the dataset"
    assert remote.get("/healthz").json() == {**embedded.get("/healthz").json(), "endpoint": f"{url}/query"}
    assert f"{url}/query" in remote.get("/").text


def test_the_store_of_the_snapshot_is_not_needed(small, example, serve, tmp_path):
    server, snapshot = small("query", "update"), example(tmp_path)
    put(tmp_path, server.url)
    rows = ox.Store.read_only(str(snapshot.store_path)).query("SELECT (COUNT(*) AS ?n) { ?s a ?o ; ?p ?q }")
    counted = f"n\r\n{next(iter(rows))['n'].value}\r\n"
    shutil.rmtree(snapshot.store_path)
    service = serve(tmp_path, server.url)
    assert service.query("SELECT (COUNT(*) AS ?n) { ?s a ?o ; ?p ?q }").text == counted
    assert service.get("/organization/3.nt").status_code == 200


def test_what_the_guard_refuses_is_never_sent(small, example, serve, tmp_path):
    server = small("query", "update")
    example(tmp_path)
    put(tmp_path, server.url)
    service = serve(tmp_path, server.url)
    before = len(server.seen)
    for query in (
        "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }",
        "DROP ALL",
        "DEFINE get:soft 'replace' SELECT * FROM <http://example.org/> { ?s ?p ?o }",
        "EXPLAIN SELECT * { ?s ?p ?o }",
        "ASK " + "{" * 200 + "}" * 200,
        "SELECT * FROM <urn:elsewhere> { ?s ?p ?o }",
        "SELECT * FROM <https://w3id.org/ducha/graph/published> { ?s ?p ?o }",
    ):
        assert service.query(query).status_code == 400, query
    assert server.seen[before:] == []
    wrong = service.query("SELECT * { ?s ?p")
    assert wrong.status_code == 400
    assert "\n" not in wrong.json()["detail"]


def test_a_phrase_is_searched_by_the_index_and_the_function_refused(small, example, serve, tmp_path):
    server, snapshot = small("query", "update"), example(tmp_path)
    put(tmp_path, server.url)
    shutil.rmtree(snapshot.store_path)
    service = serve(tmp_path, server.url)
    found = service.get("/search.json", q="環境局 7").json()
    assert found["counts"]["label"] > 0
    assert "环境局 7" in found["results"][0]["text"]
    prefix = "PREFIX duf: <https://w3id.org/ducha/function/> "
    told = service.query(f'{prefix}SELECT ?n {{ ?n duf:search "環境局 7" . ?n ?p ?o }}')
    assert found["results"][0]["iri"] in told.text
    before = len(server.seen)
    refused = service.query(f'{prefix}SELECT * {{ ?s ?p ?o FILTER(duf:matches(?o, "環境局")) }}')
    assert refused.status_code == 400
    assert "duf:matches is not there in a remote store" in refused.json()["detail"]
    assert server.seen[before:] == []
    description = service.get("/sparql", "text/turtle").text
    assert "propertyFeature" in description
    assert "extensionFunction" not in description


def test_graphs_of_the_protocol_are_passed_on(small, example, serve, tmp_path):
    server = small("query", "update")
    example(tmp_path)
    put(tmp_path, server.url)
    remote, embedded = serve(tmp_path, server.url), serve(tmp_path)
    graph = "https://w3id.org/ducha/graph/document/1/stated"
    for query in ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"):
        for name in ("default-graph-uri", "named-graph-uri"):
            assert remote.query(query, **{name: graph}).text == embedded.query(query, **{name: graph}).text


@pytest.mark.slow
def test_a_store_that_does_not_hold_the_snapshot_is_not_served(small, example, tmp_path):
    server = small("query", "store")
    example(tmp_path / "1", 1)
    assert "holds nothing published under" in refused(tmp_path / "1", server.url)
    put(tmp_path / "1", server.url)
    example(tmp_path / "2", 2)
    assert "--out is at" in refused(tmp_path / "2", server.url)
    graph = ox.NamedNode("https://w3id.org/ducha/graph/document/1/stated")
    server.store.remove(next(server.store.quads_for_pattern(None, None, None, graph)))
    assert "has 19 triples, 20 were published" in refused(tmp_path / "1", server.url)
    server.store.remove_graph(ox.NamedNode("https://w3id.org/ducha/graph/published"))
    assert "holds nothing published under" in refused(tmp_path / "1", server.url)
    assert "refuses the connection" in refused(tmp_path / "1", "http://127.0.0.1:9")
    assert "404 Not Found" in refused(tmp_path / "1", f"{server.url}/wrong")


def test_a_newer_version_is_taken_up_and_never_mixed(small, example, serve, tmp_path):
    server = small("query", "update")
    out, other = tmp_path / "out", tmp_path / "other"
    first = example(out, 1)
    put(out, server.url)
    service = serve(out, server.url)
    label = "SELECT DISTINCT ?o {{ GRAPH ?g {{ ?s ?p ?o FILTER(CONTAINS(?o, ' 7 2')) }} }} LIMIT {}"
    assert service.query(label.format(9)).text == "o\r\n"
    second = example(other, 2)
    put(other, server.url)
    stale = service.query(label.format(8))
    assert (stale.status_code, stale.headers["ducha-version"]) == (502, first.version)
    detail = f"the remote store: does not hold version {first.version} any more; try again shortly"
    assert stale.json()["detail"] == detail
    health = service.get("/healthz")
    assert (health.status_code, health.json()["status"]) == (503, "failing")
    assert service.query(label.format(9)).text == "o\r\n", "what was kept is still true of the version it names"
    example(out, 2)
    for _ in range(100):
        if service.get("/healthz").json()["version"] == second.version:
            break
        time.sleep(0.1)
    fresh = service.query(label.format(8))
    assert (fresh.status_code, fresh.headers["ducha-version"]) == (200, second.version)
    assert "生态环境局 7 2" in fresh.text


ROW = b'{"a":{"type":"literal","value":"%s"}}' % (b"x" * 1000)


def send_rows(handler, rows, end=b"]}}", *, last=True):
    """An answer of many rows in pieces; the connection is closed where `end` is None, left open where not `last`."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/sparql-results+json")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()

    def piece(data):
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    piece(b'{"head":{"vars":["a"]},"results":{"bindings":[')
    for number in range(rows):
        piece(ROW if number == 0 else b"," + ROW)
    if end is None:
        handler.close_connection = True
        return
    if last:
        piece(end)
        handler.wfile.write(b"0\r\n\r\n")


TROUBLES = {
    "html": (lambda h: h.reply(200, b"<html>", "text/html"), 502, "answers text/html, not SPARQL"),
    "prose after the answer": (lambda h: send_rows(h, 1, b"]}} timed out"), 502, "gives a broken answer"),
    "cut": (lambda h: send_rows(h, 2, None), 502, "breaks off its answer"),
    "500": (lambda h: h.reply(500, b"boom"), 502, "fails (500 Internal Server Error: boom)"),
    "401": (lambda h: h.reply(401, b"who?"), 502, "refuses (401 Unauthorized: who?)"),
    "redirect": (lambda h: h.reply(307, b"", Location="http://127.0.0.1:9/"), 502, "which is not followed"),
    "gone": (lambda h: setattr(h, "close_connection", True), 502, "cannot be reached"),
    "slow": (lambda h: time.sleep(6), 504, "took longer than it may"),
    "400": (lambda h: h.reply(400, b"no such function"), 400, "no such function"),
}


@pytest.mark.slow
def test_every_trouble_of_the_endpoint_is_one_line(small, example, serve, tmp_path):
    server = small("query", "update")
    example(tmp_path)
    put(tmp_path, server.url)
    service = serve(tmp_path, server.url)
    for name, (act, status, words) in TROUBLES.items():
        server.trouble = lambda handler, act=act: act(handler) or True
        answer = service.query(EVERYTHING)
        assert answer.status_code == status, name
        detail = answer.json()["detail"]
        assert words in detail, name
        assert "\n" not in detail, name
        page = service.get("/organization/3", "text/html")
        assert page.status_code == (status if name != "400" else 400), name
    server.trouble = None
    assert service.query(EVERYTHING).status_code == 200
    assert service.get("/healthz").status_code == 200


def test_a_long_answer_is_passed_on_as_it_comes_and_broken_off_where_it_breaks(small, example, serve, tmp_path):
    server = small("query", "update")
    example(tmp_path)
    put(tmp_path, server.url)
    service = serve(tmp_path, server.url)

    def long(handler, end=b"]}}"):
        if b"EVERY" in server.seen[-1].body:
            send_rows(handler, 3000, end)
            return True
        return False

    server.trouble = long
    whole = service.query(f"# EVERY 1\n{EVERYTHING}")
    assert len(whole.content) == 3000 * 1002 + 3
    server.trouble = lambda handler: long(handler, None)
    with pytest.raises(httpx.TransportError):
        service.query(f"# EVERY 2\n{EVERYTHING}")

    def outdated(handler):
        if b"EVERY" not in server.seen[-1].body:
            handler.reply(200, b'{"head":{},"boolean":false}', "application/sparql-results+json")
            return True
        return long(handler)

    server.trouble = outdated
    with pytest.raises(httpx.TransportError):
        service.query(f"# EVERY 3\n{EVERYTHING}")
    left = threading.Event()

    def endless(handler):
        try:
            send_rows(handler, 200, b" ", last=False)
            while True:
                handler.wfile.write(b"400\r\n" + b" " * 1024 + b"\r\n")
                time.sleep(0.01)
        except OSError:
            left.set()
        return True

    server.trouble = endless
    with service.client.stream("POST", "/sparql", data={"query": f"# EVERY 4\n{EVERYTHING}"}) as answer:
        pieces = answer.iter_raw()
        next(pieces)
        assert not left.wait(0.5)
    assert left.wait(3), "the endpoint is told when the client leaves, before the time limit"
