"""The corpus of `tests/attacks` against a real server process: each attack ends in time, as it may, and harms nobody."""

import contextlib
import socket
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

CORPUS = Path(__file__).parents[1] / "attacks"
SETTINGS = {
    "timeout": 2,
    "memory": 250 << 20,
    "waiting": 16,
    "whole_bytes": 4 << 20,
    "connections": 300,
    "request_seconds": 2,
    "stall_seconds": 2,
}
DEADLINE = 2 + 1  # the time limit, and a second
MOST_MEMORY = 400 << 20  # resident bytes of the server process alone
WORKER_MEMORY = 500 << 20
ATTACKS = [
    {**attack, "file": path.stem}
    for path in sorted(CORPUS.glob("*.toml"))
    for attack in tomllib.loads(path.read_text("utf-8"))["attack"]
]


@dataclass
class Outcome:
    """What the clients of one attack saw: statuses (0: closed without an answer) and the bytes of all answers."""

    statuses: list[int] = field(default_factory=list)
    told: bytes = b""


@pytest.fixture(scope="module")
def target(tmp_path_factory, launch_with) -> Iterator[Any]:
    with launch_with(tmp_path_factory.mktemp("attacked"), **SETTINGS) as server:
        yield server


@pytest.mark.parametrize("attack", ATTACKS, ids=[f"{attack['file']}-{attack['name']}" for attack in ATTACKS])
def test_an_attack_ends_in_time_and_harms_nobody(target, attack):
    for _ in range(3):  # on a busy machine one may take longer; what always does is found
        begun = time.monotonic()
        outcome = BEHAVIOURS[attack.get("behaviour", "send")](target, attack)
        took = time.monotonic() - begun
        assert set(outcome.statuses) <= set(attack["status"]), outcome.told[:400]
        if took < DEADLINE:
            break
    assert took < DEADLINE
    if "answers" in attack:
        assert outcome.told.count(b"HTTP/1.1 ") == attack["answers"]
    if "lacks" in attack:
        assert attack["lacks"].encode() not in outcome.told
    assert target.process.poll() is None
    healthy(target)


def healthy(target: Any) -> None:
    """A query is evaluated now, by a worker, and neither the server nor a worker holds more memory than it may."""
    answer = target.query(f"ASK {{ FILTER(RAND() < 2) }} # {time.monotonic()}")
    assert (answer.status_code, answer.json()["boolean"]) == (200, True)
    assert resident(target.process.pid) < MOST_MEMORY
    for pid in children(target.process.pid):
        assert resident(pid) < WORKER_MEMORY


def resident(pid: int) -> int:
    """Bytes in memory; 0 for a process that has ended."""
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
    return 0


def children(pid: int) -> list[int]:
    return [int(one) for task in Path(f"/proc/{pid}/task").glob("*/children") for one in task.read_text().split()]


def written(parts: list[Any]) -> bytes:
    pieces = []
    for part in parts:
        if isinstance(part, str):
            pieces.append(part.encode())
        elif "bytes" in part:
            pieces.append(bytes.fromhex(part["bytes"]))
        else:
            pieces += [part["each"].replace("§", str(number)).encode() for number in range(part["times"])]
    return b"".join(pieces)


def send(target: Any, attack: dict[str, Any]) -> Outcome:
    """One request; all answers are read until the connection ends or nothing comes for a while."""
    if "raw" in attack:
        request = written(attack["raw"])
    else:
        body = written(attack["query"])
        head = f"POST /sparql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept: {attack.get('accept', '*/*')}\r\n"
        head += f"Content-Type: application/sparql-query\r\nContent-Length: {len(body)}\r\n\r\n"
        request = head.encode() + body
    outcome = Outcome()
    with connection(target) as client:
        with contextlib.suppress(ConnectionError):
            client.sendall(request)
        outcome.told = read(client, patience=DEADLINE + 1, most=64 << 20, answers=attack.get("answers", 1))
    outcome.statuses = [status(outcome.told)]
    if outcome.statuses == [200] and 0 in attack["status"] and not complete(outcome.told):
        outcome.statuses = [0]
    return outcome


def connection(target: Any) -> socket.socket:
    host = httpx.URL(target.url)
    return socket.create_connection((host.host, host.port or 80), timeout=DEADLINE + 1)


def read(client: socket.socket, *, patience: float, most: int, answers: int = 1) -> bytes:
    told = bytearray()
    client.settimeout(patience)
    with contextlib.suppress(ConnectionError, TimeoutError):
        while len(told) < most and (data := client.recv(1 << 16)):
            told += data
            if told.count(b"HTTP/1.1 ") >= answers and complete(bytes(told)):
                client.settimeout(0.2)  # a further answer would be one too many
    return bytes(told)


