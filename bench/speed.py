"""Requests a second of the service beside the stock Oxigraph server and rdflib-endpoint, on the same data in one run.

    python bench/speed.py [--triples N] [--seconds S] [--rounds R] [--clients C] [--keep DIR]

The data are the documents of the project and N triples of invented plans (`graphs.py`). The stock server reads the very
store of the snapshot, without a time limit. Servers take turns within each round, so that a busy machine slows both. The
service is asked when it has answered the named queries for itself (`service/prewarm.py`).

- named: the queries of `queries/`, again and again; the service answers them from kept bytes.
- analytic: the same, each with a comment of its own, so that nobody has seen it before.
- lookup: all triples of one node, every node once.
- mix: nine lookups and named queries of ten, one analytic (only where rdflib-endpoint takes part).
"""

import argparse
import itertools
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox
from graphs import keep, of_size
from load import Asked, Load, measure

from pipeline.load import load
from pipeline.query import load_queries
from pipeline.snapshot import Snapshot, current_snapshot

ROOT = Path(__file__).parents[1]
DUCHA = (sys.executable, "-c", "from pipeline.cli import main; main()")
SLOW = 1.0  # seconds; a named query that takes longer on the stock server is left out of the loads, and named
ENDPOINT = """
import sys
import uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint
graph = Dataset(default_union=True)
graph.parse(sys.argv[1], format="nquads")
uvicorn.run(SparqlEndpoint(graph=graph, path="/sparql"), port=int(sys.argv[2]), log_level="error")
"""


@dataclass
class Server:
    """One of the servers compared. `command` starts it on a port; `address` is where it takes queries."""

    name: str
    command: Callable[[int], list[str]]
    address: str = "/sparql"
    loads: dict[str, list[Load]] = field(default_factory=dict)
    processor: dict[str, list[float]] = field(default_factory=dict)

    def rate(self, kind: str) -> float:
        return statistics.median(load.rate for load in self.loads[kind])

    def cost(self, kind: str) -> float:
        """Milliseconds of processor time a request, of all its processes: what a busy machine changes least."""
        return 1000 * sum(self.processor[kind]) / max(1, sum(len(load.latencies) for load in self.loads[kind]))


def servers(snapshot: Snapshot, out: Path, *, slow: bool) -> list[Server]:
    binary = Path(sys.executable).with_name("oxigraph")
    found = [
        Server("ducha", lambda port: [*DUCHA, "serve", "--out", str(out), "--port", str(port)]),
        Server(
            "oxigraph",
            lambda port: [str(binary), "serve-read-only", "-l", str(snapshot.store_path), "-b", f"127.0.0.1:{port}"],
            "/query",
        ),
    ]
    if slow:
        found.append(
            Server("rdflib-endpoint", lambda port: [sys.executable, "-c", ENDPOINT, str(snapshot.dump_path), str(port)])
        )
    return found


def processor_seconds(session: int) -> float:
    """What the processes of a session have used so far, their ended children included."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(server: Server) -> Iterator[tuple[int, int]]:
    """The port and the session of the server while it runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        server.command(port),
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if measure(port, iter([Asked.query("ASK {}", server.address)]), 0, 1).rate:
                break
            time.sleep(0.1)
        while server.name == "ducha" and time.monotonic() < deadline + 120:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as metrics:
                if b"\nducha_prewarmed 1.0" in metrics.read():
                    break
            time.sleep(0.5)
        yield port, process.pid
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def quick_queries(store: ox.Store) -> tuple[list[str], list[str]]:
    """The named queries with their defaults, and the names of those left out as too slow for a load."""
    texts, left_out = [], []
    for query in load_queries().values():
        text = query.bound({})
        if not re.search(r"\bSELECT\b", text):
            continue
        begun = time.perf_counter()
        for _ in store.query(text):  # type: ignore[union-attr]
            pass
        seconds = time.perf_counter() - begun
        if seconds > SLOW:
            left_out.append(f"{query.name} ({seconds:.1f} s)")
        else:
            texts.append(text)
    return texts, left_out


