"""What a page says of itself: its title among menus and site names, its date among other dates, source and publisher."""

import pytest

from pipeline.facts.metadata import read_issued, read_origin, read_publisher, read_title
from pipeline.facts.page import Page, lay_out
from pipeline.model import Basis
from pipeline.outline import outline
from pipeline.text import clean

TITLE = "宜宾市贯彻落实省生态环境保护督察反馈意见整改方案"
BODY = (
    "2021年9月8日至27日,省第三生态环境保护督察组对我市开展了督察,并于12月3日反馈了督察意见。市委、市政府高度重视,"
    "专题研究整改工作,逐项明确目标、措施和时限,制定了整改方案,压实各县区、各部门责任,每月调度、每季通报,并邀请代表委员和"
    "群众代表监督。到2025年底前,问题全部完成整改。"
)


def read(*lines: str) -> Page:
    """A page of these lines with the text proper below them."""
    cleaned = clean("\n".join([*lines, BODY]))
    return lay_out("0" * 16, cleaned, outline(cleaned))


def title(*lines: str) -> str | None:
    found = read_title(read(*lines))
    return found.value if found else None


def issued(*lines: str) -> str | None:
    found = read_issued(read(*lines))
    return str(found.value) if found else None


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((TITLE,), id="first-line"),
        pytest.param(("首页 > 政务公开 > 环保督察", "您好,欢迎访问本站", TITLE), id="below-breadcrumbs"),
        pytest.param(("当前位置:首页>专题专栏>督察整改", TITLE), id="below-place"),
        pytest.param(("环保督察整改", "政务公开", TITLE), id="below-menu-words"),
        pytest.param(("索引号:000123 主题分类:环境保护", "发布日期:2022-03-18", TITLE), id="below-metadata"),
        pytest.param((TITLE, TITLE), id="twice"),
        pytest.param((TITLE, "发布时间:2022-03-18 字号:大 中 小"), id="above-metadata"),
        pytest.param(("宜宾市贯彻落实省生态环境保护督察", "反馈意见整改方案"), id="broken-in-two"),
        pytest.param((f"{TITLE}_宜宾市人民政府",), id="site-after-underscore"),
        pytest.param((f"{TITLE}-宜宾市生态环境局",), id="site-after-hyphen"),
        pytest.param((f"{TITLE} - 政府信息公开网",), id="site-after-spaced-hyphen"),
        pytest.param((f"{TITLE}|中国宜宾网",), id="site-after-bar"),
        pytest.param((f"{TITLE}——宜宾市人民政府网",), id="site-after-dash"),
        pytest.param((f"{TITLE}.docx",), id="file-name"),
        pytest.param((f"  {TITLE}  ",), id="blanks-around"),
    ],
)
def test_the_title_is_found_and_freed_of_the_page_around_it(lines: tuple[str, ...]) -> None:
    assert title(*lines) == TITLE


@pytest.mark.parametrize(
    "line",
    [
        f"{TITLE}(公开稿)",
        f"{TITLE}【征求意见稿】",
        f"关于公开{TITLE}的公告",
        "宜宾市环保督察反馈问题第12项整改完成情况公示",
        "宜宾市全力推进环保督察整改",
        "宜宾34项督察整改任务已完成29项",
    ],
)
def test_what_belongs_to_a_title_stays(line: str) -> None:
    assert title(line) == line


def test_the_original_title_completes_a_cut_one() -> None:
    assert title("宜宾市公布环保督察整改方…", "原标题:宜宾市公布环保督察整改方案") == "宜宾市公布环保督察整改方案"


