"""Cleaning: what a reader sees, tied to the stored text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import clean

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
