"""No client takes a part of an answer for the whole: workers, and the server itself, are killed while they send.

The answer asked for has more rows than could ever be sent, so a client that ends without an error has been lied to.
"""

import csv
import gc
import gzip
import http.client
import io
import os
import random
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
import pyarrow as pa
import pyarrow.csv
import pyoxigraph as ox
import pytest
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import SPARQLWrapper

ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
GRAPH = "CONSTRUCT { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"

# urllib leaves the socket of a connection that broke to the garbage collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    """Sockets left over are collected while their warning is expected."""
    yield
    gc.collect()


@pytest.fixture(scope="module")
def teller(tmp_path_factory, launch_with) -> Iterator[Any]:
    with launch_with(tmp_path_factory.mktemp("told"), timeout=20, held_bytes=64 << 10, workers=3) as server:
        yield server


def address(server: Any, form: str, query: str = ENDLESS) -> str:
    return f"{server.url}/sparql?{urlencode({'query': query, 'format': form})}"


def urllib_whole(server: Any) -> None:
    with urllib.request.urlopen(address(server, "json")) as answer:
        answer.read()


def urllib_lines(server: Any) -> None:
    with urllib.request.urlopen(address(server, "tsv")) as answer:
        for _ in answer:
            pass


def csv_reader(server: Any) -> None:
    with urllib.request.urlopen(address(server, "csv")) as answer:
        for _ in csv.reader(io.TextIOWrapper(answer, "utf-8", newline="")):
            pass


def http_client_tsv(server: Any) -> None:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc)
    try:
        connection.request("GET", address(server, "tsv").removeprefix(server.url))
        with connection.getresponse() as answer:
            while answer.readline():
                pass
    finally:
        connection.close()


def httpx_lines(server: Any) -> None:
    with httpx.stream("GET", address(server, "csv"), timeout=20) as answer:
        for _ in answer.iter_lines():
            pass


def gzip_lines(server: Any) -> None:
    request = urllib.request.Request(address(server, "csv"), headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        with gzip.open(answer) as plain:
            for _ in plain:
                pass


def arrow_csv(server: Any) -> None:
    with urllib.request.urlopen(address(server, "csv")) as answer:
        for _ in pyarrow.csv.open_csv(pa.PythonFile(answer)):
            pass


def triples(server: Any) -> None:
    with urllib.request.urlopen(address(server, "nt", GRAPH)) as answer:
        for _ in ox.parse(answer, ox.RdfFormat.N_TRIPLES):
            pass


def rdflib_store(server: Any) -> None:
    list(SPARQLStore(f"{server.url}/sparql", returnFormat="xml").query(ENDLESS))


def curl(server: Any) -> None:
    subprocess.run(["curl", "-sf", "-o", os.devnull, address(server, "csv")], check=True)


def _wrapper(server: Any, form: str) -> Any:
    wrapper = SPARQLWrapper(f"{server.url}/sparql")
    wrapper.setQuery(ENDLESS)
    wrapper.setReturnFormat(form)
    return wrapper.query()


def wrapper_json(server: Any) -> None:
    _wrapper(server, "json").convert()


def wrapper_lines(server: Any) -> None:
    for _ in _wrapper(server, "csv"):
        pass


CLIENTS = (
    *(urllib_whole, urllib_lines, csv_reader, http_client_tsv, httpx_lines, gzip_lines),
    *(arrow_csv, triples, rdflib_store, curl, wrapper_json, wrapper_lines),
)


def children(pid: int) -> list[int]:
    return [int(one) for task in Path(f"/proc/{pid}/task").glob("*/children") for one in task.read_text().split()]


def after_the_first_bytes(server: Any, kill: Callable[[], None], seed: int) -> threading.Thread:
    """Kills, at a moment of its own, once a worker is at work and has had time to fill the first block."""

    def wait_and_kill() -> None:
        until = time.monotonic() + 10
        while not server.metric("ducha_workers_busy") and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(0.2 + random.Random(seed).random() / 2)  # noqa: S311 - a moment, not a secret
        kill()

    thread = threading.Thread(target=wait_and_kill)
    thread.start()
    return thread


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("client", CLIENTS, ids=[client.__name__ for client in CLIENTS])
def test_a_worker_killed_in_mid_answer_is_an_error_to_every_client(teller, client, seed):
    broken = teller.metric('ducha_queries_total{outcome="broken"}')

    def kill() -> None:
        for pid in children(teller.process.pid):
            os.kill(pid, signal.SIGKILL)

    thread = after_the_first_bytes(teller, kill, seed)
    with pytest.raises(Exception, match=r".") as error:
        client(teller)
    thread.join()
    assert not isinstance(error.value, AssertionError)
    assert teller.metric('ducha_queries_total{outcome="broken"}') == broken + 1
    assert teller.query("ASK {}").json()["boolean"] is True


def test_http_1_0_is_told_by_the_status(teller):
    def kill() -> None:
        for pid in children(teller.process.pid):
            os.kill(pid, signal.SIGKILL)

    thread = after_the_first_bytes(teller, kill, 1)
    place = urlsplit(teller.url)
    with socket.create_connection((place.hostname, place.port), timeout=25) as client:
        client.sendall(f"GET /sparql?query={quote(ENDLESS)} HTTP/1.0\r\nHost: x\r\n\r\n".encode())
        told = b"".join(iter(lambda: client.recv(1 << 16), b""))
    thread.join()
    assert told.split(b" ")[1] == b"500"
    assert b"application/problem+json" in told


@pytest.mark.parametrize("client", [urllib_lines, csv_reader, curl], ids=lambda client: client.__name__)
def test_a_server_killed_in_mid_answer_is_an_error_too(tmp_path, launch_with, client):
    with launch_with(tmp_path, timeout=20, held_bytes=64 << 10) as server:
        thread = after_the_first_bytes(server, server.process.kill, 1)
        with pytest.raises(Exception, match=r".") as error:
            client(server)
        thread.join()
        assert not isinstance(error.value, AssertionError)
