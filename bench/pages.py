"""How long each kind of page takes on the graph of a snapshot: `python bench/pages.py OUT`.

Starts a service, finds the largest node of each kind by SPARQL, and asks for its page three times: first, again as the
same reader (kept bytes), and as another reader (made again from kept answers). `cpu` is what the service and its workers
spent on the first answer, from /proc: it does not depend on what else the machine does.
"""

import os
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path

import httpx

SERVER = """
import sys
from pathlib import Path
from service.serve import run
from service.settings import Settings
run(Path(sys.argv[1]), "127.0.0.1", 0, Settings(Path(sys.argv[1])))
"""
HEAD = "PREFIX du: <https://w3id.org/ducha/ontology#>\n"
LARGEST = {
    "plan": "{ ?other du:inPlan ?node }",
    "province": "{ ?node a du:Province . ?other du:concernsRegion ?node }",
    "city": "{ ?node a du:City . ?other du:concernsRegion ?node }",
    "supervision": "{ ?node a du:Supervision ; ?other ?any }",
    "issue": "{ ?other du:ofIssue ?node }",
    "target": "{ ?node a du:Target ; du:evidence ?other }",
    "indicator": "{ ?other du:indicator ?node }",
    "organisation": "{ ?other du:responsibleParty ?node }",
    "topic": "{ ?other du:topic ?node }",
    "document": "{ ?node a du:Document . ?other du:document ?node }",
}
FIXED = ("/", "/plan/", "/validation", "/ontology", "/about")
TICK = 1000 / os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """The process and all below it."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(path.parent.name)] = int(fields[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def cpu(pid: int) -> float:
    """Milliseconds the family has spent."""
    spent = 0.0
    for one in family(pid):
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        spent += TICK * (int(fields[11]) + int(fields[12]))
    return spent


def timed(client: httpx.Client, path: str, **headers: str) -> tuple[float, httpx.Response]:
    began = time.perf_counter()
    answer = client.get(path, headers=headers)
    return 1000 * (time.perf_counter() - began), answer


def main() -> None:
    server = subprocess.Popen([sys.executable, "-c", SERVER, sys.argv[1]], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        url = server.stdout.readline().split(" at ")[1].strip().rstrip("/")
        client = httpx.Client(base_url=url, timeout=120, headers={"Accept": "text/html"})
        for _ in range(100):
            try:
                client.get("/healthz")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        paths = {path.strip("/") + "s" * path.endswith("n/") or "home": path for path in FIXED}
        for kind, where in LARGEST.items():
            query = (
                f"{HEAD}SELECT ?node (COUNT(?other) AS ?n) WHERE {where} GROUP BY ?node ORDER BY DESC(?n) ?node LIMIT 1"
            )
            answer = client.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"})
            node = answer.text.splitlines()[1].partition(",")[0] if answer.text.count("\n") > 1 else ""
            if node:
                paths[kind] = urllib.parse.urlsplit(node).path.removeprefix("/ducha")
        time.sleep(15)  # what the service reads beside the first requests
        print("| page | KiB | first | cpu | kept | other reader |\n|---|---|---|---|---|---|")
        for kind, path in paths.items():
            before = cpu(server.pid)
            first, answer = timed(client, path)
            spent = cpu(server.pid) - before
            kept, _ = timed(client, path)
            other, _ = timed(client, path, Cookie="reader=other")
            size = len(answer.content) / 1024
            print(f"| {kind} | {size:.0f} | {first:.0f} ms | {spent:.0f} ms | {kept:.0f} ms | {other:.0f} ms |")
            assert answer.status_code == 200, path
    finally:
        server.terminate()
        server.wait(timeout=20)


if __name__ == "__main__":
    main()
