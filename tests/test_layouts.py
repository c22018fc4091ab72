"""Task lists in every layout a page may give them: the issues, and what of their fields is read."""

import pytest

from pipeline.facts import read_facts
from pipeline.model import Document, Facts, Issue, Quantity

TITLE = "衡阳市贯彻落实湖南省生态环境保护督察反馈意见整改任务清单"


def read(text: str) -> Facts:
    return read_facts(Document("0" * 16, "list.txt", "0" * 64, f"{TITLE}\n{text}", "utf-8"))


def issues(text: str) -> list[Issue]:
    plan = read(text).plan
    assert plan is not None
    return [element for element in plan.elements if isinstance(element, Issue)]


def deadline(issue: Issue) -> str:
    if issue.due:
        return str(issue.due.value.last_day)
    return issue.deadline_kind.value.removeprefix("deadline-") if issue.deadline_kind else ""


def shown(issue: Issue) -> tuple[str | None, str, str, str, str]:
    """Number, label, deadline, bodies with their roles, and texts of the measures."""
    bodies = " ".join(f"{role}:{party.label.removeprefix('衡阳市')}" for role, party in issue.parties)
    return issue.number, issue.label, deadline(issue), bodies, " ".join(one.text.strip("。;") for one in issue.measures)


SEWAGE = ("1", "污水直排湘江", "2025-06-30", "responsible:住建局", "排查排口 建成干管")
MINE = ("2", "矿山修复滞后", "2024-12-31", "responsible:自然资源局", "编制方案 实施复绿")
BOTH = [SEWAGE, MINE]

