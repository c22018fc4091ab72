"""PDF: sentences that lines broke are whole, tables are rows, a scan says that it is one, and no file does harm."""

import io
import zlib
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pdfplumber
import pytest

from pipeline.document import read_document
from pipeline.errors import DocumentError
from pipeline.formats import pdf
from pipeline.formats.printed import RADICALS

HEIGHT, LEFT, SIZE, WIDE = 842, 90, 14, 28  # points; signs a line
SENTENCE = "各责任单位要按照整改方案的要求推进生态环境保护督察反馈意见的整改并于每季度末报告进展"
STOP = "全面完成整改任务。"


def paper(*pages: str, image: bool = False, encrypt: bytes = b"") -> bytes:
    """A PDF of these page contents in a font without a file of its own (STSong), each with a picture where asked."""
    kids = " ".join(f"{6 + 2 * i} 0 R" for i in range(len(pages)))
    picture = "/XObject << /I 5 0 R >>" if image else ""
    widths = "[1 95 500 814 939 500]"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) "
        b"/Ordering (GB1) /Supplement 2 >> /DW 1000 /W "
        + widths.encode()
        + b" /FontDescriptor << /Type /FontDescriptor "
        b"/FontName /STSong-Light /Ascent 880 /Descent -120 /CapHeight 880 /Flags 6 /FontBBox [0 -120 1000 880] >> >>",
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>"
        b"\nstream\n\x00\nendstream",
    ]
    for number, content in enumerate(pages):
        resources = f"<< /Font << /F 3 0 R >> {picture} >>"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 {HEIGHT}] /Contents {7 + 2 * number} 0 R "
            f"/Resources {resources} >>".encode()
        )
        packed = zlib.compress((content + (" q 500 0 0 700 50 50 cm /I Do Q" if image else "")).encode())
        objects.append(b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed))
    file, places = b"%PDF-1.4\n", []
    for number, content_of in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, content_of)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, encrypt, len(file))
    return file + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + tail


def put(words: str, x: float, y: float, size: float = SIZE) -> str:
    """The words with their base line `y` points below the upper edge."""
    return f"BT /F {size} Tf 1 0 0 1 {x} {HEIGHT - y} Tm <{words.encode('utf-16-be').hex()}> Tj ET "


def set_lines(*paragraphs: str, y: float = 100, indent: int = 2) -> Iterator[str]:
    """Paragraphs set in lines of WIDE signs, as a press does."""
    for words in paragraphs:
        rest, room, x = words, WIDE - indent, LEFT + indent * SIZE
        while rest:
            yield put(rest[:room], x, y)
            rest, room, x, y = rest[room:], WIDE, LEFT, y + 24


def ruled(rows: list[list[str]], columns: list[float], y: float, height: float = 60) -> str:
    """A table with lines; a cell's lines are parted by a line end; None would be a merged cell."""
    bottom = y + height * len(rows)
    lines = [f"{x} {HEIGHT - y} m {x} {HEIGHT - bottom} l S " for x in columns]
    lines += [
        f"{columns[0]} {HEIGHT - y - height * i} m {columns[-1]} {HEIGHT - y - height * i} l S "
        for i in range(len(rows) + 1)
    ]
    for number, cells in enumerate(rows):
        for (left, _), words in zip(pairwise(columns), cells, strict=True):
            lines += [
                put(line, left + 5, y + height * number + 14 + 12 * i, 10) for i, line in enumerate(words.split("\n"))
            ]
    return "".join(lines)


def text(data: bytes) -> list[str]:
    return pdf.read(data, Path("方案.pdf"))[0].splitlines()


