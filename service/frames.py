"""The language between the service and its workers: length-prefixed frames over a pipe.

A frame is one letter, four bytes of length (big endian) and that many bytes:
`J` a job (JSON, to the worker); from the worker `R` ready, `D` a block of the answer, `E` its end (JSON: the
number of its rows, or null), `X` why there is none (JSON: kind, message).
"""

import json
import struct
from dataclasses import dataclass
from functools import cached_property

HEAD = struct.Struct("!cI")
JOB, READY, DATA, END, ERROR = b"J", b"R", b"D", b"E", b"X"


@dataclass(frozen=True)
class Job:
    """One query and how to answer it. `format` is a key of `service.formats`; `graphs` and `named_graphs` are the
    protocol's dataset (None: not given); `base` resolves relative IRIs."""

    query: str
    format: str
    graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    base: str | None = None

    @cached_property
    def encoded(self) -> bytes:
        """The same job gives the same bytes."""
        fields = [self.query, self.format, self.graphs, self.named_graphs, self.base]
        return json.dumps(fields, ensure_ascii=False).encode()

    @staticmethod
    def decode(data: bytes) -> "Job":
        query, form, graphs, named_graphs, base = json.loads(data)
        return Job(query, form, _tuple(graphs), _tuple(named_graphs), base)


def _tuple(names: list[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(names)


def frame(kind: bytes, payload: bytes = b"") -> bytes:
    """The frame's bytes."""
    return HEAD.pack(kind, len(payload)) + payload
