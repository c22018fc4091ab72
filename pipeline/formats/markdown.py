"""Markdown → text: headings, paragraphs, lists with their numbers and tables as rows, without the marks.

CommonMark with tables and strikethrough. A line end inside a paragraph stays one: what wrote the file may have meant it.
"""

import re
from pathlib import Path

from markdown_it import MarkdownIt

from pipeline.formats.plain import decode
from pipeline.formats.webpage import fragment_text

# CommonMark does not see the end of **emphasis。** when a Chinese sign follows.
_STRONG = re.compile(r"\*\*([^*\n]+)\*\*")


def read(data: bytes, path: Path) -> tuple[str, str]:
    """The text of a Markdown file and the encoding it was read in. Raises DocumentError where it cannot be decoded.

    Where the marks are such that a tenth of the Chinese signs would go with them, the file is taken as it stands.
    """
    text, encoding = decode(data, path)
    marks = MarkdownIt("commonmark", {"breaks": True}).enable(["table", "strikethrough"])
    plain = _STRONG.sub(r"\1", fragment_text(marks.render(text)))
    return plain if _signs(plain) >= 0.9 * _signs(text) else text, encoding


def _signs(text: str) -> int:
    return sum(sign > "\x7f" for sign in text)
