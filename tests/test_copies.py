"""Copies: one text in several frames is found, however little is left of its page; a text after the same pattern is not."""

import random
import re
from itertools import permutations
from pathlib import Path

import pytest

from pipeline.validation.copies import ALIKE, LEAST, content_of, find_copies

PLAN = (Path(__file__).parent / "documents" / "prefecture-full-plan.txt").read_text(encoding="utf-8")
FRAME = """首页 > 政务公开 > 督察整改
{}
上一篇:没有了
分享到 打印 关闭
主办:某网 联系电话:0000-0000000
版权所有 转载请注明出处
"""


def damaged(text: str, share: float, seed: int = 1) -> str:
    """The text without some of its Chinese characters."""
    random_signs = random.Random(seed)  # noqa: S311 - a repeatable choice, not a secret
    return "".join(sign for sign in text if not "\u4e00" <= sign <= "\u9fff" or random_signs.random() >= share)


def pairs(*texts: str) -> list[tuple[str, str]]:
    named = {chr(ord("a") + number): text for number, text in enumerate(texts)}
    return [(copy.document, copy.original) for copy in find_copies(named)]


@pytest.mark.parametrize(
    "other",
    [
        FRAME.format(PLAN),
        PLAN.replace("。", "。\r\n\r\n  "),
        PLAN.translate({ord(","): "，", ord("("): "（", ord(")"): "）", ord(":"): "："}),
        FRAME.format(damaged(PLAN, 0.003)),
    ],
    ids=["another frame", "other line breaks", "full-width signs", "damaged in a frame"],
)
def test_the_same_text_is_a_copy(other: str) -> None:
    assert pairs(PLAN, other) == [("b", "a")]


def test_a_copy_says_how_alike_it_is() -> None:
    (same,) = find_copies({"a": PLAN, "b": FRAME.format(PLAN)})
    (near,) = find_copies({"a": PLAN, "b": damaged(PLAN, 0.003)})
    assert same.similarity == 1
    assert ALIKE <= near.similarity < 1


@pytest.mark.parametrize(
    "other",
    [
        PLAN[: len(PLAN) * 2 // 3],
        damaged(PLAN, 0.05),
        re.sub(r"\d", lambda digit: str((int(digit[0]) + 1) % 10), PLAN),
        PLAN.replace("宜宾", "泸州") + "\n".join(f"{n}.某镇某村第{n}处堆场完成清理。" for n in range(20)),
    ],
    ids=["a part", "too damaged", "other numbers", "another city and list"],
)
def test_another_text_is_no_copy(other: str) -> None:
    assert pairs(PLAN, other) == []


def test_two_notices_after_one_pattern_are_no_copies() -> None:
    pattern = (
        "关于第{}项问题整改完成情况的公示。根据督察整改工作安排,现将我市反馈意见第{}项问题整改完成情况予以公示。" * 4
    )
    assert pairs(pattern.format(*"1" * 8), pattern.format(*"2" * 8)) == []
    assert pairs(pattern.format(*"一" * 8), pattern.format(*"二" * 8)) == []


def test_short_texts_are_left_alone() -> None:
    short = "现将整改方案予以公开。" * 3
    assert len(content_of(short)) < LEAST
    assert pairs(short, short + "\n") == []


def test_every_copy_points_at_the_first_and_none_at_a_copy() -> None:
    texts = {"a": PLAN, "b": damaged(PLAN, 0.003, 2), "c": FRAME.format(PLAN), "d": damaged(PLAN, 0.003, 3)}
    for order in permutations(texts):
        found = list(find_copies({name: texts[name] for name in order}))
        assert {copy.original for copy in found} == {order[0]}
        assert len(found) == 3


def test_what_a_table_says_belongs_to_the_content() -> None:
    head = "根据督察反馈意见,制定本方案。\n"
    rows = "\n".join(f"{number}|某区河道排口未整治|{2020 + number}年底前|市水务局" for number in range(1, 9))
    assert "市水务局" in content_of(head + rows)
    assert pairs(head + rows, head + rows.replace("排口", "堆场").replace("水务", "农业")) == []


def test_blank_and_empty_texts_are_no_trouble() -> None:
    assert pairs("", "\n\n", "。") == []
