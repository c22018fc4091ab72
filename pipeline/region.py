"""China's administrative divisions (行政区划, GB/T 2260) down to the county, and what places are called in texts.

Reads `data/regions.csv`; data/regions.md says where it comes from. A name may have several bearers (there are four
鼓楼区): this module returns all of them and leaves the choice to whoever knows the text.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, cast, get_args

from pipeline.assets import asset_path

Level = Literal["province", "prefecture", "county"]

COLUMNS = ("adcode", "name", "level", "parent", "short_names", "english", "latitude", "longitude")
LEVELS: tuple[str, ...] = get_args(Level)


@dataclass(frozen=True, slots=True)
class Region:
    """One division of a province (省级), prefecture (地级) or county (县级).

    `adcode` is its six-digit code of GB/T 2260, `parent` the code of the division directly above: a province's
    parent is None, a district of a 直辖市 and a directly administered county (省直辖县级) have the province. `english` is
    given for provinces and prefectures. The point is that of the place or seat of government in degrees WGS84,
    good to a few kilometres; latitude and longitude are None together.
    """

    adcode: str
    name: str
    level: Level
    parent: str | None
    short_names: tuple[str, ...]
    english: str | None
    latitude: Decimal | None
    longitude: Decimal | None


class Regions:
    """All divisions, in the order of their codes."""

    def __init__(self, regions: Iterable[Region]) -> None:
        """Index the regions. Each parent must be among them; ValueError names the region whose parent is not."""
        self._by_code = {region.adcode: region for region in sorted(regions, key=lambda region: region.adcode)}
        forms: defaultdict[str, list[str]] = defaultdict(list)
        for region in self:
            if region.parent is not None and region.parent not in self._by_code:
                raise ValueError(
                    f"region {region.adcode} {region.name}: its parent {region.parent} is not in the table"
                )
            for name in (region.name, *region.short_names):
                forms[name].append(region.adcode)
        self._forms = MappingProxyType({name: tuple(codes) for name, codes in forms.items()})

    def __iter__(self) -> Iterator[Region]:
        return iter(self._by_code.values())

    def __len__(self) -> int:
        return len(self._by_code)

    def get(self, adcode: str) -> Region:
        """The region of a six-digit code; KeyError when GB/T 2260 has none (any more)."""
        return self._by_code[adcode]

    def named(self, name: str) -> tuple[Region, ...]:
        """Every bearer of a full or short name, by code; empty when nothing is called so."""
        return tuple(self._by_code[adcode] for adcode in self._forms.get(name, ()))

    def surface_forms(self) -> Mapping[str, tuple[str, ...]]:
        """Every full and short name with the codes of its bearers, ascending; read-only."""
        return self._forms

    def province_of(self, region: Region) -> Region:
        """The province (省, 自治区, 直辖市, 特别行政区) a region lies in, itself for a province."""
        return self._chain(region)[-1]

    def prefecture_of(self, region: Region) -> Region | None:
        """The prefecture (地级市, 地区, 自治州, 盟) a region lies in, itself for a prefecture.

        None for a province and for a county directly under one, such as 东城区 of 北京市 or 仙桃市 of 湖北省.
        """
        return next((step for step in self._chain(region) if step.level == "prefecture"), None)

    def within(self, inner: Region, outer: Region) -> bool:
        """Whether `inner` is `outer` or lies in it, by parents, not by digits of the codes."""
        return outer in self._chain(inner)

    def counties_of(self, region: Region) -> tuple[Region, ...]:
        """All counties inside a province or prefecture, by code; a county has none but itself and gives ()."""
        return tuple(
            county for county in self if county.level == "county" and county != region and self.within(county, region)
        )

    def _chain(self, region: Region) -> list[Region]:
        """The region and everything above it, up to its province."""
        chain = [region]
        while (parent := chain[-1].parent) is not None:
            chain.append(self._by_code[parent])
        return chain


@cache
def load_regions() -> Regions:
    """The table that comes with ducha, read once. ValueError names the line of a malformed row."""
    return read_regions(asset_path("data", "regions.csv"))


def read_regions(path: Path) -> Regions:
    """Read a table in the format of `data/regions.csv`: UTF-8, the columns of COLUMNS, parents above their parts.

    Raises ValueError, naming file and line, for a missing column, a bad code, level, parent or point, a code or name
    that occurs twice, or a name of one character.
    """
    regions: dict[str, Region] = {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, strict=True)
        if tuple(next(rows, ())) != COLUMNS:
            raise ValueError(f"{path.name} line 1: the columns must be {','.join(COLUMNS)}")
        try:
            for row in rows:
                region = _region(row)
                _check_place(region, regions)
                regions[region.adcode] = region
        except (ValueError, csv.Error) as error:
            raise ValueError(f"{path.name} line {rows.line_num}: {error}") from None
    return Regions(regions.values())


def _region(row: list[str]) -> Region:
    """The region of one row; ValueError says what is wrong with its fields."""
    if len(row) != len(COLUMNS):
        raise ValueError(f"{len(row)} fields instead of {len(COLUMNS)}")
    adcode, name, level, parent, short_names, english, latitude, longitude = row
    if not re.fullmatch("[1-9][0-9]{5}", adcode):
        raise ValueError(f"{adcode!r} is no six-digit code")
    if level not in LEVELS:
        raise ValueError(f"{level!r} is none of the levels {', '.join(LEVELS)}")
    shorts = tuple(short_names.split(";")) if short_names else ()
    for form in (name, *shorts):
        if len(form) < 2:
            raise ValueError(f"{form!r} is too short for a name")
    if len({name, *shorts}) <= len(shorts):
        raise ValueError("a name occurs twice")
    if bool(latitude) != bool(longitude):
        raise ValueError("latitude and longitude go together")
    return Region(
        adcode=adcode,
        name=name,
        level=cast(Level, level),
        parent=parent or None,
        short_names=shorts,
        english=english or None,
        latitude=_degrees(latitude, 90),
        longitude=_degrees(longitude, 180),
    )


def _degrees(text: str, limit: int) -> Decimal | None:
    """Degrees between -limit and limit; None for an empty field."""
    if not text:
        return None
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        raise ValueError(f"{text!r} is no number of degrees")
    degrees = Decimal(text)
    if not -limit <= degrees <= limit:
        raise ValueError(f"{text} degrees are outside {-limit} to {limit}")
    return degrees


def _check_place(region: Region, above: Mapping[str, Region]) -> None:
    """ValueError unless the code is new and the parent is of a higher level and already read."""
    if region.adcode in above:
        raise ValueError(f"the code {region.adcode} occurs twice")
    if region.level == "province":
        if region.parent is not None:
            raise ValueError("a province has no parent")
        return
    if region.parent is None:
        raise ValueError(f"a {region.level} needs a parent")
    if region.parent not in above:
        raise ValueError(f"the parent {region.parent} is not above this line")
    if LEVELS.index(above[region.parent].level) >= LEVELS.index(region.level):
        raise ValueError(f"the parent {region.parent} is no higher than a {region.level}")
