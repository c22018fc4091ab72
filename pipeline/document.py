"""File → document: finds the files, reads each as text, and says in one line why one cannot be read.

Reads paths. Writes `Document`s. A document's text is exactly what decoding yields (newlines untouched, no byte-order
mark), because every offset of its evidence counts the code points of that text.
"""

import codecs
import hashlib
import os
import stat
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

from pipeline.errors import DocumentError, UsageError
from pipeline.model import Document

MAX_BYTES = 8 * 1024 * 1024

# How files of other kinds begin, often renamed .txt by a download.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"\x89PNG", "a PNG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive or a .docx, .xlsx, .wps or .ofd file"),
    (b"\xd0\xcf\x11\xe0", "a Word or Excel 97 file"),
    (b"{\\rtf", "an RTF file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"RIFF", "a media file"),
    (b"\x7fELF", "a program"),
)
_HTML_STARTS = (b"<!doctype html", b"<html", b"<?xml", b"<head")

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What a file may be in that is neither marked nor UTF-8. The detector's choice counts when its text is plausible.
_LEGACY = ("gb18030", "cp950", "big5hkscs", "utf_16_le", "utf_16_be")

# Among the commonest characters of the genre, in both scripts. Measured on the five documents of data/documents in
# each encoding: they are at least 48 % of the non-ASCII characters of a text read rightly, 2 % of one read wrongly.
_COMMON = frozenset(
    "的一是不了在人有大中来上个国到为和地出要以时年对会生发多后成市区县省级部门委政府党工作问题整改督察环境保护态污染治"
    "理水气土方案措施实单位责任目标完推进加强按照全面落反馈意见组长期前底月日第二三四五六七八九十建设管行主及与等法公开度关动化"
    "這來個國為時對會過後發縣級門黨問題環護態汙污實進單責標強長設與開關動區應務業產總領導達組當並從氣"
)
_PLAUSIBLE, _GARBLED, _ENOUGH = 0.25, 0.05, 100

SAVE_AS_TEXT = "save its text as UTF-8 .txt"


@dataclass(frozen=True)
class Found:
    """The documents among the given paths, in order of their paths; what was passed over on purpose, with the reason;
    and what is no readable file."""

    documents: tuple[Path, ...]
    skipped: tuple[tuple[Path, str], ...]
    failures: tuple[DocumentError, ...]


def find_documents(paths: Iterable[Path]) -> Found:
    """Looks into folders, recursively; a hidden file or one without a reader is skipped there. A file that is named is
    a document, whatever its name; reading it tells.

    Raises UsageError when there is nothing to read at all.
    """
    documents: dict[str, Path] = {}
    skipped: list[tuple[Path, str]] = []
    failures: list[DocumentError] = []
    for given in paths:
        for path, problem in _look(given):
            if problem is None:
                documents.setdefault(os.path.abspath(path), path)  # noqa: PTH100 - resolve() would follow links
            elif isinstance(problem, DocumentError):
                failures.append(problem)
            else:
                skipped.append((path, problem))
    if not documents and failures:
        raise UsageError(failures[0].subject, failures[0].problem, failures[0].remedy)
    if not documents:
        names = ", ".join(printable(str(path)) for path in paths) or "no path"
        raise UsageError(names, f"holds no document ({_readable()})", "name a file or a folder with documents")
    return Found(tuple(documents[key] for key in sorted(documents)), tuple(sorted(skipped)), tuple(failures))


def read_document(path: Path) -> Document:
    """Reads one file. Raises DocumentError when it is missing, empty, too large, not text, or in no known encoding."""
    data = _bytes(path)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise DocumentError(path, f"has the suffix '{path.suffix}' without a reader", _readable())
    text, encoding = reader(data, path)
    sha256 = hashlib.sha256(data).hexdigest()
    return Document(sha256[:16], printable(path.name), sha256, text, encoding)


def printable(name: str) -> str:
    """A file name on one line: control characters and bytes that are not UTF-8 are written as escapes."""
    return "".join(c if unicodedata.category(c) not in ("Cc", "Cs") else ascii(c)[1:-1] for c in name)


