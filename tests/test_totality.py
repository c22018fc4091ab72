"""Extraction is total: whatever the text, it is read without an error, in time that grows with its length, and every
fact stands where it says it stands.

The texts are the documents of the other tests, damaged: signs and runs lost, doubled or swapped, lines dropped or
shuffled, widths exchanged, noise put in, the text cut. `pytest -m thorough` reads ten thousand of them.
"""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
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
    "others": "aÀẞéāǎ한あア٣߂²½\u0301\U0001f600\U0010ffff",
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


def own(rng: random.Random) -> random.Random:
    """A source of its own for many draws, so that the example stays short."""
    return random.Random(rng.getrandbits(32))  # noqa: S311 - for tests


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
    put = "".join(own(rng).choices(signs, k=rng.choice((1, 1, 3, 12, 200))))
    return text[:begin] + put + text[rng.choice((begin, end)) :]


def word(rng: random.Random, text: str) -> str:
    begin, end = place(rng, text)
    return text[:begin] + rng.choice(WORDS) * rng.choice((1, 1, 1, 2, 20)) + text[rng.choice((begin, end)) :]


def lines(rng: random.Random, text: str) -> str:
    found = text.splitlines(keepends=True)
    low, high = sorted((rng.randint(0, len(found)), rng.randint(0, len(found))))
    some = found[low:high]
    if rng.random() < 0.5:
        own(rng).shuffle(some)
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


PLAN = "宜宾市贯彻落实第二生态环境保护督察组督察反馈意见整改方案\n为做好整改,制定本方案。督察反馈{}个问题,2025年底前完成{}个问题整改,整改完成率达到{}%,每月调度{}次。\n"
NUMBERS = {
    "digits": "9" * 5_000,
    "zeros": "0" * 5_000,
    "thousands": "1" + ",111" * 2_000,
    "decimals": "0." + "1" * 5_000,
    "chinese": "一二三四五六七八九" * 600,
    "units": "十百千" * 600,
    "arabic-indic": "٣.٢",
    "mixed": "1٣",
    "full-width": "3,815.20",
    "superscript": "²",
}


@pytest.mark.parametrize("number", NUMBERS)
def test_any_number_is_read_or_left(number: str) -> None:
    found = read(PLAN.replace("{}", NUMBERS[number]))
    assert found
    check(*found)
    facts_quads(*found, DEFAULT_BASE)


@pytest.mark.parametrize("sign", ["水", "(", "|", "\x00", "1", "第", "\U0010ffff"])
def test_a_text_of_one_sign_is_read(sign: str) -> None:
    for text in (sign, sign + "\n", sign * 2_000):
        found = read(text)
        assert found
        check(*found)
        facts_quads(*found, DEFAULT_BASE)
