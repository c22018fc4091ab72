"""How fast documents are validated: against pySHACL in the same run, and with the number of triples.

    python bench/validation.py [--triples N] [--sizes N,N,N] [--keep DIR]

The documents are invented (`graphs.py`), three in ten of them contradict themselves. First each size in a process of its
own: processor seconds per 1,000 triples, and peak memory, which should not grow with the size. Then several documents
in one call. Last about N triples: each document by itself, as a build does it, in one process and in two, against one
run of pySHACL over the union of their graphs, which should take at least twenty times as long; the findings have to be
the same. Every time includes reading the quads from files. pySHACL takes ten minutes or more for 100,000 triples, half
a minute for 20,000.
"""

import argparse
import multiprocessing
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from pipeline.validation.report import Finding
from pipeline.validation.shapes import rooms
from pipeline.validation.validate import facts, validate
from pipeline.vocabulary import DEFAULT_BASE

ASKED = 20  # times as fast as pySHACL
FAULTS = 0.3
TOGETHER = (1, 4, 16)  # documents in a call

Key = tuple[str, str, str | None, tuple[str, ...]]


def keys(findings: Iterable[Finding]) -> set[Key]:
    """What has to be the same: rule, focus, path and values."""
    return {(finding.shape, finding.focus, finding.path, finding.values) for finding in findings}


def read(paths: Sequence[Path]) -> list[ox.Quad]:
    return [quad for path in paths for quad in ox.parse(path=str(path))]


def found(paths: Sequence[Path]) -> set[Key]:
    """What the build finds in some documents, in one call."""
    return keys(validate(read(paths)).findings)


def found_at_once(paths: Sequence[Path]) -> set[Key]:
    """What pySHACL finds in the union of all documents, in one run."""
    from pipeline.validation.oracle import check  # noqa: PLC0415 - takes memory, which is measured

    return keys(check(facts(read(paths), DEFAULT_BASE), *rooms()))


def in_calls(paths: Sequence[Path], size: int = 1) -> set[Key]:
    """What the build finds, with so many documents in a call."""
    return set().union(*map(found, batches(paths, size)))


def batches(paths: Sequence[Path], size: int) -> Iterator[list[Path]]:
    rest = iter(paths)
    while batch := list(islice(rest, size)):
        yield batch


def timed(run: Callable[[], set[Key]], clock: Callable[[], float] = time.perf_counter) -> tuple[float, set[Key]]:
    start = clock()
    result = run()
    return clock() - start, result


def made(folder: Path, triples: int) -> list[Path]:
    """Files of so many triples, a document each."""
    from graphs import keep, of_size  # noqa: PLC0415 - takes memory, which is measured

    return keep(of_size(triples, faults=FAULTS, jobs=2), folder)


def sized(paths: Sequence[Path], triples: int) -> tuple[list[Path], int]:
    """The first documents that have so many triples (lines) together, and how many they have."""
    taken, had = [], 0
    for path in paths:
        if had >= triples:
            break
        taken.append(path)
        had += path.read_bytes().count(b"\n")
    return taken, had


def against_oracle(paths: Sequence[Path], triples: int) -> None:
    found(paths[:1])  # compiles the shapes
    one, ours = timed(partial(in_calls, paths))
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(found, [paths[:1], paths[:1]]))
        two, same = timed(lambda: set().union(*pool.map(found, batches(paths, 1))))
    theirs, expected = timed(partial(found_at_once, paths))
    assert ours == same == expected, (
        f"{len(ours)}, {len(same)}, {len(expected)}: {sorted(ours ^ expected, key=str)[:5]}"
    )
    print(f"\n{len(paths)} documents, {triples} triples, {len(ours)} findings, the same of all")
    print(f"{'':28} {'seconds':>8} {'ratio':>7}   (asked: {ASKED})")
    for name, took in (
        ("each document, 1 process", one),
        ("each document, 2 processes", two),
        ("pySHACL, all", theirs),
    ):
        print(f"{name:28} {took:8.2f} {theirs / took:7.1f}")


def growth(folder: Path, sizes: Sequence[int]) -> None:
    print(f"{'documents':>9} {'triples':>9} {'seconds':>8} {'s/1000':>8} {'peak MB':>8}")
    for size in sizes:
        command = [sys.executable, __file__, "--one", str(size), "--keep", str(folder)]
        print(subprocess.run(command, check=True, capture_output=True, text=True).stdout, end="", flush=True)


def one(paths: Sequence[Path], size: int) -> None:
    """Validates the first documents of this size."""
    taken, triples = sized(paths, size)
    found(taken[:1])
    took, _ = timed(partial(in_calls, taken), time.process_time)
    print(f"{len(taken):9} {triples:9} {took:8.2f} {took / triples * 1000:8.4f} {peak() / 1024:8.1f}")


def peak() -> int:
    """The most memory this process held, in kB. What `getrusage` says may be its parent's, which Linux hands down."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(next(line for line in status.read_text().splitlines() if line.startswith("VmHWM")).split()[1])


def together(paths: Sequence[Path]) -> None:
    expected = in_calls(paths)
    print(f"\n{'in a call':>9} {'seconds':>8}")
    for size in TOGETHER:
        took, result = timed(partial(in_calls, paths, size), time.process_time)
        print(f"{size:9} {took:8.2f}{'' if result == expected else '   other findings'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--triples", type=int, default=100_000)
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--keep", type=Path, help="where the graphs are kept, and taken from when they are there")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    with tempfile.TemporaryDirectory() as temporary:
        folder: Path = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        paths = sorted(folder.glob("*.nq")) or made(folder, max(*sizes, options.triples))
        if options.one:
            one(paths, options.one)
            return
        taken, triples = sized(paths, options.triples)
        growth(folder, sizes)
        together(taken)
        against_oracle(taken, triples)


if __name__ == "__main__":
    main()
