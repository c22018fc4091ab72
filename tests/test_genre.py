"""What kind of document a page is, by its title and first sentences, and why a page is none of them."""

import pytest

from pipeline.facts import read_facts
from pipeline.model import Basis, Document, Facts


def read(title: str, text: str) -> Facts:
    return read_facts(Document("0" * 16, "page.txt", "0" * 64, f"{title}\n{text}".strip(), "utf-8"))


SECTIONS = "一、指导思想\n坚持绿色发展。\n二、工作目标\n全部整改到位。\n三、保障措施\n压实责任。"
TASK = "问题一:沿河餐饮油烟直排。\n整改目标:达标排放。\n整改时限:2024年底前\n责任单位:县城管局"

PLANS = [
    (
        "衡阳市贯彻落实湖南省第二生态环境保护督察组督察反馈意见整改方案",
        "为抓好督察反馈问题整改,结合我市实际,制定本方案。",
    ),
    (
        "关于印发《泸州市生态环境保护督察反馈问题整改实施方案》的通知",
        "各县(区)人民政府:现将《方案》印发给你们,请认真执行。",
    ),
    ("金寨县落实省生态环境保护督察反馈问题整改任务清单", TASK),
    ("滨州市第二轮中央生态环境保护督察整改措施清单", "根据督察组交办的问题,制定如下整改措施。"),
    ("岷县贯彻落实甘肃省第五环保督察组督察反馈意见整改落实方案", f"为抓好整改,特制定本方案。{SECTIONS}"),
    ("兵团第七师贯彻落实兵团生态环境保护督察反馈意见整改工作方案", "为全面整改,制定本方案。"),
    ("昌吉州贯彻落实自治区环境保护督察“回头看”反馈意见整改方案", SECTIONS),
    ("榆林市生态环境保护督察整改总体方案(公开版)", "制定本方案。"),
    ("巴中市中央生态环境保护督察反馈问题整改细化方案", "结合实际,制定方案如下。"),
    ("关于省级生态环境保护督察反馈意见的整改实施意见", f"结合区域实际,特制定本意见。{SECTIONS}"),
    ("市审计局贯彻落实中央生态环境保护督察反馈意见整改方案", "制定本方案。"),
    ("", f"为落实省第一生态环境保护督察组反馈意见,结合我县实际,制定本方案。\n{SECTIONS}"),
]
ANNOUNCEMENTS = [
    ("宜宾市公开省生态环境保护督察反馈意见整改方案", "近日,宜宾市印发整改方案,《整改方案》明确了34项任务。"),
    ("我州对外公布中央生态环境保护督察整改方案", "《方案》提出三项工作目标。"),
    ("新余市环保督察整改方案出台", "经市政府同意,《整改方案》已印发,并向社会公开。"),
    ("一图读懂延安市生态环境保护督察整改方案解读", "《整改方案》要求,2025年底前完成全部问题整改。"),
    ("关于公开安康市贯彻落实省生态环境保护督察反馈意见整改方案的公告", "现向社会公开,详见附件。"),
    ("喀什地区晒出督察整改清单", "日前,地区公布整改清单,清单共分三类。"),
    ("娄底市生态环境保护督察整改路线图发布", "按照《整改方案》,市委将26个问题逐一落实。"),
    ("衢州公布中央环保督察反馈问题整改方案", "记者获悉,衢州市于近日公布整改方案,方案明确45项措施。"),
    ("关于对外公开《资阳市落实第二轮省级生态环境保护督察报告整改方案》的公告", "现予公开,请社会各界监督。"),
    ("环保督察“回头看”:中卫整改方案公布", "近日,方案公布。"),
    ("", "近日,驻马店市公开省生态环境保护督察整改方案。《整改方案》明确了21项任务。"),
]
REPORTS = [
    ("随州市中央生态环境保护督察反馈问题整改落实情况报告", "截至2023年12月底,26项整改任务已完成24项。"),
    ("关于省环保督察反馈意见整改情况的公示", "现将整改情况公示如下,公示期5个工作日。"),
    ("平凉市环保督察反馈问题第12项整改完成情况公示", "该问题已完成整改,并通过市级验收。现予以公示。"),
    ("保山市第二轮中央生态环境保护督察整改进展情况", "截至6月底,37项任务已完成29项。"),
    ("关于中央生态环境保护督察反馈问题整改销号的公示", "该项任务已达到销号条件,现就整改情况公示如下。"),
    ("清远市全力推进环保督察整改 18个问题已完成整改15个", "截至目前,已完成整改15个。"),
    ("整改进行时|丽水市关停三家污染企业", "针对省生态环境保护督察指出的问题,丽水市已完成整改。"),
    ("乌海市落实自治区环境保护督察“回头看”反馈意见整改任务完成情况", "截至2021年底,14个问题已整改完成9个。"),
    ("关于贯彻落实省环保督察反馈意见整改落实情况的函", "现将我县整改情况报告如下。"),
    ("", "截至2023年底,我市中央生态环境保护督察反馈的31项任务已完成29项,现将整改情况公开如下。"),
]


