"""`ducha publish`: what is there afterwards, and what is there when it does not come to its end."""

import base64
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from pipeline.errors import EndpointError, UsageError
from pipeline.remote.endpoint import Client, Credentials
from pipeline.remote.publish import Publication
from pipeline.remote.published import check_published, find_query, read_published
from pipeline.remote.target import Target
from pipeline.snapshot import current_snapshot
from pipeline.vocabulary import DEFAULT_BASE

MARKER = f"{DEFAULT_BASE}graph/published"
LISTED = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"


def send(snapshot, url, *, update="", store="", in_place=False, batch=10_000, say=lambda line: None):
    with Client(5, Credentials()) as client:
        target = Target.find(client, url, pause=0.01, say=say)
        return Publication(snapshot, target, batch=batch).run(update, store, in_place=in_place)


def check(snapshot, url):
    with Client(5, Credentials()) as client:
        return check_published(client, find_query(client, url), snapshot.manifest["base"], snapshot.version)


def command(*arguments, **environment):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("DUCHA_STORE")}
    return subprocess.run(
        [sys.executable, "-c", "from pipeline.cli import main; main()", *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**inherited, **environment},
        timeout=60,
        check=False,
    )


def remote_graphs(url):
    """Graph → its triples, without the marker."""
    with Client(20, Credentials()) as client:
        return _remote_graphs(client, url)


def _remote_graphs(client, url):
    names = [row["g"].value for row in client.select(f"{url}/query", LISTED)]
    found = {}
    for name in {"", *names} - {MARKER}:
        body = f"GRAPH <{name}> {{ ?s ?p ?o }}" if name else "?s ?p ?o"
        rows = client.select(f"{url}/query", f"SELECT ?s ?p ?o {{ {body} }}")
        found[name] = {(row["s"], row["p"], row["o"]) for row in rows}
    return found


def local_graphs(snapshot):
    store = ox.Store.read_only(str(snapshot.store_path))
    found = {}
    for quad in store:
        name = "" if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name.value
        found.setdefault(name, set()).add((quad.subject, quad.predicate, quad.object))
    return found


@pytest.mark.slow
def test_the_five_documents_and_then_a_newer_version(five, oxigraph, newer, tmp_path):
    url, snapshot = oxigraph(), current_snapshot(five)
    done = send(snapshot, url)
    there, wanted = remote_graphs(url), local_graphs(snapshot)
    assert there.keys() == wanted.keys()
    blank = {
        name for name, triples in wanted.items() if any(isinstance(t, ox.BlankNode) for row in triples for t in row)
    }
    assert not blank
    assert there == wanted
    assert (done.written, done.in_place) == (len(wanted), False)
    assert check(snapshot, url).parts.keys() == wanted.keys()
    again = send(snapshot, url)
    assert (again.written, again.sent, again.unchanged) == (0, 0, len(wanted))

    later = newer(snapshot, tmp_path)
    done = send(later, url)
    assert remote_graphs(url) == local_graphs(later)
    assert (done.written, done.removed) == (3, 2), "regions, description and default graph differ, one document is gone"
    with pytest.raises(EndpointError, match=f"holds version {later.version}"):
        check(snapshot, url)
    check(later, url)


@pytest.mark.parametrize("offers", [("query", "update"), ("query", "update", "store"), ("query", "store")])
def test_each_way_of_writing_gives_the_same(small, example, tmp_path, offers):
    server = small(*offers)
    for number, written in ((1, 5), (2, 4)):
        snapshot = example(tmp_path, number)
        done = send(snapshot, server.url, batch=7)
        assert remote_graphs(server.url) == local_graphs(snapshot)
        check(snapshot, server.url)
        assert (done.written, done.in_place) == (written, "update" not in offers), "one graph stays as it is"


def test_without_a_second_copy_where_the_operator_wants_it(oxigraph, example, tmp_path):
    url = oxigraph()
    for number in (1, 2):
        snapshot = example(tmp_path, number)
        assert send(snapshot, url, in_place=True).in_place
        assert remote_graphs(url) == local_graphs(snapshot)
        check(snapshot, url)


