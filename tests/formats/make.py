"""Makes the other formats of `plan.txt`, as plans are published. Run by hand, with LibreOffice and python-docx.

    python tests/formats/make.py

plan.html   as a content system writes it: menus, crumbs, a table of metadata, a span around every few words
old.html    as old sites wrote it: GB2312, tables for layout, <br> for paragraphs
plan.md     Markdown
plan.docx   with automatic numbers, as Word writes it
plan.doc    plan.docx as LibreOffice saves it in the format of Word 97
plan.pdf    the same printed, with page numbers
"""

import html
import re
import subprocess
import tempfile
from pathlib import Path

from docx import Document
from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph

HERE = Path(__file__).parent
LINES = [line for line in (HERE / "plan.txt").read_text(encoding="utf-8").splitlines() if line]
TITLE, INFO, *BODY = LINES
TABLE = [[cell.strip(" ") for cell in line.strip("|").split("|")] for line in BODY if line.startswith("|")]
TEXT = [line for line in BODY if not line.startswith("|")]
LINE_END = "\u2003"

MENU = "".join(f'<li><a href="/{n}">{n}</a></li>' for n in ("首页", "政务公开", "政务服务", "互动交流", "走进遂宁"))
CRUMBS = '<div class="position">当前位置: <a href="/">首页</a> &gt; <a href="/a">政务公开</a> &gt; <a href="/b">通知公告</a></div>'
OTHERS = "".join(
    f'<li><a href="/{n}">{place}市贯彻落实省生态环境保护督察反馈意见整改方案</a><span>2023-0{n}-11</span></li>'
    for n, place in enumerate(("甲", "乙", "丙", "丁"), 1)
)
FOOT = (
    '<p><a href="/map">网站地图</a> | <a href="/us">联系我们</a> | <a href="/about">关于我们</a></p>'
    "<p>主办:遂宁市人民政府 蜀ICP备00000000号 川公网安备00000000000000号</p>"
)


def cell_html(words: str, spans: str = "") -> str:
    lines = "".join(f'<p class="MsoNormal"><span>{line}</span></p>' for line in words.split(LINE_END))
    return f"<td{spans}>{lines}</td>"


def table_html() -> str:
    rows = []
    for number, cells in enumerate(TABLE):
        below = TABLE[number + 1] if number + 1 < len(TABLE) else [""] * 5
        spans = [' rowspan="2"' if cell and not under else "" for cell, under in zip(cells, below, strict=True)]
        rows.append(
            "".join(cell_html(c, s) for c, s in zip(cells, spans if any(below) else [""] * 5, strict=True) if c)
        )
    return '<table border="1">' + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


def in_spans(line: str) -> str:
    """The line as Word's HTML has it: a span around every few signs."""
    parts = re.findall(r".{1,5}|.", line)
    return "".join(f'<span style="font-family:仿宋_GB2312">{html.escape(part)}</span>' for part in parts)


def page() -> str:
    date, origin = re.findall(r":(\S+ \S+|\S+$)", INFO)
    paragraphs = "".join(
        f'<p class="MsoNormal" style="text-indent:2em">{in_spans(line)}<o:p></o:p></p>\n' for line in TEXT
    )
    return f"""<!DOCTYPE html>
<html lang="zh"><head><meta charset="utf-8"><title>{TITLE}_遂宁市人民政府</title>
<meta name="ArticleTitle" content="{TITLE}"><meta name="PubDate" content="{date}"><meta name="ContentSource" content="{origin}">
<style>.TRS_Editor P{{margin:0}}</style><script>var title = "整改方案";</script></head>
<body><div class="header"><ul class="nav">{MENU}</ul><form><input name="q"><button>搜索</button></form></div>
{CRUMBS}
<table class="xxgk"><tr><td>索引号</td><td>00/2023-0012</td><td>发布机构</td><td>{origin}</td></tr>
<tr><td>发文字号</td><td>遂府发〔2023〕6号</td><td>成文日期</td><td>{date[:10]}</td></tr></table>
<h1>{TITLE}</h1>
<div class="info"><span>发布时间:{date}</span> <span>来源:{origin}</span> <span>字体:[<a href="#">大</a> <a href="#">小</a>]</span></div>
<div id="zoom"><div class="TRS_Editor"><style>P{{line-height:2}}</style>
{paragraphs}{table_html()}
</div></div>
<p>上一篇:<a href="/x">关于开展环境信用评价的公告</a></p>
<div class="related"><h3>相关链接</h3><ul>{OTHERS}</ul></div>
<div class="footer">{FOOT}</div>
<div style="display:none">请登录</div>
</body></html>
"""


