"""What the corpus of attacks costs others: how each ends, how long it takes, and what `ASK {}` takes meanwhile.

    python bench/attacks.py

Runs `tests/attacks` as the tests do. Beside each attack another client asks, one after another, an ASK that is kept and
one that a worker must evaluate; both medians are given as multiples of those before the attacks.
"""

import importlib.util
import multiprocessing
import statistics
import tempfile
import time
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType

import httpx

TESTS = Path(__file__).parents[1] / "tests" / "test_service"
LEAST = 0.5  # seconds; a shorter attack is repeated
KEPT, EVALUATED = "ASK {}", "ASK { FILTER(RAND() < 2) }"


def module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, TESTS / f"{name}.py")
    assert spec is not None and spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


class Bystander:
    """Another client, which asks until it is told to stop: a process of its own, or it would wait for the attackers'
    interpreter. `refused` counts what was not answered."""

    def __init__(self, url: str) -> None:
        context = multiprocessing.get_context("spawn")
        self._told, other = context.Pipe()
        self._process = context.Process(target=_ask, args=(f"{url}/sparql", other), daemon=True)
        self._process.start()
        self.refused: Counter[int] = Counter()
        assert self._told.recv() == "ready"

    def watch(self) -> None:
        """Forgets what it saw so far."""
        self._told.send("watch")

    def medians(self) -> list[float]:
        """The medians since then, in seconds."""
        self._told.send("tell")
        seconds, self.refused = self._told.recv()
        return [statistics.median(one or [float("nan")]) for one in seconds.values()]


def _ask(address: str, told: Connection) -> None:
    seconds: dict[str, list[float]] = {}
    refused: Counter[int] = Counter()
    with httpx.Client(headers={"X-Forwarded-For": "198.51.100.1"}, timeout=20) as client:
        told.send("ready")
        while True:
            while told.poll():
                if told.recv() == "tell":
                    told.send((seconds, refused))
                seconds, refused = {KEPT: [], EVALUATED: []}, Counter()
            for query, found in seconds.items():
                begun = time.perf_counter()
                try:
                    status = client.get(address, params={"query": query}).status_code
                except httpx.TransportError:
                    status = 0
                if status == 200:
                    found.append(time.perf_counter() - begun)
                else:
                    refused[status] += 1
            time.sleep(0.005)


def main() -> None:
    conftest, attacks = module("conftest"), module("test_service_attacks")
    with tempfile.TemporaryDirectory() as folder:
        conftest.publish_example(Path(folder))
        server = conftest.start(Path(folder), **attacks.SETTINGS)
        try:
            bystander = Bystander(server.url)
            bystander.watch()
            time.sleep(3)
            before = bystander.medians()
            print(f"undisturbed: kept {before[0] * 1000:.1f} ms, evaluated {before[1] * 1000:.1f} ms")
            ratios: list[list[float]] = []
            for attack in attacks.ATTACKS:
                bystander.watch()
                begun = time.perf_counter()
                longest, last = 0.0, begun
                while last - begun < LEAST:
                    outcome = attacks.BEHAVIOURS[attack.get("behaviour", "send")](server, attack)
                    now = time.perf_counter()
                    longest, last = max(longest, now - last), now
                medians = bystander.medians()
                ratios.append([now / then for now, then in zip(medians, before, strict=True)])
                statuses = " ".join(
                    f"{number}x{status}" for status, number in sorted(Counter(outcome.statuses).items())
                )
                memory = attacks.resident(server.process.pid) >> 20
                others = " ".join(f"{number}x{status}" for status, number in bystander.refused.items())
                print(
                    f"{attack['file']:9} {attack['name']:45} {statuses:16} {longest:5.2f} s "
                    f"kept x{ratios[-1][0]:.1f} evaluated x{ratios[-1][1]:.1f} {memory} MiB {others}"
                )
            kept, evaluated = (statistics.median(column) for column in zip(*ratios, strict=True))
            print(f"{len(ratios)} attacks: kept x{kept:.1f}, evaluated x{evaluated:.1f} in the median")
        finally:
            conftest.stop(server)


if __name__ == "__main__":
    main()