def test_addresses_may_be_given(small, example, tmp_path):
    server = small("query", "update")

    def elsewhere(handler):
        """Updates are taken at /rdf/update alone."""
        if handler.path == "/update":
            handler.reply(404)
            return True
        handler.path = handler.path.removeprefix("/rdf")
        return False

    server.trouble = elsewhere
    snapshot = example(tmp_path)
    with pytest.raises(EndpointError, match="neither updates nor graphs"):
        send(snapshot, server.url)
    send(snapshot, f"{server.url}/query", update=f"{server.url}/rdf/update")
    check(snapshot, server.url)


def write_requests(server):
    return [one for one in server.seen if not one.body.startswith(b"query=")]


@pytest.mark.slow
@pytest.mark.parametrize("offers", [("query", "update"), ("query", "store")], ids=["in one step", "in place"])
def test_a_killed_publication_never_looks_whole(small, example, tmp_path, offers):
    """The process is killed at every third write, one after another; afterwards the next run mends everything."""
    server = small(*offers)
    first = example(tmp_path / "first", 1)
    send(first, server.url)
    before = len(write_requests(server))
    second = example(tmp_path / "second", 2)
    send(second, server.url)
    writes = len(write_requests(server)) - before
    send(first, server.url)
    for stop in range(1, writes + 1, 3):
        reached, go_on = threading.Event(), threading.Event()
        before = len(write_requests(server))

        def hold(handler, stop=stop, before=before, reached=reached, go_on=go_on):
            if len(write_requests(server)) - before == stop:
                reached.set()
                go_on.wait(20)
                return True
            return False

        server.trouble = hold
        code = "from pipeline.cli import main; main()"
        arguments = ["publish", "--to", server.url, "--out", str(tmp_path / "second")]
        process = subprocess.Popen([sys.executable, "-c", code, *arguments], stderr=subprocess.DEVNULL)
        assert reached.wait(20), stop
        process.kill()
        process.wait()
        go_on.set()
        server.trouble = None
        now = remote_graphs(server.url)
        whole = {name: triples for name, triples in now.items() if "/incoming/" not in name}
        with Client(5, Credentials()) as client:
            version = read_published(client, f"{server.url}/query", DEFAULT_BASE).version
        if "update" in offers:
            assert (version, whole) == (first.version, local_graphs(first))
            check(first, server.url)
        elif version:
            assert whole == local_graphs(first), "nothing was written yet"
        else:
            with pytest.raises(EndpointError, match="not published to its end"):
                check(first, server.url)
        send(second, server.url)
        assert remote_graphs(server.url) == local_graphs(second)
        send(first, server.url)
        assert remote_graphs(server.url) == local_graphs(first)


def test_an_answer_lost_after_the_switch_is_no_failure(small, example, tmp_path):
    server = small("query", "update")
    lost = []

    def lose(handler):
        if b"MOVE GRAPH" not in server.seen[-1].body or lost:
            return False
        lost.append(True)
        server.store.update(server.seen[-1].body.decode())
        handler.reply(504, b"the gateway waited too long")
        return True

    server.trouble = lose
    snapshot = example(tmp_path)
    send(snapshot, server.url)
    assert lost
    assert remote_graphs(server.url) == local_graphs(snapshot)


def test_a_server_that_is_busy_is_asked_again(small, example, tmp_path):
    server, said, refused = small("query", "update", "store"), [], []

    def busy(handler):
        if handler.command == "PUT" and len(refused) < 3:
            refused.append(True)
            handler.reply(503, b"busy")
            return True
        return False

    server.trouble = busy
    snapshot = example(tmp_path)
    send(snapshot, server.url, say=said.append)
    check(snapshot, server.url)
    assert [line.rpartition("in ")[2] for line in said] == ["0.01 s", "0.02 s", "0.04 s"]
    assert all("fails (503" in line for line in said)


def test_data_of_others_is_neither_overwritten_nor_served(small, example, tmp_path):
    snapshot = example(tmp_path)
    for graph in ("<urn:theirs>", "DEFAULT"):
        server = small("query", "update", "store")
        triple = "<urn:a> <urn:b> <urn:c>"
        server.store.update(
            f"INSERT DATA {{ {triple} }}" if graph == "DEFAULT" else f"INSERT DATA {{ GRAPH {graph} {{ {triple} }} }}"
        )
        before = set(server.store)
        with pytest.raises(EndpointError, match="data that ducha did not publish"):
            send(snapshot, server.url)
        assert set(server.store) == before
        assert write_requests(server) == []


