"""Operators that break numbers, units and comparators, and sums (数字)."""

from collections.abc import Iterator
from decimal import Decimal

import pyoxigraph as ox

from pipeline.mutation.operator import Layer, operator
from pipeline.mutation.original import QUDT, Mutant, Original, du, duc, edits, like, words
from pipeline.validation.findings import Term

_VALUE = "?node du:inPlan ?plan ; du:value ?value"
_NO_CHANGE = """FILTER NOT EXISTS { ?node du:comparator ?change .
  FILTER(?change IN (duc:comparator-increase-by, duc:comparator-decrease-by)) }"""
_PERCENT = f"{_VALUE} ; du:unit unit:PERCENT . {_NO_CHANGE}"
_WHOLE = """FILTER NOT EXISTS { ?about du:describes ?plan ; du:completeness ?part .
    FILTER(?part IN (duc:completeness-excerpt, duc:completeness-template)) }
  FILTER NOT EXISTS { ?report du:describes ?plan ; du:documentKind duc:document-implementation-report }"""
_PERIOD = "FILTER(?way IN (duc:aggregation-increment, duc:aggregation-per-period))"
_CLOSED = "du:indicator duc:indicator-issues-closed"
_COUNT = "?plan du:statedCount ?count . ?count du:countOf du:Issue ; du:value ?total ."
_BOTH = """?node du:inPlan ?plan ; a du:Target ; du:indicator ?indicator ; du:unit ?unit ; du:comparator ?comparator ; du:value ?value .
  ?now du:inPlan ?plan ; a du:Baseline ; du:indicator ?indicator ; du:unit ?unit ; du:value ?present .
  FILTER NOT EXISTS { ?node du:subject ?whose . FILTER NOT EXISTS { ?now du:subject ?whose } }
  FILTER NOT EXISTS { ?now du:subject ?whose . FILTER NOT EXISTS { ?node du:subject ?whose } }"""
_MORE = "(duc:comparator-at-least, duc:comparator-more-than)"
_LESS = "(duc:comparator-at-most, duc:comparator-less-than)"


def _number(term: Term) -> Decimal:
    return Decimal(words(term))


def _another(original: Original, name: str, value: Term, kind: str) -> Iterator[Mutant]:
    """A second value of a property that has one."""
    for (node,) in original.rows("?node", f"?node a {kind} ; du:{name} ?one . FILTER(?one != {value})"):
        yield original.plus(node, du(name), value)


@operator("百分数多出一百（32→132）", "read 32 % as 132 %", "percent-range")
def percent_over_hundred(original: Original) -> Iterator[Mutant]:
    yield from edits(original, f"{_PERCENT} FILTER(?value > 0)", du("value"), lambda v: like(v, _number(v) + 100))


@operator("百分数为负", "a negative percentage", "percent-range")
def negative_percent(original: Original) -> Iterator[Mutant]:
    yield from edits(original, f"{_PERCENT} FILTER(?value > 0)", du("value"), lambda v: like(v, -_number(v)))


@operator("后期累计占比低于前期", "lower a later cumulative share below an earlier one", "cumulative-never-falls")
def lower_later_share(original: Original) -> Iterator[Mutant]:
    pattern = f"""{_VALUE} ; du:indicator ?indicator ; du:unit unit:PERCENT ; du:cumulativeShare ?after ; du:due ?late .
      ?other du:inPlan ?plan ; du:indicator ?indicator ; du:cumulativeShare ?before ; du:due ?early .
      FILTER(STR(?early) < STR(?late) && ?before >= 1 && ?before <= ?after)"""
    for node, value, before in original.rows("?node ?value ?before", pattern):
        yield original.changed(node, du("value"), value, like(value, _number(before) - 1))


@operator("末期累计占比不足100%", "let the last cumulative share stop below 100 %", "last-share-is-100")
def last_share_below_hundred(original: Original) -> Iterator[Mutant]:
    pattern = f"""{_VALUE} ; du:indicator ?indicator ; du:unit unit:PERCENT ; du:cumulativeShare 100.0 ; du:due ?due . {_WHOLE}
      FILTER NOT EXISTS {{ ?other du:inPlan ?plan ; du:indicator ?indicator ; du:cumulativeShare ?share ; du:due ?date .
        FILTER(?other != ?node && STR(?date) >= STR(?due)) }}"""
    yield from edits(original, pattern, du("value"), lambda value: like(value, _number(value) - 3))


