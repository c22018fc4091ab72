"""What a file is by its first bytes, whatever its name says: downloads are often renamed."""

import codecs
import re
from typing import NamedTuple

_HEAD = 4096  # bytes looked at


class Kind(NamedTuple):
    """What a file is, in words, and the suffix such files have; none where ducha does not read them."""

    name: str
    suffix: str = ""


TEXT = Kind("plain text", ".txt")
PAGE = Kind("an HTML or XML page", ".html")
MHTML = Kind("a saved page (MHTML)", ".mht")
_SIGNATURES: tuple[tuple[bytes, Kind], ...] = (
    (b"\xff\xd8\xff", Kind("a JPEG image")),
    (b"\x89PNG", Kind("a PNG image")),
    (b"GIF8", Kind("a GIF image")),
    (b"II*\0", Kind("a TIFF image")),
    (b"MM\0*", Kind("a TIFF image")),
    (b"%PDF", Kind("a PDF file", ".pdf")),
    (b"PK\x03\x04", Kind("a ZIP archive or a .docx, .xlsx, .wps or .ofd file", ".docx")),
    (b"\xd0\xcf\x11\xe0", Kind("a Word or Excel 97 file", ".doc")),
    (b"{\\rtf", Kind("an RTF file", ".rtf")),
    (b"\x1f\x8b", Kind("a gzip archive")),
    (b"Rar!", Kind("a RAR archive")),
    (b"7z\xbc\xaf", Kind("a 7-Zip archive")),
    (b"RIFF", Kind("a media file")),
    (b"\x7fELF", Kind("a program")),
)
_PAGE_STARTS = re.compile(rb"<!doctype html|<html|<\?xml|<head|<meta|<!--", re.IGNORECASE)
_MIME = re.compile(rb"(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,9}?MIME-Version:", re.IGNORECASE)


def kind_of(data: bytes) -> Kind:
    """The kind of a file's content; what begins like nothing else is text."""
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return kind
    head = data[:_HEAD]
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if head.startswith(mark):
            head = head.decode(encoding, "ignore").encode("ascii", "ignore")
    head = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if _PAGE_STARTS.match(head):
        return PAGE
    return MHTML if _MIME.match(head) else TEXT
