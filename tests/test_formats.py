"""Every format: one plan gives the same facts however it is saved, and a document that does harm costs itself alone."""

import re
import shutil
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from pipeline.build import build
from pipeline.cache import TextCache
from pipeline.document import read_document
from pipeline.errors import DocumentError
from pipeline.formats import apart, read
from pipeline.formats.rows import Cell, lines_of_table
from pipeline.graph import document_quads
from pipeline.vocabulary import DEFAULT_BASE

FORMATS = Path(__file__).parent / "formats"
NAMES = ["plan.html", "old.html", "plan.md", "plan.pdf", "plan.docx", "plan.doc"]
WORDS = "督察反馈意见整改方案"
needs_libreoffice = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")


def facts(path: Path) -> set[tuple[str, str, str]]:
    """What a document says of the plan, the supervision and the organisations, but for where it says so."""
    quads = document_quads(read_document(path), DEFAULT_BASE)
    return {
        (quad.subject.value, quad.predicate.value, str(quad.object))
        for quad in quads
        if isinstance(quad.subject, ox.NamedNode)
        and quad.subject.value.startswith(
            tuple(f"{DEFAULT_BASE}{name}/" for name in ("plan", "supervision", "organization"))
        )
        and f"{DEFAULT_BASE}document/" not in str(quad.object)
    }


@pytest.fixture(scope="module")
def said() -> set[tuple[str, str, str]]:
    return facts(FORMATS / "plan.txt")


@pytest.mark.parametrize("name", [pytest.param(n, marks=needs_libreoffice) if n.endswith(".doc") else n for n in NAMES])
def test_one_plan_says_the_same_in_every_format(name: str, said: set[tuple[str, str, str]]) -> None:
    kinds = {subject.rsplit("/", 2)[-2] for subject, _, _ in said}
    assert {"issue", "target", "goal", "measure", "principle", "safeguard", "duty"} <= kinds
    assert facts(FORMATS / name) == said


@pytest.mark.parametrize("name", [pytest.param(n, marks=needs_libreoffice) if n.endswith(".doc") else n for n in NAMES])
def test_no_line_of_the_plan_is_lost(name: str) -> None:
    """Every paragraph and every row of the source stands in the text as one line; only Markdown may set blanks."""
    text = read_document(FORMATS / name).text.splitlines()
    source = (FORMATS / "plan.txt").read_text(encoding="utf-8").splitlines()[2:]
    assert [line for line in source if line and line not in text] == []


def test_the_same_file_gives_the_same_text_in_another_process() -> None:
    assert len({read_document(FORMATS / "plan.docx").text for _ in range(2)}) == 1


def test_markdown_loses_its_marks_and_nothing_else() -> None:
    source = """# 某市**整改**方案

整改目标:达标
整改时限:2023年底

**(一)坚持问题导向。**对照~~意见~~反馈,PM2.5<35。

1. 甲项[链接](http://a/)
2. 乙项
   - 子项

| 序号 | 单位 |
|---|---|
| 1 | 市局<br>县局 |

1.新建管网
"""
    assert read(source.encode(), Path("a.md"))[0].splitlines() == [
        "某市整改方案",
        "整改目标:达标",
        "整改时限:2023年底",
        "(一)坚持问题导向。对照意见反馈,PM2.5<35。",
        "1. 甲项链接",
        "2. 乙项",
        "子项",
        "| 序号 | 单位 |",
        "| 1 | 市局\u2003县局 |",
        "1.新建管网",
    ]
    deep = "> " * 300 + WORDS + "\n"
    assert WORDS in read(deep.encode(), Path("a.md"))[0]


def test_a_table_keeps_its_grid_whatever_its_spans() -> None:
    table = [[Cell("甲", 2, 2), Cell("乙")], [Cell("丙")], [Cell("丁", 10**9, 10**9)], [Cell(""), Cell("")]]
    assert lines_of_table(table)[:2] == ["| 甲 | 乙 |", "| | 丙 |"]
    assert lines_of_table([[Cell("一\n二")], [Cell("三")]]) == ["一", "二", "三"]
    assert lines_of_table([]) == []


