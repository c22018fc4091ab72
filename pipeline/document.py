"""File → document: finds the files, reads each as text, and says in one line why one cannot be read.

Reads paths. Writes `Document`s. What a format's text is, `pipeline.formats` decides: for plain text exactly what
decoding yields (newlines untouched, no byte-order mark). Every offset of evidence counts the code points of that text.
"""

import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pipeline.errors import DocumentError, UsageError
from pipeline.formats import FORMATS, MIB, read
from pipeline.formats.apart import read_apart
from pipeline.model import Document

_PARTS = ("_files", ".files", "_file")  # of a folder in which a browser keeps the parts of a page it saved


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


class Texts(Protocol):
    """Texts read before, by the file's content and suffix."""

    def text(self, sha256: str, suffix: str) -> tuple[str, str] | None: ...

    def keep_text(self, sha256: str, suffix: str, text: str, encoding: str) -> None: ...


def read_document(path: Path, texts: Texts | None = None) -> Document:
    """Reads one file, or takes what `texts` remembers of it.

    Raises DocumentError when it is missing, empty, too large, not what its suffix says, or not legible Chinese.
    """
    suffix = path.suffix.lower()
    form = FORMATS.get(suffix)
    data = _bytes(path, form.most if form else max(one.most for one in FORMATS.values()))
    if form is None:
        raise DocumentError(path, f"has the suffix '{path.suffix}' without a reader", _readable())
    sha256 = hashlib.sha256(data).hexdigest()
    found = texts.text(sha256, suffix) if texts and not form.plain else None
    if found is None:
        found = read(data, path) if form.plain else read_apart(data, path)
        if texts and not form.plain:
            texts.keep_text(sha256, suffix, *found)
    return Document(sha256[:16], printable(path.name), sha256, *found)


def printable(name: str) -> str:
    """A file name on one line: control characters and bytes that are not UTF-8 are written as escapes."""
    return "".join(c if unicodedata.category(c) not in ("Cc", "Cs") else ascii(c)[1:-1] for c in name)


def _bytes(path: Path, most: int) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise DocumentError(path, "is not a regular file", "name a file")
        if status.st_size > most:
            size = f"{status.st_size / MIB:.1f} MiB"
            raise DocumentError(path, f"is too large ({size}, at most {most // MIB} MiB)", "split it by document")
        data = path.read_bytes()
    except FileNotFoundError:
        problem = "is a link to a missing file" if path.is_symlink() else "does not exist"
        raise DocumentError(path, problem, "check the path") from None
    except OSError as error:
        raise DocumentError(path, f"cannot be read ({error.strerror})", "check its permissions") from None
    if not data:
        raise DocumentError(path, "is empty", "remove it or fetch it again")
    return data


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
            elif name.startswith("~$"):
                yield entry, "Word's note that a file is open"
            elif name in folders and _is_of_a_page(entry, files):
                yield entry, "parts of a saved page"
            elif name in folders:
                if entry.is_symlink():
                    yield entry, "a link to a folder"
                elif entry.suffix.lower() in FORMATS:
                    yield entry, DocumentError(entry, "is a folder, not a document", "rename it; its files are read")
            elif entry.suffix.lower() not in FORMATS:
                yield entry, _readable()
            else:
                yield entry, None
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and not _is_of_a_page(Path(folder, name), files)
        )
    yield from refused


def _is_of_a_page(folder: Path, beside: Iterable[str]) -> bool:
    """Whether a browser made the folder when it saved a page beside it."""
    names = {folder.name.removesuffix(ending) for ending in _PARTS if folder.name.endswith(ending)}
    return any(f"{name}{suffix}" in beside for name in names for suffix in (".html", ".htm"))


def _readable() -> str:
    return f"ducha reads {', '.join(sorted(FORMATS))}"
