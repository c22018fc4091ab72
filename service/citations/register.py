"""The texts of cited queries, in files named by their content: `DIR/queries/<hash>.rq`, and for each version at which
one was cited `<hash>@<version>.json` with the hash of its answer. Written once, never changed, never removed by us."""

import hashlib
import json
import os
import re
import tempfile
import time
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from pipeline.disk import synchronise
from pipeline.errors import Wording
from pipeline.query import NamedQuery, load_queries
from service.problems import BusyError, ProblemError
from service.settings import Settings
from service.tokens import tokens

HASH = re.compile(r"[0-9a-f]{20}")
HOUR = 3600.0
BLOCK = 4096  # bytes that a small file takes
_CLIENTS = 10_000  # whose times are remembered


class FullError(ProblemError):
    """No more citations may be, or can be, recorded."""

    status, kind = 507, "storage"


def query_hash(text: str) -> str:
    """The first 20 hex digits of the SHA-256 of a query in which every space and comment is one blank.

    Whether there is a blank is kept, since the engine may read `a-1` and `a - 1` differently.
    """
    words: list[str] = []
    for kind, word, _ in tokens(text):
        blank = kind in {"space", "comment"}
        if not (blank and words and words[-1] == " "):
            words.append(" " if blank else word)
    return hashlib.sha256("".join(words).strip().encode()).hexdigest()[:20]


@dataclass(frozen=True)
class Record:
    """What an answer was when it was cited: rows or triples (None: a truth value), and the SHA-256 of its bytes as SPARQL
    JSON or N-Triples."""

    rows: int | None
    sha256: str


class Register:
    """The folder of cited queries. Its bounds are `citations`, `cited_bytes` and `cited_hourly` of the settings."""

    def __init__(self, settings: Settings) -> None:
        self._folder, self._settings = settings.out / "queries", settings
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    @cached_property
    def _named(self) -> dict[str, NamedQuery]:
        return {query_hash(query.bound({})): query for query in load_queries().values()}

    def text(self, name: str) -> str | None:
        """The text of a cited query, or of a named query with its parameters at their defaults."""
        try:
            return (self._folder / f"{name}.rq").read_bytes().decode()
        except OSError:
            return self._named[name].bound({}).strip() + "\n" if name in self._named else None

    def title(self, name: str) -> tuple[str, str] | None:
        """The titles, zh and en, of the named query that the hash is of."""
        query = self._named.get(name)
        return (query.title_zh, query.title_en) if query else None

    def record(self, name: str, version: str) -> Record | None:
        """What was noted when the query was cited at the version; None where it was not."""
        try:
            return Record(**json.loads((self._folder / f"{name}@{version}.json").read_bytes()))
        except (OSError, ValueError, TypeError):
            return None

    def add(self, client: str, text: str, version: str, record: Record) -> str:
        """Keeps query and record, and returns the query's hash. What is kept already costs nothing and stays as it is.

        Raises FullError when the folder is full or cannot be written, BusyError when the client cites too often.
        """
        name = query_hash(text)
        files = {f"{name}.rq": text.encode(), f"{name}@{version}.json": json.dumps(asdict(record)).encode()}
        files = {file: body for file, body in files.items() if not (self._folder / file).exists()}
        if files:
            self._spend(client)
            try:
                self._check_room(files)
                for file, body in files.items():
                    _write_once(self._folder / file, body)
            except OSError as error:
                why = (error.strerror or str(error)).lower()
                raise FullError(
                    "citation", Wording("cannot be recorded ({why})", why=why), "tell the operator"
                ) from None
        return name

    def _check_room(self, files: Mapping[str, bytes]) -> None:
        self._folder.mkdir(exist_ok=True)
        sizes = [entry.stat().st_size for entry in os.scandir(self._folder)]
        sizes += [len(body) for body in files.values()]
        total = sum(-(-size // BLOCK) * BLOCK for size in sizes)
        limits = {"citations": len(sizes) // 2, "cited_bytes": total}
        for setting, used in limits.items():
            if used > (most := getattr(self._settings, setting)):
                remedy = "cite the version and give the query's text; the operator can make room"
                raise FullError("citations", "are as many as may be kept", remedy, limit=f"{setting}={most}")

    def _spend(self, client: str) -> None:
        now, most = time.monotonic(), self._settings.cited_hourly
        times = self._times.setdefault(client, deque())
        self._times.move_to_end(client)
        while times and times[0] < now - HOUR:
            times.popleft()
        if len(times) >= most:
            problem = Wording("this client has recorded {n} citations within the hour", n=most)
            raise BusyError("service", problem, "come back later", limit=f"cited_hourly={most}")
        times.append(now)
        if len(self._times) > _CLIENTS:
            self._times.popitem(last=False)


def _write_once(path: Path, body: bytes) -> None:
    """Gives the whole file its name in one step; a file that has it already stays."""
    descriptor, temporary = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
        Path(temporary).chmod(0o644)
        synchronise(Path(temporary))
        if not path.exists():
            Path(temporary).rename(path)
        synchronise(path.parent)
    finally:
        Path(temporary).unlink(missing_ok=True)
