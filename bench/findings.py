"""How a curator's pages fare with many findings: a snapshot with N of them, served by a real server process.

    python bench/findings.py [N]

The findings are made from rules of shapes/ over D documents in every province's cities. Prints what writing takes, then
the milliseconds of each page cold (first asked) and warm (asked again), the memory of build and service, and what the same
questions cost as SPARQL on the store.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from pipeline.graph import shared_quads
from pipeline.snapshot import Snapshot, publish
from pipeline.validation.findings import finding_quads, validation_report
from pipeline.validation.index import Source, write_index
from pipeline.validation.index_graph import places_of
from pipeline.validation.report import Finding, Sentence, counts, ordered, report_bytes
from pipeline.validation.shapes import rules
from pipeline.vocabulary import DEFAULT_BASE, DU, PREFIXES, graph_iri

TYPE = ox.NamedNode(f"{PREFIXES['rdf']}type")
SHAPES = (
    "already-due",
    "lead-known",
    "round-known",
    "share-of-whole-number",
    "same-quote",
    "stated-days",
    "parts-as-stated",
)
PER_DOCUMENT = 100
SERVER = """
import sys
from pathlib import Path
from service.serve import run
from service.settings import Settings
run(Path(sys.argv[1]), "127.0.0.1", 0, Settings(Path(sys.argv[1])))
"""


def made(number: int) -> Iterator[tuple[Finding, str]]:
    """Findings with their documents' ids: the sentence is of a usual length, every tenth finding has two."""
    known = [rule for rule in rules().values() if rule.id in SHAPES]
    for index in range(number):
        document, place = f"{index // PER_DOCUMENT:016x}", index % PER_DOCUMENT
        iri, rule = f"{DEFAULT_BASE}document/{document}", known[(index * 7 + place // 9) % len(known)]
        quotes = [
            (place * 60, "整改时限：2023年12月底前完成全部整改任务，并长期坚持。"),
            (9000 + place, "牵头单位：市水务局"),
        ]
        evidence = tuple(Sentence(f"{iri}#char={b},{b + len(q)}", q) for b, q in quotes[: 1 + (index % 10 == 0)])
        yield (
            Finding(
                shape=rule.shape,
                severity=rule.severity,
                focus=f"{DEFAULT_BASE}plan/{document}",
                path=f"{DU}due",
                values=(f"{DEFAULT_BASE}plan/{document}/issue/{place}",),
                message_zh=f"第{place}项的时限早于发布日期",
                message_en=f"item {place} is due before it was published",
                documents=(iri,),
                evidence=evidence,
                component="http://www.w3.org/ns/shacl#SPARQLConstraintComponent",
                numbers=(("place", str(place)),),
            ),
            document,
        )


def publish_made(out: Path, number: int) -> Snapshot:
    """A snapshot with `number` findings, a hundred a document."""
    shared = shared_quads(DEFAULT_BASE)
    graph = ox.NamedNode(graph_iri(DEFAULT_BASE, "regions"))
    by_region: dict[str, list[ox.Quad]] = {}
    for quad in shared:
        if quad.graph_name == graph and isinstance(quad.subject, ox.NamedNode):
            by_region.setdefault(quad.subject.value, []).append(quad)
    cities = sorted(
        name for name, quads in by_region.items() if any(str(quad.object) == f"<{DU}City>" for quad in quads)
    )
    findings, ids = [], {}
    for finding, document in made(number):
        findings.append(finding)
        ids[document] = cities[len(ids) * 17 % len(cities)] if document not in ids else ids[document]
    about = {f"{DEFAULT_BASE}document/{name}": (region,) for name, region in ids.items()}
    entries = [
        {"id": n, "file": f"{n}.txt", "sha256": n * 4, "title": f"方案 {n}", "rights": "unknown", "text_length": 0, "facts": 0, "findings": PER_DOCUMENT}
        for n in ids
    ]  # fmt: skip
    told = ordered(findings)
    manifest = {"base": DEFAULT_BASE, "code_version": "bench", "documents": entries, "quarantined": [], "failures": []}
    manifest |= {"findings": counts(told), "validated": True, "reasoned": False, "ontology_version": ""}
    sources = [Source(iri, f"{iri[-16:]}.txt", iri[-16:], about[iri]) for iri in about]

    def index(path: Path) -> None:
        write_index(path, ((one.key, one) for one in told), rules(), sources, places_of(by_region)).close()

    def quads() -> Iterator[ox.Quad]:
        yield from shared
        yield from finding_quads(told)
        for name, (region,) in about.items():
            stated = ox.NamedNode(graph_iri(DEFAULT_BASE, "document", name[-16:], "stated"))
            node, plan = ox.NamedNode(name), ox.NamedNode(f"{DEFAULT_BASE}plan/{name[-16:]}")
            yield ox.Quad(node, TYPE, ox.NamedNode(f"{DU}Document"), stated)
            yield ox.Quad(node, ox.NamedNode(f"{DU}describes"), plan, stated)
            yield ox.Quad(plan, ox.NamedNode(f"{DU}region"), ox.NamedNode(region), stated)

    report = {"report_ttl": validation_report(told), "report_json": report_bytes(told, rules())}
    return publish(out, quads(), {}, manifest, **report, index=index)  # type: ignore[arg-type]


def milliseconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def peak(pid: int | str) -> int:
    """The most memory a process has held, in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024


def ask_pages(out: Path, snapshot: Snapshot) -> None:
    """Prints what each page takes, cold and warm."""
    command = [sys.executable, "-c", SERVER, str(out)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ}) as server:
        try:
            assert server.stdout is not None
            url = server.stdout.readline().split(" at ")[1].strip().rstrip("/")
            for _ in range(100):
                try:
                    urllib.request.urlopen(f"{url}/healthz").read()
                    break
                except OSError:
                    time.sleep(0.1)
            get = lambda path: urllib.request.urlopen(url + path).read()  # noqa: E731
            print(f"{'page':60} {'cold ms':>9} {'warm ms':>9} {'KiB':>8}")
            rows = json.loads(get("/validation.json?document=" + "0" * 16))
            region, key = rows[0]["regions"][0]["id"], rows[0]["id"]
            paths = [
                "/validation",
                f"/validation?region={region}",
                f"/validation?region={region[:2]}0000&severity=info&page=2",
                "/validation?rule=lead-known&sort=document&page=100",
                "/validation?judgement=open&page=1000",
                "/validation?severity=warning&rule=stated-days&judgement=open",
                f"/finding/{key}",
                f"/validation.csv?region={region}",
                "/validation.csv",
            ]
            for path in paths:
                size = 0

                def visit(path: str = path) -> None:
                    nonlocal size
                    size = len(get(path))

                cold, warm = milliseconds(visit), milliseconds(visit)
                print(f"{path:60} {cold:9.0f} {warm:9.1f} {size // 1024:8}")
            print(f"service: {peak(server.pid)} MiB at most")
        finally:
            server.terminate()


def ask_store(snapshot: Snapshot) -> None:
    """Prints what the same questions cost as SPARQL, in this process."""
    store = ox.Store.read_only(str(snapshot.store_path))
    head = f"PREFIX du: <{DU}>\n"
    questions = {
        "count by severity and rule": "SELECT ?r ?s (COUNT(*) AS ?n) { ?f a du:Finding ; du:shape ?r ; du:severity ?s } GROUP BY ?r ?s",
        "count by region and severity": "SELECT ?g ?s (COUNT(DISTINCT ?f) AS ?n) { ?f du:inDocument ?d ; du:severity ?s . ?d du:describes ?p . ?p du:region ?g } GROUP BY ?g ?s",
        "page 100 of a rule in order": "SELECT ?f { ?f du:shape <https://w3id.org/ducha/shape/lead-known> ; du:focus ?x } ORDER BY ?x ?f LIMIT 50 OFFSET 5000",
    }  # fmt: skip
    for name, question in questions.items():
        print(f"SPARQL: {name:40} {milliseconds(lambda q=question: list(store.query(head + q))):9.0f} ms")  # type: ignore[misc]


def main(number: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        start = time.perf_counter()
        snapshot = publish_made(out, number)
        print(f"{number} findings published in {time.perf_counter() - start:.1f} s, {peak('self')} MiB at most")
        for path in (snapshot.findings_path, snapshot.report_json_path, snapshot.report_path, snapshot.dump_path):
            print(f"{path.name:20} {path.stat().st_size / 2**20:7.1f} MiB")
        ask_pages(out, snapshot)
        ask_store(snapshot)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
