"""Reading files: the text is exactly the file's, and what cannot be read says why in one line."""

import codecs
import csv
import hashlib
import os
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.assets import asset_path
from pipeline.document import find_documents, printable, read_document
from pipeline.errors import DocumentError, UsageError
from pipeline.formats import FORMATS, read

READABLE = "ducha reads .doc, .docx, .htm, .html, .md, .mht, .mhtml, .pdf, .rtf, .txt"
MAX_BYTES = FORMATS[".txt"].most
PLAN = (
    "桂林市贯彻落实第二轮自治区生态环境保护督察反馈意见整改方案\r\n"
    "到2024年12月底前,完成32%反馈问题整改;\r2025年底前全部完成。\n\n  责任单位:市生态环境局、市水务局\n"
)
TRADITIONAL = "環境保護督察反饋意見整改方案\n為了推進污染問題的治理,縣級部門應當對單位進行督察,實施責任制。\n"


def write(folder: Path, data: bytes | str, name: str = "方案.txt") -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        (PLAN.encode(), PLAN, "utf-8"),
        (codecs.BOM_UTF8 + PLAN.encode(), PLAN, "utf-8-sig"),
        (PLAN.encode("gb18030"), PLAN, "gb18030"),
        (PLAN.encode("utf-16"), PLAN, "utf-16"),
        (codecs.BOM_UTF16_BE + PLAN.encode("utf-16-be"), PLAN, "utf-16"),
        (PLAN.encode("utf-16-le"), PLAN, "utf-16-le"),
        (PLAN.encode("utf-16-be"), PLAN, "utf-16-be"),
        (PLAN.encode("utf-32"), PLAN, "utf-32"),
        (TRADITIONAL.encode("big5"), TRADITIONAL, "big5hkscs"),
        (("𠮷林" + PLAN).encode("gb18030"), "𠮷林" + PLAN, "gb18030"),
    ],
)
def test_text_is_the_same_whatever_the_encoding(tmp_path: Path, data: bytes, text: str, encoding: str) -> None:
    document = read_document(write(tmp_path, data))
    assert (document.text, document.encoding) == (text, encoding)
    assert document.sha256 == hashlib.sha256(data).hexdigest()
    assert document.id == document.sha256[:16]
    assert document.file_name == "方案.txt"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("seed", sorted(asset_path("data", "documents").glob("*.txt")), ids=lambda path: path.name[:3])
def test_real_documents_survive_legacy_encodings(seed: Path, encoding: str) -> None:
    text = seed.read_bytes().decode()
    assert read(text.encode(encoding), seed) == (text, encoding)


JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256))
BAD = {
    "empty": (b"", "is empty"),
    "blank": (" \n\u3000\n".encode(), "only blanks"),
    "jpeg": (JPEG, "a JPEG image"),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(64), "a PNG image"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "a PDF file"),
    "docx": (b"PK\x03\x04\x14\x00\x06\x00", "a ZIP archive"),
    "doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64), "a Word or Excel 97 file"),
    "html": ("<!DOCTYPE html><html><body>整改方案</body></html>".encode(), "an HTML or XML page"),
    "noise": (random.Random(7).randbytes(4096), "binary data"),  # noqa: S311 - repeatable noise, no secret
    "truncated": (PLAN.encode()[:101] + PLAN.encode()[102:], "damaged at byte"),
    "truncated utf-16": (PLAN.encode("utf-16")[:-1], "damaged at byte"),
    "japanese": (
        "環境省は、廃棄物の処理及び清掃に関する法律を改正しました。".encode("euc-jp"),
        "no encoding that gives Chinese",
    ),
    "latin": ("Maßnahmen für Österreich\n".encode("latin-1"), "no encoding that gives Chinese"),
    "english": (b"A plan of rectification\n", "no legible Chinese"),
    "mojibake": (PLAN.encode().decode("latin-1").encode(), "no legible Chinese"),
    "too large": (b"a" * (MAX_BYTES + 1), "is too large (8.0 MiB"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_read_says_so_in_one_line(tmp_path: Path, case: str) -> None:
    data, problem = BAD[case]
    with pytest.raises(DocumentError) as caught:
        read_document(write(tmp_path, data, f"{case}.txt"))
    message = str(caught.value)
    assert problem in message
    assert f"{case}.txt" in message
    assert "\n" not in message
    assert caught.value.exit_code == 1
    assert caught.value.remedy


def test_file_just_within_the_limit_is_read(tmp_path: Path) -> None:
    text = "整改" * (MAX_BYTES // 6)
    assert read_document(write(tmp_path, text)).text == text


def test_a_file_without_permission(tmp_path: Path) -> None:
    path = write(tmp_path, PLAN)
    path.chmod(0)
    root = os.geteuid() == 0
    if root:  # permissions do not bind the superuser
        os.seteuid(65534)
    try:
        with pytest.raises(DocumentError, match=r"cannot be read \(Permission denied\)"):
            read_document(path)
    finally:
        if root:
            os.seteuid(0)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(DocumentError, match="not a regular file"):
        read_document(tmp_path / "pipe.txt")


@given(st.binary(max_size=600))
def test_any_bytes_give_text_or_a_document_error(data: bytes) -> None:
    try:
        text, encoding = read(data, Path("any.txt"))
    except DocumentError:
        return
    assert any(c > "\x7f" for c in text)
    text.encode()  # no lone surrogates
    assert encoding


@given(st.text(min_size=1))
def test_utf8_text_comes_back_unchanged(text: str) -> None:
    whole = "整改方案" + text.replace("\0", "")
    assert read(whole.encode(), Path("any.txt")) == (whole, "utf-8")


def test_folders_are_read_to_the_bottom_and_nothing_is_dropped_in_silence(tmp_path: Path) -> None:
    write(tmp_path, PLAN, "b.txt")
    (tmp_path / "市" / "县").mkdir(parents=True)
    write(tmp_path / "市" / "县", PLAN, "a.TXT")
    write(tmp_path, JPEG, "photo.jpg")
    write(tmp_path, b"", ".hidden.txt")
    (tmp_path / ".git").mkdir()
    write(tmp_path / ".git", PLAN, "x.txt")
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "gone")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "folder.txt").mkdir()
    write(tmp_path / "folder.txt", PLAN, "c.txt")

    found = find_documents([tmp_path, tmp_path / "b.txt"])
    names = [path.relative_to(tmp_path).as_posix() for path in found.documents]
    assert names == ["b.txt", "dangling.txt", "folder.txt/c.txt", "市/县/a.TXT"]
    assert {path.name: why for path, why in found.skipped} == {
        ".git": "hidden",
        ".hidden.txt": "hidden",
        "loop": "a link to a folder",
        "photo.jpg": READABLE,
    }
    assert [str(error) for error in found.failures] == [
        f"{tmp_path / 'folder.txt'}: is a folder, not a document; rename it; its files are read"
    ]
    with pytest.raises(DocumentError, match="a link to a missing file"):
        read_document(tmp_path / "dangling.txt")


def test_the_parts_of_a_saved_page_and_notes_of_open_files_are_no_documents(tmp_path: Path) -> None:
    write(tmp_path, PLAN, "方案.html")
    write(tmp_path, b"", "~$方案.docx")
    for folder in ("方案_files", "附件_files"):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder, PLAN, "frame.html")
    found = find_documents([tmp_path])
    assert [path.relative_to(tmp_path).as_posix() for path in found.documents] == ["方案.html", "附件_files/frame.html"]
    assert {path.name: why for path, why in found.skipped} == {
        "方案_files": "parts of a saved page",
        "~$方案.docx": "Word's note that a file is open",
    }


def test_a_named_file_is_never_skipped(tmp_path: Path) -> None:
    path = write(tmp_path, PLAN, ".plan.wps")
    assert find_documents([path]).documents == (path,)
    with pytest.raises(DocumentError, match=r"suffix '\.wps' without a reader; ducha reads \.doc, "):
        read_document(path)


def test_nothing_to_read_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no document"):
        find_documents([tmp_path])
    with pytest.raises(UsageError, match="does not exist"):
        find_documents([tmp_path / "gone"])


def test_names_are_printable_and_keep_what_is_readable() -> None:
    assert printable("桂林 整改\u3000方案.txt") == "桂林 整改\u3000方案.txt"
    assert printable("a\nb\udcff.txt") == "a\\nb\\udcff.txt"


def test_the_shipped_documents_are_the_ones_described() -> None:
    with asset_path("data", "documents.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["file"]: row for row in csv.DictReader(file)}
    paths = find_documents([asset_path("data", "documents")]).documents
    assert [path.name for path in paths] == sorted(rows)
    for path in paths:
        row = rows[path.name]
        document = read_document(path)
        assert document.sha256 == row["sha256"]
        assert not row["title"] or row["title"] in document.text
        assert row["rights"] in {"official-document", "unclear", "quotes-only"}
        assert all(
            row[key] for key in ("source", "damage_zh", "damage_en", "rights_note_zh", "rights_note_en", "language")
        )
