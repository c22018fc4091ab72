"""Visits: when a team came, which round and kind, when it reported back, and which of several visits a plan answers."""

from datetime import date

import pytest

from pipeline.facts.metadata import title_mark
from pipeline.facts.page import lay_out
from pipeline.facts.supervision import read_supervision
from pipeline.model import Basis, Gap, Supervision
from pipeline.outline import outline
from pipeline.text import clean

PAGE_DATE = date(2024, 3, 15)
CENTRAL = "中央第四环境保护督察组"


def read(
    text: str, page_date: date | None = None, region: str | None = None
) -> tuple[Supervision | None, tuple[Supervision, ...], list[Gap]]:
    """The visit a page answers, the others it tells of, and the gaps met; a title on the first line counts as one."""
    cleaned = clean(text)
    page = lay_out("0" * 16, cleaned, outline(cleaned))
    title = title_mark(page)
    return read_supervision(page, [title] if title else [], region, page_date)


def own(text: str, page_date: date | None = None, region: str | None = None) -> Supervision:
    found = read(text, page_date, region)[0]
    assert found is not None
    return found


def dates(visit: Supervision) -> str:
    """First day, last day and feedback, ? for what is not told."""
    return " ".join(str(fact.value) if fact else "?" for fact in (visit.start, visit.end, visit.feedback))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "2021年4月7日至29日,省第四生态环境保护督察组对我市开展督察,并于2021年7月20日反馈督察意见。",
            "2021-04-07 2021-04-29 2021-07-20",
            id="feedback-with-year",
        ),
        pytest.param(
            "2021年4月7日至29日,省第四生态环境保护督察组对我市开展督察,并于7月20日书面反馈督察意见。",
            "2021-04-07 2021-04-29 2021-07-20",
            id="feedback-without-year",
        ),
        pytest.param(
            "2021年11月8日至12月27日,省第四生态环境保护督察组对我市开展督察,2月15日正式反馈意见。",
            "2021-11-08 2021-12-27 2022-02-15",
            id="feedback-in-the-next-year",
        ),
        pytest.param(
            "2021年4月7日至29日,省第四生态环境保护督察组对我市开展督察,同年8月移交督察报告。",
            "2021-04-07 2021-04-29 2021-08",
            id="feedback-by-month-of-the-same-year",
        ),
        pytest.param(
            "2021年9月8日至27日,省第四生态环境保护督察组对我市开展督察。2022年1月底,督察组通报督察情况。",
            "2021-09-08 2021-09-27 2022-01",
            id="feedback-by-month-in-the-next-sentence",
        ),
        pytest.param(
            "2021年9月8日至27日,省第四生态环境保护督察组对我市开展督察,其间交办信访件36件。12月3日,反馈了意见。",
            "2021-09-08 2021-09-27 2021-12-03",
            id="petitions-between",
        ),
        pytest.param(
            "2021年9月8日至27日,省第四生态环境保护督察组对我市开展督察。2022年3月5日,我市召开反馈问题整改推进会。",
            "2021-09-08 2021-09-27 ?",
            id="a-meeting-about-feedback-is-none",
        ),
        pytest.param(
            "2021年9月8日至27日,省第四生态环境保护督察组对我市开展督察,2022年1月印发《关于反馈意见的整改方案》。",
            "2021-09-08 2021-09-27 ?",
            id="feedback-in-the-name-of-a-plan-is-none",
        ),
        pytest.param(
            "2022年6月至7月,省第四生态环境保护督察组对我市开展督察,为期一个月,10月底反馈督察报告。",
            "2022-06 2022-07 2022-10",
            id="by-months",
        ),
        pytest.param(
            "2022年6月,省第四生态环境保护督察组进驻我市,并于2022年10月反馈了意见。",
            "2022-06 ? 2022-10",
            id="only-the-month-it-began",
        ),
        pytest.param(
            "2022年11月22日,省第五生态环境保护督察组向宿州市反馈了督察情况。", "? ? 2022-11-22", id="only-the-feedback"
        ),
        pytest.param(
            "省第五生态环境保护督察组于去年11月3日至22日对我市开展督察。", "2023-11-03 2023-11-22 ?", id="last-year"
        ),
        pytest.param("今年2月3日至22日,省第五生态环境保护督察组进驻我市。", "2024-02-03 2024-02-22 ?", id="this-year"),
    ],
)
def test_dates_of_a_visit(text: str, expected: str) -> None:
    assert dates(own(text, PAGE_DATE)) == expected


