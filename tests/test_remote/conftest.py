"""Servers to publish to and to serve from: the real `oxigraph serve`, and a small one that knows what it is told to."""

import socket
import subprocess
import sysconfig
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pyoxigraph as ox
import pytest

from pipeline.snapshot import Snapshot, publish

WUHAN = "c907527abfc4942f"


@dataclass(frozen=True)
class Seen:
    """A request that a server got."""

    method: str
    path: str
    body: bytes
    authorization: str


class Handler(BaseHTTPRequestHandler):
    """`/query`, `/update` and `/store` over a store in memory, as far as the server offers them."""

    protocol_version = "HTTP/1.1"
    server: "SmallServer"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.seen.append(Seen(self.command, self.path, body, self.headers.get("Authorization", "")))
        if self.server.trouble and self.server.trouble(self):
            return
        path = urlsplit(self.path)
        name = path.path.strip("/")
        if name not in self.server.offers:
            self.reply(404, b"nothing here")
            return
        try:
            getattr(self, f"_{name}")(body, parse_qs(path.query, keep_blank_values=True))
        except SyntaxError as error:
            self.reply(400, str(error).encode())
        except (ValueError, OSError) as error:
            self.reply(500, str(error).encode())

    do_PUT = do_DELETE = do_POST  # noqa: N815 - the names are the library's

    def _query(self, body: bytes, _: object) -> None:
        fields = parse_qs(body.decode())
        dataset = {}
        if "default-graph-uri" in fields or "named-graph-uri" in fields:
            dataset["default_graph"] = [ox.NamedNode(iri) for iri in fields.get("default-graph-uri", [])]
            dataset["named_graphs"] = [ox.NamedNode(iri) for iri in fields.get("named-graph-uri", [])]
        with self.server.lock:
            results = self.server.store.query(fields["query"][0], **dataset)
            if isinstance(results, ox.QueryTriples):
                self.reply(200, results.serialize(format=ox.RdfFormat.N_TRIPLES), "application/n-triples")
            else:
                answer = results.serialize(format=ox.QueryResultsFormat.JSON)
                self.reply(200, answer, "application/sparql-results+json")

    def _update(self, body: bytes, _: object) -> None:
        with self.server.lock:
            self.server.store.update(body.decode())
        self.reply(204)

    def _store(self, body: bytes, fields: dict[str, list[str]]) -> None:
        graph = ox.NamedNode(fields["graph"][0]) if "graph" in fields else ox.DefaultGraph()
        with self.server.lock:
            if self.command == "DELETE" and not any(self.server.store.quads_for_pattern(None, None, None, graph)):
                self.reply(404)
                return
            if self.command in {"PUT", "DELETE"}:
                self.server.store.remove_graph(graph)
            self.server.store.load(body, format=ox.RdfFormat.N_TRIPLES, to_graph=graph)
        self.reply(204)

    def reply(self, status: int, body: bytes = b"", media_type: str = "text/plain", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class SmallServer(ThreadingHTTPServer):
    """`trouble` is asked before each request; when it says True, it has answered itself."""

    daemon_threads = True

    def __init__(self, offers: set[str]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.offers, self.store, self.seen = offers, ox.Store(), list[Seen]()
        self.lock = threading.Lock()
        self.trouble: Callable[[Handler], bool] | None = None
        self.url = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """A client that leaves in the middle is part of the tests."""


@pytest.fixture
def small() -> Iterator[Callable[..., SmallServer]]:
    """Starts a server that offers the addresses named."""
    running: list[SmallServer] = []

    def start(*offers: str) -> SmallServer:
        server = SmallServer(set(offers))
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        running.append(server)
        return server

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


@pytest.fixture
def oxigraph() -> Iterator[Callable[..., str]]:
    """Starts the Oxigraph server in memory; gives its address."""
    running: list[subprocess.Popen[bytes]] = []

    def start(*options: str) -> str:
        program = Path(sysconfig.get_path("scripts"), "oxigraph")
        with socket.create_server(("127.0.0.1", 0)) as listener:
            place = f"127.0.0.1:{listener.getsockname()[1]}"
        command = [program, "serve", "-b", place, *options]
        running.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        for _ in range(200):
            try:
                httpx.get(f"http://{place}/", timeout=1)
                return f"http://{place}"
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError("the server does not start")

    yield start
    for process in running:
        process.kill()
        process.wait()


def small_snapshot(out: Path, number: int = 1, graphs: int = 3) -> Snapshot:
    """A snapshot of a few graphs that all change with `number`, but for the first."""
    base = "https://w3id.org/ducha/"
    quads = [
        ox.Quad(
            ox.NamedNode(f"{base}organization/{index}"),
            ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label"),
            ox.Literal(f'生态环境局 {index} {number if graph else 0}\r\n"\\', language="zh"),
            ox.NamedNode(f"{base}graph/document/{graph}/stated"),
        )
        for graph in range(graphs)
        for index in range(20)
    ]
    manifest = {"base": base, "code_version": "test", "documents": [], "failures": [], "quarantined": []}
    return publish(out, quads, {}, manifest, report_ttl=b"", report_json=b"[]\n")


@pytest.fixture
def example() -> Callable[..., Snapshot]:
    return small_snapshot


def newer_version(snapshot: Snapshot, out: Path) -> Snapshot:
    """The snapshot without one of its documents, with another label of a region."""
    quads = [
        quad
        for quad in ox.parse(path=snapshot.dump_path, format=ox.RdfFormat.N_QUADS)
        if f"document/{WUHAN}" not in quad.graph_name.value
    ]
    region = next(quad for quad in quads if quad.graph_name.value.endswith("graph/regions"))
    quads.append(ox.Quad(region.subject, region.predicate, ox.Literal("新"), region.graph_name))
    kept = [entry for entry in snapshot.manifest["documents"] if entry["id"] != WUHAN]
    manifest = {**snapshot.manifest, "documents": kept}
    for name in ("version", "quads", "counts"):
        manifest.pop(name)
    texts = {entry["id"]: snapshot.text(entry["id"]) for entry in kept}
    report = snapshot.report_json_path.read_bytes()
    return publish(out, quads, texts, manifest, report_ttl=snapshot.report_path.read_bytes(), report_json=report)


@pytest.fixture
def newer() -> Callable[[Snapshot, Path], Snapshot]:
    return newer_version