def status(told: bytes) -> int:
    return int(told[9:12]) if told.startswith(b"HTTP/1.") else 0


def complete(told: bytes) -> bool:
    """Whether the last answer is whole, by its length or by its last chunk."""
    head, _, body = told[told.rfind(b"HTTP/1.") :].partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return len(body) >= int(lengths[0]) if lengths else body.endswith(b"0\r\n\r\n")


def many(target: Any, attack: dict[str, Any], stack: contextlib.ExitStack) -> list[socket.socket]:
    """The connections of all clients, with what they send first; those that are shut at once are left out."""
    clients = []
    for number in range(attack["clients"]):
        with contextlib.suppress(ConnectionError):
            client = stack.enter_context(connection(target))
            text = attack.get("send", "").replace("§", str(number)).encode()
            if "filler" in attack:
                text += attack["filler"].replace("§", f"{number:04}").encode() + b"{}" * 24_000
            client.sendall(text)
            clients.append(client)
    return clients


def dribble(target: Any, attack: dict[str, Any]) -> Outcome:
    """Each client sends a byte now and then, until it is shut out."""
    outcome = Outcome()
    with contextlib.ExitStack() as stack:
        open_ones = many(target, attack, stack)
        until = time.monotonic() + DEADLINE
        while open_ones and time.monotonic() < until:
            time.sleep(0.25)
            for client in [*open_ones]:
                try:
                    if attack["send"]:
                        client.sendall(b"a")
                    client.settimeout(0.001)
                    data = client.recv(1000)
                except TimeoutError:
                    continue
                except ConnectionError:
                    data = b""
                open_ones.remove(client)
                outcome.statuses.append(status(data))
        assert not open_ones, "slow clients hold their connections"
    return outcome


def occupy(target: Any, attack: dict[str, Any]) -> Outcome:
    """More clients than there is room for; meanwhile another is served."""
    with contextlib.ExitStack() as stack:
        many(target, attack, stack)
        healthy(target)
    return Outcome()


def ignore(target: Any, attack: dict[str, Any]) -> Outcome:
    """Each client asks for a large answer and reads nothing of it; the workers are free again in time."""
    with contextlib.ExitStack() as stack:
        for client in many(target, attack, stack):
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        idle(target, DEADLINE)
    return Outcome()


def leave(target: Any, attack: dict[str, Any]) -> Outcome:
    """Each client goes away, at once or after the first bytes; no worker goes on for it."""
    outcome = Outcome()
    with contextlib.ExitStack() as stack:
        for client in many(target, attack, stack):
            if "read" in attack:
                outcome.statuses.append(status(read(client, patience=0.2, most=attack["read"])))
    idle(target, DEADLINE)
    return outcome


def idle(target: Any, seconds: float) -> None:
    until = time.monotonic() + seconds
    while target.metric("ducha_workers_busy") or target.metric("ducha_queries_waiting"):
        assert time.monotonic() < until, "a worker goes on for clients that are not there"
        time.sleep(0.05)


def flood(target: Any, attack: dict[str, Any]) -> Outcome:
    """All clients at once; every one gets a whole answer, and those told to come back are told when."""
    outcome = Outcome()
    with contextlib.ExitStack() as stack:
        for client in many(target, attack, stack):
            told = read(client, patience=DEADLINE, most=1 << 20)
            assert complete(told)
            assert (status(told) == 503) == (b"retry-after: " in told.lower())
            outcome.statuses.append(status(told))
    assert len(outcome.statuses) == attack["clients"]
    return outcome


def poison(target: Any, attack: dict[str, Any]) -> Outcome:
    """What one client's headers make of an answer is not kept for the next."""
    outcome = Outcome()
    for path in ("/sparql", "/", "/.well-known/void"):
        poisons = [
            {"Host": "evil.example"},
            {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "evil"},
            {"X-Original-URL": "/evil", "X-Rewrite-URL": "/evil"},
            {"Cookie": "lang=evil.example", "Accept-Language": "evil"},
        ]
        for headers in poisons:
            target.get(path, headers={"Accept": "text/html, text/turtle", **headers})
            target.get(path, headers={"Accept": "text/turtle", **headers})
        for accept in ("text/html, text/turtle", "text/turtle"):
            answer = target.get(path, headers={"Accept": accept})
            outcome.statuses.append(answer.status_code)
            assert "evil" not in answer.text
    return outcome


BEHAVIOURS: dict[str, Callable[[Any, dict[str, Any]], Outcome]] = {
    one.__name__: one for one in (send, dribble, occupy, ignore, leave, flood, poison)
}
