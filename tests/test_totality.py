"""Extraction is total: whatever the text, it is read without an error, in time that grows with its length, and every
fact stands where it says it stands.

The texts are the documents of the other tests, damaged: signs and runs lost, doubled or swapped, lines dropped or
shuffled, widths exchanged, noise put in, the text cut. `pytest -m thorough` reads ten thousand of them.
"""

import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import DocumentError
from pipeline.facts import read_facts
from pipeline.graph import facts_quads
from pipeline.model import Basis, Document, Element, Facts, Party, Quantity, Source, Span, Stated, Team
from pipeline.text import clean
from pipeline.vocabulary import DEFAULT_BASE

ROOT = Path(__file__).parent.parent
FOLDERS = ("tests/development", "tests/documents", "data/documents")
BASES = [
    path.read_bytes().decode("utf-8-sig") for folder in FOLDERS for path in sorted(ROOT.joinpath(folder).glob("*.txt"))
]
LONGEST = 20_000  # signs of a damaged text: doublings stop there
SHARDS, TEXTS_OF_A_SHARD = 20, 500

# ---- damage -----------------------------------------------------------------------------------------------------------

SIGNS = {
    "han": "的一是省市区县督察组整改方案问题措施目标责任单位完成分别第年月日底前不达轮批每某略龘𠮷",
    "digits": "0123456789一二三四五六七八九十百千两〇○%‰.,",
    "brackets": "()()[]【】《》〈〉“”‘’「」『』〔〕{}",
    "rules": "|||┃│\t\t  —–--_:+*#=/\\",
    "stops": "。,、;:!?,;:.\n\n",
    "marks": "①②⑳ⅠⅤ×xX□■*※·•…~〜㎡℃μ³",
    "control": "\x00\x01\x08\x0b\x0c\x1b\x1c\x1f\x7f\x85\r\n\u2028\u2029\u200b\u200e\u202e\ufeff\u3000\u00a0\ufffd",
    "others": "aÀẞéāǎ한あア٣߂𝟗²½\u0301\U0001f600\U0010ffff",
}
WORDS = (
    *(
        "第",
        "一、",
        "(一)",
        "1.",
        "①",
        "一是",
        "问题一:",
        "序号3",
        "整改目标:",
        "整改措施:",
        "责任单位:",
        "整改时限:",
        "|",
    ),
    *(
        "(略)",
        "xx",
        "××",
        "20",
        "2025年底前",
        "99月99日",
        "2月30日至31日",
        "0年0月0日",
        "分别",
        "每月",
        "其中",
        "完成",
        "5%",
        "《",
        "》",
    ),
    *("第二生态环境保护督察组", "省", "市辖区", "鼓楼区", "“回头看”", "- 1 -", "\n\n2、", "9" * 40, "(" * 30, "\n" * 9),
)
TO_FULL = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
TO_HALF = {full: half for half, full in TO_FULL.items()}

Damage = Callable[[random.Random, str], str]


def place(rng: random.Random, text: str, longest: int = 60) -> tuple[int, int]:
    """A random range of a text: mostly a sign or a short run, sometimes a long one."""
    begin = rng.randint(0, len(text))
    return begin, min(len(text), begin + rng.choice((1, 1, 2, 8, longest)))


def delete(rng: random.Random, text: str) -> str:
    begin, end = place(rng, text, 400)
    return text[:begin] + text[end:]


def double(rng: random.Random, text: str) -> str:
    begin, end = place(rng, text, 400)
    return text[:begin] + text[begin:end] * rng.choice((2, 2, 3, 30)) + text[end:]


def swap(rng: random.Random, text: str) -> str:
    (a, b), (c, d) = sorted((place(rng, text), place(rng, text)))
    return text if c < b else text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]


def cut(rng: random.Random, text: str) -> str:
    at = rng.randint(0, len(text))
    return rng.choice((text[:at], text[at:]))


def other_width(rng: random.Random, text: str) -> str:
    begin, end = place(rng, text, len(text))
    return text[:begin] + text[begin:end].translate(rng.choice((TO_FULL, TO_HALF))) + text[end:]


def noise(rng: random.Random, text: str) -> str:
    begin, end = place(rng, text)
    signs = SIGNS[rng.choice(sorted(SIGNS))]
    put = "".join(random.Random(rng.getrandbits(32)).choices(signs, k=rng.choice((1, 1, 3, 12, 200))))
    return text[:begin] + put + text[rng.choice((begin, end)) :]


def word(rng: random.Random, text: str) -> str:
    begin, end = place(rng, text)
    return text[:begin] + rng.choice(WORDS) * rng.choice((1, 1, 1, 2, 20)) + text[rng.choice((begin, end)) :]


def lines(rng: random.Random, text: str) -> str:
    found = text.splitlines(keepends=True)
    low, high = sorted((rng.randint(0, len(found)), rng.randint(0, len(found))))
    some = found[low:high]
    if rng.random() < 0.5:
        random.Random(rng.getrandbits(32)).shuffle(some)
    return "".join((*found[:low], *rng.choice((some, some, some * 2, [])), *found[high:]))


def one_line(rng: random.Random, text: str) -> str:
    return rng.choice(("", " ", "\t", "|")).join(text.splitlines())


