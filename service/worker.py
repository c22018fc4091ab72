"""A worker process: opens one store read-only, gives up network and memory, and answers one job after another.

`python -m service.worker STORE MEMORY STACK` speaks the frames of `service.frames` on standard input and output.
It is killed, not asked, when a query takes too long: the engine cannot be interrupted.
"""

import json
import os
import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, BinaryIO

import pyoxigraph as ox

from pipeline.table import csv_lines
from service.formats import RDF_FORMATS, RESULT_FORMATS
from service.frames import DATA, END, ERROR, HEAD, READY, Job, frame
from service.sandbox import deny_network, die_with_parent, limit_memory

BLOCK = 64 * 1024
Send = Callable[[bytes], None]
Answer = Callable[[Job, Send], None]


class Blocks:
    """A writer for the engine's serialisers: gathers their small writes into blocks and sends each as a frame."""

    def __init__(self, send: Send, *, xml: bool) -> None:
        self._send, self._xml = send, xml
        self._buffer = bytearray()

    def write(self, data: bytes) -> int:
        # A raw carriage return in XML is read back as a line feed; the engine does not escape it.
        self._buffer += data.replace(b"\r", b"&#xD;") if self._xml else data
        if len(self._buffer) >= BLOCK:
            self.flush()
        return len(data)

    def flush(self) -> None:
        if self._buffer:
            self._send(frame(DATA, bytes(self._buffer)))
            self._buffer.clear()


def answer(store: ox.Store, job: Job, send: Send) -> None:
    """Evaluates the job and sends its blocks and its end, or why there is no (further) answer."""
    try:
        results = store.query(job.query, **_dataset(job))
        writer = Blocks(send, xml=job.format in {"xml", "rdf"})
        if isinstance(results, ox.QueryTriples):
            results.serialize(writer, RDF_FORMATS[job.format])  # type: ignore[arg-type]
        else:
            write_results(results, job.format, writer)
        writer.flush()
        send(frame(END))
    except SyntaxError as error:
        send(failure("syntax", str(error)))
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        send(failure("failed", str(error)))


def write_results(results: ox.QuerySolutions | ox.QueryBoolean, form: str, writer: Blocks) -> None:
    """Writes a table or a truth value in a format of RESULT_FORMATS."""
    if isinstance(results, ox.QuerySolutions) and form == "csv":
        _write_csv(results, writer)
    else:
        results.serialize(writer, RESULT_FORMATS[form])  # type: ignore[arg-type]


def _write_csv(results: ox.QuerySolutions, writer: Blocks) -> None:
    names = [variable.value for variable in results.variables]
    for line in csv_lines(names, ([row[name] for name in names] for row in results)):
        writer.write(line.encode())


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
    """Answers jobs until the pipe closes. Results are bound to their thread, so all of it happens in one."""
    answer = prepare()
    limit_memory(memory)

    def send(data: bytes) -> None:
        target.write(data)
        target.flush()

    send(frame(READY))
    while len(head := source.read(HEAD.size)) == HEAD.size:
        _, length = HEAD.unpack(head)
        answer(Job.decode(source.read(length)), send)


def work(prepare: Callable[[], Answer], memory: int, stack: int) -> None:
    """Serves on standard input and output, in a thread with a stack of this size, until the parent is gone."""
    die_with_parent()
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
