"""Workers: what kills one costs one query, and nothing gets out of one."""

import asyncio
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from pipeline.snapshot import current_snapshot
from service.cache import ByteCache
from service.dataset import run
from service.frames import Job
from service.metrics import Metrics
from service.problems import BadRequestError, BusyError, DeadlinePassedError, QueryFailedError
from service.settings import MIB, Settings
from service.workers import Pool

CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ASK = Job("ASK { }", "json")


def with_pool(out: Path, work: Callable[[Pool], Awaitable[None]], size: int = 1, **options: int) -> None:
    async def main() -> None:
        settings = Settings(out, **options)  # type: ignore[arg-type]
        pool = Pool(current_snapshot(out).store_path, size, settings, Metrics(ByteCache(1 << 20)))
        await pool.start()
        try:
            await work(pool)
        finally:
            await pool.close()

    asyncio.run(main())


def test_a_query_past_its_deadline_is_killed_and_the_next_one_is_answered(out: Path) -> None:
    async def work(pool: Pool) -> None:
        before = pool.pids
        begun = asyncio.get_running_loop().time()
        with pytest.raises(DeadlinePassedError):
            await run(pool, Job(CROSS, "json"), 0.5)
        assert b"true" in await run(pool, ASK, 5)
        assert asyncio.get_running_loop().time() - begun < 3
        assert pool.pids != before
        assert not Path(f"/proc/{before[0]}").exists()

    with_pool(out, work)


def test_a_worker_that_dies_costs_one_query(out: Path) -> None:
    async def work(pool: Pool) -> None:
        evaluation = pool.line_up(Job(CROSS, "json"), 10)
        os.kill(pool.pids[0], 9)
        with pytest.raises(QueryFailedError, match="memory or stack"):
            await evaluation.block()
        evaluation.close()
        assert b"true" in await run(pool, ASK, 5)

    with_pool(out, work)


def test_a_worker_that_died_idle_is_replaced(out: Path) -> None:
    async def work(pool: Pool) -> None:
        os.kill(pool.pids[0], 9)
        await asyncio.sleep(0.2)
        assert b"true" in await run(pool, ASK, 5)

    with_pool(out, work)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?x { BIND('0123456789abcdef' AS ?x0) "
        + " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(30))
        + " BIND(?x30 AS ?x) }",
        "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?f",
    ],
    ids=["doubling", "ordered cross product"],
)
def test_a_memory_bomb_ends_its_own_query(out: Path, query: str) -> None:
    async def work(pool: Pool) -> None:
        with pytest.raises(QueryFailedError):
            await run(pool, Job(query, "json"), 30)
        assert b"true" in await run(pool, ASK, 5)

    with_pool(out, work, memory=200 * MIB)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * " + "{" * 30_000 + "}" * 30_000,
        "ASK { FILTER(" + "!" * 60_000 + "true) }",
        "ASK { FILTER(" + "STR(" * 13_000 + "1" + ")" * 13_000 + ") }",
        "ASK " + "{SELECT*" * 7_000 + "{}" + "}" * 7_000,
    ],
    ids=["braces", "not", "str", "subselect"],
)
def test_the_stack_outlasts_the_longest_query_accepted(out: Path, query: str) -> None:
    async def work(pool: Pool) -> None:
        pids = pool.pids
        await run(pool, Job(query, "json"), 20)
        assert pool.pids == pids

    with_pool(out, work)


def test_a_parse_error_is_the_clients(out: Path) -> None:
    async def work(pool: Pool) -> None:
        pids = pool.pids
        with pytest.raises(BadRequestError, match="line 1, column 10"):
            await run(pool, Job("SELECT * { ?s ?p", "json"), 5)
        assert pool.pids == pids

    with_pool(out, work)


def test_a_full_queue_says_so(out: Path) -> None:
    async def work(pool: Pool) -> None:
        evaluation = pool.line_up(Job(CROSS, "json"), 10)
        waiting = [asyncio.create_task(run(pool, ASK, 1)) for _ in range(2)]
        await asyncio.sleep(0.1)
        with pytest.raises(BusyError) as refused:
            await run(pool, ASK, 1)
        assert refused.value.headers["Retry-After"]
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        assert all(isinstance(outcome, BusyError) for outcome in outcomes)
        evaluation.close()

    with_pool(out, work, waiting=2)


@pytest.mark.skipif(sys.platform != "linux", reason="the filter is Linux's")
def test_a_worker_reaches_no_network_even_when_the_guard_is_bypassed(out: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(2)
        reached: list[object] = []

        def accept() -> None:
            with suppress(TimeoutError):
                reached.append(listener.accept()[0].close())

        thread = threading.Thread(target=accept)
        thread.start()
        port = listener.getsockname()[1]

        async def work(pool: Pool) -> None:
            with pytest.raises(QueryFailedError, match=r"(?i)permission denied"):
                await run(pool, Job(f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}", "json"), 5)

        with_pool(out, work)
        thread.join()
    assert not reached


@pytest.mark.skipif(sys.platform != "linux", reason="the filter is Linux's")
@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6", "AF_UNIX"])
def test_the_sandbox_denies_sockets_and_programs(family: str) -> None:
    code = (
        "import socket, subprocess, sys\n"
        "from service.sandbox import deny_network\n"
        "assert deny_network()\n"
        "for act in (lambda: socket.socket(getattr(socket, sys.argv[1])), lambda: subprocess.run(['/bin/true'])):\n"
        "    try:\n        act()\n    except PermissionError:\n        continue\n    sys.exit('allowed')\n"
    )
    done = subprocess.run([sys.executable, "-c", code, family], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
def test_workers_die_with_their_parent(out: Path) -> None:
    code = (
        "import asyncio, os, sys\nfrom pathlib import Path\n"
        "from service.workers import Pool\nfrom service.settings import Settings\nfrom service.metrics import Metrics\n"
        "from service.cache import ByteCache\n"
        "async def main():\n"
        "    pool = Pool(Path(sys.argv[1]), 1, Settings(Path('.')), Metrics(ByteCache(1 << 20)))\n"
        "    await pool.start()\n    print(pool.pids[0], flush=True)\n    os.kill(os.getpid(), 9)\n"
        "asyncio.run(main())\n"
    )
    store = str(current_snapshot(out).store_path)
    done = subprocess.run([sys.executable, "-c", code, store], capture_output=True, text=True, check=False)
    worker = Path(f"/proc/{int(done.stdout)}/stat")
    for _ in range(50):
        if not worker.exists() or worker.read_text().split()[2] == "Z":
            return
        threading.Event().wait(0.1)
    pytest.fail("the worker outlived its parent")
