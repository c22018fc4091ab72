"""China's administrative divisions (行政区划, GB/T 2260) down to the county, and what places are called in texts.

Reads `data/regions.csv`, `data/former_regions.csv` and `data/zones.csv`; data/regions.md says where they come from. A
name may have several bearers (there are four 鼓楼区): this module returns all of them and leaves the choice to whoever
knows the text. A division that is gone (撤县设区) keeps its name and code, and never stands in the way of one in force.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pipeline.assets import asset_path
from pipeline.region_tables import COLUMNS, LEVELS, Alias, Level, Region, former_rows, region_rows, zone_rows

__all__ = ["COLUMNS", "LEVELS", "Alias", "Level", "Region", "Regions", "load_regions", "read_regions"]


class Regions:
    """The divisions in force, in the order of their codes; beside them those that are gone, the zones, other names."""

    def __init__(
        self,
        regions: Iterable[Region],
        former: Iterable[Region] = (),
        zones: Iterable[Region] = (),
        aliases: Iterable[Alias] = (),
    ) -> None:
        """Index the regions. Each parent must be among them; ValueError names the region whose parent is not."""
        self._present = sorted(regions, key=_code)
        self._former, self._zones = tuple(sorted(former, key=_code)), tuple(sorted(zones, key=_code))
        self._by_code = {region.adcode: region for region in (*self._present, *self._former, *self._zones)}
        for region in self._by_code.values():
            if region.parent is not None and region.parent not in self._by_code:
                raise ValueError(
                    f"region {region.adcode} {region.name}: its parent {region.parent} is not in the table"
                )
        self._aliases = tuple(aliases)
        self._every, self._forms = self._index()

    def _index(self) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]]:
        """Name → every bearer, gone or not; name → those it means where nothing else is said."""
        forms: defaultdict[str, set[str]] = defaultdict(set)
        for region in (*self._present, *self._zones):
            for name in (region.name, *region.short_names):
                forms[name].add(region.adcode)
        for alias in self._aliases:
            forms[alias.name].add(alias.adcode)
        every = defaultdict(set, {name: set(codes) for name, codes in forms.items()})
        known = frozenset(forms)
        for region in sorted(self._former, key=lambda region: -(region.valid_until or 0)):
            if not any(self._stands_for(self._by_code[code], region) for code in forms[region.name]):
                forms[region.name].add(region.adcode)
            every[region.name].add(region.adcode)
            for name in set(region.short_names) - known:
                forms[name].add(region.adcode)
                every[name].add(region.adcode)
        return _frozen(every), _frozen(forms)

    def _stands_for(self, other: Region, gone: Region) -> bool:
        """Whether a division of the same name takes the place of one that is gone.

        It does when it lies in the same division, is the successor, or succeeds the division above (吐鲁番市 of
        吐鲁番地区); and a younger former one does when both have one successor.
        """
        above = self._by_code[gone.parent].successors if gone.parent else ()
        return (
            (other.parent == gone.parent and other.valid_until is None)
            or other.adcode in (*gone.successors, *above)
            or bool(set(other.successors) & set(gone.successors))
        )

    def __iter__(self) -> Iterator[Region]:
        return iter(self._present)

    def __len__(self) -> int:
        return len(self._present)

    @property
    def former(self) -> tuple[Region, ...]:
        """The divisions that are gone, by code; each has `valid_until` and `successors`."""
        return self._former

    @property
    def zones(self) -> tuple[Region, ...]:
        """The zones (功能区) that stand where a division does and are none, by key."""
        return self._zones

    def aliases(self, name: str | None = None, adcode: str | None = None) -> tuple[Alias, ...]:
        """Other names of divisions in force: those that read `name`, those of one division, or all."""
        return tuple(alias for alias in self._aliases if name in (None, alias.name) and adcode in (None, alias.adcode))

    def get(self, adcode: str) -> Region:
        """The region of a six-digit code or zone key, gone or not; KeyError when there never was one since 2014."""
        return self._by_code[adcode]

    def named(self, name: str, inside: Region | None = None) -> tuple[Region, ...]:
        """Every bearer of a full or short name, by code; empty when nothing is called so.

        A division that is gone is a bearer unless a present one took its place under the same name. With `inside`, only
        bearers in that region, those in force first: 寿县 is in 淮南市, and was in 六安市.
        """
        if inside is None:
            return tuple(self._by_code[code] for code in self._forms.get(name, ()))
        bearers = [self._by_code[code] for code in self._every.get(name, ())]
        here = [bearer for bearer in bearers if self.within(bearer, inside)]
        return tuple(bearer for bearer in here if bearer.valid_until is None) or tuple(here)

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


def _code(region: Region) -> str:
    return region.adcode


def _frozen(names: Mapping[str, set[str]]) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({name: tuple(sorted(codes)) for name, codes in names.items() if codes})


@cache
def load_regions() -> Regions:
    """The tables that come with ducha, read once. ValueError names the line of a malformed row."""
    present = region_rows(asset_path("data", "regions.csv"))
    former, renamed = former_rows(asset_path("data", "former_regions.csv"), present)
    zones, names = zone_rows(asset_path("data", "zones.csv"), present)
    return Regions(present.values(), former, zones, [*renamed, *names])


def read_regions(path: Path) -> Regions:
    """Read a table in the format of `data/regions.csv`: UTF-8, the columns of COLUMNS, parents above their parts.

    Raises ValueError, naming file and line, for a missing column, a bad code, level, parent or point, a code or name
    that occurs twice, or a name of one character.
    """
    return Regions(region_rows(path).values())