def test_what_was_changed_behind_our_back_is_noticed_and_mended(oxigraph, example, tmp_path):
    url, snapshot = oxigraph(), example(tmp_path)
    send(snapshot, url)
    graph = f"{DEFAULT_BASE}graph/document/1/stated"
    with Client(5, Credentials()) as client:
        client.update(f"{url}/update", f"DELETE WHERE {{ GRAPH <{graph}> {{ <{DEFAULT_BASE}organization/3> ?p ?o }} }}")
    with pytest.raises(EndpointError, match=r"document/1/stated> has 19 triples, 20 were published"):
        check(snapshot, url)
    assert send(snapshot, url).written == 1
    check(snapshot, url)


def test_a_union_that_counts_twice_is_refused(oxigraph, tmp_path, example):
    url = oxigraph("--union-default-graph")
    with pytest.raises(
        EndpointError, match=r"counts a triple once for every graph that holds it .*; turn the union off"
    ):
        # The first and the second graph share no triple, so the same number in both is needed.
        send(example(tmp_path, 0), url)
    with pytest.raises(EndpointError, match="not published to its end"):
        check(current_snapshot(tmp_path), url)


def test_a_union_that_counts_right_is_taken(oxigraph, tmp_path, example):
    url, snapshot = oxigraph("--union-default-graph"), example(tmp_path, 1, graphs=1)
    assert send(snapshot, url).in_place
    check(snapshot, url)
    assert send(snapshot, url).sent == 0


def test_blank_nodes_stay_one_across_graphs(oxigraph, tmp_path):
    data = tmp_path / "data.trig"
    data.write_text("GRAPH <urn:g1> { <urn:a> <urn:has> _:b } GRAPH <urn:g2> { _:b <urn:name> 'x' }", encoding="utf-8")
    assert command("load", data, "--out", tmp_path / "out").returncode == 0
    url = oxigraph()
    for _ in range(2):
        done = command("publish", "--to", url, "--out", tmp_path / "out")
        assert done.returncode == 0, done.stderr
    query = "ASK { GRAPH <urn:g1> { <urn:a> <urn:has> ?b } GRAPH <urn:g2> { ?b <urn:name> 'x' } FILTER(isIRI(?b)) }"
    with Client(5, Credentials()) as client:
        assert client.ask(f"{url}/query", query)


def test_a_server_that_garbles_text_is_found_out(small, example, tmp_path):
    server = small("query", "update")
    honest = server.store.update

    def garble(handler):
        if handler.path == "/update":
            honest(server.seen[-1].body.decode("latin-1"))
            handler.reply(204)
            return True
        return False

    server.trouble = garble
    with pytest.raises(EndpointError, match=r"does not give triples of .* back as they were sent"):
        send(example(tmp_path), server.url)


def test_credentials_come_from_the_environment_or_a_file_and_are_never_shown(small, example, tmp_path):
    server = small("query", "update", "store")
    pair = "Basic " + base64.b64encode("谁:geheim".encode()).decode()

    def locked(handler):
        if handler.headers.get("Authorization") in (pair, "Bearer geheim"):
            return False
        handler.reply(401, b"who are you?")
        return True

    server.trouble = locked
    example(tmp_path)
    (tmp_path / "password").write_text("geheim\n", encoding="utf-8")
    publish = ("publish", "--to", server.url, "--out", tmp_path)
    done = command(*publish)
    assert done.returncode == 2
    assert done.stderr == (
        f"ducha: {server.url}: refuses (401 Unauthorized: who are you?);"
        " set DUCHA_STORE_USER and DUCHA_STORE_PASSWORD, or DUCHA_STORE_TOKEN\n"
    )
    for given in (
        {"DUCHA_STORE_USER": "谁", "DUCHA_STORE_PASSWORD": "geheim"},
        {"DUCHA_STORE_USER": "谁", "DUCHA_STORE_PASSWORD_FILE": str(tmp_path / "password")},
        {"DUCHA_STORE_TOKEN": "geheim"},
    ):
        done = command(*publish, **given)
        assert (done.returncode, done.stderr) == (0, "")
        assert "geheim" not in done.stdout
    wrong = command(*publish, DUCHA_STORE_TOKEN="verraten")  # noqa: S106 - it is no one's
    assert wrong.returncode == 2
    assert "verraten" not in wrong.stdout + wrong.stderr
    shown = command("publish", "--to", "http://user:geheim@127.0.0.1/", "--out", tmp_path)
    assert shown.returncode == 2
    assert "geheim" not in shown.stderr
    assert repr(Credentials("Bearer geheim")) == "Credentials(…)"
    with pytest.raises(UsageError, match="set both"):
        Credentials.of({"DUCHA_STORE_USER": "me"})


