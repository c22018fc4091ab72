"""Word documents: the numbers Word prints, tables with merged cells, nothing lost, and files made to do harm."""

import io
import shutil
import zipfile
from pathlib import Path

import pytest
from docx import Document

from pipeline.document import read_document
from pipeline.errors import DocumentError
from pipeline.formats import read
from pipeline.formats.numerals import numeral

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
STRICT = 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
WORDS = "督察反馈意见整改方案"
FORMATS = Path(__file__).parent / "formats"


def package(parts: dict[str, str | bytes], main: str = "word/document.xml") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        relation = f'<Relationship Id="r1" Type="{OFFICE}" Target="{main}"/>'
        archive.writestr("_rels/.rels", f"<Relationships>{relation}</Relationships>")
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


def document(body: str, numbering: str = "", styles: str = "", namespace: str = W, **more: str) -> bytes:
    parts: dict[str, str | bytes] = {
        "word/document.xml": f"<w:document {namespace}><w:body>{body}</w:body></w:document>"
    }
    for name, part in {"numbering": numbering, "styles": styles, **more}.items():
        if part:
            parts[f"word/{name}.xml"] = f"<w:{name} {namespace}>{part}</w:{name}>"
    return package(parts)


def lines(data: bytes) -> list[str]:
    return read(data, Path("方案.docx"))[0].splitlines()


def paragraph(words: str, number: str = "", level: int = 0, style: str = "", more: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    numbered = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>' if number else ""
    return f"<w:p><w:pPr>{named}{numbered}{more}</w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>"


def kind(name: str, *levels: tuple[str, str], more: str = "") -> str:
    written = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'
        for i, (style, text) in enumerate(levels)
    )
    return f'<w:abstractNum w:abstractNumId="{name}">{written}</w:abstractNum>'


def instance(name: str, of: str, start: int = 0) -> str:
    override = f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride>' if start else ""
    return f'<w:num w:numId="{name}"><w:abstractNumId w:val="{of}"/>{override}</w:num>'


CHINESE = kind("0", ("chineseCountingThousand", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))


def test_automatic_numbers_are_those_word_prints() -> None:
    body = (
        paragraph("总体要求", "1")
        + paragraph("指导思想", "1", 1)
        + paragraph("甲项", "1", 2)
        + paragraph("2023年底前完成", "1", 2)
        + paragraph("基本原则", "1", 1)
        + paragraph("丙项", "1", 2)
        + paragraph("正文")
        + paragraph("整改目标", "1")
        + paragraph("目标", "1", 1)
    )
    assert lines(document(body, CHINESE + instance("1", "0"))) == [
        "一、 总体要求",
        "（一） 指导思想",
        "1. 甲项",
        "2. 2023年底前完成",
        "（二） 基本原则",
        "1. 丙项",
        "正文",
        "二、 整改目标",
        "（一） 目标",
    ]


def test_lists_of_one_kind_count_on_unless_they_start_anew() -> None:
    numbering = CHINESE + instance("1", "0") + instance("2", "0") + instance("3", "0", start=5)
    body = "".join(paragraph("问题", name) for name in ("1", "1", "2", "3", "3"))
    assert [line[:2] for line in lines(document(body, numbering))] == ["一、", "二、", "三、", "五、", "六、"]


def test_numbers_come_through_styles_and_links_to_them() -> None:
    styles = (
        '<w:style w:styleId="a"><w:name w:val="章"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="b"><w:basedOn w:val="a"/></w:style>'
        '<w:style w:styleId="c"><w:basedOn w:val="a"/><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    body = (
        paragraph("甲", style="a")
        + paragraph("乙", style="b")
        + paragraph("丙", style="c")
        + paragraph("无号", "0", style="a")
        + paragraph("丁", style="a")
    )
    got = lines(document(body, CHINESE + instance("1", "0"), styles))
    assert got == ["一、 甲", "二、 乙", "（一） 丙", "无号", "三、 丁"]


def test_levels_may_be_named_together_in_figures_or_not_be_printed() -> None:
    legal = kind("0", ("chineseCounting", "第%1章"), ("decimal", "%1.%2"), more="<w:suff w:val='nothing'/><w:isLgl/>")
    body = paragraph("甲", "1") + paragraph("乙", "1", 1) + paragraph("丙", "1", 1)
    assert lines(document(body, legal + instance("1", "0"))) == ["第1章甲", "1.1乙", "1.2丙"]
    bullets = kind("0", ("bullet", "\uf0b7"), ("none", ""))
    body = paragraph("甲", "1") + paragraph("乙", "1", 1)
    assert lines(document(body, bullets + instance("1", "0"))) == ["• 甲", "乙"]


