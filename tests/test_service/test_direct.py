"""Plain queries are answered ahead of the application, and by the same bytes and headers as by it."""

import asyncio
import os
import socket
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

BASE = "https://w3id.org/ducha/"
LABELS = "SELECT ?s ?label { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?label } ORDER BY ?s ?label LIMIT 40"
SHORT = f"DESCRIBE <{BASE}region/320600>"
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
CHANGING = {"date", "server-timing", "x-request-id"}

PLAIN = {
    "ask": ("GET", {"query": "ASK {}"}, {}, None),
    "a table": ("GET", {"query": LABELS}, {}, None),
    "as csv": ("GET", {"query": LABELS}, {"Accept": "text/csv"}, None),
    "as xml by format": ("GET", {"query": LABELS, "format": "xml"}, {}, None),
    "tsv among wishes": ("GET", {"query": LABELS, "format": "turtle", "output": "tsv"}, {}, None),
    "a graph": ("GET", {"query": SHORT}, {"Accept": "text/turtle;q=0.5, application/n-triples"}, None),
    "compressed": ("GET", {"query": LABELS}, {"Accept-Encoding": "gzip"}, None),
    "too small to compress": ("GET", {"query": "ASK {}"}, {"Accept-Encoding": "gzip"}, None),
    "with a time limit": ("GET", {"query": "ASK {}", "timeout": "2"}, {}, None),
    "in Chinese": ("GET", {"query": 'ASK { FILTER("督察" = "督察") }'}, {"Accept-Language": "zh"}, None),
    "posted": ("POST", {}, {"Content-Type": QUERY}, LABELS.encode()),
    "posted as a form": ("POST", {}, {"Content-Type": f"{FORM}; charset=UTF-8"}, b"query=ASK+%7B%7D&format=csv"),
    "last of a connection": ("GET", {"query": "ASK {}"}, {"Connection": "close"}, None),
    "through a proxy": (
        "GET",
        {"query": "ASK {}"},
        {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"},
        None,
    ),
    "no row": ("GET", {"query": "SELECT ?x { <urn:x> <urn:y> ?x }"}, {}, None),
}
UNUSUAL = {
    "no query": ("GET", {}, {}, None),
    "an empty one": ("GET", {"query": ""}, {}, None),
    "a broken one": ("GET", {"query": "SELECT * { ?s ?p"}, {}, None),
    "an update": ("POST", {}, {"Content-Type": FORM}, b"update=CLEAR+ALL"),
    "two queries": ("GET", {"query": ["ASK {}", "ASK { ?s ?p ?o }"]}, {}, None),
    "an unknown graph": ("GET", {"query": "ASK {}", "default-graph-uri": "urn:none"}, {}, None),
    "a service": ("GET", {"query": "ASK { SERVICE <urn:x> {} }"}, {}, None),
    "no format of ours": ("GET", {"query": "ASK {}"}, {"Accept": "image/png"}, None),
    "no encoding of ours": ("POST", {}, {"Content-Type": f"{QUERY}; charset=gbk"}, b"ASK {}"),
    "no media type of ours": ("POST", {}, {"Content-Type": "text/plain"}, b"ASK {}"),
    "broken bytes": ("POST", {}, {"Content-Type": QUERY}, b"ASK { FILTER('\xff' = '') }"),
    "no time": ("GET", {"query": "ASK {}", "timeout": "soon"}, {}, None),
    "too long": ("POST", {}, {"Content-Type": QUERY}, b"ASK { " + b"#" * 70_000 + b"\n}"),
    "a new value each time": ("GET", {"query": "ASK { BIND(NOW() AS ?n) }"}, {}, None),
    "a condition": ("GET", {"query": "ASK { ?a ?b ?c }"}, {"If-None-Match": "*"}, None),
    "a long answer": ("GET", {"query": "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 1000"}, {}, None),
    "another method": ("PUT", {"query": "ASK {}"}, {}, None),
    "the head alone": ("HEAD", {"query": "ASK {}"}, {}, None),
    "an answer by halves": ("GET", {"query": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 40000"}, {}, None),
}


def ask(server, method: str, parameters: Mapping[str, object], headers: Mapping[str, str], body: bytes | None):
    """Status, headers without what changes, and the body as it was sent."""
    headers = {"Host": "ducha.example", "Accept": "*/*", "Accept-Encoding": "identity", **headers}
    with httpx.Client(timeout=20) as client:
        asked = client.build_request(method, f"{server.url}/sparql", params=parameters, content=body, headers=headers)
        answer = client.send(asked, stream=True)
        raw = b"".join(answer.iter_raw())
    return answer.status_code, {n: v for n, v in answer.headers.items() if n not in CHANGING}, raw


@pytest.mark.parametrize("name", [*PLAIN, *UNUSUAL])
def test_both_ways_say_the_same(two_ways, name: str) -> None:
    asked = (PLAIN | UNUSUAL)[name]
    usual = ask(two_ways["usual"], *asked)
    for _ in range(3):  # evaluated, then kept for the query, then kept for the request
        got = ask(two_ways["direct"], *asked)
        assert got[:2] == usual[:2]
        assert got[2] == usual[2]


@pytest.mark.parametrize("name", PLAIN)
def test_plain_queries_need_no_application(two_ways, name: str) -> None:
    status, headers, body = ask(two_ways["only"], *PLAIN[name])
    assert status == 200
    assert (status, headers, body) == ask(two_ways["usual"], *PLAIN[name])


@pytest.mark.parametrize("name", UNUSUAL)
def test_all_else_is_left_to_it(two_ways, name: str) -> None:
    assert ask(two_ways["only"], *UNUSUAL[name])[0] == 599


def test_a_query_past_its_deadline_is_killed_in_time(two_ways) -> None:
    server = two_ways["direct"]
    killed = server.metric('ducha_worker_kills_total{why="deadline"}')
    begun = time.monotonic()
    answer = server.query(CROSS, timeout="1")
    assert (answer.status_code, answer.headers["ducha-limit"]) == (504, "timeout=1")
    assert time.monotonic() - begun < 2
    assert server.metric('ducha_worker_kills_total{why="deadline"}') == killed + 1


def test_the_query_of_a_client_that_leaves_is_killed(two_ways) -> None:
    server = two_ways["direct"]
    gone = server.metric('ducha_queries_total{outcome="gone"}')
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{server.url}/sparql", params={"query": f"{CROSS} #"}, timeout=0.5)
    for _ in range(50):
        if server.metric('ducha_queries_total{outcome="gone"}') == gone + 1:
            break
        time.sleep(0.1)
    else:
        pytest.fail("the query goes on")
    assert server.metric("ducha_workers_busy") == 0


def test_who_waits_for_a_worker_gets_one_or_hears_why_not(two_ways) -> None:
    server = two_ways["direct"]

    async def storm() -> list[httpx.Response]:
        async with httpx.AsyncClient(timeout=20) as client:
            address = f"{server.url}/sparql"
            slow = [client.get(address, params={"query": f"{CROSS} # {n}", "timeout": "1.5"}) for n in range(2)]
            quick = [client.get(address, params={"query": f"ASK {{}} # {n}", "timeout": "5"}) for n in range(12)]
            return await asyncio.gather(*slow, *quick)

    slow_1, slow_2, *quick = asyncio.run(storm())
    assert {slow_1.status_code, slow_2.status_code} <= {504, 503}
    assert {one.status_code for one in quick} == {200, 503}
    assert all("retry-after" in one.headers for one in quick if one.status_code == 503)
    assert server.query("ASK {} # after").status_code == 200


def test_requests_sent_at_once_are_answered_in_their_order(two_ways) -> None:
    server = two_ways["direct"]
    host, port = server.url.removeprefix("http://").split(":")
    asked = [f"SELECT ({n} AS ?n) {{}}" for n in range(30)] + ["SELECT (0 AS ?n) {}"] * 30
    head = "GET /sparql?query={} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n{}\r\n"
    wire = "".join(head.format(quote(one), "") for one in asked) + head.format(quote("ASK {}"), "Connection: close\r\n")
    with socket.create_connection((host, int(port)), 10) as connection:
        connection.sendall(wire.encode())
        got = b""
        while piece := connection.recv(1 << 16):
            got += piece
    bodies = [answer.partition(b"\r\n\r\n")[2].strip() for answer in got.split(b"HTTP/1.1 200 OK\r\n")[1:]]
    assert bodies == [b"n\r\n%d" % n for n in range(30)] + [b"n\r\n0"] * 30 + [b"true"]


def test_workers_that_died_while_idle_are_replaced_and_the_query_is_answered(two_ways) -> None:
    server = two_ways["direct"]
    assert server.query("ASK {} # before").status_code == 200
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    workers = [int(pid) for pid in children if b"service.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert workers
    for pid in workers:
        os.kill(pid, 9)
    answers = [server.query(f"ASK {{}} # after {n}") for n in range(6)]
    assert [one.text for one in answers] == [answers[0].text] * 6
    assert {one.status_code for one in answers} == {200}
