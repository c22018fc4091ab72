"""The words of measurement and their QUDT units, from `data/units.csv`."""

import csv
from functools import cache

from pipeline.assets import asset_path


@cache
def _table() -> dict[str, str]:
    with asset_path("data", "units.csv").open(encoding="utf-8", newline="") as file:
        return {row["unit"]: row["qudt"] for row in csv.DictReader(file)}


def unit_iri(words: str) -> str | None:
    """The QUDT unit a unit word stands for, or None where it has none of its own (万吨, 次/月).

    No word at all is a bare count (六区).
    """
    return _table().get(words)