TROUBLES = {
    "html": (lambda h: h.reply(200, b"<html>hello", "text/html"), "answers text/html, not SPARQL"),
    "redirect": (
        lambda h: h.reply(302, b"", Location="http://elsewhere.example/"),
        "redirects to http://elsewhere.example/",
    ),
    "401": (lambda h: h.reply(401), "refuses (401 Unauthorized)"),
    "500": (
        lambda h: h.reply(500, b"out of disk\n  at line 3"),
        "fails (500 Internal Server Error: out of disk at line 3)",
    ),
    "prose": (lambda h: h.reply(200, b"query timed out", "application/sparql-results+json"), "gives a broken answer"),
    "slow": (lambda h: time.sleep(2), "does not answer in time"),
    "zipped": (lambda h: h.reply(200, b"x", "application/sparql-results+json", Content_Encoding="gzip"), "not SPARQL"),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_every_trouble_is_one_line(small, example, tmp_path, name):
    server = small("query", "update")
    answer, words = TROUBLES[name]
    server.trouble = lambda handler: answer(handler) or True
    example(tmp_path)
    done = command("publish", "--to", server.url, "--out", tmp_path, "--timeout", "1" if name == "slow" else "20")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith(f"ducha: {server.url}")
    assert words in done.stderr
    assert "; " in done.stderr


def test_nobody_there_and_the_wrong_door(oxigraph, example, tmp_path):
    example(tmp_path)
    url = oxigraph()
    wrong = command("publish", "--to", f"{url}/wrong", "--out", tmp_path)
    assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1)
    assert "404" in wrong.stderr
    assert "name the address of its SPARQL queries" in wrong.stderr
    none = command("publish", "--to", "http://127.0.0.1:9", "--out", tmp_path)
    assert (
        none.stderr == "ducha: http://127.0.0.1:9: refuses the connection; check that the server runs and the address\n"
    )
    assert command("publish", "--to", "ftp://x", "--out", tmp_path).returncode == 2
    assert httpx.get(f"{url}/store", params={"graph": MARKER}).status_code == 404


def test_500_in_the_middle_is_tried_again_and_then_said(small, example, tmp_path):
    server = small("query", "store")
    first = example(tmp_path / "1", 1)
    send(first, server.url)

    def full(handler):
        if handler.command == "PUT" and "stated" in handler.path:
            handler.reply(500, b"no space left")
            return True
        return False

    server.trouble = full
    with pytest.raises(EndpointError, match=r"fails \(500 .*no space left\)"):
        send(example(tmp_path / "2", 2), server.url)
    server.trouble = None
    with pytest.raises(EndpointError, match="not published to its end; publish again with `ducha publish`"):
        check(first, server.url)
    assert len([one for one in server.seen if "stated" in one.path and one.method == "PUT"]) == 3 + 5


def test_an_answer_cut_short_is_an_error(small):
    server = small("query")

    def cut(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "application/n-triples")
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        handler.wfile.write(b"<urn:a> <urn:b> <urn:c> .\n")
        handler.close_connection = True
        return True

    server.trouble = cut
    client = Client(5, Credentials())
    with (
        pytest.raises(EndpointError, match="breaks off its answer"),
        client.query(f"{server.url}/query", "DESCRIBE <urn:a>", "application/n-triples") as answer,
    ):
        list(ox.parse(answer, format=ox.RdfFormat.N_TRIPLES))


def test_the_folder_is_the_snapshots(tmp_path: Path):
    done = command("publish", "--to", "http://127.0.0.1:9", "--out", tmp_path)
    assert done.returncode == 2
    assert "nothing is published here" in done.stderr