@pytest.mark.parametrize(
    ("text", "feedbacks"),
    [
        pytest.param(
            "督察组分别于2017年7月1日至20日、2019年5月6日至25日和2021年9月2日至21日对我市开展督察,"
            "并于2017年11月3日、2019年9月8日及2021年12月30日反馈。",
            ["2021-12-30", "2017-11-03", "2019-09-08"],
            id="as-many-dates-as-visits",
        ),
        pytest.param(
            "督察组分别于2019年5月6日至25日和9月2日至21日对我市开展督察,分别于8月8日和11月30日反馈督察意见。",
            ["2019-11-30", "2019-08-08"],
            id="years-carried-over",
        ),
        pytest.param(
            "督察组分别于2019年5月6日至25日和9月2日至21日对我市开展督察,于12月30日反馈督察意见。",
            ["?", "?"],
            id="one-date-for-two-visits",
        ),
    ],
)
def test_visits_listed_together_match_their_feedbacks_by_order(text: str, feedbacks: list[str]) -> None:
    answered, others, _ = read(text)
    assert answered is not None
    visits = [answered, *others]
    assert [dates(visit).rpartition(" ")[2] for visit in visits] == feedbacks
    told = [visit.feedback.source for visit in visits if visit.feedback]
    assert all(source.basis is Basis.INFERRED and source.reason for source in told)


@pytest.mark.parametrize(
    "text",
    [
        "公示期为2024年1月3日至1月16日,公示期间接受群众对督察整改的监督。",
        "现将督察整改情况予以公示,公示时间:2024年1月3日至1月9日。",
        "公示时间自2024年1月3日至1月9日,如有异议请向督察整改办反映。",
        "督察整改分两步:2023年1月1日至2023年3月31日为自查阶段,2023年4月1日至2023年12月31日为整改阶段。",
        "全市上下抓好整改,2023年5月8日至26日举办环保知识展览。",
    ],
)
def test_public_notice_and_phases_are_no_visits(text: str) -> None:
    found = read(text, PAGE_DATE)[0]
    assert found is None or found.start is None


FIRST = f"2017年4月27日至5月27日,{CENTRAL}对安徽省开展第一轮督察,7月29日反馈意见。"
SECOND = "2021年4月7日至5月7日,中央第三生态环境保护督察组对安徽省开展第二轮督察,7月20日反馈意见。"
LOOK_BACK = "2018年10月31日至11月30日,中央第三生态环境保护督察组对安徽省开展“回头看”,2019年5月5日反馈。"
OF_PROVINCE = "2020年9月2日至16日,安徽省开展省生态环境保护督察,12月4日反馈意见。"


@pytest.mark.parametrize(
    ("title", "visits", "start"),
    [
        pytest.param(
            "黄山市贯彻落实第一轮中央环境保护督察反馈意见整改方案", FIRST + SECOND, "2017-04-27", id="round-1"
        ),
        pytest.param(
            "黄山市贯彻落实第二轮中央环境保护督察反馈意见整改方案", FIRST + SECOND, "2021-04-07", id="round-2"
        ),
        pytest.param("黄山市贯彻落实督察“回头看”反馈意见整改方案", FIRST + LOOK_BACK, "2018-10-31", id="look-back"),
        pytest.param(
            "黄山市贯彻落实督察“回头看”反馈意见整改方案", LOOK_BACK + SECOND, "2018-10-31", id="look-back-though-older"
        ),
        pytest.param(
            "黄山市贯彻落实安徽省生态环境保护督察反馈意见整改方案", OF_PROVINCE + SECOND, "2020-09-02", id="level"
        ),
        pytest.param("黄山市贯彻落实督察反馈意见整改方案", FIRST + SECOND, "2021-04-07", id="no-hint-so-the-latest"),
    ],
)
def test_a_plan_answers_the_visit_its_title_fits(title: str, visits: str, start: str) -> None:
    answered, others, _ = read(f"{title}\n{visits}")
    assert answered is not None
    assert dates(answered).startswith(start)
    assert len(others) == 1