@operator("一期完成数多一个", "change one count per period", "period-counts-sum")
def change_period_count(original: Original) -> Iterator[Mutant]:
    pattern = f"{_VALUE} ; {_CLOSED} ; du:aggregation ?way . {_PERIOD} {_COUNT}"
    yield from edits(original, pattern, du("value"), lambda value: like(value, _number(value) + 1))


@operator("写明的问题总数多一个", "change the stated number of issues that periods add up to", "period-counts-sum")
def change_total(original: Original) -> Iterator[Mutant]:
    pattern = f"""?part du:inPlan ?plan ; {_CLOSED} ; du:aggregation ?way . {_PERIOD}
      ?plan du:statedCount ?node . ?node du:countOf du:Issue ; du:value ?value .
      FILTER NOT EXISTS {{ ?plan du:statedCount ?other . ?other du:countOf du:Issue . FILTER(?other != ?node) }}"""
    yield from edits(original, pattern, du("value"), lambda value: like(value, int(words(value)) + 1))


@operator("完成数多于问题总数", "close more issues than there are", "closed-within-total")
def close_too_many(original: Original) -> Iterator[Mutant]:
    pattern = f"""{_VALUE} ; {_CLOSED} . FILTER NOT EXISTS {{ ?node du:unit unit:PERCENT }} {_COUNT}
      FILTER NOT EXISTS {{ ?plan du:statedCount ?other . ?other du:countOf du:Issue ; du:value ?more . FILTER(?more > ?total) }}"""
    for node, value, total in original.rows("?node ?value ?total", pattern):
        yield original.changed(node, du("value"), value, like(value, int(words(total)) + 1))


@operator("占比合不上整数", "a share of no whole number of issues", "share-of-whole-number")
def share_between_wholes(original: Original) -> Iterator[Mutant]:
    pattern = f"{_VALUE} ; du:indicator duc:indicator-issues-closed-share . {_COUNT} FILTER(?total > 1 && ?total < 50)"
    for node, value, total in original.rows("?node ?value ?total", pattern):
        issues = int(words(total))
        whole = min(int(_number(value) * issues / 100), issues - 1)
        between = (Decimal(100) * (2 * whole + 1) / (2 * issues)).quantize(Decimal("0.001"))
        yield original.changed(node, du("value"), value, like(value, between))


@operator("丢失小数点", "lose a decimal point", "plausible-range", "percent-range")
def lose_decimal_point(original: Original) -> Iterator[Mutant]:
    pattern = f"""{_VALUE} ; du:indicator ?indicator ; du:unit ?unit . {_NO_CHANGE}
      ?indicator du:unit ?unit ; du:plausibleMaximum ?most . FILTER(?value * 10 > ?most)"""
    yield from edits(original, pattern, du("value"), lambda value: like(value, _number(value) * 10))


@operator("目标不及现状", "a target short of its baseline", "target-beyond-baseline")
def target_below_baseline(original: Original) -> Iterator[Mutant]:
    for node, value, present in original.rows(
        "?node ?value ?present", f"{_BOTH} FILTER(?comparator IN {_MORE} && ?present >= 1)"
    ):
        yield original.changed(node, du("value"), value, like(value, _number(present) - 1))
    for node, value, present in original.rows("?node ?value ?present", f"{_BOTH} FILTER(?comparator IN {_LESS})"):
        yield original.changed(node, du("value"), value, like(value, _number(present) + 1))


@operator("比较方向颠倒（≥→≤）", "turn a comparator round (≥ → ≤)", "target-beyond-baseline")
def turn_comparator(original: Original) -> Iterator[Mutant]:
    for known, bound, other in ((_MORE, ">", "at-most"), (_LESS, "<", "at-least")):
        pattern = f"{_BOTH} FILTER(?comparator IN {known} && ?value {bound} ?present)"
        for node, old in original.rows("?node ?comparator", pattern):
            yield original.changed(node, du("comparator"), old, duc(f"comparator-{other}"))


