"""Dates, periods and deadlines as plans write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.facts.dates import due_marks, next_day_after, periods
from pipeline.model import Basis, Moment, Precision


def period(text: str) -> tuple[str, str, str] | None:
    found = next(periods(text, 0, len(text)), None)
    return (str(found.start), str(found.end), found.basis) if found else None


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2023年10月9日至10月29日", "2023-10-09", "2023-10-29"),
        ("2021年4月7日至29日", "2021-04-07", "2021-04-29"),
        ("2020年12月20日至2021年1月10日", "2020-12-20", "2021-01-10"),
        ("2019年7月1日—7月20日", "2019-07-01", "2019-07-20"),
    ],
)
def test_a_period_carries_its_year(text: str, start: str, end: str) -> None:
    assert period(text) == (start, end, Basis.STATED)


def test_glued_digits_are_repaired_only_where_one_pair_of_dates_fits() -> None:
    assert period("202298日至927日") == ("2022-09-08", "2022-09-27", Basis.REPAIRED)
    assert period("2022111日至121日") is None


@pytest.mark.parametrize("text", ["2023年13月1日至13月9日", "2023年2月30日至3月9日", "2023年5月9日至5月1日"])
def test_impossible_periods_are_none(text: str) -> None:
    assert period(text) is None


@pytest.mark.parametrize(
    ("text", "moment", "basis"),
    [
        ("并于12月25日向甲市反馈", "2023-12-25", Basis.INFERRED),
        ("于1月20日反馈", "2024-01-20", Basis.INFERRED),
        ("于2024年3月5日反馈", "2024-03-05", Basis.STATED),
        ("于11月底反馈", "2023-11", Basis.INFERRED),
        ("于11月1(略)进行了反馈", "2023-11", Basis.INFERRED),
    ],
)
def test_a_feedback_date_takes_its_year_from_the_visit(text: str, moment: str, basis: Basis) -> None:
    found = next_day_after(text, 0, len(text), Moment(2023, 10, 29))
    assert found is not None
    assert (str(found[0]), found[3]) == (moment, basis)
    assert (found[4] is None) == (basis is Basis.STATED)


@pytest.mark.parametrize(
    ("text", "last_day", "precision"),
    [
        ("到2024年12月底前,完成整改", date(2024, 12, 31), Precision.MONTH),
        ("2025年底前完成", date(2025, 12, 31), Precision.YEAR),
        ("2019年6月底之前完成", date(2019, 6, 30), Precision.MONTH),
        ("2021年12月31日前", date(2021, 12, 31), Precision.DAY),
        ("到2025年,空气质量改善", date(2025, 12, 31), Precision.YEAR),
        ("提出2025年,空气质量改善", date(2025, 12, 31), Precision.YEAR),
        ("2024年2月底", date(2024, 2, 29), Precision.MONTH),
        ("到“十四五”末,水质达标", date(2025, 12, 31), Precision.YEAR),
    ],
)
def test_a_deadline_falls_on_the_last_day_of_what_is_stated(text: str, last_day: date, precision: Precision) -> None:
    due = next(due_marks(text)).due
    assert (due.last_day, due.precision) == (last_day, precision)


@pytest.mark.parametrize(
    "text",
    ["2017年以来很少研究", "列入2018年区级计划", "截至2023年4月底已完成", "2020年度考核", "形成2019-2023年项目库"],
)
def test_years_that_set_no_deadline(text: str) -> None:
    assert list(due_marks(text)) == []


@given(st.text(alphabet=st.sampled_from("0123456789年月日至到底前,。略(x"), max_size=40))
def test_any_text_gives_dates_or_none(text: str) -> None:
    list(periods(text, 0, len(text)))
    for mark in due_marks(text):
        assert 0 <= mark.begin < mark.end <= len(text)