def old_page() -> str:
    breaks = "<BR>\n".join(f"&nbsp;&nbsp;&nbsp;&nbsp;{html.escape(line)}" for line in TEXT)
    links = "".join(f"<TR><TD><A href={n}.htm>{name}</A></TD></TR>" for n, name in enumerate(("机构", "领导", "计划")))
    return f"""<HTML><HEAD><META http-equiv=Content-Type content="text/html; charset=gb2312"><TITLE>{TITLE}</TITLE></HEAD>
<BODY><TABLE width=980><TR><TD><A href=0.htm>首页</A> | <A href=1.htm>政务公开</A> | <A href=2.htm>公告</A></TD></TR></TABLE>
<TABLE width=980><TR><TD width=200><TABLE>{links}</TABLE></TD><TD><TABLE><TR><TD>
<CENTER><FONT size=5>{TITLE}</FONT></CENTER><BR>{INFO}<BR>{breaks}<BR>{table_html()}
</TD></TR></TABLE></TD></TR></TABLE><TABLE><TR><TD>主办:遂宁市人民政府 蜀ICP备00000000号</TD></TR></TABLE></BODY></HTML>
"""


def markdown() -> str:
    def marked(line: str) -> str:
        if re.match("[一二三四五六]、", line):
            return f"## {line}"
        return re.sub(r"^(\([一二三]\))([^。]+。)", r"**\1\2**", line)

    rows = [f"| {' | '.join(cell.replace(LINE_END, '<br>') for cell in cells)} |" for cells in TABLE]
    rows.insert(1, "|" + "---|" * len(TABLE[0]))
    return "\n\n".join([f"# {TITLE}", INFO, *map(marked, TEXT), "\n".join(rows)]) + "\n"


# The lists of plan.docx: numbers of chapters, of points, of measures.
LEVELS = (("chineseCountingThousand", "%1、"), ("chineseCounting", "(%2)"), ("decimal", "%3."))
MARKS = (re.compile("[一二三四五六]、"), re.compile(r"\([一二三四五六]\)"), re.compile(r"\d\.(?=\D|20\d\d年)"))


def new_list(document: Docx) -> str:
    """Adds a list with LEVELS that starts at one; its id."""
    numbering = document.part.numbering_part.element
    name = str(100 + len(numbering))
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:suff w:val="nothing"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for level, (style, text) in enumerate(LEVELS)
    )
    kind = f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{name}"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
    numbering.insert(0, parse_xml(kind))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{name}"><w:abstractNumId w:val="{name}"/></w:num>'))
    return name


def numbered(paragraph: Paragraph, name: str, level: int) -> None:
    properties = paragraph._p.get_or_add_pPr()
    mark = OxmlElement("w:numPr")
    for tag, value in (("w:ilvl", str(level)), ("w:numId", name)):
        kid = OxmlElement(tag)
        kid.set(qn("w:val"), value)
        mark.append(kid)
    properties.append(mark)


def word(path: Path) -> None:
    document = Document()
    normal = document.styles["Normal"]
    normal.font.size = Pt(14)
    normal.font.name = "Liberation Serif"
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "Noto Serif CJK SC")
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.add_run(TITLE).font.size = Pt(20)
    document.add_paragraph(INFO).alignment = WD_ALIGN_PARAGRAPH.CENTER
    chapters = new_list(document)
    for line in TEXT:
        if line.startswith("附件"):
            chapters = new_list(document)
        level = next((i for i, mark in enumerate(MARKS) if mark.match(line)), None)
        paragraph = document.add_paragraph(line if level is None else MARKS[level].sub("", line, count=1))
        paragraph.paragraph_format.first_line_indent = Pt(28)
        if level is not None:
            numbered(paragraph, chapters, level)
    table = document.add_table(len(TABLE), len(TABLE[0]), style="Table Grid")
    for row, cells in zip(table.rows, TABLE, strict=True):
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = words.replace(LINE_END, "\n")
    for column in (0, 1):
        words = TABLE[2][column]
        table.cell(2, column).merge(table.cell(3, column)).text = words
    footer = document.sections[0].footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    footer.add_run("- ")
    footer._p.append(parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'))
    footer.add_run(" -")
    document.save(str(path))


def convert(source: Path, suffix: str, folder: Path) -> Path:
    profile = (folder / "profile").as_uri()
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            suffix,
            "--outdir",
            str(folder),
            str(source),
        ],
        check=True,
        capture_output=True,
    )
    return folder / f"{source.stem}.{suffix}"


def main() -> None:
    (HERE / "plan.html").write_text(page(), encoding="utf-8")
    (HERE / "old.html").write_bytes(old_page().encode("gb18030"))
    (HERE / "plan.md").write_text(markdown(), encoding="utf-8")
    word(HERE / "plan.docx")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        open_document = convert(
            HERE / "plan.docx", "odt", folder
        )  # straight from .docx LibreOffice 7 loses tables in .doc
        for suffix in ("doc", "pdf"):
            (HERE / f"plan.{suffix}").write_bytes(convert(open_document, suffix, folder).read_bytes())


if __name__ == "__main__":
    main()
