"""How many problems, tasks, measures and petitions a text says there are: wholes, each class for itself, and no parts."""

import pytest

from pipeline.facts.counts import read_counts
from pipeline.facts.page import lay_out
from pipeline.model import Count
from pipeline.outline import outline
from pipeline.text import clean


def read(text: str) -> list[Count]:
    cleaned = clean(text)
    return list(read_counts(lay_out("0" * 16, cleaned, outline(cleaned)), [(0, len(cleaned.plain))]))


def counts(text: str) -> dict[str, int]:
    """Class → number."""
    return {count.of: count.value for count in read(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("督察组反馈了26个问题。", {"Issue": 26}),
        ("督察共指出问题26项。", {"Issue": 26}),
        ("督察反馈问题共26个,已整改过半。", {"Issue": 26}),
        ("反馈意见指出十二个具体问题。", {"Issue": 12}),
        ("反馈26问题。", {"Issue": 26}),
        ("认领整改任务35项。", {"Task": 35}),
        ("涉及我市的整改任务共18项。", {"Task": 18}),
        ("细化为41项整改任务。", {"Task": 41}),
        ("制定了127条具体整改措施。", {"Measure": 127}),
        ("明确整改措施127条。", {"Measure": 127}),
        ("《方案》确定了七大类主要措施。", {"MeasureCategory": 7}),
        ("提出了6项工作目标。", {"Goal": 6}),
        ("《方案》从5个方面作出保障。", {"Safeguard": 5}),
        ("落实4条保障措施。", {"Safeguard": 4}),
    ],
)
def test_each_class_is_counted_with_the_number_before_or_behind_it(text: str, expected: dict[str, int]) -> None:
    assert counts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("督察组反馈了3个方面7类26个问题。", {"IssueCategory": 3, "Issue": 26}),
        ("反馈意见涉及4个方面12大类35个问题。", {"IssueCategory": 4, "Issue": 35}),
        ("督察指出四个方面、23个问题。", {"IssueCategory": 4, "Issue": 23}),
        ("指出三个方面的问题共计31个。", {"IssueCategory": 3, "Issue": 31}),
        ("4大类问题,分解成29个具体问题。", {"IssueCategory": 4, "Issue": 29}),
        ("提出4个方面42项整改措施。", {"MeasureCategory": 4, "Measure": 42}),
    ],
)
def test_of_stacked_numbers_the_last_is_the_count(text: str, expected: dict[str, int]) -> None:
    assert counts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("指出问题26项,细化为31项整改任务,明确措施96条。", {"Issue": 26, "Task": 31, "Measure": 96}),
        ("列出31项整改任务、118项整改措施。", {"Task": 31, "Measure": 118}),
        ("督察反馈38个问题,我县认领任务52项。", {"Issue": 38, "Task": 52}),
        ("针对38个问题,交办信访件420件。", {"Issue": 38, "Petition": 420}),
    ],
)
def test_problems_tasks_and_measures_are_not_merged(text: str, expected: dict[str, int]) -> None:
    assert counts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("督察反馈问题共26个,其中立行立改9个、限期整改17个。", {"Issue": 26}),
        ("反馈问题31个,已完成整改24个,其余7个按序时推进。", {"Issue": 31}),
        ("31项整改任务中已完成24项。", {"Task": 31}),
        ("31个问题已完成整改24个。", {"Issue": 31}),
        ("督察反馈的38个问题中,我市牵头整改6个。", {"Issue": 38}),
        ("其中甲县3个问题、乙县5个问题,共8个问题。", {"Issue": 8}),
        ("反馈的43项问题,2项为共性问题。", {"Issue": 43}),
        ("其中3个问题已销号。", {}),
        ("已完成24个问题整改。", {}),
        ("剩余5个问题正在整改。", {}),
        ("2023年底前完成20个问题,2024年底前完成11个问题。", {}),
        ("第3个问题进展缓慢。", {}),
        ("每个问题都有专人负责。", {}),
        ("会上指出一个问题。", {}),
        ("制定问题清单、任务清单。", {}),
        ("移交责任追究问题线索9个。", {}),
        ("涉及12个县(区)。", {}),
    ],
)
def test_parts_and_ordinals_are_no_whole(text: str, expected: dict[str, int]) -> None:
    assert counts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("督察组交办信访件412件,已办结398件。", {"Petition": 412}),
        ("转办群众信访举报案件1,204件。", {"Petition": 1204}),
        ("受理群众举报86件,办结83件。", {"Petition": 86}),
        ("交办的36批420件信访件全部办结。", {"Petition": 420}),
        ("交办生态环境信访案件84件。", {"Petition": 84}),
        ("督察组交办环境信访问题84件。", {"Petition": 84}),
        ("已办结398件信访件。", {}),
    ],
)
def test_petitions_are_no_problems(text: str, expected: dict[str, int]) -> None:
    assert counts(text) == expected


def test_a_count_keeps_its_numeral_unit_and_place() -> None:
    text = "经梳理,督察组共反馈二十六项问题。"
    (count,) = read(text)
    assert (count.value, count.value_text, count.unit_text) == (26, "二十六", "项")
    (span,) = count.source.spans
    assert text[span.begin : span.end] == "二十六项问题"


def test_the_place_that_states_the_whole_wins() -> None:
    text = "会议通报了9个问题的情况。督察组共反馈33个问题。"
    assert counts(text) == {"Issue": 33}