@pytest.mark.parametrize(
    ("kind", "title", "text"),
    [
        pytest.param(kind, *page, id=f"{kind}-{number:02}")
        for kind, pages in (
            ("rectification-plan", PLANS),
            ("plan-announcement", ANNOUNCEMENTS),
            ("implementation-report", REPORTS),
        )
        for number, page in enumerate(pages, 1)
    ],
)
def test_a_page_of_the_genre_is_known_by_what_it_says_of_itself(kind: str, title: str, text: str) -> None:
    facts = read(title, text)
    assert facts.kind.value == f"document-{kind}"
    assert facts.kind.source.basis is Basis.STATED
    assert facts.plan is not None


@pytest.mark.parametrize(
    ("title", "text", "why"),
    [
        ("玉溪市生态环境专项资金审计发现问题整改公告", "整改目标:资金归位。中央生态环境保护督察亦有反映。", "审计"),
        ("关于环保督察整改专项资金审计结果的公告", "审计发现资金闲置。", "审计"),
        ("防城港市海洋督察反馈意见整改方案", "参照中央生态环境保护督察整改要求,制定本方案。", "海洋督察"),
        ("池州市土地督察整改方案", "制定本方案。参照环保督察。", "土地督察"),
        ("国家自然资源督察反馈问题整改方案", "制定本方案。学习环保督察做法。", "自然资源督察"),
        ("中共朝阳县委关于市委巡察反馈意见整改情况的通报", "现将巡察整改进展公布如下。环保督察整改同步推进。", "巡察"),
        ("省委巡视反馈生态环境问题整改方案", "制定本方案,与环保督察整改一并落实。", "巡视"),
        ("长江经济带生态环境警示片披露问题整改方案", "制定本方案。结合中央生态环境保护督察整改。", "警示片"),
        ("湘阴县生态环境问题大排查自查问题公示", "参照环保督察要求,现公示如下。", "大排查"),
        ("“洞庭清波”专项行动问题整改公示", "整改目标:清除违建。按环保督察标准验收。", "洞庭清波"),
        ("教育督导反馈问题整改方案", "制定本方案。环保督察整改经验可借鉴。", "教育督导"),
        ("关于安全生产督导整改情况的报告", "与环保督察整改同步,截至目前已完成整改12项。", "安全生产"),
        ("水污染防治行动计划", "落实中央生态环境保护督察要求,制定本方案。", "行动计划"),
        ("2023年市生态环境局工作总结", "我局配合中央生态环境保护督察,完成整改任务。", "工作总结"),
        ("生态环境保护督察典型案例通报", "督察组发现,某地虚假整改。", "典型案例"),
        ("公务员考试申论练习", "给定资料:某市接受中央生态环境保护督察,请写出整改要点。", "给定资料"),
        ("模拟练习", "参考答案:一是落实环保督察整改方案。", "参考答案"),
        ("省生态环境保护督察组向宣城市转办第十五批信访件", "省生态环境保护督察组受理来信12件。", "信访"),
        ("省生态环境保护督察信访件办理情况通报", "督察组交办的120件信访件办理情况公开如下。", "信访"),
        ("生态环保督察边督边改情况公示(第五批)", "现将督察组交办的信访件办理情况公示如下。", "信访"),
        ("省第二生态环境保护督察组进驻鹤壁市开展督察", "动员会上,组长作了讲话。", "进驻"),
        ("省第二生态环境保护督察组向鹤壁市反馈督察情况", "督察认为,鹤壁市取得积极成效。", "反馈"),
        ("市委书记主持召开环保督察整改工作推进会", "会议强调,要提高站位,压实责任。", "用语"),
        ("市委书记现场督导环保督察反馈问题整改工作", "他要求,倒排工期。", "用语"),
        ("关于召开环保督察整改推进会的通知", "定于5月6日召开推进会,请准时参加。", "用语"),
        ("乡镇环保督察整改工作主持词", "同志们:今天召开环保督察整改会议。", "用语"),
        ("什么是中央生态环境保护督察?", "中央生态环境保护督察是一项重要制度。", "用语"),
        ("绵竹市第三季度空气质量通报", "本季度优良天数比例为91%。", "没有提到"),
        ("旅游景区建设方案", "为推进景区建设,制定本方案。", "没有提到"),
    ],
)
def test_a_page_near_the_genre_is_none_of_it_and_says_why(title: str, text: str, why: str) -> None:
    facts = read(title, text)
    assert (facts.kind.value, facts.kind.source.basis) == ("document-other", Basis.INFERRED)
    assert facts.kind.source.reason is not None
    assert why in facts.kind.source.reason.zh
    assert facts.kind.source.reason.en
    assert (facts.plan, facts.supervision, facts.other_visits) == (None, None, ())