# The same two issues in one layout after another.
LAYOUTS = {
    "labels-with-colon": """1.污水直排湘江。
整改目标:封堵直排口。
整改措施:(1)排查排口。(2)建成干管。
整改时限:2025年6月底前
责任单位:市住建局
2.矿山修复滞后。
整改目标:完成修复。
整改措施:编制方案;实施复绿。
整改时限:2024年底前
责任单位:市自然资源局""",
    "labels-without-colon": """一、污水直排湘江。
整改目标 封堵直排口
整改时限 2025年6月底前
责任单位 市住建局
整改措施 1.排查排口。2.建成干管。
二、矿山修复滞后。
整改目标 完成修复
整改时限 2024年底前
责任单位 市自然资源局
整改措施 1.编制方案。2.实施复绿。""",
    "label-lines": """问题一:污水直排湘江。
整改目标
封堵直排口。
整改时限
2025年6月底前
责任单位
市住建局
整改措施
1.排查排口。
2.建成干管。
问题二:矿山修复滞后。
整改目标
完成修复。
整改时限
2024年底前
责任单位
市自然资源局
整改措施
1.编制方案。
2.实施复绿。""",
    "without-line-breaks": "一、反馈问题(一)污水直排湘江。整改目标:封堵直排口。整改措施:1.排查排口。2.建成干管。整改时限:2025年6月底前。"
    "责任单位:市住建局(二)矿山修复滞后。整改目标:完成修复。整改措施:1.编制方案。2.实施复绿。整改时限:2024年底前。"
    "责任单位:市自然资源局",
    "pipe-table": """| 序号 | 反馈问题 | 整改目标 | 整改措施 | 整改时限 | 责任单位 |
| --- | --- | --- | --- | --- | --- |
| 1 | 污水直排湘江 | 封堵直排口 | 1.排查排口。2.建成干管。 | 2025年6月底前 | 市住建局 |
| 2 | 矿山修复滞后 | 完成修复 | 编制方案;实施复绿 | 2024年底前 | 市自然资源局 |""",
    "tabs": """序号\t反馈问题\t整改措施\t整改时限\t责任单位
1\t污水直排湘江\t1.排查排口。2.建成干管。\t2025年6月底前\t市住建局
2\t矿山修复滞后\t编制方案;实施复绿\t2024年底前\t市自然资源局""",
    "blanks-with-glued-serial-numbers": """序号 反馈问题 整改措施 整改时限 责任单位
1 污水直排湘江 排查排口;建成干管 2025年6月底前 市住建局2 矿山修复滞后 编制方案;实施复绿 2024年底前 市自然资源局""",
    "one-cell-a-line": """序号
反馈问题
整改措施
整改时限
责任单位
1
污水直排湘江
1.排查排口。
2.建成干管。
2025年6月底前
市住建局
2
矿山修复滞后
编制方案;实施复绿
2024年底前
市自然资源局""",
    "form-with-serial-numbers": """序号:1
反馈问题:污水直排湘江
整改措施:1.排查排口。2.建成干管。
整改时限:2025年6月底前
责任单位:市住建局
序号:2
反馈问题:矿山修复滞后
整改措施:1.编制方案。2.实施复绿。
整改时限:2024年底前
责任单位:市自然资源局""",
    "serial-words": """序号一
督察意见:污水直排湘江。
整改措施:1.排查排口。2.建成干管。
整改时限:2025年6月底前
责任单位:市住建局
序号二
督察意见:矿山修复滞后。
整改措施:1.编制方案。2.实施复绿。
整改时限:2024年底前
责任单位:市自然资源局""",
    "tasks": """任务1 污水直排湘江。
整改措施:1.排查排口。2.建成干管。
整改时限:2025年6月底前
责任单位:市住建局
任务2 矿山修复滞后。
整改措施:1.编制方案。2.实施复绿。
整改时限:2024年底前
责任单位:市自然资源局""",
    "numbers-in-lenticular-brackets": """【第1项】污水直排湘江。
整改措施:1.排查排口。2.建成干管。
整改时限:2025年6月底前
责任单位:市住建局
【第2项】矿山修复滞后。
整改措施:1.编制方案。2.实施复绿。
整改时限:2024年底前
责任单位:市自然资源局""",
    "chapters-of-two-notices": """第1项
一、整改问题
污水直排湘江。
二、整改措施
1.排查排口。
2.建成干管。
三、整改时限
2025年6月底前
四、责任单位
市住建局
第2项
一、整改问题
矿山修复滞后。
二、整改措施
1.编制方案。
2.实施复绿。
三、整改时限
2024年底前
四、责任单位
市自然资源局""",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_task_list_is_read_in_each_layout(layout: str) -> None:
    assert [shown(issue) for issue in issues(LAYOUTS[layout])] == BOTH


@pytest.mark.parametrize("layout", ["labels-with-colon", "label-lines", "tabs", "one-cell-a-line", "tasks"])
def test_a_list_that_is_read_whole_is_full(layout: str) -> None:
    assert read(LAYOUTS[layout]).completeness.value == "completeness-full"


FORMS = {
    "bars": "反馈问题 | 污水直排湘江\n整改措施 | 1.排查排口。2.建成干管。\n整改时限 | 2025年6月底前\n责任单位 | 市住建局",
    "tabs": "反馈问题\t污水直排湘江\n整改措施\t1.排查排口。2.建成干管。\n整改时限\t2025年6月底前\n责任单位\t市住建局",
    "bar-and-line": "反馈问题 |\n污水直排湘江 |\n整改措施 |\n排查排口;建成干管\n整改时限 |\n2025年6月底前 |\n责任单位 |\n市住建局 |",
    "colons": "反馈问题:污水直排湘江\n整改措施:1.排查排口。2.建成干管。\n整改时限:2025年6月底前\n责任单位:市住建局",
    "chapters": "一、整改问题\n污水直排湘江。\n二、整改措施\n1.排查排口。\n2.建成干管。\n三、整改时限\n2025年6月底前\n四、责任单位\n市住建局",
    "chapters-run-in": "一、整改问题污水直排湘江。\n二、整改措施1.排查排口。2.建成干管。\n三、整改时限2025年6月底前\n四、责任单位市住建局",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_of_label_and_value_is_an_issue_without_a_number(form: str) -> None:
    assert [shown(issue) for issue in issues(FORMS[form])] == [(None, *SEWAGE[1:])]


@pytest.mark.parametrize(
    ("head", "number"),
    [
        ("第11项整改任务销号公示", "11"),
        ("整改公示(序号19)", "19"),
        ("任务三", "3"),
        ("第二轮省级督察反馈第11项问题整改公示", "11"),
        ("第二轮省级督察反馈问题整改公示", None),
        ("省第六督察组反馈问题整改公示", None),
        ("第3项、第7项任务整改公示", None),
    ],
)
def test_a_notice_takes_the_number_it_gives_its_issue(head: str, number: str | None) -> None:
    assert [issue.number for issue in issues(f"{head}\n{FORMS['chapters']}")] == [number]


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("一、水环境方面\n(一)污水直排。\n整改目标:封堵。\n整改时限:2024年底前", "水环境方面"),
        (
            "| 序号 | 反馈问题 | 整改时限 | 责任单位 |\n| 水环境方面 |\n| 1 | 污水直排 | 2024年底前 | 市住建局 |",
            "水环境方面",
        ),
        (
            "| 序号 | 问题类别 | 反馈问题 | 整改时限 |\n| 1 | 水环境方面 | 污水直排 | 2024年底前 |",
            "水环境方面",
        ),
    ],
)
def test_an_issue_belongs_to_the_heading_it_stands_under(text: str, category: str) -> None:
    plan = read(text).plan
    assert plan is not None
    labels = {element.path: element.label for element in plan.elements if element.kind == "IssueCategory"}
    assert [labels[issue.category or ""] for issue in issues(text)] == [category]


