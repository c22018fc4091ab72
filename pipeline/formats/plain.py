"""Plain text (纯文本) → text: the encoding of a file, and whether what it gives is Chinese.

Reads bytes. Writes the text exactly as decoding yields it (newlines untouched, no byte-order mark) and the encoding's
name. Pages and Markdown are decoded here too; a page's own declaration is tried before a guess.
"""

import codecs
from collections.abc import Iterator
from pathlib import Path

from charset_normalizer import from_bytes

from pipeline.errors import DocumentError

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
# What pages declare, and what their bytes are in: the superset that browsers too read for the name.
_DECLARED = {
    **dict.fromkeys(("gb2312", "gb_2312-80", "gbk", "x-gbk", "gb18030"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs"), "big5hkscs"),
}
SAVE_AS_TEXT = "save its text as UTF-8 .txt"


def read(data: bytes, path: Path) -> tuple[str, str]:
    """The text and the encoding it was read in. Raises DocumentError where the bytes are not plausibly Chinese text."""
    text, encoding = decode(data, path)
    check_legible(text, f"read as {encoding}", path)
    return text, encoding


def check_legible(text: str, how: str, path: Path) -> None:
    """Raises DocumentError when a text is blank or, read this way, not plausibly Chinese."""
    if not text.strip():
        raise DocumentError(path, "holds only blanks", "remove it or fetch it again")
    letters = sum(c > "\x7f" for c in text)
    if not letters or (letters >= _ENOUGH and _share(text) < _GARBLED):
        raise DocumentError(path, f"holds no legible Chinese text ({how})", "fetch it again; it may be garbled")


def decode(data: bytes, path: Path, declared: str = "") -> tuple[str, str]:
    """The text and the encoding it was read in: the byte-order mark's, else UTF-8 where the bytes are that, else the
    `declared` one, else the likeliest. Raises DocumentError where none gives Chinese text."""
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
    stated = list(_declared_reading(data, declared))
    for text, encoding in (*stated, *_legacy_readings(data)):
        if _share(text) >= _PLAUSIBLE:
            return text, encoding
    if stated and _share(stated[0][0]) >= _GARBLED:  # of few words, so that their share says little
        return stated[0]
    if b"\0" in data:
        raise DocumentError(path, "holds binary data, not text", SAVE_AS_TEXT)
    if _share(data[:damage].decode("utf-8", "replace")) >= _PLAUSIBLE:
        raise _broken(path, "utf-8", damage)
    raise DocumentError(path, "is in no encoding that gives Chinese text (UTF-8, UTF-16, GB18030, Big5)", SAVE_AS_TEXT)


def _declared_reading(data: bytes, declared: str) -> Iterator[tuple[str, str]]:
    """The reading in the encoding a page declares, unless the declaration is missing, unknown or wrong."""
    encoding = _DECLARED.get(declared.strip().lower())
    if encoding is not None:
        try:
            text = data.decode(encoding)
            text.encode("utf-8")
        except UnicodeError:
            return
        yield text, encoding


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