def test_a_round_up_of_provinces_is_no_plan_of_one() -> None:
    text = "近日,山西、陕西、贵州等地公布中央生态环境保护督察整改方案。山西明确34项任务,陕西明确41项,贵州明确28项。"
    facts = read("多地公布中央生态环境保护督察整改方案", text)
    assert facts.kind.value == "document-other"
    assert facts.kind.source.reason is not None
    assert "多个省份" in facts.kind.source.reason.zh


@pytest.mark.parametrize(
    ("title", "text", "completeness"),
    [
        pytest.param(*ANNOUNCEMENTS[0], "digest", id="announcement-without-list"),
        pytest.param("金寨县落实省环保督察反馈问题整改任务清单", TASK, "full", id="list-from-one"),
        pytest.param(
            "金寨县落实省环保督察反馈问题整改任务清单", TASK.replace("一", "七"), "excerpt", id="list-from-seven"
        ),
        pytest.param(
            "金寨县落实省环保督察反馈问题整改任务清单",
            f"督察组共反馈12个问题。\n{TASK}",
            "excerpt",
            id="fewer-than-stated",
        ),
        pytest.param(
            "金寨县落实省环保督察反馈问题整改任务清单", f"{TASK}\n展开阅读全文", "excerpt", id="says-it-goes-on"
        ),
        pytest.param(
            "金寨县落实省环保督察反馈问题整改任务清单",
            f"{TASK}\n问题整改完成后,由县整改办组织现场核查,核查合格的报市整改办,不合格的限期再改,直至",
            "excerpt",
            id="stops-inside-a-sentence",
        ),
        pytest.param(*PLANS[0], "excerpt", id="plan-without-list"),
        pytest.param(
            "xx市贯彻落实省环保督察反馈意见整改方案",
            "xx年x月x日,省第x环保督察组反馈xx个问题。为抓好整改,制定本方案。",
            "template",
            id="placeholders",
        ),
    ],
)
def test_what_is_not_whole_does_not_look_whole(title: str, text: str, completeness: str) -> None:
    found = read(title, text).completeness
    assert found.value == f"completeness-{completeness}"
    assert found.source.reason is not None
