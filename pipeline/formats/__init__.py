"""Formats of documents: bytes → text, one module a format.

Each module has `read(data, path) -> (text, encoding)`, which raises DocumentError. `encoding` is the name of the
character encoding where the file has one, else of the format. The same bytes always give the same text: the offsets of
all evidence count its code points. docs/documents.md says what each format keeps.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from pipeline.errors import DocumentError
from pipeline.formats.kinds import kind_of
from pipeline.formats.plain import SAVE_AS_TEXT, check_legible

MIB = 1024 * 1024
SIGNS = 8 * MIB  # code points that a text may have


@dataclass(frozen=True)
class Format:
    """A format: its name in words, its module, how many bytes a file may have, and as what kinds of content (by their
    suffix) it may come. What is `plain` is read here; the others are read by a process of their own, with limits."""

    name: str
    room: str
    most: int
    kinds: frozenset[str]
    plain: bool = False


_TXT = Format("plain text", "plain", 8 * MIB, frozenset({".txt", ".mht"}), plain=True)  # a text may begin as mail does
_MARKDOWN = Format("a Markdown file", "markdown", 8 * MIB, frozenset({".txt", ".html", ".mht"}))
_PAGE = Format("a saved page", "webpage", 16 * MIB, frozenset({".html", ".mht", ".txt"}))
_PDF = Format("a PDF file", "pdf", 64 * MIB, frozenset({".pdf"}))
_WORD = Format("a Word document", "word", 64 * MIB, frozenset({".docx"}))
_WORD97 = Format("a Word 97 document", "word97", 64 * MIB, frozenset({".doc", ".docx", ".rtf", ".html", ".mht"}))

# One entry per suffix, in lower case.
FORMATS: Mapping[str, Format] = {
    ".txt": _TXT,
    ".md": _MARKDOWN,
    ".html": _PAGE,
    ".htm": _PAGE,
    ".mht": _PAGE,
    ".mhtml": _PAGE,
    ".pdf": _PDF,
    ".docx": _WORD,
    ".doc": _WORD97,
    ".rtf": _WORD97,
}


def read(data: bytes, path: Path) -> tuple[str, str]:
    """The text of a file of a known suffix and its encoding, read in this process.

    Raises DocumentError when it is of another kind than its suffix says, or its text is too long or not Chinese.
    """
    form = FORMATS[path.suffix.lower()]
    kind = kind_of(data)
    if kind.suffix not in form.kinds:
        remedy = f"rename it to {kind.suffix}" if kind.suffix else SAVE_AS_TEXT
        raise DocumentError(path, f"is {kind.name}, not {form.name}", remedy)
    text, encoding = import_module(f"pipeline.formats.{form.room}").read(data, path)
    if len(text) > SIGNS:
        raise DocumentError(path, f"holds more than {SIGNS} signs of text", "split it by document")
    check_legible(text, f"read as {encoding}", path)
    return text, encoding
