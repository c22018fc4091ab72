"""A worker process: opens one store read-only, gives up network and memory, and answers one job after another.

`python -m service.worker STORE MEMORY STACK` speaks the frames of `service.frames` on standard input and output.
It is killed, not asked, when a query takes too long: the engine cannot be interrupted.
"""

import itertools
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, BinaryIO

import pyoxigraph as ox

from pipeline.search.function import FUNCTIONS
from pipeline.table import csv_lines
from service import result_set
from service.formats import RDF_FORMATS, RESULT_FORMATS
from service.frames import DATA, END, ERROR, HEAD, READY, Job, frame
from service.rows import RowCount
from service.sandbox import deny_network, die_with_parent, limit_memory

BLOCK = 64 * 1024
Send = Callable[[bytes], None]
Answer = Callable[[Job, Send], None]
Results = ox.QuerySolutions | ox.QueryBoolean | Iterable[ox.Triple]


class Blocks:
    """A writer for the engine's serialisers: gathers their small writes into blocks and sends each as a frame."""

    def __init__(self, send: Send, *, xml: bool, count: RowCount | None = None) -> None:
        self._send, self._xml, self._count = send, xml, count
        self._buffer = bytearray()

    def write(self, data: bytes) -> int:
        # A raw carriage return in XML is read back as a line feed; the engine does not escape it.
        self._buffer += data.replace(b"\r", b"&#xD;") if self._xml else data
        if len(self._buffer) >= BLOCK:
            self.flush()
        return len(data)

    def flush(self) -> None:
        if self._buffer:
            if self._count:
                self._count.add(bytes(self._buffer))
            self._send(frame(DATA, bytes(self._buffer)))
            self._buffer.clear()


def answer(store: ox.Store, job: Job, send: Send) -> None:
    """Evaluates the job and sends its blocks and its end, or why there is no (further) answer."""
    try:
        results = store.query(job.query, base_iri=job.base, custom_functions=FUNCTIONS, **_dataset(job))
        rows = write(results, job.format, send)
        send(end(rows))
    except SyntaxError as error:
        send(failure("syntax", str(error)))
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        send(failure("failed", str(error)))


def write(results: Results, form: str, send: Send) -> int | None:
    """Sends an answer block by block; returns the number of its rows or triples, None for an ASK."""
    if isinstance(results, ox.QuerySolutions) and form == result_set.FORMAT:
        blocks, counter = Blocks(send, xml=False), itertools.count()
        rows_told = (row for row, _ in zip(results, counter, strict=False))
        names = [variable.value for variable in results.variables]
        ox.serialize(result_set.triples(names, rows_told), blocks, ox.RdfFormat.TURTLE, prefixes={"rs": result_set.RS})  # type: ignore[arg-type]
        blocks.flush()
        return next(counter)
    if isinstance(results, ox.QuerySolutions) and form != "csv":
        count = RowCount(form)
        blocks = Blocks(send, xml=form == "xml", count=count)
        results.serialize(blocks, RESULT_FORMATS[form])  # type: ignore[arg-type]
        blocks.flush()
        return count.total()
    blocks = Blocks(send, xml=form in {"xml", "rdf"})
    rows: int | None = None
    if isinstance(results, ox.QuerySolutions):
        rows = _write_csv(results, blocks)
    elif isinstance(results, ox.QueryBoolean):
        results.serialize(blocks, RESULT_FORMATS[form])  # type: ignore[arg-type]
    else:
        counter = itertools.count()
        triples = (triple for triple, _ in zip(results, counter, strict=False))
        ox.serialize(triples, blocks, RDF_FORMATS[form])  # type: ignore[arg-type]
        rows = next(counter)
    blocks.flush()
    return rows


def end(rows: int | None) -> bytes:
    """The frame that ends a whole answer, with the number of its rows."""
    return frame(END, json.dumps(rows).encode())


def _write_csv(results: ox.QuerySolutions, blocks: Blocks) -> int:
    names = [variable.value for variable in results.variables]
    lines = -1  # the first holds the names
    for line in csv_lines(names, ([row[name] for name in names] for row in results)):
        blocks.write(line.encode())
        lines += 1
    return lines


def _dataset(job: Job) -> dict[str, Any]:
    if job.graphs is None and job.named_graphs is None:
        return {}
    return {
        "default_graph": [ox.NamedNode(iri) for iri in job.graphs or ()],
        "named_graphs": [ox.NamedNode(iri) for iri in job.named_graphs or ()],
    }


def failure(kind: str, message: str) -> bytes:
    """The frame that says why there is no answer; `kind` is syntax, failed, or endpoint."""
    return frame(ERROR, json.dumps({"kind": kind, "message": message}, ensure_ascii=False).encode())


def serve(prepare: Callable[[], Answer], memory: int, source: BinaryIO, target: BinaryIO) -> None:
    """Answers jobs until the pipe closes. Results are bound to their thread, so all of it happens in one.

    A full block goes at once; what is left of an answer goes together with its end.
    """
    answer = prepare()
    limit_memory(memory)

    def send(data: bytes) -> None:
        target.write(data)
        if len(data) > BLOCK:
            target.flush()

    send(frame(READY))
    target.flush()
    while len(head := source.read(HEAD.size)) == HEAD.size:
        _, length = HEAD.unpack(head)
        answer(Job.decode(source.read(length)), send)
        target.flush()


def work(prepare: Callable[[], Answer], memory: int, stack: int) -> None:
    """Serves on standard input and output, in a thread with a stack of this size, until the parent is gone."""
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all of a terminal; the service ends its workers
    threading.stack_size(stack)
    source, target = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    thread = threading.Thread(target=serve, args=(prepare, memory, source, target), daemon=True)
    thread.start()
    thread.join()


def main() -> None:
    path, memory, stack = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    deny_network()
    work(lambda: partial(answer, ox.Store.read_only(path)), memory, stack)


if __name__ == "__main__":
    main()
