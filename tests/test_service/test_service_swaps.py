"""Snapshots are exchanged while clients ask: nothing fails, and every answer is of one version."""

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.test_service.conftest import publish_example, start, stop

CLIENTS = 8
ASKED = (
    'SELECT (COUNT(?s) AS ?n) (SAMPLE(?l) AS ?label) {{ ?s ?p ?l FILTER(CONTAINS(STR(?l), "</script> ")) }} # {}',
    'CONSTRUCT {{ ?s <urn:says> ?l }} WHERE {{ ?s ?p ?l FILTER(CONTAINS(STR(?l), "</script> ")) }} # {}',
)


@dataclass
class Heard:
    """What the clients were told: answers, and what was wrong with them."""

    answers: int = 0
    versions: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)


def ask(
    url: str, names: dict[str, str], client: int, done: threading.Event, heard: Heard, lock: threading.Lock
) -> None:
    """Asks until `done`, each query once, so that no answer is a kept one; `names` maps a version to its own words."""
    with httpx.Client(base_url=url, timeout=30) as session:
        turn = 0
        while not done.is_set():
            turn += 1
            query = ASKED[turn % len(ASKED)].format(f"{client}/{turn}")
            try:
                answer = session.get("/sparql", params={"query": query})
                version, text = answer.headers.get("ducha-version", ""), answer.text
                told = {name for name in names.values() if name in text}
                fault = "" if answer.status_code == 200 else f"{answer.status_code} {text[:200]}"
                fault = fault or ("" if told == {names.get(version)} else f"{version} says {told}")
            except httpx.HTTPError as error:
                version, fault = "", repr(error)
            with lock:
                heard.answers += 1
                heard.versions.add(version)
                heard.wrong += [fault] if fault else []


@pytest.mark.slow
@pytest.mark.parametrize("swaps", [5, pytest.param(200, marks=pytest.mark.thorough)])
def test_no_answer_fails_or_mixes_versions_while_snapshots_are_exchanged(tmp_path: Path, swaps: int) -> None:
    names = {publish_example(tmp_path, extra=f" {name}").version: f"</script> {name}" for name in ("甲", "乙", "丙")}
    versions = list(names)
    server = start(tmp_path, poll=0.05, waiting=64, workers=3, client_waiting=64, timeout=20)
    done, heard, lock = threading.Event(), Heard(), threading.Lock()
    clients = [
        threading.Thread(target=ask, args=(server.url, names, number, done, heard, lock)) for number in range(CLIENTS)
    ]
    try:
        for client in clients:
            client.start()
        for turn in range(swaps):
            wanted = versions[turn % len(versions)]
            new = tmp_path / "current.new"
            new.write_text(wanted + "\n", encoding="ascii")
            new.replace(tmp_path / "current")
            limit = time.monotonic() + 30
            while server.get("/healthz").json()["version"] != wanted:
                assert time.monotonic() < limit, f"swap {turn} is not taken up"
        done.set()
        for client in clients:
            client.join(timeout=30)
    finally:
        done.set()
        stop(server)
    assert heard.wrong == []
    assert heard.versions == set(versions)
    assert heard.answers > CLIENTS * swaps