def subjects(store: ox.Store, seed: int) -> list[str]:
    """Nodes in an order of chance."""
    found = sorted({quad.subject.value for quad in store if isinstance(quad.subject, ox.NamedNode)})
    random.Random(seed).shuffle(found)  # noqa: S311 - the same nodes in every run
    return found


def requests(kind: str, texts: list[str], nodes: list[str], turn: int) -> Iterator[str]:
    """Endless queries of one kind; `turn` makes those that nobody may have seen differ from turn to turn."""
    if kind == "named":
        yield from itertools.cycle(texts)
    if kind == "analytic":
        for number, text in enumerate(itertools.cycle(texts)):
            yield f"{text}\n# {turn}.{number}"
    if kind == "lookup":
        for node in nodes:
            yield f"SELECT ?p{turn} ?o WHERE {{ <{node}> ?p{turn} ?o }}"
    if kind == "mix":
        named, analytic = requests("named", texts, nodes, turn), requests("analytic", texts, nodes, turn)
        lookups = itertools.cycle(nodes)
        while True:
            for _ in range(5):
                yield f"SELECT ?p ?o WHERE {{ <{next(lookups)}> ?p ?o }}"
                yield next(named)
            yield next(analytic)


def compare(title: str, snapshot: Snapshot, out: Path, options: argparse.Namespace, *, slow: bool) -> None:
    store = ox.Store.read_only(str(snapshot.store_path))
    texts, left_out = quick_queries(store)
    nodes = subjects(store, options.seed)
    print(f"\n{title}: {snapshot.manifest['quads']:,} quads; {len(texts)} named queries", flush=True)
    if left_out:
        print(f"  left out, over {SLOW:g} s each: {', '.join(left_out)}")
    compared = servers(snapshot, out, slow=slow)
    turns = itertools.count()
    kinds = [
        kind for kind in ("named", "analytic", "lookup", "mix") if kind in options.kinds and (slow or kind != "mix")
    ]
    for _ in range(options.rounds):
        for server in compared:
            with running(server) as (port, session):
                for kind in kinds if server.name != "rdflib-endpoint" else ["mix"]:
                    if kind == "named":
                        measure(port, (Asked.query(text, server.address) for text in texts), 60, 1)
                    asked = (Asked.query(query, server.address) for query in requests(kind, texts, nodes, next(turns)))
                    before = processor_seconds(session)
                    load_ = measure(port, asked, options.seconds, options.clients)
                    server.processor.setdefault(kind, []).append(processor_seconds(session) - before)
                    server.loads.setdefault(kind, []).append(load_)
                    if load_.failed:
                        print(f"  {server.name} {kind}: not answered by 200: {dict(load_.statuses)}")
    print(f"  {'':10}{'':>18}{'requests/s':>12}{'median ms':>11}{'95 % ms':>9}{'cpu ms':>9}{'ratio':>8}")
    ours = compared[0]
    for kind in kinds:
        for server in compared:
            if kind not in server.loads:
                continue
            times = sorted(itertools.chain.from_iterable(one.latencies for one in server.loads[kind]))
            ratio = "" if server is ours else f"{ours.rate(kind) / server.rate(kind):8.2f}"
            print(
                f"  {kind:10}{server.name:>18}{server.rate(kind):12.1f}{1000 * statistics.median(times):11.2f}"
                f"{1000 * times[int(len(times) * 0.95)]:9.2f}{server.cost(kind):9.3f}{ratio}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each load")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clients", type=int, default=8, help="connections, each an address of its own")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kinds", nargs="+", default=["named", "analytic", "lookup", "mix"])
    parser.add_argument("--keep", type=Path, help="the folder for the snapshots; those that are there are taken")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        documents, invented = folder / "documents", folder / f"invented-{options.triples}"
        if not (documents / "current").exists():
            command = [*DUCHA, "build", str(ROOT / "data/documents"), "--out", str(documents)]
            subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
        if not (invented / "current").exists():
            files = folder / "quads"
            files.mkdir(parents=True, exist_ok=True)
            load(keep(of_size(options.triples, options.seed, jobs=os.cpu_count() or 1), files), invented)
        compare("the documents of the project", current_snapshot(documents), documents, options, slow=True)
        compare("invented plans", current_snapshot(invented), invented, options, slow=False)


if __name__ == "__main__":
    main()
