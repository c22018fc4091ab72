"""The outline: lists nest as the page means them, whatever their numbers look like and wherever lines broke."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.outline import outline
from pipeline.text import clean

MESSY = st.text(
    alphabet=st.sampled_from("一二三四1234().、①②是问题第项序号整改目标措施时限责任单位:。\n 甲乙,——坚持"), max_size=250
)


def tree(stored: str) -> list[tuple[int, str, int, str]]:
    """(depth, style, ordinal, first words) of every item."""
    text = clean(stored)
    found = outline(text)
    return [
        (len(list(found.above(i))), item.style, item.ordinal, text.plain[item.body : item.body + 4].strip())
        for i, item in enumerate(found.items)
    ]


@given(MESSY | st.text(max_size=150))
def test_any_text_has_an_outline_whose_items_nest(stored: str) -> None:
    text = clean(stored)
    found = outline(text)
    for item in found.items:
        assert 0 <= item.begin < item.body <= item.end <= len(text.plain) or item.body >= item.end
        if item.parent is not None:
            parent = found.items[item.parent]
            assert parent.begin < item.begin
            assert item.end <= parent.end


def test_headings_on_lines_of_their_own() -> None:
    assert tree("一、指导思想\n高举旗帜。\n二、整改原则\n(一)立行立改\n马上改。\n(二)标本兼治\n堵漏洞。\n三、目标") == [
        (0, "cn", 1, "指导思想"),
        (0, "cn", 2, "整改原则"),
        (1, "cnp", 1, "立行立改"),
        (1, "cnp", 2, "标本兼治"),
        (0, "cn", 3, "目标"),
    ]


def test_a_text_without_line_breaks() -> None:
    glued = "制定方案。一、问题类(一)重视不够1.治污不力。整改目标:治好。整改措施:(1)排查。(2)整治。2.监管不严。整改目标:管好。"
    assert [(d, s, n) for d, s, n, _ in tree(glued)] == [
        (0, "cn", 1),
        (1, "cnp", 1),
        (2, "ar", 1),
        (3, "label", 0),
        (3, "label", 0),
        (4, "arp", 1),
        (4, "arp", 2),
        (2, "ar", 2),
        (3, "label", 0),
    ]


def test_an_idiom_with_a_numeral_is_no_item() -> None:
    assert tree("一、要求。做好工作。\n二、措施。坚持举一反三、标本兼治。") == [
        (0, "cn", 1, "要求。做"),
        (0, "cn", 2, "措施。坚"),
    ]


def test_two_run_in_lists_follow_each_other() -> None:
    paragraphs = "明确了措施。一是治水。二是治气。\n提出了要求。一是加强领导。二是严格督查。三是公开信息。"
    assert [(style, n) for _, style, n, _ in tree(paragraphs)] == [
        ("shi", 1),
        ("shi", 2),
        ("shi", 1),
        ("shi", 2),
        ("shi", 3),
    ]


def test_measures_numbered_like_their_issues() -> None:
    stored = (
        "1.管网破损\n整改措施:\n1.修复管网。\n2.2022年底前,新建泵站。\n整改时限:2022年底\n2.河道淤积\n整改措施:清淤。"
    )
    assert [(d, s, n) for d, s, n, _ in tree(stored)] == [
        (0, "ar", 1),
        (1, "label", 0),
        (2, "ar", 1),
        (2, "ar", 2),
        (1, "label", 0),
        (0, "ar", 2),
        (1, "label", 0),
    ]


def test_a_label_inside_a_sentence_is_no_field() -> None:
    assert tree("方案明确了整改目标:全部到位。") == []
    assert tree("逐项明确整改目标、整改时限和责任单位,抓好落实。") == []
