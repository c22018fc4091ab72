"""The language between the service and its workers: length-prefixed frames over a pipe.

A frame is one letter, four bytes of length (big endian) and that many bytes:
`J` a job (JSON, to the worker); from the worker `R` ready, `D` a block of the answer, `E` its end (JSON: the
number of its rows, or null), `X` why there is none (JSON: kind, message).
"""

import json
import struct
from dataclasses import asdict, dataclass

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

    def encode(self) -> bytes:
        """The same job gives the same bytes."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True).encode()

    @staticmethod
    def decode(data: bytes) -> "Job":
        fields = json.loads(data)
        for name in ("graphs", "named_graphs"):
            fields[name] = None if fields[name] is None else tuple(fields[name])
        return Job(**fields)


def frame(kind: bytes, payload: bytes = b"") -> bytes:
    """The frame's bytes."""
    return HEAD.pack(kind, len(payload)) + payload
