"""The provinces as a map of tiles (`data/tiles.csv`): every unit of the first level of GB/T 2260, one square each."""

import csv
from dataclasses import dataclass
from functools import cache

from pipeline.assets import asset_path
from pipeline.region_tables import region_rows


@dataclass(frozen=True)
class Tile:
    """A province-level unit: its code of GB/T 2260, its letters of ISO 3166-2, its names, its square from 1."""

    adcode: str
    letters: str
    name: str
    short: str
    english: str
    column: int
    row: int


@cache
def tiles() -> tuple[Tile, ...]:
    """All of them, from north to south and west to east. Raises KeyError for a code that regions.csv lacks."""
    regions = region_rows(asset_path("data", "regions.csv"))
    with asset_path("data", "tiles.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = []
    for row in rows:
        region = regions[row["adcode"]]
        short = min(region.short_names, key=len, default=region.name)
        english = (region.english or "").partition(" Zhuang")[0].partition(" Hui")[0].partition(" Uygur")[0]
        english = english.partition(" Autonomous")[0].partition(" Special")[0]
        found.append(Tile(region.adcode, row["code"], region.name, short, english, int(row["column"]), int(row["row"])))
    return tuple(sorted(found, key=lambda tile: (tile.row, tile.column)))
