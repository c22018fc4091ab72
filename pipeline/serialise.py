"""RDF as bytes that are the same for the same triples: sorted N-Quads (the form of every dump) and Turtle."""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

RUN = 250_000  # quads sorted in memory at a time: about 100 MB


def lines(quads: Iterable[ox.Quad]) -> list[bytes]:
    """The quads as N-Quads lines with their line ends, in the order of their bytes, each once."""
    serialised = bytes(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")
    return sorted({line + b"\n" for line in serialised.split(b"\n") if line})


def turtle(triples: Iterable[ox.Triple], prefixes: Mapping[str, str]) -> bytes:
    """Turtle of the triples in the order given."""
    body = bytes(ox.serialize(list(triples), format=ox.RdfFormat.TURTLE, prefixes=dict(prefixes)) or b"").decode()
    # The serialiser writes the prefixes in an order that changes from run to run.
    rest = (line for line in body.splitlines(keepends=True) if not line.startswith("@prefix"))
    header = (f"@prefix {name}: <{iri}> .\n" for name, iri in sorted(prefixes.items()))
    return "".join((*header, *rest)).encode()


def write_sorted(quads: Iterable[ox.Quad], path: Path) -> None:
    """Writes the quads sorted to `path`. Many quads are sorted in runs beside it, which are merged and removed."""
    iterator = iter(quads)
    runs: list[Path] = []
    with ExitStack() as files:
        while batch := lines(islice(iterator, RUN)):
            run = path.with_name(f"{path.name}.run{len(runs)}")
            runs.append(run)
            with run.open("wb") as file:
                file.writelines(batch)
        merged = heapq.merge(*(files.enter_context(run.open("rb")) for run in runs))
        with path.open("wb") as file:
            file.writelines(_once(merged))
    for run in runs:
        run.unlink()


def _once(ordered: Iterable[bytes]) -> Iterator[bytes]:
    last = b""
    for line in ordered:
        if line != last:
            yield line
        last = line