def other_document(rng: random.Random, text: str) -> str:
    """A piece of another document in the middle."""
    begin, end = place(rng, text)
    other = rng.choice(BASES)
    low, high = place(rng, other, 1000)
    return text[:begin] + other[low:high] + text[end:]


DAMAGES: tuple[Damage, ...] = (
    *(delete, delete, double, double, swap, swap, cut, other_width, noise, noise, noise),
    *(word, word, word, lines, lines, one_line, other_document),
)


def damaged(rng: random.Random) -> str:
    text = rng.choice(BASES)
    for _ in range(rng.choice((1, 1, 2, 3, 5, 20))):
        text = rng.choice(DAMAGES)(rng, text)[:LONGEST]
    return text


# ---- what must hold of any facts --------------------------------------------------------------------------------------

MASK = re.compile(r"[((]略[))]|(?<![A-Za-z])[xX×]{2,6}(?![A-Za-z])")
DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def parts(value: object) -> Iterator[Any]:
    """A record and all that it holds, however deep."""
    yield value
    if isinstance(value, tuple):
        for item in value:
            yield from parts(item)
    elif is_dataclass(value):
        for one in fields(value):
            yield from parts(getattr(value, one.name))


def subsequence(words: str, quote: str) -> bool:
    rest = iter(quote)
    return all(sign in rest for sign in words)


def check(document: Document, facts: Facts) -> None:
    text = document.text
    for part in parts(facts):
        if isinstance(part, Span):
            assert 0 <= part.begin < part.end <= len(text)
            assert text[part.begin : part.end].strip()
        elif isinstance(part, Source):
            assert part.rule
            assert part.spans
            assert (part.basis is Basis.STATED) == (part.reason is None)
            assert part.reason is None or (part.reason.zh and part.reason.en)
        elif isinstance(part, str):
            part.encode()
        elif isinstance(part, Element | Party | Team):
            assert part.label
            assert not MASK.search(part.label)
            if isinstance(part, Quantity) and part.value is not None:
                assert DECIMAL.fullmatch(part.value)
        elif isinstance(part, Stated) and isinstance(part.value, str):
            assert part.value
            assert not MASK.search(part.value)
    for words in (facts.title, facts.publisher, facts.origin):
        assert words is None or subsequence(words.value.replace("…", ""), quoted(text, words.source))
    paths: set[str] = set()
    for element in parts(facts.plan):
        if isinstance(element, Element):
            assert element.path not in paths
            paths.add(element.path)
            assert subsequence(element.text, quoted(text, element.source))


def quoted(text: str, source: Source) -> str:
    return "".join(text[span.begin : span.end] for span in source.spans)


def read(text: str) -> tuple[Document, Facts] | None:
    """The facts of a text; None for one of blanks, which is refused with its reason."""
    document = Document("0" * 16, "any.txt", "0" * 64, text, "utf-8")
    if clean(text).plain.strip():
        return document, read_facts(document)
    with pytest.raises(DocumentError, match="no readable text"):
        read_facts(document)
    return None


@settings(max_examples=150)
@given(st.randoms(use_true_random=False))
def test_a_damaged_text_is_read_and_quoted_exactly(rng: random.Random) -> None:
    if found := read(damaged(rng)):
        check(*found)
        facts_quads(*found, DEFAULT_BASE)


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.parametrize("shard", range(SHARDS))
def test_ten_thousand_damaged_texts_are_read_and_quoted_exactly(shard: int) -> None:
    for number in range(TEXTS_OF_A_SHARD):
        if found := read(damaged(random.Random(f"{shard}/{number}"))):  # noqa: S311 - the same texts every time
            check(*found)
            if number % 10 == 0:
                facts_quads(*found, DEFAULT_BASE)


# ---- time --------------------------------------------------------------------------------------------------------------

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
    "chunks": "\n\n{n}、水",
    "addresses": "www.",
    "returns": "\r\n",
}
WHOLE = {**REPEATS, "documents": "".join(BASES), "one-line": "".join("".join(BASES).split())}


def long_text(case: str, start: str, length: int) -> str:
    whole, room = WHOLE[case], length - len(STARTS[start]) - len(TAIL)
    if case in REPEATS and "{n}" in whole:
        whole = "".join(whole.format(n=n) for n in range(1, room // (len(whole) - 2) + 1))
    return STARTS[start] + (whole * (room // len(whole) + 1))[:room] + TAIL


def seconds(text: str, rounds: int) -> float:
    """Processor time of a reading, the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        found = read(text)
        best = min(best, time.process_time() - start)
        if found:
            check(*found)
    return best


def assert_time_follows_length(text: Callable[[int], str], lengths: tuple[int, ...]) -> None:
    """Each length is four times the one before: what is proportional takes four times as long, a square sixteen times."""
    before = seconds(text(lengths[0]), 3)
    for length in lengths[1:]:
        now = seconds(text(length), 1)
        assert now < 9 * before, f"{length} signs take {now / before:.1f} times as long as a quarter of them"
        before = now


@pytest.mark.parametrize("case", WHOLE)
def test_time_follows_length(case: str) -> None:
    assert_time_follows_length(partial(long_text, case, "field"), (1_500, 6_000))


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("case", WHOLE)
def test_time_follows_length_of_very_long_texts(case: str, start: str) -> None:
    assert_time_follows_length(partial(long_text, case, start), (3_125, 12_500, 50_000, 200_000))
