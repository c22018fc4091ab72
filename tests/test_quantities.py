"""How much a clause commits to, and how often."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.facts.amounts import amounts
from pipeline.facts.frequencies import frequencies

LEAST, MOST, EQUAL = "comparator-at-least", "comparator-at-most", "comparator-equal"


def read(text: str) -> list[tuple[str, str, str, str]]:
    return [(a.what, a.comparator.removeprefix("comparator-"), a.value, a.unit) for a in amounts(text, 0, len(text))]


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
