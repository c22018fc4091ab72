"""How much a clause commits to, and how often."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.facts.amounts import amounts
from pipeline.facts.frequencies import frequencies
from pipeline.text import fold


def read(text: str) -> list[tuple[str, str, str, str]]:
    """What, comparator, value and unit of each amount."""
    folded = fold(text)
    found = amounts(folded, 0, len(folded))
    return [(a.what, a.comparator.removeprefix("comparator-"), a.value, a.unit) for a in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("森林覆盖率达到41.5%以上", [("森林覆盖率", "at-least", "41.5", "%")]),
        ("PM2.5浓度控制在38微克/立方米以内", [("PM2.5浓度", "at-most", "38", "微克/立方米")]),
        ("浓度降至每立方米25微克以下", [("浓度", "at-most", "25", "微克/立方米")]),
        ("优良天数比率不低于85%", [("优良天数比率", "at-least", "85", "%")]),
        ("断面优良比例保持100%", [("断面优良比例", "equal", "100", "%")]),
        ("到2025年,水质优良比例达到100%", [("水质优良比例", "equal", "100", "%")]),
        (
            "完成32%反馈问题整改、办结75%群众信访件",
            [("反馈问题整改", "at-least", "32", "%"), ("群众信访件办结", "at-least", "75", "%")],
        ),
        ("新建污水管网42.5公里、泵站3座", [("新建污水管网", "equal", "42.5", "公里"), ("泵站", "equal", "3", "座")]),
        (
            "完成片区内26个居住小区、18个公建单位的勘测",
            [("居住小区", "equal", "26", "个"), ("公建单位", "equal", "18", "个")],
        ),
        ("化学需氧量排放量较2020年下降8%", [("化学需氧量排放量", "decrease-by", "8", "%")]),
        ("6个月内要整改完成", [("要整改完成", "at-most", "6", "月")]),
        ("废弃物全部实现资源化利用", [("废弃物资源化利用", "equal", "100", "%")]),
    ],
)
def test_commitments(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("verb", "comparator"),
    [
        ("达到85%", "at-least"),
        ("达85%", "at-least"),
        ("不低于85%", "at-least"),
        ("不少于85%", "at-least"),
        ("至少达到85%", "at-least"),
        ("提高到85%", "at-least"),
        ("提升至85%", "at-least"),
        ("保持在85%以上", "at-least"),
        ("不高于85%", "at-most"),
        ("不超过85%", "at-most"),
        ("控制在85%以内", "at-most"),
        ("控制在85%", "at-most"),
        ("降至85%", "at-most"),
        ("下降到85%以下", "at-most"),
        ("压减至85%", "at-most"),
        ("大于85%", "more-than"),
        ("高于85%", "more-than"),
        ("小于85%", "less-than"),
        ("低于85%", "less-than"),
        ("保持在85%", "equal"),
        ("稳定在85%", "equal"),
        ("为85%", "equal"),
        ("85%", "equal"),
        ("85%以上", "at-least"),
        ("85%以下", "at-most"),
    ],
)
def test_the_words_around_a_number_say_how_it_is_meant(verb: str, comparator: str) -> None:
    assert read(f"危险废物利用率{verb}") == [("危险废物利用率", comparator, "85", "%")]


@pytest.mark.parametrize(
    ("text", "comparator"),
    [
        ("细颗粒物年均浓度达到35微克/立方米", "at-most"),
        ("细颗粒物年均浓度达到35微克/立方米以上", "at-least"),
        ("总磷浓度达到0.2毫克/升", "at-most"),
        ("优良天数达到320天", "at-least"),
        ("污水收集率达到100%", "equal"),
    ],
)
def test_reaching_a_concentration_means_at_most_and_reaching_all_means_all(text: str, comparator: str) -> None:
    assert [found for _, found, _, _ in read(text)] == [comparator]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "化学需氧量、总磷浓度分别下降12%、30%",
            [("化学需氧量", "decrease-by", "12"), ("总磷浓度", "decrease-by", "30")],
        ),
        (
            "污水处理率、垃圾处理率分别达到95%、98%以上",
            [("污水处理率", "at-least", "95"), ("垃圾处理率", "at-least", "98")],
        ),
        (
            "工业用水重复率、再生水利用率和灌溉水利用率分别提高5%、8%和3%",
            [
                ("工业用水重复率", "increase-by", "5"),
                ("再生水利用率", "increase-by", "8"),
                ("灌溉水利用率", "increase-by", "3"),
            ],
        ),
    ],
)
def test_several_values_for_several_names(text: str, expected: list[tuple[str, str, str]]) -> None:
    found = sorted((what, comparator, value) for what, comparator, value, unit in read(text) if unit == "%")
    assert found == sorted(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023—2025年底前分别完成6个、3个、1个", {"2023-12-31": "6", "2024-12-31": "3", "2025-12-31": "1"}),
        ("2023至2024年底前分别完成整改12个和7个", {"2023-12-31": "12", "2024-12-31": "7"}),
        ("2023年底、2024年6月底分别完成整改6个、3个", {"2023-12-31": "6", "2024-06-30": "3"}),
        ("2023年13月、2024年6月底分别完成整改6个、3个", {}),
    ],
)
def test_several_values_for_several_dates(text: str, expected: dict[str, str]) -> None:
    assert {str(a.due.due.last_day): a.value for a in amounts(text, 0, len(text)) if a.due} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("氨氮排放量比2020年减少5%以上", ("氨氮排放量", "decrease-by", "5", "%")),
        ("优良天数同比增加12天", ("优良天数", "increase-by", "12", "天")),
        ("细颗粒物浓度同比下降3.2%", ("细颗粒物浓度", "decrease-by", "3.2", "%")),
        ("森林覆盖率较上年提高1.5个百分点", ("森林覆盖率", "increase-by", "1.5", "个百分点")),
        ("煤炭消费量较2020年削减20万吨", ("煤炭消费量", "decrease-by", "20", "万吨")),
    ],
)
def test_changes_against_a_baseline(text: str, expected: tuple[str, str, str, str]) -> None:
    assert read(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("其余5项2025年6月底前收尾", ("收尾", "equal", "5", "项")),
        ("36个问题全部销号", ("问题销号", "equal", "36", "个")),
        ("剩余12个问题2024年底前完成整改", ("问题完成整改", "equal", "12", "个")),
        ("余下的4项,2025年底前全部完成", ("完成", "equal", "4", "项")),
        ("2024年底前完成整改21个", ("完成整改", "equal", "21", "个")),
    ],
)
def test_numbers_of_what_is_to_be_closed(text: str, expected: tuple[str, str, str, str]) -> None:
    assert read(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("改造老旧管网18.6千米", ("改造老旧管网", "18.6", "千米")),
        ("建成污水处理厂2座", ("建成污水处理厂", "2", "座")),
        ("关停小散企业37家", ("关停小散企业", "37", "家")),
        ("修复湿地1,120公顷", ("修复湿地", "1120", "公顷")),
        ("拆除违建1.2万平方米", ("拆除违建", "1.2", "万平方米")),
        ("安装油烟净化器150台", ("安装油烟净化器", "150", "台")),
        ("清淤河道１５条", ("清淤河道", "15", "条")),
    ],
)
def test_works_with_their_unit(text: str, expected: tuple[str, str, str]) -> None:
    what, value, unit = expected
    assert read(text) == [(what, "equal", value, unit)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("半年内取得阶段性成果", ("取得阶段性成果", "at-most", "6", "月")),
        ("15个工作日内办结", ("办结", "at-most", "15", "工作日")),
        ("两年内完成搬迁", ("完成搬迁", "at-most", "2", "年")),
    ],
)
def test_terms_without_a_date(text: str, expected: tuple[str, str, str, str]) -> None:
    assert read(text) == [expected]


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("处理率达到90%-95%", [("at-least", "90"), ("at-most", "95")]),
        ("处理率达到90%至95%", [("at-least", "90"), ("at-most", "95")]),
        ("总磷浓度控制在0.1~0.2毫克/升", [("at-least", "0.1"), ("at-most", "0.2")]),
    ],
)
def test_a_range_is_two_bounds(text: str, bounds: list[tuple[str, str]]) -> None:
    assert [(comparator, value) for _, comparator, value, _ in read(text)] == bounds


@pytest.mark.parametrize(
    "text",
    [
        "围绕“3815”战略发展目标",
        "统筹“三江四河一库”保护",
        "PM2.5与臭氧协同控制",
        "《整改方案》明确了4个方面14项主要措施",
        "下设综合协调组等4个专项工作组",
        "充分发挥上述2个泵站作用",
        "地表水达到Ⅲ类",
        "制定三年行动方案",
        "无劣Ⅴ类水体",
        "成立3个工作组",
        "每年开展2次",
        "分别达到90%、95%以上",
        "“十四五”期间",
    ],
)
def test_numbers_that_commit_to_nothing(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "duration", "times", "unit"),
    [
        ("每年开展不少于两次的集中督导检查", "P1Y", 2, "次/年"),
        ("各单位要于每月15日前向领导小组报告进展", "P1M", 1, "次/月"),
        ("每季度开展1次现场督查", "P3M", 1, "次/季度"),
        ("确保一季度一报备、一季度一结清", "P3M", 1, "次/季度"),
        ("每半年召开一次联席会议", "P6M", 1, "次/半年"),
        ("每周调度一次", "P7D", 1, "次/周"),  # xsd:duration knows no weeks
    ],
)
def test_frequencies(text: str, duration: str, times: int, unit: str) -> None:
    found = list(frequencies(text, 0, len(text)))
    assert [(f.duration, f.times, f.unit) for f in found] == [(duration, times, unit)]


@pytest.mark.parametrize(
    "text", ["每年实施一批重点工程", "每立方米25微克", "每年新增处理能力5万吨", "用好“月点评、季考核”做法"]
)
def test_no_promise_to_meet(text: str) -> None:
    assert list(frequencies(text, 0, len(text))) == []


@given(
    st.text(
        alphabet=st.sampled_from("完成整改达到不低于0123456789.%个公里微克每月年次以上下,、(率浓度全部内半"),
        max_size=60,
    )
)
def test_any_clause_is_read_without_error(text: str) -> None:
    for amount in amounts(text, 0, len(text)):
        assert 0 <= amount.begin < amount.end <= len(text)
    list(frequencies(text, 0, len(text)))
