"""What documents say, read whole: the five of data/documents and invented ones that vary as the genre does."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import DocumentError
from pipeline.facts import read_facts
from pipeline.listing import as_json, as_lines
from pipeline.model import Basis, Document, Element, Facts, Issue, Quantity
from pipeline.text import clean

HERE = Path(__file__).parent
REAL = HERE.parent / "data" / "documents"
INVENTED = HERE / "documents"


def document(path: Path) -> Document:
    raw = path.read_bytes()
    digest = hashlib.sha256(raw).hexdigest()
    return Document(digest[:16], path.name, digest, raw.decode("utf-8-sig"), "utf-8")


def invented(name: str) -> Facts:
    return read_facts(document(INVENTED / f"{name}.txt"))


def real(start: str) -> Facts:
    return read_facts(document(next(REAL.glob(f"{start}*.txt"))))


def elements(facts: Facts, kind: str) -> list[Element]:
    assert facts.plan is not None
    return [e for e in facts.plan.elements if e.kind == kind]


def labels(facts: Facts, kind: str) -> list[str]:
    return [e.label for e in elements(facts, kind)]


def targets(facts: Facts) -> dict[str, tuple[str | None, str, str]]:
    """indicator words → (value, unit, due)"""
    return {
        e.indicator_text: (e.value, e.unit_text, str(e.due.value.last_day) if e.due else "")
        for e in elements(facts, "Target")
        if isinstance(e, Quantity) and e.value
    }


def counts(facts: Facts) -> dict[str, int]:
    assert facts.plan is not None
    return {c.of: c.value for c in facts.plan.counts}


def visit(facts: Facts) -> tuple[str, str, str]:
    found = facts.supervision
    assert found is not None
    return tuple(str(x.value) if x else "" for x in (found.start, found.end, found.feedback))  # type: ignore[return-value]


ALL = sorted(REAL.glob("*.txt")) + sorted(INVENTED.glob("*.txt"))


@pytest.mark.parametrize("path", ALL, ids=lambda p: p.stem)
def test_every_fact_quotes_its_document_and_says_why(path: Path) -> None:
    source = document(path)
    facts = read_facts(source)
    seen = 0

    def check(value: object) -> None:
        nonlocal seen
        if isinstance(value, dict):
            if "evidence" in value:
                seen += 1
                assert value["rule"]
                assert (value["basis"] == "stated") == ("reason" not in value)
            if {"begin", "end", "quote"} <= value.keys():
                assert source.text[value["begin"] : value["end"]] == value["quote"] != ""
            for inner in value.values():
                check(inner)
        elif isinstance(value, list):
            for inner in value:
                check(inner)

    check(as_json(source, facts))
    assert seen >= 2
    assert all(line.strip() for line in as_lines(source, facts))


@pytest.mark.parametrize("path", ALL, ids=lambda p: p.stem)
def test_no_placeholder_becomes_a_label_or_value(path: Path) -> None:
    facts = read_facts(document(path))
    if facts.plan is None:
        return
    for element in facts.plan.elements:
        assert not any(mask in element.label for mask in ("(略)", "xx", "××", "XX"))


@given(
    st.text(max_size=300)
    | st.text(
        alphabet=st.sampled_from("省第二生态环境保护督察组整改方案一、(1)目标:2023年底前完成5%个问题,。\n"),
        max_size=300,
    )
)
def test_any_text_is_read_without_error(text: str) -> None:
    source = Document("0" * 16, "any.txt", "0" * 64, text, "utf-8")
    if clean(text).plain.strip():
        read_facts(source)
    else:
        with pytest.raises(DocumentError, match="no readable text"):
            read_facts(source)


def test_an_announcement_counts_issues_and_lists_none() -> None:
    facts = real("000")
    assert facts.kind.value == "document-plan-announcement"
    assert facts.completeness.value == "completeness-digest"
    assert counts(facts) == {"Issue": 31, "Measure": 107, "Goal": 4, "MeasureCategory": 7, "Safeguard": 4}
    assert elements(facts, "Issue") == []
    assert visit(facts) == ("2023-10-09", "2023-10-29", "2023-12-25")


def test_a_year_carried_over_is_inferred_and_explained() -> None:
    feedback = real("000").supervision.feedback  # type: ignore[union-attr]
    assert feedback is not None
    assert feedback.source.basis is Basis.INFERRED
    assert feedback.source.reason is not None
    assert "2023" in feedback.source.reason.zh


def test_a_redacted_page_gives_months_and_gaps_not_inventions() -> None:
    facts = real("001")
    assert visit(facts)[2] == "2023-09"
    assert facts.region is not None
    assert (facts.region.value, facts.region.source.basis) == ("530600", Basis.INFERRED)
    assert sum(gap.kind == "redacted" for gap in facts.gaps) >= 20
    assert facts.plan is not None
    assert facts.plan.title is None


def test_lost_characters_are_repaired_only_with_a_reason() -> None:
    facts = real("002")
    assert facts.supervision is not None
    assert facts.supervision.start is not None
    assert facts.supervision.start.source.basis is Basis.REPAIRED
    assert facts.supervision.team is not None
    assert facts.supervision.team.number is None
    repaired = [e for e in elements(facts, "MeasureCategory") if e.source.basis is Basis.REPAIRED]
    assert [(e.number, e.label) for e in repaired] == [("4", "加大环境监管执法力度")]
    assert ("lost", "四是") in {(gap.kind, gap.restoration) for gap in facts.gaps}


def test_a_template_gives_no_dates_numbers_or_city() -> None:
    facts = real("003")
    assert facts.completeness.value == "completeness-template"
    assert visit(facts) == ("", "", "")
    assert facts.supervision is not None
    assert facts.supervision.team is not None
    assert facts.supervision.team.number is None
    assert "…" in facts.supervision.team.label
    assert facts.region is not None
    assert facts.region.value == "320000"


def test_a_plan_without_line_breaks_lists_its_issues_whole() -> None:
    issues = [e for e in elements(real("004"), "Issue") if isinstance(e, Issue)]
    assert [(i.number, len(i.measures), str(i.due.value.last_day) if i.due else "") for i in issues] == [
        ("1", 6, "2018-12-31"),
        ("2", 2, "2020-12-31"),
        ("3", 7, "2020-12-31"),
        ("4", 2, "2018-12-31"),
    ]
    assert len([p for role, p in issues[2].parties if role == "responsible"]) == 14


def test_a_measure_without_a_date_inherits_the_issues() -> None:
    pipes = next(e for e in elements(real("004"), "Target") if "市政污水管网" in e.label)
    assert isinstance(pipes, Quantity)
    assert pipes.due is not None
    assert (str(pipes.due.value.last_day), pipes.due.source.basis) == ("2020-12-31", Basis.INHERITED)


def test_a_full_plan_on_lines() -> None:
    facts = invented("prefecture-full-plan")
    assert facts.region is not None
    assert facts.region.value == "511500"
    assert facts.publisher is not None
    assert facts.publisher.value == "宜宾市人民政府"
    assert visit(facts) == ("2021-11-25", "2021-12-15", "2022-01-20")
    assert facts.supervision is not None
    assert (facts.supervision.round.value, facts.supervision.batch.value) == (2, 2)  # type: ignore[union-attr]
    assert labels(facts, "Principle") == ["坚持立说立行、务求实效", "坚持举一反三、标本兼治"]
    assert labels(facts, "Goal") == ["督察问题整改到位", "环境质量稳步改善"]
    assert labels(facts, "Safeguard") == ["加强组织领导", "严格督查考核", "强化信息公开"]
    assert counts(facts)["Issue"] == 35
    assert targets(facts)["细颗粒物(PM2.5)年均浓度"] == ("38", "微克/立方米", "2025-12-31")
    assert targets(facts)["改造泵站"] == ("3", "座", "2023-06-30")


def test_a_list_shorter_than_its_count_is_an_excerpt() -> None:
    facts = invented("prefecture-full-plan")
    assert facts.completeness.value == "completeness-excerpt"
    assert facts.completeness.source.reason is not None
    assert "35" in facts.completeness.source.reason.en


def test_parts_that_sum_to_the_whole_are_increments() -> None:
    closing = [
        e
        for e in elements(invented("prefecture-full-plan"), "Target")
        if isinstance(e, Quantity) and e.indicator == "indicator-issues-closed"
    ]
    assert [(e.value, e.aggregation) for e in closing] == [
        ("21", "aggregation-increment"),
        ("10", "aggregation-increment"),
        ("4", "aggregation-increment"),
        ("35", "aggregation-cumulative"),
    ]


def test_roles_and_joint_lists() -> None:
    issues = [e for e in elements(invented("prefecture-full-plan"), "Issue") if isinstance(e, Issue)]
    assert [(role, p.label) for role, p in issues[0].parties] == [
        ("lead", "宜宾市住房城乡建设局"),
        ("responsible", "宜宾市生态环境局"),
        ("responsible", "宜宾市水利局"),
        ("responsible", "翠屏区党委"),
        ("responsible", "叙州区党委"),
        ("responsible", "翠屏区人民政府"),
        ("responsible", "叙州区人民政府"),
        ("accepting", "宜宾市整改办"),
    ]
    assert issues[1].deadline_kind is not None
    assert issues[1].deadline_kind.value == "deadline-long-term"


def test_a_look_back_joined_with_a_special_supervision() -> None:
    facts = invented("look-back-and-special")
    assert facts.supervision is not None
    assert [k.value for k in facts.supervision.kinds] == ["kind-look-back", "kind-special"]
    assert facts.supervision.round is None
    assert visit(facts)[2] == "2021-03-05"
    assert labels(facts, "Goal") == ["确保督察反馈问题整改到位", "推动水环境质量持续改善", "建立健全长效机制"]
    assert labels(facts, "MeasureCategory") == ["推进源头治理", "补齐设施短板", "加强执法监管"]


def test_a_report_states_baselines_and_only_next_steps_commit() -> None:
    facts = invented("progress-report")
    assert facts.kind.value == "document-implementation-report"
    reported = {e.indicator_text: e.value for e in elements(facts, "Baseline") if isinstance(e, Quantity)}
    assert reported["PM2.5平均浓度"] == "39.2"
    assert reported["信访件办结"] == "100"
    assert set(targets(facts)) == {"通报整改进度", "农村生活污水治理率"}


def test_an_audit_is_no_plan() -> None:
    facts = invented("audit-rectification")
    assert facts.kind.value == "document-other"
    assert facts.plan is None
    assert facts.supervision is None


def test_a_district_under_its_municipality_is_supervised_by_a_province() -> None:
    facts = invented("district-of-a-municipality")
    assert facts.region is not None
    assert facts.region.value == "500116"
    assert facts.supervision is not None
    assert facts.supervision.level is not None
    assert facts.supervision.level.value == "level-provincial"
    assert targets(facts)["城市集中式饮用水水源地水质达标率稳定"][2] == "2025-12-31"


def test_statuses_and_open_ends_of_issues() -> None:
    issues = [e for e in elements(invented("flat-list-prefix-organisations"), "Issue") if isinstance(e, Issue)]
    assert [
        (i.due is not None, i.deadline_kind.value if i.deadline_kind else "", i.status.value if i.status else "")
        for i in issues
    ] == [
        (True, "deadline-fixed", ""),
        (False, "deadline-long-term", ""),
        (False, "", "status-completed"),
    ]


def issues(name: str) -> list[Issue]:
    return [e for e in elements(invented(name), "Issue") if isinstance(e, Issue)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "problems-with-labels",
            [("部分乡镇污水处理厂运行不正常", 2, "2022-12-31"), ("砂石码头扬尘污染严重", 1, "deadline-immediate")],
        ),
        (
            "serial-numbers",
            [("饮用水水源保护区内有违建", 2, "2021-12-31"), ("工业固废处置不规范", 1, "2022-06-30")],
        ),
        ("fields-inside-measures", [("机动车污染突出", 2, "2023-12-31")]),
    ],
)
def test_task_lists_in_several_layouts(name: str, expected: list[tuple[str, int, str]]) -> None:
    def deadline(issue: Issue) -> str:
        return str(issue.due.value.last_day) if issue.due else issue.deadline_kind.value if issue.deadline_kind else ""

    assert [(i.label, len(i.measures), deadline(i)) for i in issues(name)] == expected


def test_a_table_gives_its_issues_row_by_row() -> None:
    assert [
        (i.number, i.label, i.goal.text if i.goal else "", [p.label for _, p in i.parties])
        for i in issues("table-with-pipes")
    ] == [
        ("1", "黑臭水体反弹", "消除黑臭水体", ["衡阳市住建局"]),
        ("2", "餐饮油烟扰民", "达标排放", ["衡阳市城管局"]),
    ]


def test_a_district_is_told_from_its_namesakes_by_its_city() -> None:
    region = invented("notice-and-district").region
    assert region is not None
    assert region.value == "330106"


def test_a_principle_is_no_target() -> None:
    """What it would eliminate is a maxim; a target that belonged to it would be nobody's commitment."""
    text = (
        "泉州市贯彻落实省生态环境保护督察反馈意见整改方案\n一、基本原则\n(一)坚持风险防控。以控制环境风险、消除环境影响为出发点。\n"
        "(二)坚持系统治理。水岸同治。\n二、整改目标\n(一)2025年底前,建成区黑臭水体全面消除。\n(二)问题整改到位。"
    )
    plan = read_facts(Document("0" * 16, "方案.txt", "0" * 64, text, "utf-8")).plan
    assert plan is not None
    targets = [(one.text, one.belongs_to) for one in plan.elements if isinstance(one, Quantity)]
    assert targets == [("建成区黑臭水体全面消除", "goal/1")]