def test_each_visit_keeps_its_own_team_round_and_feedback() -> None:
    answered, (other,), _ = read(f"黄山市贯彻落实第二轮中央环境保护督察反馈意见整改方案\n{FIRST}{SECOND}")
    assert answered is not None
    for visit, number, team, feedback in ((answered, 2, 3, "2021-07-20"), (other, 1, 4, "2017-07-29")):
        assert visit.round is not None
        assert visit.team is not None
        assert (visit.round.value, visit.team.number) == (number, team)
        assert dates(visit).endswith(feedback)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("中央第一生态环境保护督察组", 1),
        ("中央生态环境保护督察组", None),
        ("安徽省第十环境保护督察组", 10),
        ("自治区第5环保督察组", 5),
        ("兵团第二生态环境保护督察组", 2),
        ("省委、省政府第六生态环境保护督察组", 6),
        ("安徽省第二轮生态环境保护督察第三督察组", 3),
        ("省环境保护督察“回头看”第五督察组", 5),
        ("省委、省政府环境保护“回头看”督察组", None),
    ],
)
def test_teams(name: str, number: int | None) -> None:
    team = own(f"{name}于2021年4月7日至29日进驻。").team
    assert team is not None
    assert (team.label, team.number) == (name, number)


def test_of_several_teams_the_one_beside_the_visit_counts() -> None:
    text = "按照中央生态环境保护督察组要求,我市认真整改。2023年5月8日至26日,省第二生态环境保护督察组对我市开展督察。"
    team = own(text).team
    assert team is not None
    assert team.label == "省第二生态环境保护督察组"


def test_a_masked_team_number_is_a_gap() -> None:
    found, _, gaps = read("省第xx生态环境保护督察组于2022年x月x日至x月x日对我市开展督察。")
    assert found is not None
    assert found.team is not None
    assert (found.team.label, found.team.number) == ("省第…生态环境保护督察组", None)
    assert [gap.affects for gap in gaps] == ["teamNumber"]
    assert dates(found) == "? ? ?"


@pytest.mark.parametrize(
    ("text", "region", "level"),
    [
        ("2021年4月7日至29日,中央第一生态环境保护督察组进驻。", None, "level-central"),
        ("2021年4月7日至29日,山西省第一生态环境保护督察组进驻。", None, "level-provincial"),
        ("2021年4月7日至29日,督察组对我市开展省级生态环境保护督察。", None, "level-provincial"),
        ("2021年4月7日至29日,市第一生态环境保护督察组对我区开展督察。", "310115", "level-provincial"),
        ("根据《中央生态环境保护督察工作规定》,2023年5月8日至26日,督察组对我市开展督察。", None, None),
        (
            "根据《中央生态环境保护督察整改工作办法》和省级生态环境保护督察要求,2023年5月8日至26日,督察组进驻。",
            None,
            "level-provincial",
        ),
    ],
)
def test_the_level_is_what_is_said_of_the_visit_not_the_name_of_a_regulation(
    text: str, region: str | None, level: str | None
) -> None:
    found = own(text, region=region).level
    assert (found.value if found else None) == level


@pytest.mark.parametrize(
    ("text", "number", "batch"),
    [
        ("第二轮第四批中央生态环境保护督察于2021年8月30日至9月30日进驻吉林省。", 2, 4),
        ("2021年8月30日至9月30日,中央第一督察组开展第二轮督察,移交第二批信访件50件。", 2, None),
        ("绵阳市公开第二轮省级生态环境保护督察整改进展情况\n我市统筹第一轮中央和第二轮省级督察整改。", 2, None),
        ("新一轮中央生态环境保护督察启动。", None, None),
        ("迎接中央生态环境保护督察。第一轮督察的问题已办结。第二轮督察的问题正在整改。", None, None),
    ],
)
def test_rounds_and_batches(text: str, number: int | None, batch: int | None) -> None:
    found = own(text) if read(text)[0] else None
    facts = (found.round, found.batch) if found else (None, None)
    assert tuple(fact.value if fact else None for fact in facts) == (number, batch)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("对我市开展“回头看”及水环境专项督察。", ["kind-look-back", "kind-special"]),
        ("对我市开展例行督察。", ["kind-routine"]),
        ("对我市开展督察。", []),
    ],
)
def test_kinds_are_those_written_out(text: str, kinds: list[str]) -> None:
    found = own(f"2020年9月2日至16日,省第一生态环境保护督察组{text}")
    assert [kind.value for kind in found.kinds] == kinds


@pytest.mark.parametrize(
    ("words", "days", "basis"),
    [("为期21天", 21, Basis.STATED), ("为期一个月", 30, Basis.INFERRED), ("为期半个月", 15, Basis.INFERRED)],
)
def test_the_stated_length(words: str, days: int, basis: Basis) -> None:
    stated = own(f"2020年9月2日至22日,省第一生态环境保护督察组对我市开展督察,{words}。").stated_days
    assert stated is not None
    assert (stated.value, stated.source.basis) == (days, basis)