@pytest.mark.parametrize(
    ("name", "data", "remedy"),
    [
        ("页.txt", b"<html><p>x</p></html>", "is an HTML or XML page, not plain text; rename it to .html"),
        ("案.txt", b"PK\x03\x04", "not plain text; rename it to .docx"),
        ("页.html", b"%PDF-1.5", "is a PDF file, not a saved page; rename it to .pdf"),
        ("页.md", b"\x89PNG", "is a PNG image, not a Markdown file; save its text as UTF-8 .txt"),
        ("案.doc", b"%PDF-1.5", "is a PDF file, not a Word 97 document; rename it to .pdf"),
        ("案.pdf", b"", "is empty"),
        ("案.docx", b"\0" * (64 * 2**20 + 1), "is too large (64.0 MiB, at most 64 MiB)"),
    ],
)
def test_a_file_under_a_wrong_name_says_what_it_is(name: str, data: bytes, remedy: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DocumentError, match=re.escape(remedy)):
        read_document(tmp_path / name)


def remains() -> set[str]:
    return {path.name for path in Path(tempfile.gettempdir()).glob("ducha-read-*")}


def test_a_page_that_takes_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(apart, "SECONDS", 1.0)
    before, start = remains(), time.monotonic()
    path = tmp_path / "页.html"
    path.write_text("<div>" * 10**6 + WORDS + "</div>" * 10**6, encoding="utf-8")
    with pytest.raises(DocumentError, match="takes longer than 1 s to read; split it, or save its text"):
        read_document(path)
    assert time.monotonic() - start < 10
    assert remains() <= before


@pytest.mark.skipif(sys.platform == "win32", reason="memory cannot be limited there")
def test_a_pdf_that_unpacks_without_end_costs_itself_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(apart, "MEMORY", 300 << 20)
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 2**24) for _ in range(32)) + packer.flush()
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed),
    )
    file = b"%PDF-1.4\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, o) for n, o in enumerate(objects, 1))
    path = tmp_path / "弹.pdf"
    path.write_bytes(file + b"trailer << /Size 5 /Root 1 0 R >>\n%%EOF")
    with pytest.raises(DocumentError) as caught:
        read_document(path)
    assert "\n" not in str(caught.value)


def test_a_text_that_was_read_is_remembered_by_content_and_suffix(tmp_path: Path) -> None:
    texts = TextCache(tmp_path, "code")
    document = read_document(FORMATS / "plan.html", texts)
    assert texts.text(document.sha256, ".html") == (document.text, "utf-8")
    assert texts.text(document.sha256, ".doc") is None
    assert TextCache(tmp_path, "other code").text(document.sha256, ".html") is None
    (entry,) = tmp_path.iterdir()
    texts.keep_text(document.sha256, ".html", WORDS, "utf-8")
    assert read_document(FORMATS / "plan.html", texts).text == WORDS
    entry.write_bytes(entry.read_bytes()[:40])
    assert read_document(FORMATS / "plan.html", texts) == document


@pytest.mark.slow
def test_a_build_takes_every_format_and_the_service_shows_the_text(tmp_path: Path) -> None:
    inputs, out = tmp_path / "in", tmp_path / "out"
    inputs.mkdir()
    for name in ("plan.html", "plan.docx"):
        shutil.copy(FORMATS / name, inputs / name)
    (inputs / "坏.pdf").write_bytes(b"%PDF-1.7")
    result = build([inputs], out, jobs=2, reasoning=False)
    assert [(failure.file, failure.problem.split(" (")[0]) for failure in result.failures] == [
        ("坏.pdf", "is a damaged PDF")
    ]
    assert result.snapshot is not None
    documents = {entry["file"]: entry for entry in result.snapshot.manifest["documents"]}
    assert set(documents) == {"plan.html", "plan.docx"}
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "serve", "--out", str(out), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            url = server.stdout.readline().split(" at ")[1].strip().rstrip("/")
            client = httpx.Client(base_url=url, timeout=30, transport=httpx.HTTPTransport(retries=8))
            for name, entry in documents.items():
                page = client.get(f"/document/{entry['id']}").text
                assert name in page
                shown = re.sub("<[^>]+>", "", page[page.index('id="text"') :])
                assert "| 2 | 河东片区雨污分流改造 |" in shown
                assert "二、砖瓦行业大气污染治理不到位" in shown
                assert '<mark class="m-measure"' in page
            client.close()
        finally:
            server.terminate()
