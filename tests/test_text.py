"""Cleaning: what a reader sees, tied to the stored text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.region import load_regions
from pipeline.text import clean, fold

MESSY = st.text(
    alphabet=st.sampled_from("一二三、。,:();\n\r\t -—·123年月日(略)xX甲乙丙整改督察\u00a0\u3000人气版权"), max_size=300
)


@given(MESSY | st.text(max_size=200))
def test_any_text_is_cleaned_and_every_sign_comes_from_the_stored_text(stored: str) -> None:
    text = clean(stored)
    assert len(text.plain) == len(text.folded) == len(text.origin)
    assert list(text.origin) == sorted(set(text.origin))
    assert all(stored[offset] == sign for offset, sign in zip(text.origin, text.plain, strict=True))
    assert all(0 <= line.begin <= line.end <= len(text.plain) for line in text.lines)


def test_blanks_of_conversion_go_and_word_spaces_stay() -> None:
    assert clean("2018 年 7 月 21 日至 8 月 9 日").plain == "2018年7月21日至8月9日"
    assert clean("Copyright by the site").plain == "Copyright by the site"


def test_a_range_leads_back_to_the_original_with_its_blanks() -> None:
    stored = "于 10 月 15 日反馈"
    text = clean(stored)
    span = text.source(1, 7)
    assert stored[span.begin : span.end] == "10 月 15 日"
    with pytest.raises(ValueError, match="no such range"):
        text.source(3, 3)


def test_page_marks_go_from_inside_words_and_real_dashes_stay() -> None:
    text = clean("达到资源- 7 -化利用,按照2019-2023年计划,长江- 8 -流域")
    assert text.plain == "达到资源化利用,按照2019-2023年计划,长江流域"


def test_a_single_number_between_dashes_is_no_page_mark() -> None:
    assert "- 3 -" in clean("气温 - 3 - 度,仅此一处").stored
    assert "3" in clean("气温 - 3 - 度,仅此一处").plain


def test_chunk_numbers_that_cut_sentences_go() -> None:
    stored = "\n\n1、全面推进整改工作,压实\n\n2、责任,统筹协调\n\n3、各方力量,确保\n\n4、完成任务。"
    assert clean(stored).plain.replace("\n", "") == "全面推进整改工作,压实责任,统筹协调各方力量,确保完成任务。"


def test_a_real_list_keeps_its_numbers() -> None:
    stored = "\n1、开展排查。\n2、落实整改。\n3、巩固成效。"
    assert [clean(stored).plain.count(f"{n}、") for n in (1, 2, 3)] == [1, 1, 1]


@pytest.mark.parametrize(
    "line",
    [
        "人气: 19709",
        "版权所有 某市人民政府",
        "京ICP备12345678号",
        "字体: 大 中 小 打印",
        "上传人:甲乙丙 文档编号:1992432",
        "2024年08月02日 09:48:06",
        "主办:市人民政府 承办:市大数据局",
    ],
)
def test_site_furniture_is_no_content(line: str) -> None:
    assert [item.furniture for item in clean(line).lines] == [True]


def test_a_sentence_that_mentions_sharing_stays_content() -> None:
    sentence = "通过市政府网站首页和新媒体分享整改成效,接受群众监督。"
    assert [item.furniture for item in clean(sentence).lines] == [False]


def test_full_width_signs_fold_for_matching_and_stay_in_print() -> None:
    text = clean("整改时限：２０２３年（底）")
    assert text.plain == "整改时限：２０２３年（底）"
    assert text.folded == "整改时限:2023年(底)"


@pytest.mark.parametrize(
    ("stored", "plain", "words", "original"),
    [
        pytest.param("態(tài)勢嚴峻", "態勢嚴峻", "態勢", "態(tài)勢", id="pinyin-in-half-width-brackets"),
        pytest.param("压实责任,,限期销号", "压实责任,限期销号", "责任,限期", "责任,,限期", id="two-commas"),
        pytest.param("甲县、,乙县", "甲县、乙县", "县、乙", "县、,乙", id="comma-after-enumeration"),
        pytest.param("全部办结。,随后公开", "全部办结。随后公开", "。随后", "。,随后", id="comma-after-stop"),
        pytest.param("逐项销号\n,按月通报", "逐项销号,按月通报", "号,按", "号\n,按", id="line-opens-with-comma"),
        pytest.param("固废资\n- 7 -\n源化", "固废资源化", "资源", "资\n- 7 -\n源", id="page-mark-inside-a-word"),
        pytest.param("落实整改已阅读3页责任", "落实整改责任", "整改责", "整改已阅读3页责", id="read-so-far"),
        pytest.param(
            "详见www.example.cn/a.html附件", "详见附件", "见附", "见www.example.cn/a.html附", id="web-address"
        ),
        pytest.param(
            "问题 2 4 个,任务 3 1 项,措施 9 5 条,共 6 类",
            "问题24个,任务31项,措施95条,共6类",
            "24个",
            "2 4 个",
            id="digits-apart",
        ),
        pytest.param(
            "浓度 0.1 5 毫克,第 2 批 3 个,共 4 件 5 项",
            "浓度0.15毫克,第2批3个,共4件5项",
            "0.15毫",
            "0.1 5 毫",
            id="decimals-apart",
        ),
        pytest.param("[九州体育app下载]州委抓整改", "州委抓整改", "州委", "州委", id="advert-before-the-text"),
        pytest.param(
            "市政府【金沙娱乐城官网】印发",
            "市政府印发",
            "府印",
            "府【金沙娱乐城官网】印",
            id="advert-inside-a-sentence",
        ),
    ],
)
def test_what_conversion_put_in_goes_and_leads_back(stored: str, plain: str, words: str, original: str) -> None:
    text = clean(stored)
    assert text.plain == plain
    at = plain.index(words)
    span = text.source(at, at + len(words))
    assert stored[span.begin : span.end] == original


@pytest.mark.parametrize(
    "stored",
    [
        "依法(2021)处理",
        "细颗粒物(PM)浓度",
        "(tài)不是注音",
        "一、二、三号河道",
        "甲县,乙县,丙县",
        "“三线一单”",
        "COD and NH3 as N",
        "5、10、15年一遇",
        "采取“长牙齿”的硬措施……",
        "资源化——无害化",
        "—坚持标本兼治",
        "污染物(二氧化硫、氮氧化物)",
        "体育场馆噪声扰民",
    ],
)
def test_what_the_writer_wrote_stays(stored: str) -> None:
    assert clean(stored).plain == stored


def test_one_number_in_two_parts_is_not_joined() -> None:
    assert clean("A区1 2号楼").plain == "A区1 2号楼"


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("態勢嚴峻，限期整改", "态势严峻,限期整改"),
        ("督察組回饋意見", "督察组反馈意见"),
        ("水環境品質", "水环境质量"),
        ("幹部、於是、係統", "干部、于是、系统"),
        ("裡面和裏面", "里面和里面"),
        ("乾縣與乾安縣", "乾县与乾安县"),
        ("「回頭看」", "“回头看”"),
        ("〈方案〉", "<方案>"),
        ("９５﹪與９５％", "95%与95%"),
        ("２０２２年１１月–１２月", "2022年11月-12月"),
        ("甲縣﹑乙縣﹔丙縣", "甲县、乙县;丙县"),
        ("35 µg", "35 μg"),
        ("Ⅲ类、Ⅴ类①", "Ⅲ类、Ⅴ类①"),
        ("台州、后面、里程", "台州、后面、里程"),
    ],
)
def test_one_script_and_one_width_for_matching_only(printed: str, folded: str) -> None:
    text = clean(printed)
    assert (text.plain, text.folded) == (printed, folded)
    assert len(folded) == len(printed)


def test_folding_changes_no_name_of_a_region() -> None:
    assert [name for name in load_regions().surface_forms() if fold(name) != name] == []


@pytest.mark.parametrize(
    "line",
    [
        "原标题:某市亮出整改清单",
        "索引号:000123 发文字号:无",
        "责任编辑:某某",
        "信息来源:市生态环境局",
        "您当前的位置:首页 > 专题",
        "上一篇:关于召开会议的通知",
        "扫一扫在手机打开当前页",
        "附件下载",
        "2024-08-02",
    ],
)
def test_lines_of_a_page_frame_are_no_content(line: str) -> None:
    assert [item.furniture for item in clean(line).lines] == [True]
