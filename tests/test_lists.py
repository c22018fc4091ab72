"""The plan's own lists: principles, goals, categories of measures and safeguards, however they are numbered or not."""

import pytest

from pipeline.facts.elements import Zone
from pipeline.facts.lists import read_lists
from pipeline.facts.page import lay_out
from pipeline.model import Basis, Element, Gap
from pipeline.outline import outline
from pipeline.text import clean

KINDS = {
    "P": "Principle",
    "G": "Goal",
    "M": "MeasureCategory",
    "S": "Safeguard",
}
FIRST = "一、整改背景\n省督察组反馈了意见。\n"  # a chapter before the one under test, as pages have it


def read(text: str, reporting: bool = False) -> tuple[list[Element], list[Zone], list[Gap]]:
    cleaned = clean(text)
    return read_lists(lay_out("0" * 16, cleaned, outline(cleaned)), [], reporting)


def listed(text: str, reporting: bool = False) -> dict[str, list[str]]:
    """Class, by its initial → labels in reading order; classes without members are left out."""
    found = read(text, reporting)[0]
    labels = {sign: [one.label for one in found if one.kind == kind] for sign, kind in KINDS.items()}
    return {sign: members for sign, members in labels.items() if members}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "二、整改原则\n(一)坚持问题导向。逐项销号。\n(二)坚持标本兼治。建章立制。",
            {"P": ["坚持问题导向", "坚持标本兼治"]},
            id="bracketed",
        ),
        pytest.param(
            "二、工作目标\n1.问题清零。\n2.水质改善。\n三、附则", {"G": ["问题清零", "水质改善"]}, id="arabic"
        ),
        pytest.param(
            "二、整改目标\n1.2023年完成一半。\n2.2024年全部完成。",
            {"G": ["2023年完成一半", "2024年全部完成"]},
            id="number-before-year",
        ),
        pytest.param(
            "二、主要措施\n一是治水。二是治气。三是治土。", {"M": ["治水", "治气", "治土"]}, id="one-is-two-is"
        ),
        pytest.param(
            "二、保障措施\n一是加强督办。成立专班。\n二是强化考核。\n三是严肃问责。",
            {"S": ["加强督办", "强化考核", "严肃问责"]},
            id="one-is-a-paragraph-each",
        ),
        pytest.param(
            "二、基本原则\n——坚持问题导向。逐一销号。\n——坚持标本兼治。\n——坚持依法治理。\n三、附则",
            {"P": ["坚持问题导向", "坚持标本兼治", "坚持依法治理"]},
            id="dashes",
        ),
        pytest.param(
            "二、主要目标\n(一)近期目标(2023年底前)。整改20个问题。\n(二)远期目标(2025年底前)。全部整改。",
            {"G": ["近期目标(2023年底前)", "远期目标(2025年底前)"]},
            id="dated-headings",
        ),
        pytest.param("二、保障措施\n(一)成立专班。", {"S": ["成立专班"]}, id="single-item-after-a-cut"),
        pytest.param(
            "二、整改原则\n坚持问题导向,紧盯问题。\n坚持标本兼治,建章立制。\n三、附则",
            {"P": ["坚持问题导向,紧盯问题", "坚持标本兼治,建章立制"]},
            id="paragraphs-without-numbers",
        ),
        pytest.param(
            "二、整改原则\n坚持问题导向。紧盯问题。坚持标本兼治。建章立制。\n三、附则",
            {"P": ["坚持问题导向", "坚持标本兼治"]},
            id="sentences-without-numbers",
        ),
    ],
)
def test_a_heading_says_what_is_listed(text: str, expected: dict[str, list[str]]) -> None:
    assert listed(FIRST + text) == expected


