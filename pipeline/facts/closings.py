"""How many are to be closed, the number before the verb: 其余5项2025年6月底前收尾, 36个问题全部销号 (GENRE §3)."""

import re

from pipeline.facts.quantities import EQUAL, Found, amount_of

_CLOSING = re.compile(
    r"(?<![成改了])(?P<num>\d+)(?P<unit>个(?!月)|项|件)(?P<what>(?:整改)?(?:问题|任务|信访件|事项)?[^,。;:\d、]{0,10}?)"
    r"(?:20\d{2}年[^,。;\d]{0,4}(?:\d{1,2}月)?[^,。;\d]{0,6})?(?:将|要)?(?:全部|均|一律)?(?P<verb>完成整改|整改完成|整改到位|完成销号|销号|清零|收尾|改完)(?!\d)"
)
_CLOSING_REST = re.compile(
    r"(?:其余|剩余|余下|剩下|未完成|延期|滞后|逾期)的?(?P<num>\d+)(?P<unit>个(?!月)|项|件)(?P<what>[^,。;:\d、]{0,12}?)(?:,|于|将于|在)?20\d{2}年[^,。;]{0,12}?(?:全部)?(?P<verb>完成整改|整改完成|整改到位|完成销号|销号|清零|收尾|改完|完成)(?!\d)"
)


def closings(folded: str, begin: int, end: int) -> Found:
    """其余5项2025年6月底前收尾, 36个问题全部销号: how many are closed, the number before the verb."""
    for match in (*_CLOSING.finditer(folded, begin, end), *_CLOSING_REST.finditer(folded, begin, end)):
        if re.search(r"(?:已|均已|未)$", folded[max(begin, match.start("verb") - 3) : match.start("verb")]):
            continue
        if made := amount_of(match, EQUAL, "target.closing", what=match["what"] + match["verb"]):
            yield made[0], (match.start("num"), match.end())
