"""Extraction takes time that grows with the length of a text, whatever the text repeats to slow it down."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from pipeline.facts import read_facts
from pipeline.model import Document

ROOT = Path(__file__).parent.parent
DOCUMENTS = "".join(
    path.read_bytes().decode("utf-8-sig")
    for folder in ("tests/development", "tests/documents", "data/documents")
    for path in sorted(ROOT.joinpath(folder).glob("*.txt"))
)
HEAD = "宜宾市贯彻落实第二生态环境保护督察组督察反馈意见整改方案\n一、总体要求\n为做好整改,结合实际,制定本方案。\n"
FIELDS = "整改目标:按期完成。\n整改时限:2025年底前\n责任单位:宜宾市水利局\n"
STARTS = {"text": HEAD, "field": HEAD + "问题一:水体不达标。\n" + FIELDS + "整改措施:"}
TAIL = "个问题整改完成5%以上的目标、原则》)次,责任单位:宜宾市。\n"
# What a text repeats that is made to slow a reader down; `{n}` counts.
REPEATS = {
    "ordinals": "第",
    "chinese-markers": "一、",
    "all-markers": "一、(一)1.(1)①一是问题一:",
    "rising-items": "{n}. 事项\n",
    "rising-problems": "问题{n}:水体不达标。\n" + FIELDS,
    "labels": "整改目标:",
    "bars": "|",
    "rows": "|序号|问题|整改目标|责任单位|\n",
    "tabs": "\t事",
    "twenties": "20",
    "nines": "9",
    "hundreds": "百",
    "dates": "2025年10月9日至29日",
    "visits": "2021年10月9日至29日,督察组进驻。",
    "deadlines": "2025年底前完成5个,",
    "values": "5、",
    "respectively": "分别、、、",
    "indicators": "化学需氧量分别下降",
    "frequencies": "每月调度",
    "open-brackets": "(",
    "closed-brackets": ")",
    "redactions": "(略)",
    "placeholders": "xx",
    "titles": "《整改方案》",
    "open-titles": "《",
    "quotes": "“回头看”",
    "regions": "宜宾市翠屏区",
    "bodies": "翠屏、叙州区党委、政府、",
    "teams": "第二生态环境保护督察组",
    "counts": "31个问题",
    "principles": "按照坚持",
    "states": "已全部",
    "signs": "水",
    "blanks": "水 ",
    "lines": "水\n",
    "commas": ",",
    "semicolons": "整改;",
    "page-marks": "- {n} -\n",
    "chunks": "\n\n{n}、" + "水" * 40,
    "addresses": "www.",
    "returns": "\r\n",
}
WHOLE = {**REPEATS, "documents": DOCUMENTS, "one-line": "".join(DOCUMENTS.split())}


def long_text(case: str, start: str, length: int) -> str:
    """At most so many signs: whole repeats, as many as there is room for."""
    whole, room = WHOLE[case], length - len(STARTS[start]) - len(TAIL)
    if "{n}" in whole:
        several = "".join(whole.format(n=n) for n in range(1, room // len(whole)))
    else:
        several = whole * (room // len(whole)) or whole[:room]
    return STARTS[start] + several + TAIL


def seconds(text: str, rounds: int) -> float:
    """Processor time of a reading, the best of some rounds."""
    document = Document("0" * 16, "any.txt", "0" * 64, text, "utf-8")
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        read_facts(document)
        best = min(best, time.process_time() - start)
    return best


def assert_time_follows_length(text: Callable[[int], str], lengths: tuple[int, ...]) -> None:
    """Each length is four times the one before: what is proportional takes four times as long, a square sixteen times."""
    before = seconds(text(lengths[0]), 2)
    for length in lengths[1:]:
        now = seconds(text(length), 1)
        for _ in range(3):  # a busy machine may slow one reading down; a square stays one however often it is read
            if now >= 9 * before:
                now = min(now, seconds(text(length), 2))
        assert now < 9 * before, f"{length} signs take {now / before:.1f} times as long as a quarter of them"
        before = now


@pytest.mark.parametrize("case", WHOLE)
def test_time_follows_length(case: str) -> None:
    assert_time_follows_length(partial(long_text, case, "field"), (1_000, 4_000))


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("case", WHOLE)
def test_time_follows_length_of_very_long_texts(case: str, start: str) -> None:
    assert_time_follows_length(partial(long_text, case, start), (3_125, 12_500, 50_000, 200_000))
