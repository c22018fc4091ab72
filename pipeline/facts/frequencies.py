"""How often something is promised: 每月调度, 每年不少于两次, 一季度一报备 (GENRE §4)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.model import Basis, Reason
from pipeline.numbers import NUMERAL, integer

_PERIODS: dict[str, tuple[str, str]] = {
    "年": ("P1Y", "年"),
    "半年": ("P6M", "半年"),
    "季度": ("P3M", "季度"),
    "季": ("P3M", "季度"),
    "月": ("P1M", "月"),
    "半月": ("P15D", "半月"),
    "旬": ("P10D", "旬"),
    "周": ("P7D", "周"),
    "日": ("P1D", "日"),
    "天": ("P1D", "日"),
}
_PERIOD = "半年|年|季度|季|半月|月|旬|周|日|天"
_EVERY = re.compile(rf"每个?(?P<per>{_PERIOD})(?:度)?(?P<rest>[^,;。\n]{{2,60}})")
_TIMES = re.compile(rf"(?P<more>至少|不少于|不低于|不得少于)?[^,;。\n]{{0,12}}?(?P<n>{NUMERAL})次(?P<tail>以上)?")
_ONE_EACH = re.compile(
    rf"一(?P<per>{_PERIOD})一(?P<act>[\u4e00-\u9fff]{{2}})(?:、一(?:{_PERIOD})一[\u4e00-\u9fff]{{2}})*"
)
_ACT = re.compile(
    r"报告|报送|上报|报备|调度|召开|组织|开展|研究|通报|督导|检查|督查|督办|巡察|巡查|点评|会商|公开|公布|监测|分析|听取|评估|考核|检修|清理|反馈|更新|排查"
)
_REACH = 60  # signs before 每 in which its actor stands
_NO_PROMISE = re.compile(r"一批|增长|下降|平均|立方米|产值|产生|排放|新增|处理能力")


@dataclass(frozen=True, slots=True)
class Frequency:
    """One promise: `times` a period (`duration`, xsd:duration; `unit` 次/月), by `actor`, in `[begin, end)`."""

    words: str
    act: str
    actor: str
    times: int
    times_text: str
    unit: str
    duration: str
    begin: int
    end: int
    basis: Basis
    reason: Reason | None


def frequencies(folded: str, begin: int, end: int) -> Iterator[Frequency]:
    """The recurring obligations of a clause. `每月` without a number is once a month, inferred."""
    for match in _EVERY.finditer(folded, begin, end):
        rest = match["rest"]
        if not _ACT.search(rest) or _NO_PROMISE.search(rest) or folded.endswith(("“", '"'), 0, match.start()):
            continue
        duration, name = _PERIODS[match["per"]]
        times = _TIMES.search(rest)
        number = integer(times["n"]) if times else None
        start = max(folded.rfind(sign, begin, match.start()) for sign in ",;。:\n") + 1
        start = max(start, begin, match.start() - _REACH)
        yield Frequency(
            words=match[0][: len(match[0]) - len(rest)] + (times[0] if times else ""),
            act=rest,
            actor=_actor(folded[start : match.start()]),
            times=number or 1,
            times_text=times["n"] if times and number else match[0][: len(match[0]) - len(rest)],
            unit=f"次/{name}",
            duration=duration,
            begin=start,
            end=match.end(),
            basis=Basis.STATED if number else Basis.INFERRED,
            reason=None
            if number
            else Reason(f"“每{name}”即每{name}至少一次", f"every {name} means at least once in each"),
        )
    for match in _ONE_EACH.finditer(folded, begin, end):
        duration, name = _PERIODS[match["per"]]
        yield Frequency(
            match[0], match["act"], "", 1, "一", f"次/{name}", duration, match.start(), match.end(), Basis.STATED, None
        )


def _actor(before: str) -> str:
    """Who promises: the words before 每, without 要, 应, 须 and the like."""
    return re.sub(r"(?:原则上|应当?|要|须|必须|于|将|在|、)+$|^(?:原则上|实行.{0,12}制度)", "", before).strip()
