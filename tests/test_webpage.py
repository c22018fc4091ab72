"""Saved pages: every sentence and every cell of the document stays, menus go, and the encoding is what the page says."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import DocumentError
from pipeline.formats import read

WORDS = "责任单位要按照整改方案推进生态环境保护督察反馈意见的整改"


def lines(page: str, name: str = "页.html") -> list[str]:
    return read(page.encode(), Path(name))[0].splitlines()


def links(*names: str) -> str:
    return "".join(f'<li><a href="/{name}">{name}</a></li>' for name in names)


def test_menus_go_and_sentences_stay_wherever_they_stand() -> None:
    page = f"""<html><body><ul>{links("首页", "政务公开", "互动交流")}</ul>
    <div>今天是星期一</div><h1>某市整改方案</h1><div>{WORDS}。</div>
    <footer><p>关注我们</p><p>本方案由市生态环境局负责解释。</p></footer>
    <nav><p>{WORDS}。</p><span>更多</span></nav></body></html>"""
    assert lines(page) == ["今天是星期一", "某市整改方案", f"{WORDS}。", "本方案由市生态环境局负责解释。", f"{WORDS}。"]


def test_lists_of_other_pages_go_but_not_links_that_are_of_the_document() -> None:
    page = f"""<p>{WORDS}。</p>
    <p>附件:<a href="a.doc">整改任务清单.doc</a></p>
    <p><a href="b.html">某市整改方案</a></p><p>一、总体要求</p>
    <ol>{links("第一个问题", "第二个问题", "第三个问题")}</ol>
    <h3>相关链接</h3><ul>{links("甲市整改方案", "乙市整改方案", "丙市整改方案")}</ul>"""
    assert lines(page) == [
        f"{WORDS}。",
        "附件:整改任务清单.doc",
        "某市整改方案",
        "一、总体要求",
        "1. 第一个问题",
        "2. 第二个问题",
        "3. 第三个问题",
        "相关链接",
    ]


def test_words_cut_into_spans_are_whole_again_and_breaks_are_lines() -> None:
    page = "<p><span>比</span><span>率</span><b>不</b><span>低于\n   85%</span><o:p></o:p></p>　　整改目标:达标<br>&nbsp;&nbsp;整改时限:2023年底"
    assert lines(page) == ["比率不低于 85%", "整改目标:达标", "整改时限:2023年底"]


def test_scripts_styles_and_comments_are_no_text() -> None:
    page = f"<style>p{{}}</style><script>整改</script><!-- 督察 --><template>方案</template><p>{WORDS}</p><noscript>请启用</noscript>"
    assert lines(page) == [WORDS]
    hidden = f'<p>到2025年<span style="display: none">二零二五</span>底</p><div hidden>请登录</div><div hidden>{WORDS}。</div>'
    assert lines(hidden) == ["到2025年底", f"{WORDS}。"]


def test_tables_are_rows_with_merged_cells_said_once() -> None:
    page = """<table><tr><th>序号<th>问题<th colspan=2>整改</tr>
    <tr><td rowspan=2>1<td rowspan=2><p>污水直排</p><td>清淤<br>截污<td><p>市水利局</p><p>市住建局</p></tr>
    <tr><td>建站|扩网<td>县政府</tr><tr><td></td><td></td><td></td><td></td></tr></table>"""
    assert lines(page) == [
        "| 序号 | 问题 | 整改 | |",
        "| 1 | 污水直排 | 清淤\u2003截污 | 市水利局\u2003市住建局 |",
        "| | | 建站¦扩网 | 县政府 |",
    ]


def test_tables_for_layout_are_paragraphs() -> None:
    inner = "<table><tr><td>序号</td><td>问题</td></tr><tr><td>1</td><td>污水直排</td></tr></table>"
    article = "".join(f"<p>{number}、{WORDS}。</p>" for number in "一二三四五六七八九十")
    page = f"<table><tr><td>左栏</td><td>{article}{inner}</td></tr><tr><td>页脚</td><td></td></tr></table>"
    got = lines(page)
    assert got[:2] == ["左栏", f"一、{WORDS}。"]
    assert got[-3:] == ["| 序号 | 问题 |", "| 1 | 污水直排 |", "页脚"]
    wide = f"<table><tr><td>{links('机构', '领导', '计划')}</td><td>{article}</td></tr><tr><td></td><td>印发</td></tr></table>"
    assert lines(wide) == [*(f"{number}、{WORDS}。" for number in "一二三四五六七八九十"), "印发"]


def test_numbers_of_lists_are_those_the_page_prints() -> None:
    page = """<ol start=3><li>甲项<li>乙项<ol type=a><li>子项</ol><li value=9>丙项</ol>
    <ol style="list-style-type:cjk-ideographic"><li>总体要求<li>基本原则</ol><ol><li>1.自带编号</ol><ul><li>无编号</ul>"""
    assert lines(page) == [
        "3. 甲项",
        "4. 乙项",
        "a. 子项",
        "9. 丙项",
        "一、总体要求",
        "二、基本原则",
        "1.自带编号",
        "无编号",
    ]


def test_what_only_the_head_says_comes_first() -> None:
    head = '<title>某市整改方案_某市人民政府</title><meta name="PubDate" content="2023-03-16 09:30"><meta name="ContentSource" content="市生态环境局">'
    assert lines(f"<head>{head}</head><p>{WORDS}</p>") == [
        "某市整改方案",
        "发布日期: 2023-03-16 09:30",
        "来源: 市生态环境局",
        WORDS,
    ]
    told = f"<h1>某市整改方案</h1><p>2023-03-16 市生态环境局</p><p>{WORDS}</p>"
    assert lines(f"<head>{head}</head>{told}") == ["某市整改方案", "2023-03-16 市生态环境局", WORDS]


def test_a_table_of_metadata_is_one_line_an_entry() -> None:
    page = """<table><tr><td>索 引 号:</td><td>00/2023</td><td>发布机构:</td><td>市政府</td></tr>
    <tr><td>成文日期:</td><td>2023-03-16</td><td>文号:</td><td></td></tr></table>"""
    assert lines(page) == ["索引号: 00/2023", "发布机构: 市政府", "成文日期: 2023-03-16", "文号:"]


@pytest.mark.parametrize(
    ("declaration", "encoding", "name"),
    [
        ('<meta charset="gb2312">', "gb18030", "gb18030"),
        ('<META http-equiv=Content-Type content="text/html; charset=GBK">', "gb18030", "gb18030"),
        ('<meta charset="big5">', "big5hkscs", "big5hkscs"),
        ('<?xml version="1.0" encoding="gb2312"?>', "gb18030", "gb18030"),
        ('<meta charset="gb2312">', "utf-8", "utf-8"),  # saved anew by a browser
        ('<meta charset="utf-8">', "gb18030", "gb18030"),  # a wrong declaration
        ("", "utf-16", "utf-16"),
        ("", "gb18030", "gb18030"),
    ],
)
def test_the_encoding_is_the_declared_one_where_that_gives_chinese(declaration: str, encoding: str, name: str) -> None:
    words = "環境保護督察反饋意見整改方案" if "big5" in encoding else WORDS
    page = f"<html>{declaration}<body><p>{words}</p></body></html>"
    assert read(page.encode(encoding), Path("页.htm")) == (f"{words}\n", name)


def test_a_page_saved_by_word_keeps_the_numbers_that_word_wrote() -> None:
    number = "<![if !supportLists]><span style='mso-list:Ignore'>一、<span>&nbsp;</span></span><![endif]>"
    words = f"<p class=MsoListParagraph>{number}<span>总体<span lang=EN-US>2023</span>要求<o:p></o:p></span></p>"
    page = f"<html xmlns:o='urn:x'><meta charset=gb2312><!--[if gte mso 9]><xml>x</xml><![endif]-->{words}</html>"
    assert read(page.encode("gb18030"), Path("页.doc")) == ("一、\xa0总体2023要求\n", "gb18030")


def test_a_damaged_page_is_refused() -> None:
    page = f'<html><meta charset="utf-8"><p>{WORDS}</p></html>'.encode()
    with pytest.raises(DocumentError, match="utf-8 but damaged at byte"):
        read(page[:60] + page[61:], Path("页.html"))


def test_a_page_saved_as_one_file() -> None:
    page = f"<html><body><p>{WORDS}</p></body></html>".encode("gb18030")
    head = "From: <Saved>\r\nSubject: =?utf-8?B?5pa55qGI?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=--x\r\n\r\n"
    part = "----x\r\nContent-Type: {}\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n"
    from base64 import b64encode

    whole = (
        head + part.format("image/png", "iVBORw0=") + part.format("text/html; charset=gb2312", b64encode(page).decode())
    )
    assert read(f"{whole}----x--".encode(), Path("页.mht")) == (f"{WORDS}\n", "gb18030")
    with pytest.raises(DocumentError, match="a saved page without its text"):
        read((head + part.format("image/png", "iVBORw0=") + "----x--").encode(), Path("页.mhtml"))


@given(
    st.recursive(
        st.text("督察整改。|< \n&", max_size=12),
        lambda inner: st.builds(
            lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
            st.sampled_from(["p", "div", "table", "tr", "td", "li", "ol", "span", "a href=x", "nav", "h1", "pre"]),
            st.lists(inner, max_size=4),
        ),
    )
)
def test_no_page_breaks_the_reader(page: str) -> None:
    """Any page gives lines without breaks inside, or a document error."""
    try:
        text, _ = read(f"{WORDS}<p>{page}".encode(), Path("页.html"))
    except DocumentError:
        return
    assert all(line.strip() for line in text.splitlines())