def read_plain_text(data: bytes, path: Path) -> tuple[str, str]:
    """The text and the encoding it was read in. Raises DocumentError where the bytes are not plausibly Chinese text."""
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise DocumentError(path, f"is {kind}, not plain text", SAVE_AS_TEXT)
    if data[:1024].lstrip(codecs.BOM_UTF8 + b" \t\r\n").lower().startswith(_HTML_STARTS):
        raise DocumentError(path, "is an HTML or XML page, not plain text", SAVE_AS_TEXT)
    text, encoding = _decode(data, path)
    if not text.strip():
        raise DocumentError(path, "holds only blanks", "remove it or fetch it again")
    letters = sum(c > "\x7f" for c in text)
    if not letters or (letters >= _ENOUGH and _share(text) < _GARBLED):
        raise DocumentError(
            path, f"holds no legible Chinese text (read as {encoding})", "fetch it again; it may be garbled"
        )
    return text, encoding


def _bytes(path: Path) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise DocumentError(path, "is not a regular file", "name a file")
        if status.st_size > MAX_BYTES:
            size = f"{status.st_size / 2**20:.1f} MiB"
            raise DocumentError(
                path, f"is too large ({size}, at most {MAX_BYTES // 2**20} MiB)", "split it by document"
            )
        data = path.read_bytes()
    except FileNotFoundError:
        problem = "is a link to a missing file" if path.is_symlink() else "does not exist"
        raise DocumentError(path, problem, "check the path") from None
    except OSError as error:
        raise DocumentError(path, f"cannot be read ({error.strerror})", "check its permissions") from None
    if not data:
        raise DocumentError(path, "is empty", "remove it or fetch it again")
    return data


def _decode(data: bytes, path: Path) -> tuple[str, str]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise _broken(path, encoding, error.start) from None
    damage = 0
    if b"\0" not in data:
        try:
            return data.decode("utf-8"), "utf-8"
        except UnicodeDecodeError as error:
            damage = error.start
    for text, encoding in _legacy_readings(data):
        if _share(text) >= _PLAUSIBLE:
            return text, encoding
    if b"\0" in data:
        raise DocumentError(path, "holds binary data, not text", SAVE_AS_TEXT)
    if _share(data[:damage].decode("utf-8", "replace")) >= _PLAUSIBLE:
        raise _broken(path, "utf-8", damage)
    raise DocumentError(path, "is in no encoding that gives Chinese text (UTF-8, UTF-16, GB18030, Big5)", SAVE_AS_TEXT)


def _legacy_readings(data: bytes) -> Iterator[tuple[str, str]]:
    """The readings charset-normalizer finds among the legacy encodings, the likeliest first."""
    for match in from_bytes(data, cp_isolation=list(_LEGACY)):
        try:
            text = data.decode(match.encoding)
            text.encode("utf-8")  # GB18030 can spell lone surrogates, which no store can hold
        except UnicodeError:
            continue
        if "\0" not in text:
            yield text, codecs.lookup(match.encoding).name


def _broken(path: Path, encoding: str, byte: int) -> DocumentError:
    return DocumentError(path, f"is {encoding} but damaged at byte {byte}", "fetch it again, or repair that place")


def _share(text: str) -> float:
    """The share of common characters among the non-ASCII ones, 0 to 1."""
    letters = [c for c in text if c > "\x7f"]
    return sum(c in _COMMON for c in letters) / len(letters) if letters else 0.0


def _look(path: Path) -> Iterator[tuple[Path, str | DocumentError | None]]:
    """Every file at or below a given path, with why it is not read (None: it is)."""
    if not os.path.lexists(path):  # unlike Path.exists() it never raises
        yield path, DocumentError(path, "does not exist or cannot be reached", "check the path")
        return
    if not os.path.isdir(path):  # noqa: PTH112 - as above
        yield path, None
        return
    refused: list[tuple[Path, DocumentError]] = []

    def refuse(error: OSError) -> None:
        folder = Path(error.filename)
        refused.append(
            (folder, DocumentError(folder, f"cannot be looked into ({error.strerror})", "check its permissions"))
        )

    for folder, folders, files in os.walk(path, onerror=refuse):
        for name in [*files, *folders]:
            entry = Path(folder, name)
            if name.startswith("."):
                yield entry, "hidden"
            elif name in folders:
                if entry.is_symlink():
                    yield entry, "a link to a folder"
                elif entry.suffix.lower() in READERS:
                    yield entry, DocumentError(entry, "is a folder, not a document", "rename it; its files are read")
            elif entry.suffix.lower() not in READERS:
                yield entry, _readable()
            else:
                yield entry, None
        folders[:] = sorted(name for name in folders if not name.startswith("."))
    yield from refused


def _readable() -> str:
    return f"ducha reads {', '.join(sorted(READERS))}"


# One entry per kind of file: the lower-case suffix, and a function from its bytes to (text, encoding).
READERS: Mapping[str, Callable[[bytes, Path], tuple[str, str]]] = {".txt": read_plain_text}