def test_sentences_that_lines_and_pages_broke_are_whole() -> None:
    long = SENTENCE * 3 + "。"
    first = "".join(set_lines("一、总体要求", long, SENTENCE + "，"))
    second = "".join(set_lines(STOP, SENTENCE + "。", y=80, indent=0))
    third = "".join(set_lines("二、整改目标", *[SENTENCE + STOP] * 3))
    got = text(paper(first, second, third))
    assert got[:3] == ["一、总体要求", long, SENTENCE + "，"]
    assert got[3] == STOP
    assert got[-4:] == ["二、整改目标", *[SENTENCE + STOP] * 3]


def test_a_line_that_had_room_ends_where_it_ends() -> None:
    short = ["责任单位：市生态环境局", "整改时限：2023年底前", "验收单位：市整改办"]
    page = "".join(set_lines(*[SENTENCE + "。"] * 3)) + "".join(
        put(line, LEFT, 400 + 24 * i) for i, line in enumerate(short)
    )
    assert text(paper(page))[-3:] == short


def test_where_no_paragraph_is_indented_a_full_line_with_a_stop_ends_one() -> None:
    full = SENTENCE[: WIDE - 1] + "。"
    page = "".join(set_lines(full, "一、总体要求", SENTENCE + "。", SENTENCE + "。", full, "又一段。", indent=0))
    assert text(paper(page)) == [full, "一、总体要求", SENTENCE + "。", SENTENCE + "。", full, "又一段。"]


def test_a_title_set_in_two_lines_in_the_middle_is_one() -> None:
    title = put("某市贯彻落实督察反馈意见", 297 - 11 * 12, 60, 22) + put("整改方案", 297 - 11 * 4, 90, 22)
    page = title + "".join(set_lines(*[SENTENCE + "。"] * 3, y=150))
    assert text(paper(page))[0] == "某市贯彻落实督察反馈意见整改方案"


def test_page_numbers_running_heads_and_watermarks_go() -> None:
    def page(number: int) -> str:
        slanted = f"BT /F 40 Tf 0.7 0.7 -0.7 0.7 200 300 Tm <{'内部资料'.encode('utf-16-be').hex()}> Tj ET "
        body = "".join(set_lines(f"第{'一二三'[number]}部分的{SENTENCE}。"))
        return put("某市人民政府公报", 200, 40, 10) + slanted + body + put(f"- {number + 4} -", 280, 800, 10)

    got = text(paper(*map(page, range(3))))
    assert got == ["某市人民政府公报", *(f"第{n}部分的{SENTENCE}。" for n in "一二三")]


def test_signs_printed_twice_raised_or_named_as_radicals() -> None:
    bold = put("整改", LEFT, 100) + put("整改", LEFT + 0.3, 100)
    raised = put("50mg/m", LEFT, 140) + put("3", LEFT + 6 * 7, 136, 7) + put("以下", LEFT + 6 * 7 + 4, 140)
    figures = put("到2025", LEFT, 180) + put("年底", LEFT + SIZE * 3 + 3.5, 180) + put("1122", LEFT, 220)
    assert text(paper(bold + raised + figures)) == ["整改", "50mg/m3以下", "到2025年底", "1122"]
    assert "⼀、⼆、⼾⻓".translate(RADICALS) == "一、二、户长"


COLUMNS = [60.0, 90.0, 250.0, 400.0, 480.0]
HEAD = ["序号", "问题", "措施", "单位"]


def test_tables_are_rows_and_what_stands_around_them_stays_in_order() -> None:
    rows = [
        HEAD,
        ["1", "黑臭水体治理不到位且雨污混流\n问题突出", "清淤截污。\n建设泵站两座。", "市住建局\n市水利局"],
        ["", "", "2023年底前完成管网排查和改造\n10公里", "县政府"],
    ]
    page = put("附件", LEFT, 60) + ruled(rows, COLUMNS, 100) + put("表后的说明。", LEFT, 400)
    assert text(paper(page)) == [
        "附件",
        "| 序号 | 问题 | 措施 | 单位 |",
        "| 1 | 黑臭水体治理不到位且雨污混流问题突出 | 清淤截污。\u2003建设泵站两座。 | 市住建局\u2003市水利局 |",
        "| | | 2023年底前完成管网排查和改造10公里 | 县政府 |",
        "表后的说明。",
    ]


