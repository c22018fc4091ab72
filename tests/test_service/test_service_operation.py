"""What an operator sees and sets: logs, metrics, readiness, limits on the command line."""

import json
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from pipeline.errors import UsageError
from service.settings import MIB, Settings

CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
PRIVATE = "ASK { ?s ?p 'geheim' }"
SERVE = "from pipeline.cli import main; main()"


@pytest.fixture
def told(server):
    """Starts `ducha serve` with options; gives its address and, once ended, what it wrote to standard error."""
    running = []

    def start(*options: str) -> str:
        command = [sys.executable, "-c", SERVE, "serve", "--out", str(server.out), "--port", "0", *options]
        running.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        line = running[-1].stdout.readline()
        assert " at http://" in line
        return line.split(" at ")[1].strip().rstrip("/")

    def lines() -> list[dict[str, object]]:
        running[-1].terminate()
        _, told = running[-1].communicate(timeout=30)
        return [json.loads(line) for line in told.splitlines() if line.startswith("{")]

    start.lines = lines
    yield start
    for process in running:
        process.kill()
        process.communicate()


def test_requests_are_logged_with_their_id_and_without_the_query(told):
    url = told("--log", "requests")
    answer = httpx.get(f"{url}/sparql", params={"query": PRIVATE}, headers={"X-Request-ID": "from-the-proxy-7"})
    assert answer.headers["x-request-id"] == "from-the-proxy-7"
    other = httpx.get(f"{url}/sparql", params={"query": PRIVATE}, headers={"X-Request-ID": "no\tid: at all"})
    lines = told.lines()
    requests = {line["request"]: line for line in lines if line["event"] == "request"}
    assert requests.keys() >= {"from-the-proxy-7", other.headers["x-request-id"]}
    line = requests["from-the-proxy-7"]
    assert (line["method"], line["path"], line["status"], line["client"]) == ("GET", "/sparql", 200, "127.0.0.1")
    assert line["bytes"] == len(answer.content)
    assert "geheim" not in json.dumps(lines)


def test_queries_are_logged_where_it_is_asked_for(told):
    url = told("--log", "queries")
    httpx.post(f"{url}/sparql", data={"query": PRIVATE})
    assert PRIVATE in [line.get("query") for line in told.lines()]


def test_by_default_only_what_went_wrong_is_logged(told):
    url = told("--limit", "timeout=1")
    assert httpx.get(f"{url}/sparql", params={"query": "ASK {}"}).status_code == 200
    late = httpx.get(f"{url}/sparql", params={"query": CROSS})
    assert (late.status_code, late.headers["ducha-limit"]) == (504, "timeout=1")
    lines = [line for line in told.lines() if line.get("request")]
    assert [(line["event"], line["request"]) for line in lines] == [
        ("worker killed", late.headers["x-request-id"]),
        ("request", late.headers["x-request-id"]),
    ]
    assert lines[0]["why"] == "deadline"


def test_named_queries_are_answered_before_anybody_asks(told):
    url = told()
    until = time.monotonic() + 60
    while "\nducha_prewarmed 1.0" not in httpx.get(f"{url}/metrics").text and time.monotonic() < until:
        time.sleep(0.2)
    assert httpx.get(f"{url}/query/visit-calendar.json").status_code == 200
    assert 'ducha_queries_total{outcome="cached"} 1.0' in httpx.get(f"{url}/metrics").text
    assert next(line["answers"] for line in told.lines() if line["event"] == "prewarmed") > 20


def test_metrics_tell_what_was_killed_and_how_long_answers_take(server):
    before = server.metric('ducha_worker_kills_total{why="deadline"}')
    first = server.metric("ducha_query_first_byte_seconds_count")
    assert server.query(CROSS, timeout="1").status_code == 504
    assert server.query("ASK { ?metrics ?of ?this }").status_code == 200
    assert server.metric('ducha_worker_kills_total{why="deadline"}') == before + 1
    assert server.metric("ducha_query_first_byte_seconds_count") == first + 1
    assert server.metric("process_resident_memory_bytes") > MIB


def test_ready_says_when_the_queue_is_full(launch_with, tmp_path):
    with launch_with(tmp_path, waiting=1, timeout=3) as server:
        assert server.get("/readyz").json()["status"] == "ok"
        asked = [
            subprocess.Popen(
                [sys.executable, "-c", "import sys, httpx; httpx.get(*sys.argv[1:2], headers={'X-Forwarded-For': sys.argv[2]}, timeout=20)",
                 str(httpx.URL(f"{server.url}/sparql", params={"query": f"{CROSS} #{number}"})), f"192.0.2.{number}"]
            )
            for number in range(4)
        ]  # fmt: skip
        until = time.monotonic() + 10
        while (seen := server.get("/readyz")).status_code == 200 and time.monotonic() < until:
            time.sleep(0.02)
        assert (seen.status_code, seen.json()["status"], seen.headers["retry-after"]) == (503, "busy", "2")
        for process in asked:
            process.wait(30)
        assert server.get("/readyz").status_code == 200


def test_limits_are_read_as_they_are_written():
    settings = Settings(Path()).limited(["timeout=60", "memory=1.5GiB", "held_bytes=64 KiB", "stall_seconds=2.5 s"])
    assert (settings.timeout, settings.memory, settings.held_bytes) == (60.0, 1536 * MIB, 65536)
    assert settings.stall_seconds == 2.5


@pytest.mark.parametrize(
    "limit", ["timeout", "timeout=", "timeout=-1", "workers=2.5", "out=x", "log=queries", "depth=0"]
)
def test_a_limit_that_is_none_is_refused(limit):
    with pytest.raises(UsageError, match="--limit"):
        Settings(Path()).limited([limit])
