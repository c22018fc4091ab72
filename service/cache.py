"""Answers as bytes, the least recently used dropped first. Snapshots never change, so nothing here goes stale."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

OVERHEAD = 512  # bytes a kept answer costs beside its body and its key, roughly


@dataclass(frozen=True)
class Stored:
    """A complete answer of status 200: raw header pairs and body."""

    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


class ByteCache:
    """Keys name the dataset version first, so a new snapshot simply asks under other names."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._entries: OrderedDict[Hashable, tuple[Stored, int]] = OrderedDict()
        self.size = 0
        self.hits = 0
        self.misses = 0

    @property
    def largest(self) -> int:
        """Bytes that one answer may take."""
        return self._limit // 8

    def get(self, key: Hashable) -> Stored | None:
        entry = self._entries.get(key)
        if entry is None:
            self.misses += 1
            return None
        self.hits += 1
        self._entries.move_to_end(key)
        return entry[0]

    def put(self, key: Hashable, stored: Stored, length: int) -> None:
        """Keeps the answer unless it is too large. `length` is that of the key,
        which holds what clients sent: long queries, long headers."""
        cost = len(stored.body) + 4 * length + OVERHEAD
        if cost > self.largest:
            return
        if (old := self._entries.pop(key, None)) is not None:
            self.size -= old[1]
        self._entries[key] = (stored, cost)
        self.size += cost
        while self.size > self._limit:
            _, (_, dropped) = self._entries.popitem(last=False)
            self.size -= dropped
