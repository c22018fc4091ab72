"""Told or promised: a plan promises in its goals and reports in its problems, a report tells until its next steps."""

import pytest

from pipeline.facts import read_facts
from pipeline.model import Document, Duty, Element, Quantity

REPORT = "随州市中央生态环境保护督察反馈问题整改落实情况报告\n发布时间:2024-01-15\n现将整改情况报告如下。\n"
PLAN = "随州市贯彻落实中央生态环境保护督察反馈意见整改方案\n发布时间:2022-01-15\n结合实际,制定本方案。\n"


def read(text: str) -> tuple[Element, ...]:
    facts = read_facts(Document("0" * 16, "page.txt", "0" * 64, text, "utf-8"))
    assert facts.plan is not None
    return facts.plan.elements


def quantities(text: str) -> dict[str, str]:
    """Value with unit → Baseline, or Target with its last day."""
    return {
        f"{one.value}{one.unit_text}": f"{one.kind} {one.due.value.last_day if one.due else ''}".strip()
        for one in read(text)
        if isinstance(one, Quantity)
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全市污水处理率达到95%。", {"95%": "Baseline"}),
        ("污水处理率提升至95%。", {"95%": "Baseline"}),
        ("目前,森林覆盖率达到41.5%。", {"41.5%": "Baseline"}),
        ("新建污水管网46.8公里,改造泵站3座。", {"46.8公里": "Baseline", "3座": "Baseline"}),
        ("截至目前,建成污水处理厂2座。", {"2座": "Baseline"}),
        ("空气优良天数达到320天。", {"320天": "Baseline"}),
        ("细颗粒物平均浓度32微克/立方米,同比下降3.2%。", {"32微克/立方米": "Baseline", "3.2%": "Baseline"}),
    ],
)
def test_a_report_tells(text: str, expected: dict[str, str]) -> None:
    assert quantities(REPORT + text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("确保污水处理率不低于95%。", {"95%": "Target"}),
        ("我市计划新增充电桩200个。", {"200个": "Target"}),
        ("拟新建垃圾中转站4座。", {"4座": "Target"}),
        ("到2024年底,污水处理率达到95%。", {"95%": "Target 2024-12-31"}),
        ("力争2025年底前新增绿地120公顷。", {"120公顷": "Target 2025-12-31"}),
        ("预计2024年6月底前建成污水处理厂2座。", {"2座": "Target 2024-06-30"}),
        ("已建成管网12公里。2025年底前,将新建管网30公里。", {"12公里": "Baseline", "30公里": "Target 2025-12-31"}),
    ],
)
def test_a_report_promises_where_its_words_do(text: str, expected: dict[str, str]) -> None:
    assert quantities(REPORT + text) == expected


@pytest.mark.parametrize(
    "turn",
    [
        "下一步,我市将持续推进整改。",
        "二、下一步打算\n",
        "下步工作安排:",
        "(二)下一步工作\n",
        "下阶段,",
        "今后,",
    ],
)
def test_from_its_next_steps_on_a_report_promises(turn: str) -> None:
    done = "一、整改进展\n新建管网12公里。\n"
    assert quantities(f"{REPORT}{done}{turn}改造泵站3座,修复湿地40公顷。") == {
        "12公里": "Baseline",
        "3座": "Target",
        "40公顷": "Target",
    }


def test_words_about_next_steps_in_passing_turn_nothing() -> None:
    text = "随州市中央生态环境保护督察整改情况报告\n现将整改情况和下一步打算报告如下。新建管网12公里。"
    assert quantities(text) == {"12公里": "Baseline"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一、整改目标\n到2025年底,优良天数比率达到90%以上。", {"90%": "Target 2025-12-31"}),
        ("一、整改目标\n污水处理率达到95%。", {"95%": "Target"}),
        ("2023年6月底前,关停小锅炉58台。", {"58台": "Target 2023-06-30"}),
        ("目前,全市污水处理率为85%。", {"85%": "Baseline"}),
        ("截至2021年底,全市已建成污水处理厂3座。", {"3座": "Baseline"}),
        ("去年优良天数320天。", {"320天": "Baseline"}),
        ("力争2024年底前新建管网30公里,目前已建成12公里。", {"30公里": "Target 2024-12-31", "12公里": "Baseline"}),
        ("全市污水处理率仅为62%,确保2024年底前达到90%。", {"62%": "Baseline", "90%": "Target 2024-12-31"}),
    ],
)
def test_a_plan_promises_unless_it_tells(text: str, expected: dict[str, str]) -> None:
    assert quantities(PLAN + text) == expected


def test_an_issue_reports_in_its_words_and_status_and_commits_in_its_goal_and_measures() -> None:
    issue = (
        "1.污水收集不足。城区污水处理率仅为62%,管网缺口45公里。\n整改目标:污水处理率达到90%以上。\n"
        "整改措施:(1)新建管网50公里。(2)2023年6月底前改造泵站3座。\n整改时限:2024年底前\n责任单位:市住建局\n"
        "整改进展:已新建管网20公里。\n2.扬尘扰民。\n整改目标:达标。\n整改时限:2024年底前\n责任单位:市城管局"
    )
    assert quantities(PLAN + issue) == {
        "62%": "Baseline",
        "45公里": "Baseline",
        "90%": "Target 2024-12-31",
        "50公里": "Target 2024-12-31",
        "3座": "Target 2023-06-30",
        "20公里": "Baseline",
    }


@pytest.mark.parametrize(
    ("text", "duties"),
    [
        (REPORT + "已建立调度机制,每月调度1次。", []),
        (REPORT + "今后每季度开展1次督查。", ["今后每季度开展1次督查"]),
        (PLAN + "二、保障措施\n每月通报1次整改进展。", ["每月通报1次整改进展"]),
    ],
)
def test_a_duty_is_promised_not_told(text: str, duties: list[str]) -> None:
    assert [one.text.strip("。") for one in read(text) if isinstance(one, Duty)] == duties