@pytest.mark.parametrize(
    ("style", "numbers"),
    [
        (
            "chineseCountingThousand",
            {1: "一", 10: "十", 12: "十二", 20: "二十", 101: "一百〇一", 110: "一百一十", 1001: "一千〇一"},
        ),
        ("chineseCounting", {9: "九", 99: "九十九", 101: "一〇一"}),
        ("ideographDigital", {10: "一〇"}),
        ("chineseLegalSimplified", {3: "叁", 11: "壹拾壹"}),
        ("decimalEnclosedCircleChinese", {1: "①", 20: "⑳", 21: "21"}),
        ("decimalFullWidth", {12: "１２"}),
        ("decimalZero", {7: "07", 12: "12"}),
        ("ideographTraditional", {1: "甲", 11: "11"}),
        ("lowerLetter", {1: "a", 27: "aa"}),
        ("upperRoman", {4: "IV", 90: "XC"}),
        ("klingon", {5: "5"}),
    ],
)
def test_numerals(style: str, numbers: dict[int, str]) -> None:
    assert {number: numeral(number, style) for number in numbers} == numbers


def test_merged_cells_are_said_once_and_numbers_in_cells_are_printed(tmp_path: Path) -> None:
    made = Document()
    table = made.add_table(4, 3)
    for row, words in zip(
        table.rows,
        (("序号", "措施", "单位"), ("1", "清淤|截污", "市局\n县局"), ("", "建站", ""), ("", "", "")),
        strict=True,
    ):
        for cell, text in zip(row.cells, words, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(3, 0).merge(table.cell(3, 2)).text = "合计两项"
    made.add_paragraph("表后", style="List Number")
    made.save(str(tmp_path / "表.docx"))
    assert read_document(tmp_path / "表.docx").text.splitlines() == [
        "| 序号 | 措施 | 单位 |",
        "| 1 | 清淤¦截污 | 市局\u2003县局 |",
        "| | 建站 | |",
        "| 合计两项 | | |",
        "1. 表后",
    ]
    cell = f"<w:tc>{paragraph('', '1')}</w:tc><w:tc>{paragraph('污水')}</w:tc>"
    body = f"<w:tbl><w:tr>{cell}</w:tr><w:sdt><w:sdtContent><w:tr>{cell}</w:tr></w:sdtContent></w:sdt></w:tbl>"
    assert lines(document(body, CHINESE + instance("1", "0"))) == ["| 一、 | 污水 |", "| 二、 | 污水 |"]


def test_what_is_inserted_boxed_or_noted_stays_and_what_is_deleted_or_hidden_goes() -> None:
    run = "<w:r>{}<w:t>{}</w:t></w:r>"
    body = (
        "<w:p>" + run.format("", "原文") + f"<w:ins>{run.format('', '新增')}</w:ins>"
        "<w:del><w:r><w:delText>删去</w:delText></w:r></w:del>"
        + run.format("<w:rPr><w:vanish/></w:rPr>", "隐藏")
        + f"<w:hyperlink>{run.format('', '链接')}</w:hyperlink>"
        + "<w:r><w:fldChar/><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>下一行</w:t></w:r>"
        + f"<w:r><w:AlternateContent><w:Choice><w:txbxContent>{paragraph('框内')}</w:txbxContent></w:Choice>"
        + f"<w:Fallback><w:txbxContent>{paragraph('框内')}</w:txbxContent></w:Fallback></w:AlternateContent></w:r></w:p>"
        + f"<w:sdt><w:sdtContent>{paragraph('控件')}</w:sdtContent></w:sdt>"
        + paragraph("一、总体要求 1", style="TOC1")
        + paragraph("目录项 2", style="z")
        + f"<w:tbl><w:tr><w:tc>{paragraph('只有一栏')}</w:tc></w:tr></w:tbl>"
    )
    notes = '<w:footnote w:type="separator"><w:p/></w:footnote><w:footnote>' + paragraph("注释") + "</w:footnote>"
    styles = '<w:style w:styleId="z"><w:name w:val="toc 2"/></w:style>'
    for namespace in (W, STRICT):
        got = lines(document(body, "", styles, namespace, footnotes=notes))
        assert got == ["原文新增链接甲 乙", "下一行", "框内", "控件", "只有一栏", "注释"]


def test_the_main_part_may_have_another_name() -> None:
    part = f"<w:document {W}><w:body>{paragraph(WORDS)}</w:body></w:document>"
    assert lines(package({"word/document2.xml": part}, "/word/document2.xml")) == [WORDS]


def bomb() -> bytes:
    file = io.BytesIO(package({}))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("word/document.xml", "w") as part:
        part.write(f"<w:document {W}>".encode())
        for _ in range(70):
            part.write(b" " * 2**20)
    return file.getvalue()


ENTITIES = '<!DOCTYPE x [<!ENTITY a "整改"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
BAD = {
    "a bomb": (bomb, r"unpacks to more than 64 MiB \(word/document.xml\)"),
    "entities": (
        lambda: package({"word/document.xml": f"{ENTITIES}<w:document {W}>&b;</w:document>"}),
        "it declares a document type",
    ),
    "depth": (lambda: document("<w:x>" * 10**5 + "</w:x>" * 10**5), "nested too deep"),
    "broken XML": (lambda: document("<w:p>"), "is a damaged or locked Word document"),
    "cut off": (lambda: document(paragraph(WORDS))[:300], "is a damaged or locked Word document"),
    "no text": (lambda: document("<w:p/>"), "holds only blanks"),
    "a workbook": (lambda: package({"xl/workbook.xml": "<x/>"}, "xl/workbook.xml"), "is an Excel workbook, not a Word"),
    "an archive": (lambda: package({"a.txt": "整改"}, "a.txt"), "not a Word document"),
    "a PDF": (lambda: b"%PDF-1.4 ", r"is a PDF file, not a Word document; rename it to \.pdf"),
    "an old .doc": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), r"rename it to \.doc"),
    "a page": (lambda: b"<html><p>x</p></html>", r"is an HTML or XML page, not a Word document; rename it to \.html"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_file_made_to_do_harm_or_under_a_wrong_name_gives_one_line(case: str, tmp_path: Path) -> None:
    make, problem = BAD[case]
    path = tmp_path / "坏.docx"
    path.write_bytes(make())
    with pytest.raises(DocumentError, match=problem) as caught:
        read_document(path)
    assert "\n" not in str(caught.value)


needs_libreoffice = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")


@pytest.mark.parametrize("name", ["plan.html", "plan.docx"])
def test_what_is_called_doc_is_read_as_what_it_is(name: str, tmp_path: Path) -> None:
    renamed = tmp_path / "方案.doc"
    renamed.write_bytes((FORMATS / name).read_bytes())
    assert read_document(renamed).text == read_document(FORMATS / name).text


@needs_libreoffice
@pytest.mark.parametrize("name", ["方案.rtf", "方案.doc"])
def test_rtf_is_read_under_either_name(name: str, tmp_path: Path) -> None:
    words = "".join(f"\\u{ord(sign)}?" for sign in WORDS)
    cells = r"\trowd\cellx2000\cellx4000 \intbl 1\cell \u25972?\cell\row"
    (tmp_path / name).write_bytes(f"{{\\rtf1\\ansi {words}\\par {cells}\\pard \\u25913?\\par}}".encode())
    found = read_document(tmp_path / name)
    assert (found.text, found.encoding) == (f"{WORDS}\n| 1 | 整 |\n改\n", "rtf")


@needs_libreoffice
@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") + bytes(range(256)) * 40,
            "legible|LibreOffice",
        ),
        (b"{\\rtf1" + b"{" * 10**5, "legible|LibreOffice|blanks"),
    ],
    ids=["noise", "braces"],
)
def test_what_libreoffice_cannot_read_gives_one_line(data: bytes, problem: str, tmp_path: Path) -> None:
    (tmp_path / "坏.doc").write_bytes(data)
    with pytest.raises(DocumentError, match=problem):
        read_document(tmp_path / "坏.doc")


@pytest.mark.parametrize(
    ("stream", "problem"),
    [("EncryptedPackage", "is locked with a password; unlock it"), ("Workbook", "another Office 97 file")],
)
def test_locked_and_other_office_files_say_so(stream: str, problem: str) -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + stream.encode("utf-16-le") + bytes(600)
    with pytest.raises(DocumentError, match=problem):
        read(data, Path("表.doc"))


def test_without_libreoffice_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DocumentError, match="needs LibreOffice to be read, which is not installed; install it"):
        read_document(FORMATS / "plan.doc")
