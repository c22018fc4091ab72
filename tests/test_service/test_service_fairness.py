"""Who gets a worker: clients take turns, and the limit that was hit is named."""

import asyncio
import concurrent.futures
import time
from typing import Any

import httpx
import pytest

from service.clients import client_of
from service.problems import BusyError
from service.turns import Turns

CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def ask(server: Any, client: str, query: str, **parameters: str) -> httpx.Response:
    return server.get("/sparql", params={"query": query, **parameters}, headers={"X-Forwarded-For": client})


def test_one_client_with_many_long_queries_does_not_keep_another_waiting(server):
    with concurrent.futures.ThreadPoolExecutor(6) as flood:
        long = [flood.submit(ask, server, "192.0.2.1", CROSS, timeout="3") for _ in range(5)]
        while server.metric("ducha_workers_busy") < 1:
            time.sleep(0.02)
        for number in range(5):
            answer = ask(server, "192.0.2.2", f"ASK {{ ?s ?p {number} }}", timeout="1")
            assert answer.status_code == 200, answer.text
        assert server.metric("ducha_workers_busy") == 1
        assert {one.result().status_code for one in long} <= {503, 504}


def test_the_limit_that_was_hit_is_named(server):
    late = ask(server, "192.0.2.3", CROSS, timeout="1")
    assert (late.status_code, late.headers["ducha-limit"]) == (504, "timeout=1")
    assert (late.json()["kind"], late.json()["limit"]) == ("deadline", "timeout=1")
    long = httpx.post(
        f"{server.url}/sparql",
        content="ASK {} #" + "x" * 66_000,
        headers={"Content-Type": "application/sparql-query"},
    )
    assert (long.status_code, long.headers["ducha-limit"]) == (413, "query_bytes=65536")
    deep = server.query("ASK " + "{" * 150)
    assert (deep.status_code, deep.headers["ducha-limit"]) == (400, "depth=100")


def run(work: Any) -> None:
    asyncio.run(asyncio.wait_for(work(), 5))


def test_turns_go_round() -> None:
    async def work() -> None:
        turns = Turns[str](waiting=10, client_waiting=5)
        got: list[str] = []

        async def take(client: str) -> None:
            thing = await turns.take(client)
            got.append(client)
            turns.leave(client)
            turns.give(thing)

        tasks = [asyncio.create_task(take(client)) for client in "aaabbc"]
        await asyncio.sleep(0)
        turns.give("worker")
        await asyncio.gather(*tasks)
        assert got == ["a", "b", "c", "a", "b", "a"]
        assert turns.waiting == 0

    run(work)


def test_a_client_that_holds_its_share_waits_though_a_worker_is_idle() -> None:
    async def work() -> None:
        turns = Turns[str](waiting=10, client_waiting=5)
        turns.give("one")
        turns.give("two")
        await turns.take("a")
        second = asyncio.create_task(turns.take("a"))
        await asyncio.sleep(0)
        assert not second.done()
        await turns.take("b")
        turns.leave("a")
        turns.give("one")
        assert await second == "one"

    run(work)


def test_each_limit_of_the_queue_refuses_by_its_name() -> None:
    async def work() -> None:
        turns = Turns[str](waiting=3, client_waiting=2)
        tasks = [asyncio.create_task(turns.take(client)) for client in "aab"]
        await asyncio.sleep(0)
        with pytest.raises(BusyError, match="of this client") as refused:
            await turns.take("a")
        assert refused.value.headers["Ducha-Limit"] == "client_waiting=2"
        with pytest.raises(BusyError) as refused:
            await turns.take("c")
        assert refused.value.headers["Ducha-Limit"] == "waiting=3"
        assert refused.value.headers["Retry-After"]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert turns.waiting == 0
        turns.give("worker")
        assert await turns.take("d") == "worker"

    run(work)


def test_a_turn_given_up_as_it_comes_goes_to_the_next() -> None:
    async def work() -> None:
        turns = Turns[str](waiting=3, client_waiting=2)
        first, second = (asyncio.create_task(turns.take(client)) for client in "ab")
        await asyncio.sleep(0)
        turns.give("worker")
        first.cancel()
        assert await second == "worker"
        assert await asyncio.gather(first, return_exceptions=True)

    run(work)


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("somewhere", "somewhere"),
    ],
)
def test_a_client_is_an_address_or_a_network(address, client) -> None:
    assert client_of({"type": "http", "client": (address, 1)}) == client


def test_a_client_may_be_unknown() -> None:
    assert client_of({"type": "http", "client": None}) == ""
