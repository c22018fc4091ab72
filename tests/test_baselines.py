"""What a report tells of how far it has come: tallies by state, shares, accountability, works done; the whole is no part."""

import pytest

from pipeline.facts import read_facts
from pipeline.model import Basis, Document, Plan, Quantity

HEAD = "随州市中央生态环境保护督察反馈问题整改落实情况报告\n发布时间:2024-01-15\n现将整改情况报告如下。\n"


def read(text: str) -> Plan:
    facts = read_facts(Document("0" * 16, "page.txt", "0" * 64, HEAD + text, "utf-8"))
    assert facts.plan is not None
    return facts.plan


def baselines(text: str) -> list[Quantity]:
    return [one for one in read(text).elements if isinstance(one, Quantity) and one.kind == "Baseline"]


def told(text: str) -> dict[str, str]:
    """Value with unit → what is told of it."""
    return {f"{one.value}{one.unit_text}": one.indicator_text for one in baselines(text)}


@pytest.mark.parametrize(
    ("text", "whole", "expected"),
    [
        pytest.param(
            "反馈的14个问题已整改完成9个。", {"Issue": 14}, {"9个": "问题已整改完成"}, id="part-behind-the-whole"
        ),
        pytest.param(
            "31项任务中,已完成29项,达到序时进度2项。",
            {"Task": 31},
            {"29项": "已完成", "2项": "达到序时进度"},
            id="of-so-many",
        ),
        pytest.param(
            "27项任务中,20项已完成,7项正在推进。",
            {"Task": 27},
            {"20项": "已完成", "7项": "正在推进"},
            id="number-first",
        ),
        pytest.param(
            "整改任务35项,已完成30项、序时推进5项。",
            {"Task": 35},
            {"30项": "已完成", "5项": "序时推进"},
            id="noun-first",
        ),
        pytest.param(
            "截至2023年底,31项整改任务已完成29项,其余2项按序时推进。",
            {"Task": 31},
            {"29项": "整改任务已完成", "2项": "其余按序时推进"},
            id="and-the-rest",
        ),
        pytest.param("其余18项均达到时序进度。", {}, {"18项": "其余均达到时序进度"}, id="only-the-rest"),
        pytest.param(
            "已完成整改29项、正在整改2项、长期坚持4项。",
            {},
            {"29项": "已完成整改", "2项": "正在整改", "4项": "长期坚持"},
            id="by-state",
        ),
        pytest.param(
            "交办的412件信访件已办结398件,办结率96.6%。",
            {"Petition": 412},
            {"398件": "信访件已办结", "96.6%": "办结率"},
            id="petitions-and-their-share",
        ),
        pytest.param(
            "督察组交办信访件420件,属实312件,不属实108件。",
            {"Petition": 420},
            {"312件": "属实", "108件": "不属实"},
            id="true-and-untrue",
        ),
    ],
)
def test_the_whole_is_a_count_and_its_parts_are_told(
    text: str, whole: dict[str, int], expected: dict[str, str]
) -> None:
    assert {count.of: count.value for count in read(text).counts} == whole
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("完成率93.5%。", {"93.5%": "完成率"}),
        ("整改完成率100%。", {"100%": "整改完成率"}),
        ("累计问责14人次,其中处级3人、科级11人。", {"14人次": "累计问责", "3人": "处级", "11人": "科级"}),
        ("罚款236万元,问责14人。", {"236万元": "罚款", "14人": "问责"}),
        ("新建污水管网46.8公里,改造泵站3座。", {"46.8公里": "新建污水管网", "3座": "改造泵站"}),
        ("已拆除违建1.2万平方米,复绿面积300亩。", {"1.2万平方米": "已拆除违建", "300亩": "复绿面积"}),
        ("关停企业12家,淘汰锅炉58台。", {"12家": "关停企业", "58台": "淘汰锅炉"}),
        ("投入资金3.2亿元。", {"3.2亿元": "投入资金"}),
        ("五家企业未完成搬迁。", {"5家": "企业未完成搬迁"}),
    ],
)
def test_shares_people_works_and_money(text: str, expected: dict[str, str]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize("text", ["38个问题已全部办结。", "信访件均已办结。", "问题全部已完成整改。"])
def test_all_of_them_is_a_hundred_per_cent_with_a_reason(text: str) -> None:
    (found,) = baselines(text)
    assert (found.value, found.unit_text, found.source.basis) == ("100", "%", Basis.INFERRED)
    assert found.source.reason is not None


@pytest.mark.parametrize(
    "text",
    [
        "第12项任务已完成。",
        "建立3个工作专班。",
        "先后召开5次会议。",
        "2023年12月全部完成。",
        "涉及4个方面。",
        "围绕“3815”战略抓整改。",
    ],
)
def test_numbers_that_tell_nothing_of_progress(text: str) -> None:
    assert told(text) == {}


def test_a_tally_quotes_its_words_and_meets_the_value_exactly() -> None:
    text = "反馈的14个问题已整改完成9个。"
    (found,) = baselines(text)
    (span,) = found.source.spans
    assert (HEAD + text)[span.begin : span.end] == "问题已整改完成9个"
    assert (found.comparator, found.value_text, found.due) == ("comparator-equal", "9", None)
