"""Baselines: present values that an issue's words or a report state, told from commitments by tense and state."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from pipeline.facts.clauses import Clause, clause_begin
from pipeline.facts.elements import Zone
from pipeline.facts.gaps import is_damaged
from pipeline.facts.page import Page
from pipeline.facts.quantities import Amount
from pipeline.facts.tallies import tallies
from pipeline.facts.targets import quantity
from pipeline.model import Basis, Quantity, Reason
from pipeline.numbers import decimal

_LEVELS = {"target.level", "target.level.bare", "target.range", "target.change", "target.respectively"}
_BOUNDED = re.compile(r"不高于|不超过|不大于|不多于|以下|以内|之内|控制在")
_WORDED = re.compile(r"未|正在|全部|均已")
_STATE = re.compile(
    r"(?P<num>[一二两三四五六七八九十]{1,3}|\d+)(?P<unit>个|家|项|座|处|条)?(?P<what>(?:[\u4e00-\u9fff]|\([^()]*\)){1,20}?)(?:正在|均未|都未|仍未|尚未|未)(?P<how>[\u4e00-\u9fff]{2,12})"
)
_ALL_STATE = re.compile(
    r"(?P<what>[^,;。:\n]{2,24}?)(?:已全部|均已全部|全部已|均已)(?P<how>办结|完成(?!了)[^,;。]{0,16})"
)


def read_baselines(
    page: Page,
    zone: Zone,
    clause: Clause,
    found: list[Amount],
    counted: list[tuple[int, int]],
    told: Callable[[int, int], bool],
) -> Iterator[Quantity]:
    """The present values that a clause reports, by its amounts `found` and in words: levels, changes, states and tallies that are `told`."""
    taken: list[tuple[int, int, str]] = []
    for amount in _reported(page, zone, clause, found, counted):
        begin = clause_begin(page, clause, amount.begin)
        if is_damaged(amount.what) or not told(amount.begin, amount.end):
            continue
        if any(b < amount.end and amount.begin < e and v == amount.value for b, e, v in taken):
            continue
        taken.append((amount.begin, amount.end, amount.value))
        rule = amount.rule.replace("target", "baseline")
        made = replace(amount, rule=rule, what=re.sub(r"^如|目前|仍", "", amount.what), due=None)
        if amount.rule != "baseline.tally":
            made = replace(made, begin=begin)
        if amount.comparator == "comparator-at-least" or (
            amount.comparator == "comparator-at-most" and not _BOUNDED.search(page.folded, begin, amount.end)
        ):
            made = replace(made, comparator="comparator-equal")
        yield replace(quantity(page, "Baseline", zone, made, None, []), due=None)
    yield from _states(page, zone, clause, told)


def _reported(
    page: Page, zone: Zone, clause: Clause, found: list[Amount], counted: list[tuple[int, int]]
) -> Iterator[Amount]:
    levels = [amount for amount in found if amount.rule in _LEVELS]
    yield from levels
    for amount in tallies(page.folded, clause.begin, clause.end, counted, things=zone.kind == "Issue"):
        if all(not (a.begin < amount.end and amount.begin < a.end and a.value == amount.value) for a in levels):
            yield amount


def _states(page: Page, zone: Zone, clause: Clause, told: Callable[[int, int], bool]) -> Iterator[Quantity]:
    """五家企业未…, 全部办结: states told in words."""
    if not _WORDED.search(page.folded, clause.begin, clause.end):
        return
    for match in _STATE.finditer(page.folded, clause.begin, clause.end):
        before = page.folded[max(clause.begin, match.start() - 1) : match.start()]
        if not told(*match.span()) or match["num"].isdigit():
            continue
        if not match["unit"] and (before != "等" or not re.match(r"[区县市镇乡村]", match["what"])):
            continue
        if before in {"第", "每"} or is_damaged(match[0]):
            continue
        value = decimal(match["num"])
        if value:
            what = match["what"] + page.folded[match.end("what") : match.end()]
            made = Amount(
                what,
                "comparator-equal",
                value,
                match["num"],
                match["unit"] or "",
                match.start(),
                match.end(),
                "baseline.state",
            )
            yield replace(quantity(page, "Baseline", zone, made, None, []), due=None)
    for match in _ALL_STATE.finditer(page.folded, clause.begin, clause.end):
        if not told(*match.span()):
            continue
        reason = Reason("“全部”“均已”即100%", "all of them means 100 %")
        begin = clause_begin(page, clause, match.start())
        what = re.sub(r"^.*[\dxX×](?:个|件|家|项|起)|^[^\u4e00-\u9fff]+", "", match["what"]) + match["how"]
        made = Amount(
            what,
            "comparator-equal",
            "100",
            "全部" if "全部" in match[0] else "均",
            "%",
            match.start(),
            match.end(),
            "baseline.all",
            Basis.INFERRED,
            reason,
        )
        if begin <= match.start() and re.match(r"所有|全|.*(?:信访件|问题|任务|企业)", match["what"]):
            yield replace(quantity(page, "Baseline", zone, made, None, []), due=None, indicator=None)