@operator("同一时限两个目标值", "two values for one indicator and date", "one-value-per-date")
def second_value_for_date(original: Original) -> Iterator[Mutant]:
    pattern = f"""{_VALUE} ; a du:Target ; du:indicator ?indicator ; du:comparator ?comparator ; du:due ?due .
      FILTER NOT EXISTS {{ ?node du:aggregation ?way . {_PERIOD} }}"""
    for node, value in original.rows("?node ?value", pattern):
        yield original.copied(node, {du("value"): like(value, _number(value) + 1)})


@operator("换成别的单位（%↔mg/L）", "swap the unit (% ↔ mg/L)", "indicator-and-unit")
def swap_unit(original: Original) -> Iterator[Mutant]:
    pattern = """?node du:inPlan ?plan ; du:indicator ?indicator ; du:unit ?value . ?indicator du:unit ?value .
      FILTER(?value IN (unit:PERCENT, unit:NUM) || NOT EXISTS { ?node du:comparator ?change .
        FILTER(?change IN (duc:comparator-increase-by, duc:comparator-decrease-by)) })"""
    units = {f"{QUDT}PERCENT", f"{QUDT}NUM"}
    other = {True: ox.NamedNode(f"{QUDT}MilliGM-PER-L"), False: ox.NamedNode(f"{QUDT}PERCENT")}
    yield from edits(original, pattern, du("unit"), lambda value: other[words(value) in units])


@operator("换成别的指标", "read another indicator", "indicator-and-unit")
def swap_indicator(original: Original) -> Iterator[Mutant]:
    pattern = f"""?node du:inPlan ?plan ; du:unit unit:PERCENT ; du:indicator ?value .
      ?value du:unit ?own . FILTER(?own != unit:MicroGM-PER-M3) {_NO_CHANGE}"""
    yield from edits(original, pattern, du("indicator"), lambda _: duc("indicator-pm25-concentration"))


@operator("数值没有单位", "drop the unit", "value-with-unit")
def drop_unit(original: Original) -> Iterator[Mutant]:
    for (node,) in original.rows("?node", f"{_VALUE} ; du:unit|du:unitText ?unit ; a ?kind"):
        yield original.detached(node, {du("unit"), du("unitText")})


@operator("数值没有比较方式", "drop the comparator", "value-complete")
def drop_comparator(original: Original) -> Iterator[Mutant]:
    pattern = "?node a du:Target ; du:value ?number ; du:valueText ?text ; du:comparator ?value"
    yield from edits(original, pattern, du("comparator"), lambda _: None)


@operator("数值没有原文", "drop the words of a value", "value-complete")
def drop_value_text(original: Original) -> Iterator[Mutant]:
    pattern = "?node du:inPlan ?plan ; du:value ?number ; du:valueText ?value"
    yield from edits(original, pattern, du("valueText"), lambda _: None)


@operator("两种比较方式", "two comparators", "quantity-comparator")
def two_comparators(original: Original) -> Iterator[Mutant]:
    yield from _another(original, "comparator", duc("comparator-decrease-by"), "du:Target")


@operator("两个数值", "two values", "quantity-value")
def two_values(original: Original) -> Iterator[Mutant]:
    for node, value in original.rows("?node ?value", f"{_VALUE} ; a du:Target"):
        yield original.plus(node, du("value"), like(value, _number(value) + 1))


@operator("两个指标原文", "two indicator texts", "quantity-indicator-text")
def two_indicator_texts(original: Original) -> Iterator[Mutant]:
    yield from _another(original, "indicatorText", ox.Literal("另一指标"), "du:Target")


@operator("没有指标原文", "drop the indicator text", "quantity-indicator-text")
def drop_indicator_text(original: Original) -> Iterator[Mutant]:
    yield from edits(original, "?node du:indicatorText ?value", du("indicatorText"), lambda _: None)


@operator("导出的占比超过100", "derive a share above 100", "cumulative-share-range", layer=Layer.DERIVED)
def derived_share_over_hundred(original: Original) -> Iterator[Mutant]:
    yield from edits(original, "?node du:cumulativeShare ?value", du("cumulativeShare"), lambda value: like(value, 130))
