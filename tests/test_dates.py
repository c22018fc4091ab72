"""Dates, periods and deadlines as plans write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.facts.dates import bare_due, calendar_day, due_marks, next_day_after, periods
from pipeline.model import Basis, Moment, Precision
from pipeline.text import fold

PAGE_DATE = date(2024, 3, 15)


def period(text: str, page_date: date | None = None) -> tuple[str, str, str] | None:
    folded = fold(text)
    found = next(periods(folded, 0, len(folded), page_date), None)
    return (str(found.start), str(found.end), found.basis) if found else None


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2023年10月9日至10月29日", "2023-10-09", "2023-10-29"),
        ("2021年4月7日至29日", "2021-04-07", "2021-04-29"),
        ("2021年4月7至29日", "2021-04-07", "2021-04-29"),
        ("2020年12月20日至2021年1月10日", "2020-12-20", "2021-01-10"),
        ("2021年4月7日至2021年4月29日止", "2021-04-07", "2021-04-29"),
        ("自2021年4月7日到4月29日", "2021-04-07", "2021-04-29"),
        ("2019年7月1日—7月20日", "2019-07-01", "2019-07-20"),
        ("2019年7月1日——7月20日", "2019-07-01", "2019-07-20"),
        ("2019年7月1日–7月20日", "2019-07-01", "2019-07-20"),
        ("2019年7月1日-7月20日", "2019-07-01", "2019-07-20"),
        ("2019年7月1日--7月20日", "2019-07-01", "2019-07-20"),
        ("2019年7月1日~20日", "2019-07-01", "2019-07-20"),
        ("２０１９年７月１日～２０日", "2019-07-01", "2019-07-20"),
        ("2019年7月1日-2019年7月20日", "2019-07-01", "2019-07-20"),
        ("2022年6月至7月", "2022-06", "2022-07"),
        ("2022年6月—7月", "2022-06", "2022-07"),
        ("2021年12月至2022年1月", "2021-12", "2022-01"),
    ],
)
def test_a_period_carries_its_year(text: str, start: str, end: str) -> None:
    assert period(text) == (start, end, Basis.STATED)


def test_periods_side_by_side_share_the_year_before_them() -> None:
    text = "2019年5月6日至25日、9月2日至21日和2021年4月1日至15日"
    assert [(str(p.start), str(p.end), p.basis) for p in periods(text, 0, len(text))] == [
        ("2019-05-06", "2019-05-25", Basis.STATED),
        ("2019-09-02", "2019-09-21", Basis.INFERRED),
        ("2021-04-01", "2021-04-15", Basis.STATED),
    ]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("今年2月3日至22日", "2024-02-03", "2024-02-22"),
        ("去年11月3日至22日", "2023-11-03", "2023-11-22"),
        ("2月3日至22日", "2024-02-03", "2024-02-22"),
        ("11月3日至22日", "2023-11-03", "2023-11-22"),
        ("2021年已有反馈,去年10月10日至20日", "2023-10-10", "2023-10-20"),
        ("2021年开展督察,同年9月6日至15日", "2021-09-06", "2021-09-15"),
    ],
)
def test_a_year_that_is_not_written_is_inferred_and_explained(text: str, start: str, end: str) -> None:
    found = next(periods(text, 0, len(text), PAGE_DATE))
    assert (str(found.start), str(found.end), found.basis) == (start, end, Basis.INFERRED)
    assert found.reason is not None
    assert start[:4] in found.reason.en


@pytest.mark.parametrize("text", ["今年4月7日至29日", "4月7日至29日", "去年11月3日至22日"])
def test_without_a_page_date_there_is_no_year_to_infer(text: str) -> None:
    assert period(text) is None


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("202198日至927日", "2021-09-08", "2021-09-27"),
        ("2021年98日至927日", "2021-09-08", "2021-09-27"),
        ("20201125日至1215日", "2020-11-25", "2020-12-15"),
        ("2022118日至1128日", "2022-11-08", "2022-11-28"),
    ],
)
def test_glued_digits_that_one_pair_of_dates_fits_are_repaired(text: str, start: str, end: str) -> None:
    assert period(text) == (start, end, Basis.REPAIRED)


@pytest.mark.parametrize("text", ["2022111日至121日", "20211日至9日", "202199日至931日"])
def test_glued_digits_that_fit_no_pair_or_two_are_left_alone(text: str) -> None:
    assert period(text) is None


@pytest.mark.parametrize("text", ["2021年9月8日至9月27,督察组进驻", "2021年9月8日至27,督察组进驻"])
def test_a_lost_day_sign_before_a_comma_is_repaired_and_the_start_is_as_stated(text: str) -> None:
    found = next(periods(text, 0, len(text)))
    assert (str(found.start), str(found.end)) == ("2021-09-08", "2021-09-27")
    assert (found.basis, found.end_basis) == (Basis.STATED, Basis.REPAIRED)
    assert found.reason is not None


@pytest.mark.parametrize(
    "text",
    [
        "2023年13月1日至13月9日",
        "2023年2月30日至3月9日",
        "2023年5月9日至5月1日",
        "2023年5月9日至",
        "2023年5月9日至5月2",
        "2023年5月9日起受理",
        "2023年5月9日、10日",
        "****年*月*日至*日",
        "年月日至月日",
    ],
)
def test_what_is_no_period_gives_none(text: str) -> None:
    assert period(text, PAGE_DATE) is None


@pytest.mark.parametrize(
    ("text", "moment", "basis"),
    [
        ("并于12月25日向甲市反馈", "2023-12-25", Basis.INFERRED),
        ("于1月20日反馈", "2024-01-20", Basis.INFERRED),
        ("于2024年3月5日反馈", "2024-03-05", Basis.STATED),
        ("同年12月移交", "2023-12", Basis.INFERRED),
        ("2024年2月底移交", "2024-02", Basis.STATED),
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
        ("2025年年底之前完成", date(2025, 12, 31), Precision.YEAR),
        ("2025年末", date(2025, 12, 31), Precision.YEAR),
        ("2025年底,收尾", date(2025, 12, 31), Precision.YEAR),
        ("2025年以前", date(2025, 12, 31), Precision.YEAR),
        ("2025年内", date(2025, 12, 31), Precision.YEAR),
        ("2025年上半年", date(2025, 6, 30), Precision.MONTH),
        ("2019年6月底之前完成", date(2019, 6, 30), Precision.MONTH),
        ("2019年6月前完成", date(2019, 6, 30), Precision.MONTH),
        ("2024年2月底", date(2024, 2, 29), Precision.MONTH),
        ("2021年12月31日前", date(2021, 12, 31), Precision.DAY),
        ("2021年12月31日之前", date(2021, 12, 31), Precision.DAY),
        ("到2025年,空气质量改善", date(2025, 12, 31), Precision.YEAR),
        ("至2026年,水质改善", date(2026, 12, 31), Precision.YEAR),
        ("提出2025年,空气质量改善", date(2025, 12, 31), Precision.YEAR),
        ("到“十四五”末,水质达标", date(2025, 12, 31), Precision.YEAR),
        ("十四五末", date(2025, 12, 31), Precision.YEAR),
        ("“十三五”规划末", date(2020, 12, 31), Precision.YEAR),
        ("2022年改造11台", date(2022, 12, 31), Precision.YEAR),
        ("2023年新建管网3公里", date(2023, 12, 31), Precision.YEAR),
        ("2025年综合利用率力争达到85%", date(2025, 12, 31), Precision.YEAR),
        ("2025年底,排放量控制在3万吨", date(2025, 12, 31), Precision.YEAR),
    ],
)
def test_a_deadline_falls_on_the_last_day_of_what_is_stated(text: str, last_day: date, precision: Precision) -> None:
    due = next(due_marks(text)).due
    assert (due.last_day, due.precision) == (last_day, precision)


def test_the_end_of_a_five_year_plan_says_how_its_year_is_known() -> None:
    mark = next(due_marks("到十四五末,全面达标"))
    assert mark.reason is not None
    assert "2025-12-31" in mark.reason.en


def test_each_deadline_of_a_chain_stands_for_itself() -> None:
    text = "2024年底前、2025年6月底前和2026年底前"
    assert [str(mark.due.last_day) for mark in due_marks(text)] == ["2024-12-31", "2025-06-30", "2026-12-31"]


@pytest.mark.parametrize(
    "text",
    [
        "2017年以来很少研究",
        "列入2018年区级计划",
        "截至2023年4月底已完成",
        "截止2023年底",
        "自2022年起实施",
        "2022年起实施",
        "2020年度考核",
        "形成2019-2023年项目库",
        "2017年已完成",
        "“十四五”期间",
        "2024年6月15日召开会议",
        "2024年13月底前",
        "2024年2月30日前",
        "年底前",
    ],
)
def test_years_that_set_no_deadline(text: str) -> None:
    assert list(due_marks(text)) == []


@pytest.mark.parametrize(
    ("field", "last_day", "precision"),
    [
        ("2023年12月31日", "2023-12-31", Precision.DAY),
        ("2023年6月", "2023-06-30", Precision.MONTH),
        ("2025年", "2025-12-31", Precision.YEAR),
        ("2023年6月、2024年9月", "2024-09-30", Precision.MONTH),
    ],
)
def test_in_a_field_of_deadlines_a_bare_date_is_one(field: str, last_day: str, precision: Precision) -> None:
    mark = bare_due(field, 0, len(field))
    assert mark is not None
    assert (str(mark.due.last_day), mark.due.precision) == (last_day, precision)


@pytest.mark.parametrize("field", ["立行立改", "长期坚持", "2023年13月", "2023年2月30日", ""])
def test_a_field_without_a_date_has_no_deadline(field: str) -> None:
    assert bare_due(field, 0, len(field)) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2023-07-17", "2023-07-17"),
        ("2024年08月02日", "2024-08-02"),
        ("2024/8/2 10:30", "2024-08-02"),
        ("2024.8.2", "2024-08-02"),
        ("2024 - 08 - 02", "2024-08-02"),
        ("2024年13月02日,另于2024年3月1日", "2024-03-01"),
    ],
)
def test_the_date_of_a_page_head(text: str, day: str) -> None:
    found = calendar_day(text, 0, len(text))
    assert found is not None
    assert str(found[0]) == day


@given(st.text(alphabet=st.sampled_from("0123456789年月日至到底前,。略(x"), max_size=40))
def test_any_text_gives_dates_or_none(text: str) -> None:
    list(periods(text, 0, len(text), PAGE_DATE))
    bare_due(text, 0, len(text))
    for mark in due_marks(text):
        assert 0 <= mark.begin < mark.end <= len(text)