def test_lists_of_several_chapters_each_have_their_class() -> None:
    text = (
        "一、整改原则\n(一)依法依规。\n(二)实事求是。\n二、整改目标\n1.问题清零。\n2.环境改善。\n"
        "三、主要措施\n(一)治水。\n(二)治气。\n四、保障措施\n(一)明确分工。\n(二)严格考核。"
    )
    assert listed(text) == {
        "P": ["依法依规", "实事求是"],
        "G": ["问题清零", "环境改善"],
        "M": ["治水", "治气"],
        "S": ["明确分工", "严格考核"],
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "《方案》立下三项目标。一是问题清零。二是空气改善。三是机制健全。",
            {"G": ["问题清零", "空气改善", "机制健全"]},
            id="goals-one-is",
        ),
        pytest.param(
            "《方案》明确了四项整改目标:一是问题清零;二是水质改善;三是空气优良;四是机制完善。",
            {"G": ["问题清零", "水质改善", "空气优良", "机制完善"]},
            id="goals-with-semicolons",
        ),
        pytest.param(
            "整改坚持以下原则:(一)立行立改。(二)举一反三。", {"P": ["立行立改", "举一反三"]}, id="principles-bracketed"
        ),
        pytest.param(
            "整改坚持以下原则:第一,依法依规。第二,实事求是。第三,公开透明。",
            {"P": ["依法依规", "实事求是", "公开透明"]},
            id="principles-first-second",
        ),
        pytest.param(
            "《方案》明确五方面举措:1.治水;2.治气;3.治土;4.治渣;5.治噪。",
            {"M": ["治水", "治气", "治土", "治渣", "治噪"]},
            id="measures-arabic",
        ),
        pytest.param(
            "《方案》从三方面强化保障。一是组织保障。二是资金保障。三是纪律保障。",
            {"S": ["组织保障", "资金保障", "纪律保障"]},
            id="safeguards-one-is",
        ),
    ],
)
def test_a_lead_in_says_what_is_listed(text: str, expected: dict[str, list[str]]) -> None:
    assert listed(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "按照“问题导向、标本兼治、依法整改”的原则,抓好整改。",
            {"P": ["问题导向", "标本兼治", "依法整改"]},
            id="quoted",
        ),
        pytest.param(
            "坚持“立行立改、边督边改,标本兼治、注重长效”的工作原则。",
            {"P": ["立行立改、边督边改", "标本兼治、注重长效"]},
            id="pairs",
        ),
        pytest.param(
            "《方案》遵循依法依规、科学整改、分类施策的基本原则。",
            {"P": ["依法依规", "科学整改", "分类施策"]},
            id="unquoted",
        ),
        pytest.param(
            "制定了问题整改到位、环境持续改善、机制更加完善三项整改目标。",
            {"G": ["问题整改到位", "环境持续改善", "机制更加完善"]},
            id="goals-before-their-number",
        ),
        pytest.param(
            "整改目标有三项:问题全部清零、环境明显改善、机制基本健全。",
            {"G": ["问题全部清零", "环境明显改善", "机制基本健全"]},
            id="goals-behind-their-number",
        ),
        pytest.param(
            "《方案》从工业污染治理、城乡污水处理、农业面源防控和生态修复四个方面提出32项措施。",
            {"M": ["工业污染治理", "城乡污水处理", "农业面源防控", "生态修复"]},
            id="measures-the-last-joined-by-and",
        ),
        pytest.param(
            "提出3条保障:责任落实到位、督查督办到位、资金投入到位。",
            {"S": ["责任落实到位", "督查督办到位", "资金投入到位"]},
            id="safeguards",
        ),
        pytest.param(
            "《方案》要求落实河长责任、强化督办考核、严格责任追究,确保整改到位。",
            {"S": ["落实河长责任", "强化督办考核", "严格责任追究"]},
            id="safeguards-by-their-verbs",
        ),
    ],
)
def test_lists_inside_a_sentence(text: str, expected: dict[str, list[str]]) -> None:
    assert listed(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("制定了问题整改到位、环境持续改善三项整改目标。", id="two-goals-of-three"),
        pytest.param("提出2条保障:责任落实到位、督查督办到位、资金投入到位。", id="three-safeguards-of-two"),
        pytest.param(
            "《方案》从工业污染治理、城乡污水处理、农业面源防控四个方面提出32项措施。", id="three-measures-of-four"
        ),
    ],
)
def test_a_sentence_that_lists_another_number_than_it_says_is_not_read(text: str) -> None:
    assert listed(text) == {}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("按照“谁主管、谁负责”的原则,落实责任。", id="idiom"),
        pytest.param("会议强调三点:一是提高站位。二是压实责任。", id="speech"),
        pytest.param("全市上下一是认真学习。二是落实到位。", id="narrative"),
        pytest.param("一、基本情况\n督察概况。\n二、整改进展\n(一)已完成。\n(二)推进中。", id="progress"),
        pytest.param("下一步,我市将采取以下措施:一是持续整改。二是加强监管。", id="next-steps-in-a-sentence"),
        pytest.param("下一步重点任务:1.持续整改。2.加强监管。", id="next-steps-as-lead-in"),
        pytest.param(FIRST + "二、下一步打算\n(一)持续整改。\n(二)加强监管。", id="next-steps-as-heading"),
    ],
)
def test_what_is_no_list_of_the_plan(text: str) -> None:
    assert listed(text) == {}


