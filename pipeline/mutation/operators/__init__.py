"""All mutation operators, by theme as the rooms of `shapes/`."""

from collections.abc import Mapping
from types import ModuleType

from pipeline.mutation.operator import Operator
from pipeline.mutation.operators import across, counts, evidence, places, quantities, quotes, readings, structure, time


def _of(room: ModuleType) -> tuple[Operator, ...]:
    """The operators of a module, in the order in which they are written."""
    return tuple(one for one in vars(room).values() if isinstance(one, Operator))


THEMES: Mapping[str, tuple[Operator, ...]] = {
    "出处 evidence": _of(evidence),
    "引文 quotes": _of(quotes),
    "原文与合理 readings and plausibility": _of(readings),
    "数字 arithmetic": _of(quantities),
    "时间 time": _of(time),
    "数量 counts": _of(counts),
    "地区与责任者 places and actors": _of(places),
    "结构与文字 structure and wording": _of(structure),
    "跨文件 cross-document": _of(across),
}
OPERATORS: tuple[Operator, ...] = tuple(one for theme in THEMES.values() for one in theme)
