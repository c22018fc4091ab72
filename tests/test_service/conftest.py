"""A real server process on a small published snapshot: the example graph, the ontology, and one hostile node."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
from playwright.sync_api import Browser, sync_playwright

from pipeline.graph.shared import shared_quads
from pipeline.snapshot import Snapshot, publish
from pipeline.vocabulary import DEFAULT_BASE, DU, PREFIXES, graph_iri

EXAMPLE = Path(__file__).parents[1] / "graphs" / "example.trig"
DOCUMENT = "00112233445566aa"
HOSTILE = "<script>alert('x')</script>"
CHROMIUM = next((path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), None)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SERVER = """
import json
import sys
from pathlib import Path
from service.serve import run
from service.settings import Settings
out = Path(sys.argv[1])
run(out, "127.0.0.1", int(sys.argv[2]), Settings(out, **json.loads(sys.argv[3])))
"""
LEAVES = """
from service.front import Front
async def leave(self, scope, receive, send):
    await send({"type": "http.response.start", "status": 599, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})
Front.__call__ = leave
"""
SETTINGS = {"workers": 2, "prewarm": False, "timeout": 6, "memory": 300 << 20, "waiting": 4, "poll": 0.2}


def graph(*path: str) -> ox.NamedNode:
    return ox.NamedNode(graph_iri(DEFAULT_BASE, *path))


def example_quads(extra: str = "") -> list[ox.Quad]:
    """The example, the ontology with concepts and shapes, and an organisation whose label is markup."""
    quads = list(ox.parse(path=EXAMPLE, format=ox.RdfFormat.TRIG))
    shared = {graph("ontology"), graph("concepts"), graph("shapes")}
    quads += [quad for quad in shared_quads(DEFAULT_BASE) if quad.graph_name in shared]
    stated = graph("document", DOCUMENT, "stated")
    hostile = ox.NamedNode(f"{DEFAULT_BASE}organization/x-hostile")
    quads += [
        ox.Quad(hostile, ox.NamedNode(PREFIXES["rdf"] + "type"), ox.NamedNode(f"{DU}Organization"), stated),
        ox.Quad(hostile, ox.NamedNode(PREFIXES["rdfs"] + "label"), ox.Literal(HOSTILE + extra, language="zh"), stated),
        ox.Quad(hostile, ox.NamedNode(PREFIXES["dcterms"] + "source"), ox.NamedNode("javascript:alert(1)"), stated),
        ox.Quad(
            hostile,
            ox.NamedNode(f"{DU}evidence"),
            ox.NamedNode(f"{DEFAULT_BASE}document/{DOCUMENT}#char=230,260"),
            stated,
        ),
    ]
    return quads


def example_text() -> str:
    """400 code points that hold every quote of the example where its offsets say, with awkward characters between."""
    text = list(("甲<b>&\t\U00020000" * 100)[:398] + "\r\n")
    for quad in ox.parse(path=EXAMPLE, format=ox.RdfFormat.TRIG):
        if quad.predicate.value == f"{DU}quote":
            begin, end = map(int, quad.subject.value.partition("#char=")[2].split(","))
            text[begin : begin + min(end - begin, len(quad.object.value))] = quad.object.value[: end - begin]
    return "".join(text)


def publish_example(
    out: Path, rights: str = "official-document", extra: str = "", more: Iterable[ox.Quad] = ()
) -> Snapshot:
    text = example_text()
    document = {
        "id": DOCUMENT,
        "file": "example.txt",
        "sha256": DOCUMENT * 4,
        "title": "南通市整改方案",
        "rights": rights,
    }
    manifest = {
        "base": DEFAULT_BASE,
        "code_version": "test",
        "documents": [{**document, "text_length": len(text), "facts": 20, "findings": 1}],
        "failures": [],
        "quarantined": [],
    }
    quads = [*example_quads(extra), *more]
    return publish(out, quads, {DOCUMENT: text}, manifest, report_ttl=b"", report_json=b"[]\n")


@dataclass(frozen=True)
class Server:
    """A running service. `out` is the folder it serves."""

    url: str
    process: subprocess.Popen[str]
    out: Path

    def get(self, path: str, **options: object) -> httpx.Response:
        return httpx.get(self.url + path, timeout=20, **options)  # type: ignore[arg-type]

    def query(self, text: str, accept: str = "*/*", **parameters: str) -> httpx.Response:
        return self.get("/sparql", params={"query": text, **parameters}, headers={"Accept": accept})

    def metric(self, name: str) -> float:
        lines = self.get("/metrics").text.splitlines()
        return next((float(line.split()[-1]) for line in lines if line.split()[0] == name), 0.0)


def start(out: Path, before: str = "", **settings: object) -> Server:
    """`before` is a program that runs first in the server's process."""
    environment = {**os.environ, "PYTHONWARNINGS": "error"}
    command = [sys.executable, "-c", before + SERVER, str(out), "0", json.dumps({**SETTINGS, **settings})]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert " at http://" in line, line
    url = line.split(" at ")[1].strip().rstrip("/")
    for _ in range(100):
        try:
            if httpx.get(f"{url}/healthz", timeout=5).status_code == 200:
                break
        except httpx.TransportError:
            continue
    return Server(url, process, out)