@pytest.mark.parametrize(
    ("table", "read_", "unread"),
    [
        pytest.param(
            "| 序号 | 反馈问题 | 整改时限 | 责任单位 |\n| 1 | 污水直排 | 2024年底前 | 市住建局 |\n| 2 | 扬尘 | 市城管局 |",
            ["1"],
            "2",
            id="pipes",
        ),
        pytest.param(
            "序号 反馈问题 整改时限 责任单位\n1 污水直排 2024年底前 市住建局\n2 扬尘 市城管局", ["1"], "2", id="blanks"
        ),
        pytest.param(
            "序号\n反馈问题\n整改时限\n责任单位\n1\n污水直排\n2024年底前\n市住建局\n2\n扬尘\n市城管局",
            ["1"],
            "2",
            id="one-cell-a-line",
        ),
    ],
)
def test_a_row_that_does_not_fit_is_not_guessed_and_makes_an_excerpt(table: str, read_: list[str], unread: str) -> None:
    facts = read(table)
    assert [issue.number for issue in issues(table)] == read_
    assert facts.completeness.value == "completeness-excerpt"
    assert facts.completeness.source.reason is not None
    (span,) = facts.completeness.source.spans
    assert f"{TITLE}\n{table}"[span.begin : span.end].strip("| \n").startswith(unread)


@pytest.mark.parametrize(
    ("fields", "due", "kind", "status"),
    [
        ("整改时限:2024年12月31日", "2024-12-31", "fixed", None),
        ("整改时限:2023年6月底前、2024年底前", "2024-12-31", "fixed", None),
        ("整改时限:2023年底前完成并长期坚持", "2023-12-31", "fixed-then-long-term", None),
        ("整改时限:十四五末", "2025-12-31", "fixed", None),
        ("整改时限:立行立改", None, "immediate", None),
        ("整改时限:立行立改,长期坚持", None, "long-term", None),
        ("整改时限:已完成整改", None, None, "completed"),
        ("整改时限:2023年底前\n整改情况:已通过验收。", "2023-12-31", "fixed", "completed"),
        ("整改时限:2023年底前\n整改情况:未完成整改,进度滞后。", "2023-12-31", "fixed", "in-progress"),
        ("整改时限:2023年底前\n整改进展:达到序时进度。", "2023-12-31", "fixed", "in-progress"),
        ("整改时限:2023年底前\n整改进展:尚未开工。", "2023-12-31", "fixed", "not-started"),
        ("整改时限:2023年底前\n整改进展:转入长期坚持。", "2023-12-31", "fixed", "long-term"),
        ("整改时限:2023年底前\n整改进展:完成3公里管网铺设。", "2023-12-31", "fixed", None),
    ],
)
def test_due_and_status(fields: str, due: str | None, kind: str | None, status: str | None) -> None:
    (issue,) = issues(f"1.污水直排湘江。\n整改目标:封堵直排口。\n{fields}\n责任单位:市住建局")
    assert (str(issue.due.value.last_day) if issue.due else None) == due
    assert (issue.deadline_kind.value if issue.deadline_kind else None) == (f"deadline-{kind}" if kind else None)
    assert (issue.status.value if issue.status else None) == (f"status-{status}" if status else None)


