"""Counts the rows of a table while the engine writes it, from the bytes alone: the engine does not tell."""

import re

_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_FIRST, _NEXT = b'"bindings":[{', b',{"'
"""How a row of JSON begins; where a string ends in the signs of the second, a brace or a comma follows."""


class RowCount:
    """Rows of a SELECT's answer in one of `service.formats`, fed block by block in order. An ASK has none."""

    def __init__(self, form: str) -> None:
        self._form, self._rest, self._last = form, b"", b""
        self._rows = -1 if form == "tsv" else 0  # its first line holds the names
        self._several = False

    def add(self, block: bytes) -> None:
        """Blocks may end anywhere, within a character too."""
        if self._last:
            self._several = True
            self._count(self._last)
        self._last = block

    def total(self) -> int:
        """The rows of all blocks; asked once, at the end."""
        # Most answers are one block without empty rows, and `{}` may stand in a string.
        if self._form == "json" and not self._several and b"{}" not in self._last:
            count = self._last.count
            return (_FIRST in self._last) + count(_NEXT) - count(_NEXT + b"}") - count(_NEXT + b",")
        self._count(self._last)
        return self._rows

    def _count(self, block: bytes) -> None:
        if self._form == "tsv":
            self._rows += block.count(b"\n")
        elif self._form == "xml":
            block = self._rest + block
            self._rows += block.count(b"<result>")
            self._rest = block[-(len(b"<result>") - 1) :]
        else:
            # Without its strings, what follows `[` or `,` and opens a brace is a row; all else in braces has a name.
            bare = _STRING.sub(b"", self._rest + block)
            whole, quote, open_string = bare.partition(b'"')
            self._rows += whole.count(b"[{") + whole.count(b",{")
            self._rest = whole[-1:] + quote + open_string