def stop(server: Server) -> None:
    server.process.terminate()
    server.process.wait(timeout=20)
    if server.process.stdout:
        server.process.stdout.close()


@pytest.fixture(scope="session")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    publish_example(folder)
    return folder


@pytest.fixture(scope="session")
def server(out: Path) -> Iterator[Server]:
    running = start(out)
    yield running
    stop(running)


@pytest.fixture(scope="session")
def found(two_builds: Path) -> Iterator[Server]:
    """A server on two builds of real documents, with findings in several regions and a document left out."""
    running = start(two_builds)
    yield running
    stop(running)


@pytest.fixture(scope="session")
def cities(five: Path) -> Iterator[Server]:
    """A server on the five shipped documents."""
    running = start(five)
    yield running
    stop(running)


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts a server of its own on a snapshot published with the given options."""
    running: list[Server] = []

    def launched(**options: Any) -> Server:
        publish_example(tmp_path, **options)
        running.append(start(tmp_path))
        return running[-1]

    yield launched
    for one in running:
        stop(one)


@pytest.fixture(scope="session")
def launch_with() -> Callable[..., AbstractContextManager[Server]]:
    """Serves the example from a folder with settings of one's own."""

    @contextmanager
    def launched(folder: Path, **settings: float) -> Iterator[Server]:
        publish_example(folder)
        running = start(folder, **settings)
        try:
            yield running
        finally:
            stop(running)

    return launched


@pytest.fixture(scope="session")
def publish_more() -> Callable[..., AbstractContextManager[Server]]:
    """Serves the example with further quads from a folder."""

    @contextmanager
    def launched(folder: Path, more: Iterable[ox.Quad]) -> Iterator[Server]:
        publish_example(folder, more=more)
        running = start(folder)
        try:
            yield running
        finally:
            stop(running)

    return launched


@pytest.fixture(scope="session")
def two_ways(out: Path) -> Iterator[dict[str, Server]]:
    """The example by `service.direct` where it will, by the usual way only, and by the direct way only: what that leaves
    is answered by 599."""
    running = {"direct": start(out), "usual": start(out, log="requests"), "only": start(out, LEAVES)}
    yield running
    for one in running.values():
        stop(one)


@pytest.fixture
def publish_again() -> Callable[..., Snapshot]:
    return publish_example


@pytest.fixture(scope="session")
def stored_text() -> str:
    return example_text()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A running Chromium; in CI it must be there."""
    with sync_playwright() as playwright:
        known = CHROMIUM or playwright.chromium.executable_path
        if not Path(known).exists():
            if os.environ.get("CI"):
                pytest.fail("chromium is missing: the pages are not tested")
            pytest.skip("chromium is not installed")
        running = playwright.chromium.launch(executable_path=known, args=ARGUMENTS)
        yield running
        running.close()
