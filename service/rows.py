"""Counts the rows of a table while the engine writes it, from the bytes alone: the engine does not tell."""

import re

_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)


class RowCount:
    """Rows of a SELECT's answer in one of `service.formats`, fed block by block in order. An ASK has none."""

    def __init__(self, form: str) -> None:
        self._form, self._rest = form, b""
        self.rows = -1 if form == "tsv" else 0  # its first line holds the names

    def add(self, block: bytes) -> None:
        """Blocks may end anywhere, within a character too."""
        if self._form == "tsv":
            self.rows += block.count(b"\n")
        elif self._form == "xml":
            block = self._rest + block
            self.rows += block.count(b"<result>")
            self._rest = block[-(len(b"<result>") - 1) :]
        else:
            # Without its strings, what follows `[` or `,` and opens a brace is a row; all else in braces has a name.
            bare = _STRING.sub(b"", self._rest + block)
            whole, quote, open_string = bare.partition(b'"')
            self.rows += whole.count(b"[{") + whole.count(b",{")
            self._rest = whole[-1:] + quote + open_string
