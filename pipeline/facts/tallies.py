"""Tallies of what has been done: 已完成整改29项, 其余18项按序时推进, 办结率97.3%, 问责14人, 新建管网46.8公里 (GENRE §3, §4).

Reads a clause that reports. Writes amounts with the words of their state; which of them are baselines is the caller's say.
The whole that parts are taken from (27项任务中) is a count, not a tally.
"""

import re
from collections.abc import Iterator

from pipeline.facts.quantities import UNIT, Amount
from pipeline.numbers import decimal

_MEASURED = r"%|个百分点|微克/立方米|微克每立方米|μg/m[3³]|毫克/升|毫克每升|mg/L|万?立方米/日|万?吨/[日天年]|亿?万?立方米|万?平方米|平方公里|万?公顷|万?亩|公里|千米|万?吨|[万亿]元|元|万?千瓦|米"
_TALLY = re.compile(
    rf"(?<![第\d./~-])(?P<num>\d+(?:,\d{{3}})*(?:\.\d+)?)(?:多|余)?(?P<unit>人\(?次\)?|人次|名|宗|场次|{UNIT})"
)
_PART = re.compile(r"[^,;。:!?\n()【】]+")
_STATE = re.compile(
    r"完成|办结|销号|验收|整改|推进|时序|序时|达标|滞后|逾期|延期|未|长期|持续|正在|剩余|剩下|其余|余下|另外|尚|仍|问责|处理|处分|诫勉|批评|教育|约谈|立案|罚款|处罚|查处|拘留|责令|查封|扣押|关停|关闭|取缔|拆除|清退|清理|清运|新建|建成|新增|改造|改完|修复|治理|投入|绿化|复绿|复垦|铺设|安装|整治|搬迁|淘汰|退出|移送|追究|属实|落地|提前|缓慢|责任人|责任单位|干部|局级|处级|科级|厅级|阶段性|解决|销案|整合|迁出|种植|栽植|清淤|疏浚|清除|打捞|创建|到位|落实|封堵|复核|核定|排查|服务|接户|核查|出动|达到|不能|不达|违规|非法|占用|超标|堆存|停运|直排|失效|缺失|闲置|不足|欠|反弹|上报|通过|优良"
)
_WHOLE_BEFORE = re.compile(
    r"(?:下列|(?<!及)以下|上述|应(?:当)?完成|反馈|指出|涉及|交办|转办|移交|受理|接收|收到|转来|共|共计|列出|认领|分解(?:为|成)|细化(?:为|成)|制[定订]|梳理(?:出|为)?|形成|存在|发现|举报|承担|牵头|明确|提出|投诉|信访|案件)(?:了|的|出|我[市州区县省])?[^\d]{0,10}$"
)
_WHOLE_AFTER = re.compile(r"(?:[^\d,]{0,14}(?:中|里))$|^(?:方面|大类|类)")
_SHARE = re.compile(r"(?:率|比例|比重|占比|占|达|达到|为|量的|工程量|完成|铺设|覆盖|分别|进度|总数的?|约)[^\d]{0,6}$")
_OUTCOME = re.compile(r"办结|完成|销号|整改|处理|问责|处分")
_AFTER = re.compile(r"^[^\d,;。:()、]{0,16}")


def tallies(
    folded: str, begin: int, end: int, counted: list[tuple[int, int]], *, things: bool = False
) -> Iterator[Amount]:
    """The tallies of a stretch; numbers inside `counted` ranges are wholes that are stated as counts. With `things`, what an
    issue counts is a tally without a word of state too (雨天溢流口7个)."""
    for part in _PART.finditer(folded, begin, end):
        low, high = part.span()
        found = list(_TALLY.finditer(folded, low, high))
        listed = False
        for place, match in enumerate(found):
            before = folded[found[place - 1].end() if place else low : match.start()]
            rest = folded[match.end() : found[place + 1].start() if place + 1 < len(found) else high]
            after = _AFTER.match(rest)
            behind = after[0] if after else ""
            goes_on = listed and before[:1] in {"、", "和", "及"} and match["unit"] == found[place - 1]["unit"]
            listed = goes_on or _is_tally(match, before, behind, rest, place + 1 < len(found), counted)
            if things and not listed and not rest.strip() and place + 1 == len(found):
                listed = match["unit"] in _THINGS and bool(_THING.search(before))
            value = decimal(match["num"])
            if not listed or value is None:
                continue
            own = _JOINED.sub("", before)
            led = len(own) >= 2 and not _LEADING.fullmatch(own)
            last = match.end() + (0 if led and not _STATE.search(behind) else len(behind))
            what = (own + (behind if last > match.end() else "")).strip("、 ")
            start = match.start() - len(own)
            yield Amount(
                what or match["unit"],
                "comparator-equal",
                value,
                match["num"],
                match["unit"],
                start,
                last,
                "baseline.tally",
            )


_JOINED = re.compile(r"^(?:、|和|及|与|其中)+")
_DUE_ONES = re.compile(r"20\d{2}年[^,。]{0,6}完成的$")  # 2020年底完成的6项: which ones, not that they are done
_THINGS = {"个", "处", "家", "户", "条", "座", "起", "件", "次", "辆", "台", "口", "宗"}
_THING = re.compile(r"[\u4e00-\u9fff]{2}(?:仍有|共有|达|有|共)?$")
_LEADING = re.compile(r"(?:其余|剩余|剩下的?|另外|已有?|尚有|仍有|还有)")


def _is_tally(
    match: re.Match[str], before: str, behind: str, rest: str, more: bool, counted: list[tuple[int, int]]
) -> bool:
    if behind.startswith(("范围", "服务半径", "以外")) or (_DUE_ONES.search(before) and "已" not in behind):
        return False
    if before.endswith(("由", "从")):
        return False  # 由30降至24: the value before
    if before.endswith("的") and behind.startswith(("为", "是")):
        return False  # 滞后的1项为…: told again
    done = re.search(r"(?<!均)已(?:基本)?(?:完成|办结|销号|整改)", behind)
    if any(b <= match.start() and match.end() <= e for b, e in counted) and not (done and not more):
        return False
    if "." in match["num"] and not re.fullmatch(_MEASURED, match["unit"]) and "万" not in match["unit"]:
        return False
    if match["unit"] in {"天", "次", "类", "级", "轮", "批", "口", "所", "套"} or _WHOLE_AFTER.search(behind):
        return bool(match["unit"] == "天" and re.search(r"优良|达标|重污染", before))
    if re.fullmatch(_MEASURED, match["unit"]):
        return bool(_SHARE.search(before)) if match["unit"] == "%" else len(before.strip("、和及其中")) >= 2
    if (
        more
        and "、" not in rest
        and re.search(r"(?:完成|办结|销号|整改|改完|落地|验收|建成|达标|有|已)了?$|(?:完成|办结)整改$", rest)
    ):
        return False  # 14个问题已整改完成9个: the first number is the whole
    if _WHOLE_BEFORE.search(before) and not _OUTCOME.search(before[-6:]):
        return bool(re.search(r"(?:已|均|全部|正在|未)", behind))
    return bool(_STATE.search(before) or _STATE.search(behind))
