"""The patterns of quantified commitments and reports: what a clause says of how much (GENRE §4).

A pattern yields `Amount`s: indicator words, comparator, number and unit as written, with their place. Which of them is a
target and which a baseline, when it is due and to whom it belongs, is decided in `commitments`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.facts.dates import DueMark, bare_due
from pipeline.model import Basis, Reason
from pipeline.numbers import CHINESE, decimal

UNIT = (
    r"%|个百分点|个月|毫克/立方米|微克/立方米|微克每立方米|μg/m[3³]|毫克/升|毫克每升|mg/L|万立方米/日|立方米/日|万吨/日|万吨/年|吨/日|吨/年|亿立方米|万立方米|立方米|万平方米|"
    r"平方公里|平方千米|平方米|万公顷|公顷|万亩|亩|公里|千米|万吨|吨|万千瓦|千瓦|亿元|万元|万户|户|万台|万辆|万人|人次|微克|毫克|分贝|"
    r"处|个|项|件|条|家|座|台|辆|宗|起|块|眼|口|米|天|次|所|套|段|艘|头|类|根|名|人|分贝|元|株|棵|公斤|千克|吨标准煤"
)
_COUNTED = r"万立方米|立方米|根|株|棵|艘|万户|万台|万辆|处|个(?!月|工作日|小时)|项|件|条|家|座|台|辆|宗|起|块|眼|口|户|公里|千米|米|公顷|万亩|亩|平方公里|平方米|万平方米|吨|万吨|套|段|艘"
_NUM = r"(?<![\d.])\d{1,12}(?:,\d{3}){0,4}(?:\.\d{1,8})?(?!\d)"

_AT_LEAST, _AT_MOST, EQUAL = "comparator-at-least", "comparator-at-most", "comparator-equal"
# Verbs of level, with the comparator they mean; 以上 and 以下 after the number decide before them.
_VERBS: tuple[tuple[str, str], ...] = (
    ("不得低于|不低于|不少于|不小于|至少(?:达到)?", _AT_LEAST),
    ("不得高于|不高于|不超过|不大于|不多于", _AT_MOST),
    ("控制在|降至|降低到|降低至|下降到|下降至|降到|压减到|压减至|压到|减少到|减至", _AT_MOST),
    ("高于|超过|大于|多于|优于", "comparator-more-than"),
    ("低于|小于|少于", "comparator-less-than"),
    ("保持在|稳定在|维持在|保持|稳定保持|(?<=[例度率])在", EQUAL),
    (
        "力争达到|稳定达到|分别达到|要达到|达到|达|提高到|提高至|提升到|提升至|增加到|增至|上升到|增长到|扩大到",
        _AT_LEAST,
    ),
    ("仅为|为", EQUAL),
)
COMPARATORS = _VERBS
_VERB = "|".join(f"(?P<v{i}>{words})" for i, (words, _) in enumerate(_VERBS))
_AMOUNT = re.compile(rf"(?P<num>{_NUM})(?P<unit>{UNIT})?(?P<tail>及?以上|及?以下|以内|之内)?")
_REACHED = re.compile(rf"(?:{_VERB})(?:全(?:市|区|县|省))?(?P<per>每立方米|每升)?$")
_PART_BREAK = re.compile(r"[,;。:\n]")
_WIDEST = 60
_BARE = re.compile(
    rf"(?P<what>(?:[^,;。:\n\d]|(?<=PM)\d+(?:\.\d+)?|(?<=O)3){{2,40}}(?:率|比例|比重|占比|浓度|天数)(?:在)?)(?P<num>{_NUM})(?P<unit>%|微克/立方米|毫克/升|天)(?P<tail>及?以上|及?以下|以内|之内|左右)?"
)
_SHARE_FIRST = re.compile(rf"(?P<verb>完成|办结|实现|整改|达到)(?P<num>{_NUM})%的?(?P<what>[^,;。、\d]{{2,20}})")
_DONE = r"完成|改完|改到位|建成|新建|新增|改造|建设|整治|治理|清理|修复|实施|关停|淘汰|拆除|搬迁|退出|铺设|修建|改建|扩建|安装|办结|整改|创建|绿化|疏浚|清淤|开展|排查|推进|封堵|增设|设置|购置|更换|补种|补植|恢复|修缮|腾出|敷设|关闭|取缔|处置|转移|填埋|压减|退耕|还湿|复垦|复绿|补建|配备|布设|栽植|种植|清除|清运|封场|新改建|提标|扩容|迁建|检测|回填|投放|投用|配套"
_NOT_WORKS = r"(?!方面|大类|专项|月|工作日|小时|[\u4e00-\u9fff]?[内前])"
_WORKS = re.compile(
    rf"(?P<what>(?:{_DONE})(?!督|方案|工作|措施|任务)(?:[^,;。:、\d》]|\d+年(?:以上)?){{0,40}}?)(?<!第)(?P<num>{_NUM})(?P<unit>{_COUNTED}){_NOT_WORKS}"
)
_WORKS_MORE = re.compile(rf"、(?P<what>[^,;。:、\d]{{2,40}}?)(?P<num>{_NUM})(?P<unit>{_COUNTED})")
_COUNT_OF = re.compile(
    rf"(?<!上述)(?<![\d第该这的]中)(?P<num>{_NUM})(?P<unit>个|家|处|座|户|条|台|辆|口|所){_NOT_WORKS}(?P<what>[\u4e00-\u9fff]{{2,14}}?)(?=[(、,;。]|的|$|(?:雨污分流)?(?:改造|整治|治理|建设|修复|搬迁|勘测|拆除|提升|验收)|实施|进行|开展|全部|等)"
)
_CHANGE = re.compile(
    rf"(?P<what>[^,;。:\n]{{0,40}}?)(?:较|同比|相比|比(?!例|重|率))(?P<base>[^,;。\d]{{0,10}}(?:\d{{4}}年)?(?:[^,;。\d]{{0,6}}))?(?P<dir>下降|降低|减少|削减|变好|改善|好转|多出|升高|提高|提升|增长|增加|上升)(?:了)?(?![到至])(?P<num>{_NUM})(?P<unit>%|个百分点|天|次|微克/立方米|毫克/升|{_COUNTED})(?P<tail>以上)?"
)
_WITHIN = re.compile(
    rf"(?:(?P<num>(?<!\d)\d{{1,4}}|[{CHINESE}]{{1,5}})(?P<unit>个月|个工作日|日|天|年)|(?P<half>半年))(?:以)?内(?=[^。;]{{0,12}}(?:完成|整改|取得|办结|销号|到位))"
)
_ALL_DONE = re.compile(
    r"(?P<what>[^,;。:\n]{0,30}?)(?P<all>全部(?:实现|达到|完成)(?!上级|国家|省))(?P<rest>[^,;。:\n]{2,16})"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """One quantity of a clause, `[begin, end)` in the cleaned text; `value` in XSD decimal form."""

    what: str
    comparator: str
    value: str
    value_text: str
    unit: str
    begin: int
    end: int
    rule: str
    basis: Basis = Basis.STATED
    reason: Reason | None = None
    due: DueMark | None = None


Found = Iterator[tuple[Amount, tuple[int, int]]]

_LEAD = re.compile(
    r"^(?:.*?(?:[年月]底(?:之?前)?|末|日前)|(?:到|至|在)?20\d{2}年(?:\d{1,2}月)?)?[,]?(?:提出|确保|力争|实现|要|使|将|对|并|且|其中|逐步|进一步|其)*"
)


def indicator_words(words: str) -> str:
    """The indicator as written, without the date and the verbs before it."""
    return re.sub(r"(?:约|近|将近)$", "", _LEAD.sub("", words, count=1).strip(" ,、的")) or words


def amount_of(
    match: re.Match[str], comparator: str, rule: str, unit: str = "", what: str = ""
) -> tuple[Amount, tuple[int, int]] | None:
    value = decimal(match["num"])
    if value is None:
        return None
    text = indicator_words(what or match["what"])
    made = Amount(
        text,
        comparator,
        value,
        match["num"],
        unit or match.groupdict().get("unit") or "",
        match.start(),
        match.end(),
        rule,
    )
    return made, match.span("num")


_POLLUTION = {"微克/立方米", "微克每立方米", "μg/m3", "μg/m³", "毫克/升", "毫克每升", "mg/L"}  # the less, the better


def levels(folded: str, begin: int, end: int) -> Found:
    """优良天数比例达到81%以上: a number right after a verb of level, in its comma-part."""
    low = begin
    for match in _AMOUNT.finditer(folded, begin, end):
        cuts = [m.end() for m in _PART_BREAK.finditer(folded, max(low, match.start() - _WIDEST), match.start())]
        low = cuts[-1] if cuts else max(low, match.start() - _WIDEST)
        reached = _REACHED.search(folded[low : match.start()])
        if reached is None or reached.start() < 2:
            continue
        what = folded[low : low + reached.start()]
        due = None
        if year := _YEAR_BEFORE.search(what):  # 占比2025年达到100%
            due = bare_due(folded, low + year.start(), low + year.end())
            what = what[: year.start()]
        if span := _RANGE.match(folded, match.start(), end):
            yield from _bounds(span, low, what)
            low = span.end()
            continue
        verb = next(i for i in range(len(_VERBS)) if reached[f"v{i}"])
        if made := _level(match, low, what, verb, reached["per"] or ""):
            yield replace(made[0], due=due), made[1]
            low = match.end()


_RANGE = re.compile(rf"(?P<num>{_NUM})(?:{UNIT})?(?:-|~|至|到|—)(?P<high>{_NUM})(?P<unit>{UNIT})(?:之间)?")


def _bounds(span: re.Match[str], begin: int, what: str) -> Found:
    """在90%至95%之间 is at least the one and at most the other."""
    for group, comparator in (("num", _AT_LEAST), ("high", _AT_MOST)):
        if value := decimal(span[group]):
            name = indicator_words(re.sub(r"在$", "", what))
            made = Amount(name, comparator, value, span[group], span["unit"], begin, span.end(), "target.range")
            yield made, span.span(group)


def _level(match: re.Match[str], begin: int, what: str, verb: int, per: str) -> tuple[Amount, tuple[int, int]] | None:
    unit, tail, value = match["unit"] or "", match["tail"] or "", decimal(match["num"])
    named = _MEASURE.search(what)
    if (
        not unit
        or unit == "类"
        or value is None
        or (_VERBS[verb][0].endswith("|为") and not named)
        or _NO_LEVEL.search(what)
    ):
        return None
    comparator = _AT_LEAST if "以上" in tail else _AT_MOST if tail else _VERBS[verb][1]
    unit = f"{unit}/{per[1:]}" if per else unit
    if comparator == _AT_LEAST and not tail and unit in _POLLUTION:
        comparator = _AT_MOST
    if comparator == _AT_LEAST and unit == "%" and value == "100":
        comparator = EQUAL
    made = Amount(indicator_words(what), comparator, value, match["num"], unit, begin, match.end(), "target.level")
    return made, match.span("num")


_MEASURE = re.compile(
    r"(?:率|比例|浓度|比率|占比|覆盖|盖度|比重|水平|量|数|天数|面积|达标|指数|强度)[^\u4e00-\u9fff]*$"
)
_YEAR_BEFORE = re.compile(r"(?<=[\u4e00-\u9fff])20\d{2}年(?:\d{1,2}月)?底?前?$")
_NO_LEVEL = re.compile(r"第$|\d年$")


def bare(folded: str, begin: int, end: int) -> Found:
    """回收利用率43%以上: a level without a verb."""
    for match in _BARE.finditer(folded, begin, end):
        tail = match["tail"] or ""
        comparator = _AT_LEAST if "以上" in tail else _AT_MOST if "以下" in tail or "内" in tail else EQUAL
        if made := amount_of(match, comparator, "target.level.bare"):
            yield made


def shares(folded: str, begin: int, end: int) -> Found:
    for match in _SHARE_FIRST.finditer(folded, begin, end):
        what = (
            match["what"]
            if match["verb"] in match["what"] or "整改" in match["what"]
            else f"{match['what']}{match['verb']}"
        )
        if made := amount_of(match, _AT_LEAST, "target.share-first", "%", what):
            yield made


def works(folded: str, begin: int, end: int) -> Found:
    for match in _WORKS.finditer(folded, begin, end):
        yield from _work(folded, match, end)
        at = match.end()
        while more := _WORKS_MORE.match(folded, at, end):
            yield from _work(folded, more, end)
            at = more.end()


_THING = re.compile(
    r"[\u4e00-\u9fff]{2,14}?(?=[(、,;。]|的|$|(?:雨污分流)?(?:改造|整治|治理|建设|修复|搬迁|勘测|拆除|提升|验收)|实施|进行|开展|全部|等)"
)


def _work(folded: str, match: re.Match[str], end: int) -> Found:
    """One work with its number; the thing counted is what follows a classifier (26个居住小区), else what stands before."""
    if made := amount_of(match, EQUAL, "target.works"):
        amount, number = replace(made[0], begin=match.start("what")), made[1]
        thing = _THING.match(folded, match.end(), end) if match["unit"] in "个家户座台辆口所条" else None
        yield (replace(amount, what=thing[0], end=thing.end()) if thing else amount), number


_DEED = re.compile(_DONE)
_NO_DEED = re.compile(r"上述|发挥|下设|设立|成立|问题$|措施$|任务$|方面|专项")


def counts_of(folded: str, begin: int, end: int) -> Found:
    """`26个居住小区、18个公建单位的勘测工作` after a verb of doing, or `对31个小区…实施`."""
    for match in _COUNT_OF.finditer(folded, begin, end):
        clause = folded[
            max(folded.rfind(",", begin, match.start()), begin - 1) + 1 : _clause_end(folded, match.end(), end)
        ]
        of_the_text = folded.startswith(("问题", "方面"), match.start("what")) or _NO_DEED.search(clause)
        if _DEED.search(clause) and not of_the_text and (made := amount_of(match, EQUAL, "target.count")):
            yield made


def _clause_end(folded: str, at: int, end: int) -> int:
    stops = [i for i in (folded.find(sign, at, end) for sign in ",;。") if i >= 0]
    return min(stops, default=end)


def changes(folded: str, begin: int, end: int) -> Found:
    for match in _CHANGE.finditer(folded, begin, end):
        down = match["dir"] in {"下降", "降低", "减少", "削减"}
        what = match["what"] if len(match["what"]) > 1 else _named_before(folded, begin, match.start())
        if not what:
            continue
        comparator = "comparator-decrease-by" if down else "comparator-increase-by"
        if made := amount_of(match, comparator, "target.change", what=what + _direction(match)):
            yield made


def _direction(match: re.Match[str]) -> str:
    return "" if len(match["what"]) > 1 else match[0][: match.start("num") - match.start()]


def _named_before(folded: str, begin: int, at: int) -> str:
    """The indicator that the comma-part before names: PM2.5年均浓度24微克/立方米,较2021年下降11.1%."""
    part = folded[begin:at].rstrip(",、")
    part = part[max(part.rfind(sign) for sign in ",;:") + 1 :]
    named = re.match(r"(?:PM\d+(?:\.\d+)?|O3|[^\d])*", part)
    return re.sub(r"(?:为|达到?|保持)$", "", named[0]) if named else ""


def durations(folded: str, begin: int, end: int) -> Found:
    for match in _WITHIN.finditer(folded, begin, end):
        value = "6" if match["half"] else decimal(match["num"])
        if value is None:
            continue
        unit = "月" if match["half"] else match["unit"].removeprefix("个")
        clause = max(folded.rfind(sign, begin, match.start()) for sign in ",;。") + 1
        stop = _clause_end(folded, match.end(), end)
        what = folded[match.end() : stop]
        basis, reason = Basis.STATED, None
        if match["half"]:
            basis, reason = Basis.INFERRED, Reason("半年即6个月", "半年 is six months")
        text = match["half"] or match["num"]
        made = Amount(what, _AT_MOST, value, text, unit, max(clause, begin), stop, "target.within", basis, reason)
        yield made, match.span()


_NAMED = 2
_NO_SHARE = re.compile(r"整改$|.*(?:要求|考核|更新|设置)")  # 全部完成整改 tells of issues, which have their own count


def everything(folded: str, begin: int, end: int) -> Found:
    for match in _ALL_DONE.finditer(folded, begin, end):
        named = indicator_words(match["what"]) if match["what"].strip() else ""
        if _NO_SHARE.match(match["rest"]) and not (match["rest"] == "整改" and len(named) >= _NAMED):
            continue
        reason = Reason(f"“{match['all'][:2]}”即100%", f"{match['all'][:2]} (all) means 100 %")
        what = indicator_words(match["what"] + match["rest"])
        made = Amount(
            what, EQUAL, "100", match["all"][:2], "%", match.start(), match.end(), "target.all", Basis.INFERRED, reason
        )
        yield made, match.span("all")