def test_every_role_of_an_issue() -> None:
    (issue,) = issues(
        "1.污水直排湘江。\n整改时限:2024年底前\n牵头单位:市住建局\n责任单位:蒸湘区、石鼓区党委\n配合单位:市水利局\n"
        "督导单位:市委督查室\n验收单位:市整改办\n责任人:市住建局主要负责人"
    )
    assert [f"{role} {party.label}" for role, party in issue.parties] == [
        "lead 衡阳市住建局",
        "responsible 蒸湘区党委",
        "responsible 石鼓区党委",
        "cooperating 衡阳市水利局",
        "supervising 衡阳市委督查室",
        "accepting 衡阳市整改办",
    ]
    assert [(post.title, post.party.label) for post in issue.posts] == [("主要负责人", "衡阳市住建局")]


def test_a_body_is_labelled_in_one_script_and_written_as_printed() -> None:
    (issue,) = issues("1.污水直排湘江。\n整改時限:2024年底前\n責任單位:市財政局\n責任人:市財政局主要負責人")
    ((_, party),) = issue.parties
    assert (party.label, party.as_written) == ("衡阳市财政局", "市財政局")
    assert [post.party.as_written for post in issue.posts] == ["市財政局"]


def test_measures_keep_their_own_numbers_and_deadlines() -> None:
    (issue,) = issues(
        "1.污水直排湘江。\n整改目标:封堵。\n整改时限:2025年底前\n整改措施:(1)排查排口。(2)2024年6月底前建成干管。"
    )
    assert issue.goal is not None
    assert issue.goal.text == "封堵。"
    assert [(one.number, str(one.due.value.last_day) if one.due else None) for one in issue.measures] == [
        ("1", None),
        ("2", "2024-06-30"),
    ]


ANNEXED = """一、指导思想
坚持生态优先。
二、保障措施
(一)加强组织领导。成立领导小组。
(二)强化督导检查。定期调度进展。
(三)严肃责任追究。对整改不力的问责。
附件
| 序号 | 反馈问题 | 整改措施 | 整改时限 | 责任单位 |
| 1 | 垃圾场渗滤液积存。 | 1.组织清运。2.2025年6月底前,建成处理设施。3.每年组织应急演练不少于3次。 | 2025年底前 | 市城管局、 |"""


def test_a_table_behind_the_safeguards_takes_none_of_them_away() -> None:
    plan = read(ANNEXED).plan
    assert plan is not None
    labels = [element.text for element in plan.elements if element.kind == "Safeguard"]
    assert labels == [
        "加强组织领导。成立领导小组。",
        "强化督导检查。定期调度进展。",
        "严肃责任追究。对整改不力的问责。",
    ]


def test_a_measure_that_begins_with_a_year_is_one_of_its_cell() -> None:
    (issue,) = issues(ANNEXED)
    assert [(one.number, one.text) for one in issue.measures] == [
        ("1", "组织清运。"),
        ("2", "2025年6月底前,建成处理设施。"),
        ("3", "每年组织应急演练不少于3次。"),
    ]


def test_so_many_times_a_year_is_one_target() -> None:
    plan = read(ANNEXED).plan
    assert plan is not None
    amounts = [(one.value, one.unit_text) for one in plan.elements if isinstance(one, Quantity) and one.value]
    assert amounts == [("3", "次/年")]


def test_a_table_that_ends_the_page_is_not_cut_in_its_sentence() -> None:
    assert read(ANNEXED).completeness.value == "completeness-full"


PROMISED = """南平市贯彻落实省生态环境保护督察反馈意见整改方案
二、整改任务
（一）延平区污水管网破损。
整改目标：污水不直排。
整改时限：2024年12月底前
责任单位：延平区政府
三、保障措施
（一）加强组织领导。
（二）{rule}
"""


@pytest.mark.parametrize(
    "rule",
    [
        "严格销号管理。整改完成并经验收，公示无异议后予以销号。",
        "对已完成整改的问题，由市整改办组织验收销号。",
        "责任单位自查合格后方可申请销号。",
    ],
)
def test_a_rule_for_closing_issues_closes_none(rule: str) -> None:
    (issue,) = issues(PROMISED.format(rule=rule))
    assert issue.status is None


def test_a_notice_that_its_issues_are_done_closes_them() -> None:
    text = PROMISED.replace("整改方案\n", "整改销号公示\n下列问题已完成整改，经现场核查后拟予以销号，现予公示。\n")
    (issue,) = issues(text.format(rule="建立长效机制。"))
    assert issue.status is not None and issue.status.value == "status-completed"