def test_chapters_are_no_members_of_a_list() -> None:
    text = "一、指导思想\n绿色发展。\n二、整改目标\n问题清零。\n三、主要措施\n(一)治水。\n(二)治气。\n四、保障措施\n压实责任。"
    assert listed(text) == {"G": ["问题清零"], "M": ["治水", "治气"], "S": ["保障措施"]}


def test_the_guiding_thought_is_a_section_or_a_sentence() -> None:
    chapter = [e.text for e in read("一、指导思想\n以绿色发展为统领,抓好整改。")[0] if e.kind == "GuidingThought"]
    sentence = [e.text for e in read("坚持以新时代中国特色社会主义思想为指引,抓好整改。")[0]]
    assert (chapter, sentence) == (
        ["以绿色发展为统领,抓好整改。"],
        ["坚持以新时代中国特色社会主义思想为指引,抓好整改。"],
    )


@pytest.mark.parametrize(
    "text", ["主要措施\n(一)加强督办。\n(二)强化考核。", "保障措施\n(一)明确分工。\n(二)严格考核。"]
)
def test_what_a_report_lists_as_done_is_no_part_of_the_plan(text: str) -> None:
    assert listed(f"{FIRST}二、{text}", reporting=True) == {}
    assert len(listed(f"{FIRST}二、{text}")) == 1


def test_a_report_may_recall_the_goals_of_its_plan() -> None:
    text = FIRST + "二、整改目标\n(一)问题清零。\n(二)环境改善。"
    assert listed(text, reporting=True) == {"G": ["问题清零", "环境改善"]}


def test_a_numeral_lost_in_conversion_is_restored_where_one_place_fits() -> None:
    found, _, gaps = read("《方案》明确了三个方面的保障措施。一是压实责任。二是严格督查。是加强宣传引导,营造氛围。")
    last = found[-1]
    assert (last.number, last.label, last.source.basis) == ("3", "加强宣传引导,营造氛围", Basis.REPAIRED)
    assert last.source.reason is not None
    assert [(gap.kind, gap.restoration) for gap in gaps] == [("lost", "三是")]


def test_members_keep_their_numbers_and_whole_text() -> None:
    found = read(FIRST + "二、整改原则\n(一)坚持问题导向。逐项销号。\n(二)坚持标本兼治。建章立制。")[0]
    assert [(one.number, one.text) for one in found] == [
        ("1", "坚持问题导向。逐项销号。"),
        ("2", "坚持标本兼治。建章立制。"),
    ]
