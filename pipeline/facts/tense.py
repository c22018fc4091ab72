"""Told or promised: whether a stretch of text reports what is, or commits to what will be (GENRE §4).

A plan commits in its goals and measures and reports in its issues; a report reports until it speaks of its next steps.
Words of tense decide against that inside a clause.
"""

import re

from pipeline.facts.page import Page

_TOLD = re.compile(
    r"截至|截止|目前|现已|(?<!为)已(?!经?纳入|列入)|累计|以来|至今|同比|同期|均达|去年|上年|仅为|仅完成|实现了|完成了|取得了|上半年|提升为|下降为|改善为|达到历史|创.{0,6}(?:最|新)|先后|首次"
)
_PROMISED = re.compile(
    r"确保|力争|争取|计划(?!单列)|拟|拟于|将(?!督察|群众|整改|信访|问题|其)|下一步|明年|要再|今后|不低于|不高于|不少于|不超过|控制在|(?:年|月)底之?前|日前|应于|应当|须|务必|到20\d{2}年|力求|预计"
)
_NEXT_STEPS = re.compile(
    r"(?:下一步|下步|今后|明年|后续|下阶段)(?:工作)?(?:打算|安排|计划|措施|思路|重点|工作|,|将|我市|我州|我区|要)?"
)


_NUMBERS = {f"{n}、" for n in "一二三四五六七八九十"}


def next_steps(page: Page) -> int:
    """Where a report turns to its next steps (下一步); the end of the text when it does not."""
    places = [m.start() for m in _NEXT_STEPS.finditer(page.folded)]
    heads = [
        p for p in places if p == 0 or page.folded[p - 1] in "\n)。【 ;" or page.folded[max(0, p - 2) : p] in _NUMBERS
    ]
    return heads[0] if heads else len(page.folded)


_DONE = re.compile(r"已(?:全部|基本|经|按[^,。;]{0,8})?(?:完成|办结|销号|建成|整改到位|通过)")


def is_done(page: Page, begin: int, end: int) -> bool:
    """Whether a stretch says that something is done, whatever deadline it also names (年底前要完成的9项已完成)."""
    return bool(_DONE.search(page.folded, begin, end))


def is_told(page: Page, begin: int, end: int) -> bool:
    """Whether the words of a stretch report a present or past value."""
    return bool(_TOLD.search(page.folded, begin, end))


def is_promised(page: Page, begin: int, end: int) -> bool:
    """Whether the words of a clause commit to something to come."""
    return bool(_PROMISED.search(page.folded, begin, end))
