"""Word documents (.docx) → text: paragraphs with the numbers they print, and tables as rows, in document order.

Reads the parts of the package that hold words, and no others, within limits. Deleted and hidden words, comments, page
headers and footers and the table of contents are not of the text; inserted words, text boxes, content controls and
notes are. Nothing in a file is run, fetched or resolved.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from pipeline.errors import DocumentError
from pipeline.formats.plain import SAVE_AS_TEXT
from pipeline.formats.rows import Cell, lines_of_table
from pipeline.formats.wordnumbers import Numbering, attribute, child, local, number_of, read_numbering

PART_BYTES = 64 * 1024 * 1024  # of one part unpacked; the words of a plan of a thousand pages take ten
DEPTH = 200  # elements in elements
_OTHERS = {
    "xl/workbook.xml": "an Excel workbook",
    "ppt/presentation.xml": "a PowerPoint file",
    "OFD.xml": "an OFD file",
    "content.xml": "an OpenDocument file",
}
# What holds no words of the text, and what stands for a sign.
_SILENT = re.compile(
    r"del|moveFrom|instrText|delText|delInstrText|Fallback|rt|rPr|pPr|sectPr|tblPr|tblGrid|trPr|tcPr|sdtPr"
)
_SIGNS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_CONTENTS = re.compile(r"toc ?\d", re.IGNORECASE)

Element = ElementTree.Element


class _Builder(ElementTree.TreeBuilder):
    """Builds a tree, but not of what no Word document has: a document type, in which entities can multiply, and
    elements nested beyond any page."""

    depth = 0

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise ValueError("it declares a document type")

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        self.depth += 1
        if self.depth > DEPTH:
            raise ValueError("its elements are nested too deep")
        return super().start(tag, attrs)

    def end(self, tag: str) -> Element:
        self.depth -= 1
        return super().end(tag)


def read(data: bytes, path: Path) -> tuple[str, str]:
    """The text of a Word document. Raises DocumentError where it is none, is broken, or unpacks beyond the limits."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = _Parts(package, path)
            main = parts.main()
            folder = main.rpartition("/")[0]
            body = _Body(read_numbering(*(parts.tree(f"{folder}/{name}.xml") for name in ("numbering", "styles"))))
            text = parts.tree(main)
            lines = list(body.lines(text)) if text is not None else []
            for name in ("footnotes", "endnotes"):
                for note in parts.tree(f"{folder}/{name}.xml") or ():
                    lines += body.lines(note) if attribute(note, "type") is None else ()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise DocumentError(path, f"is a damaged or locked Word document ({error})", "fetch it again") from None
    return "".join(f"{line}\n" for line in lines), "docx"


class _Parts:
    """The parts of a package, unpacked within limits."""

    def __init__(self, package: zipfile.ZipFile, path: Path) -> None:
        self.package, self.path, self.names = package, path, frozenset(package.namelist())

    def main(self) -> str:
        """The name of the part that holds the text."""
        for relation in self.tree("_rels/.rels") or ():
            if (attribute(relation, "Type") or "").endswith("/officeDocument"):
                name = (attribute(relation, "Target") or "").lstrip("/")
                if name in self.names and name.endswith(".xml") and not name.startswith(("xl/", "ppt/")):
                    return name
        kind = next((kind for name, kind in _OTHERS.items() if name in self.names), "a ZIP archive")
        raise DocumentError(self.path, f"is {kind}, not a Word document", SAVE_AS_TEXT)

    def tree(self, name: str) -> Element | None:
        """A part as a tree, None where the package has none of that name."""
        if name not in self.names:
            return None
        with self.package.open(name) as part:
            data = part.read(PART_BYTES + 1)
        if len(data) > PART_BYTES:
            problem = f"unpacks to more than {PART_BYTES // 2**20} MiB ({name})"
            raise DocumentError(self.path, problem, SAVE_AS_TEXT)
        parser = ElementTree.XMLParser(target=_Builder())  # noqa: S314 - see _Builder
        try:
            parser.feed(data)
            root = parser.close()
        except ElementTree.ParseError as error:
            raise ValueError(f"{name}: {error}") from None
        return root if isinstance(root, ElementTree.Element) else None


class _Body:
    """Reads the blocks of a document in order; `numbering` counts as it goes."""

    def __init__(self, numbering: Numbering) -> None:
        self.numbering = numbering

    def lines(self, block: Element) -> Iterator[str]:
        """The lines of the paragraphs and tables in an element."""
        for node in block:
            name = local(node)
            if name == "p":
                yield from self._paragraph(node)
            elif name == "tbl":
                yield from lines_of_table([list(self._row(row)) for row in _inside(node, "tr") if not _deleted(row)])
            elif not _SILENT.fullmatch(name):
                yield from self.lines(node)

    def _paragraph(self, node: Element) -> Iterator[str]:
        properties = child(node, "pPr")
        style = attribute(child(properties, "pStyle"))
        if _CONTENTS.fullmatch(style or "") or _CONTENTS.fullmatch(self.numbering.name(style)):
            return
        boxes: list[Element] = []
        words = "".join(_words(node, boxes))
        if words.strip() or child(properties, "rPr", "del") is None:
            words = self.numbering.label(properties, style) + words.strip()
        yield from (line.strip() for line in words.split("\n") if line.strip())
        for box in boxes:
            yield from self.lines(box)

    def _row(self, row: Element) -> Iterator[Cell]:
        before = number_of(child(row, "trPr", "gridBefore"), 0)
        if before > 0:
            yield Cell("", before)
        for cell in _inside(row, "tc"):
            properties = child(cell, "tcPr")
            merged = child(properties, "vMerge")
            goes_on = merged is not None and attribute(merged) in (None, "continue")
            words = "\n".join(self.lines(cell))
            yield Cell("" if goes_on else words, number_of(child(properties, "gridSpan"), 1))


def _inside(node: Element, name: str) -> Iterator[Element]:
    """The elements of a name in a table or a row, also where a content control or a revision wraps them."""
    for kid in node:
        if local(kid) == name:
            yield kid
        elif not _SILENT.fullmatch(local(kid)) and local(kid) not in ("tr", "tc"):
            yield from _inside(kid, name)


def _deleted(row: Element) -> bool:
    return child(row, "trPr", "del") is not None


def _words(node: Element, boxes: list[Element]) -> Iterator[str]:
    """The words of a paragraph; the text boxes anchored in it are put into `boxes`."""
    for kid in node:
        name = local(kid)
        if name == "t":
            yield (kid.text or "").replace("\n", " ")
        elif name in _SIGNS:
            yield _SIGNS[name]
        elif name == "txbxContent":
            boxes.append(kid)
        elif not _SILENT.fullmatch(name) and not _hidden(kid):
            yield from _words(kid, boxes)


def _hidden(run: Element) -> bool:
    mark = child(run, "rPr", "vanish")
    return mark is not None and attribute(mark) not in ("0", "false", "off")