def test_a_masked_place_is_shown_as_masked() -> None:
    found = read_title(read("XX市贯彻落实省生态环境保护督察反馈意见整改方案"))
    assert found is not None
    assert (found.value, found.source.basis) == ("…市贯彻落实省生态环境保护督察反馈意见整改方案", Basis.INFERRED)
    assert found.source.reason is not None


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((), id="none"),
        pytest.param(("环保督察",), id="menu-word"),
        pytest.param(("首页 > 环保督察整改方案公开专栏",), id="breadcrumb"),
        pytest.param(("一、督察反馈意见整改的总体要求",), id="chapter"),
        pytest.param(("市政府常务会议纪要摘编",), id="other-matter"),
        pytest.param(("省生态环境保护督察组向我市反馈了意见。",), id="sentence"),
        pytest.param(("责任单位督察整改措施如下:",), id="lead-in"),
    ],
)
def test_what_is_no_title(lines: tuple[str, ...]) -> None:
    assert title(*lines) is None


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("发布日期:2022年3月18日", "2022-03-18"),
        ("发布时间:2022-03-18 10:22", "2022-03-18"),
        ("发布时间：2022-03-18", "2022-03-18"),
        ("发 布 时 间 : 2022年03月18日", "2022-03-18"),
        ("[发布时间:2022-03-18]", "2022-03-18"),
        ("【发布时间】2022-03-18", "2022-03-18"),
        ("公开日期:2022.3.18", "2022-03-18"),
        ("日期:2022/03/18", "2022-03-18"),
        ("时间:2022.3.18", "2022-03-18"),
        ("更新时间:2022-03-18", "2022-03-18"),
        ("发文日期:2022 - 03 - 18", "2022-03-18"),
        ("成文日期:2022年3月1日", "2022-03-01"),
        ("2022-03-18", "2022-03-18"),
        ("2022年3月18日", "2022-03-18"),
        ("2022-03-18 09:15:00 来源:市政府办", "2022-03-18"),
        ("来源:宜宾日报 2022年3月18日", "2022-03-18"),
        ("宜宾日报 2022年3月18日", "2022-03-18"),
        ("信息来源:市生态环境局 发布日期:2022-03-18 浏览次数:35", "2022-03-18"),
        ("索引号:A1 成文日期:2022-03-01 发布时间:2022-03-18", "2022-03-18"),
        ("发布时间:2022年13月1日", None),
        ("上传时间:2022-03-18", None),
        ("打印时间:2024-05-06", None),
        ("今天是2024年5月6日 星期一", None),
        ("公示时间:2022年3月1日至3月7日", None),
        ("整改时限:2022年3月18日", None),
        ("截至2022年3月18日", None),
    ],
)
def test_the_date_of_a_page_however_it_is_labelled(line: str, day: str | None) -> None:
    assert issued(TITLE, line) == day


@pytest.mark.parametrize(
    ("lines", "day"),
    [
        pytest.param((TITLE, "成文日期:2022年3月1日", "发布日期:2022年3月18日"), "2022-03-18", id="drawn-up-first"),
        pytest.param((TITLE, "发布日期:2022年3月18日", "成文日期:2022年3月1日"), "2022-03-18", id="drawn-up-second"),
        pytest.param((TITLE, "今天是2024年5月6日 星期一", "发布时间:2022-03-18"), "2022-03-18", id="today-in-a-banner"),
        pytest.param(("上传时间:2023-07-01", TITLE, "发布时间:2022-03-18"), "2022-03-18", id="upload-above"),
        pytest.param((TITLE, "2022-03-20", "发布时间:2022-03-18"), "2022-03-18", id="label-before-bare-date"),
        pytest.param(("发布时间:2022-03-18", TITLE), "2022-03-18", id="above-the-title"),
    ],
)
def test_of_several_dates_the_publication_counts(lines: tuple[str, ...], day: str) -> None:
    assert issued(*lines) == day


def test_a_date_below_the_text_counts_where_the_head_has_none() -> None:
    cleaned = clean(f"{TITLE}\n{BODY}\n宜宾市人民政府\n2022年3月18日")
    found = read_issued(lay_out("0" * 16, cleaned, outline(cleaned)))
    assert found is not None
    assert str(found.value) == "2022-03-18"


def test_dates_of_the_text_are_no_date_of_the_page() -> None:
    assert issued(TITLE) is None


@pytest.mark.parametrize(
    ("lines", "origin", "publisher"),
    [
        (("来源:市生态环境局",), "市生态环境局", None),
        (("稿源:四川日报",), "四川日报", None),
        (("信息来源:宜宾市人民政府办公室 作者:某某 浏览次数:12",), "宜宾市人民政府办公室", None),
        (("主办:宜宾市人民政府 承办:市大数据局",), None, "宜宾市人民政府"),
        (("主办单位:宜宾市人民政府",), None, "宜宾市人民政府"),
        (("索引号:A1 发布机构:宜宾市生态环境局 发布日期:2022-03-18",), None, "宜宾市生态环境局"),
        (("问题来源于群众举报",), None, None),
    ],
)
def test_where_a_text_comes_from_and_who_runs_the_site(
    lines: tuple[str, ...], origin: str | None, publisher: str | None
) -> None:
    page = read(TITLE, *lines)
    found = read_origin(page), read_publisher(page)
    assert tuple(fact.value if fact else None for fact in found) == (origin, publisher)