def test_a_table_over_two_pages_is_one_without_its_second_head_and_with_its_cut_row_whole() -> None:
    first = ruled(
        [
            HEAD,
            ["1", "黑臭水体", "清淤。", "市局"],
            ["2", "污水直排", "到2025年建成管网并完成雨污\n分流改造和病害治理工作的全部", "县局"],
        ],
        COLUMNS,
        600,
    )
    second = ruled([HEAD, ["", "", "任务。", ""], ["3", "扬尘", "喷淋。", "区局"]], COLUMNS, 60)
    assert text(paper(first, second)) == [
        "| 序号 | 问题 | 措施 | 单位 |",
        "| 1 | 黑臭水体 | 清淤。 | 市局 |",
        "| 2 | 污水直排 | 到2025年建成管网并完成雨污分流改造和病害治理工作的全部任务。 | 县局 |",
        "| 3 | 扬尘 | 喷淋。 | 区局 |",
    ]
    merged = ruled([["", "", "建站。", "市局"], ["3", "扬尘", "喷淋。", "区局"]], COLUMNS, 60)
    assert text(paper(first, merged))[-2:] == ["| | | 建站。 | 市局 |", "| 3 | 扬尘 | 喷淋。 | 区局 |"]


def test_a_scan_says_so_and_a_page_that_is_a_picture_leaves_a_line() -> None:
    with pytest.raises(
        DocumentError, match=r"is a scan, which has pictures but no text; recognise its text first \(OCR\)"
    ):
        pdf.read(paper("", "", image=True), Path("扫描.pdf"))
    mixed = paper("", put(SENTENCE, LEFT, 100), image=True)
    assert text(mixed) == ["(第1页为图像,没有文字层)", SENTENCE]


def test_the_same_file_gives_the_same_text() -> None:
    data = (Path(__file__).parent / "formats" / "plan.pdf").read_bytes()
    assert pdf.read(data, Path("a.pdf")) == pdf.read(data, Path("b.pdf"))


LOCKED = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >> /ID [<00> <00>]" % (b"00" * 32, b"00" * 32)
BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "cut off": (lambda: paper(put(SENTENCE, LEFT, 100))[:400], "is a damaged PDF"),
    "only a head": (lambda: b"%PDF-1.7\n%\xe2\xe3", "is a damaged PDF"),
    "locked": (lambda: paper("", encrypt=LOCKED), "is locked with a password"),
    "too many pages": (lambda: paper(*[""] * 1001), "has 1001 pages, at most 1000 are read; split it"),
    "signs without names": (lambda: paper(put("abcdefgh" * 20, LEFT, 100)), "holds no legible Chinese text"),
    "too many signs": (lambda: paper(put(SENTENCE * 1500, LEFT, 100)), "is a damaged PDF"),
    "a Word document": (lambda: b"PK\x03\x04" + bytes(99), r"not a PDF file; rename it to \.docx"),
    "a picture": (lambda: b"\xff\xd8\xff\xe0", "is a JPEG image, not a PDF file; save its text"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_gives_one_line(case: str, tmp_path: Path) -> None:
    make, problem = BAD[case]
    path = tmp_path / "坏.pdf"
    path.write_bytes(make())
    with pytest.raises(DocumentError, match=problem) as caught:
        read_document(path)
    assert "\n" not in str(caught.value)


def test_a_drawing_is_not_searched_for_tables() -> None:
    strokes = "".join(f"{i % 500} {i % 700} m {i % 500} {i % 700 + 40} l S " for i in range(6000))
    data = paper(strokes + put(SENTENCE, LEFT, 100))
    with pdfplumber.open(io.BytesIO(data)) as made:
        assert len(made.pages[0].edges) == 6000
    assert text(data) == [SENTENCE]
