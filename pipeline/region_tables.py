"""The tables of places: divisions in force, divisions that are gone, zones. In: the CSV files of `data/`. Out: records.

data/regions.md says where the tables come from and what their columns hold. A malformed row is a ValueError that names
file and line.
"""

import csv
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal, NamedTuple, cast

Level = Literal["province", "prefecture", "county", "zone"]

COLUMNS = ("adcode", "name", "level", "parent", "short_names", "english", "latitude", "longitude")
FORMER_COLUMNS = ("adcode", "name", "level", "parent", "short_names", "valid_until", "successors")
ZONE_COLUMNS = ("id", "name", "short_names", "kind", "relation", "region", "source")
LEVELS = ("province", "prefecture", "county")


@dataclass(frozen=True, slots=True)
class Region:
    """One division of a province (省级), prefecture (地级) or county (县级), or a zone (功能区) that stands where one does.

    `adcode` is its six-digit code of GB/T 2260; a zone has no code, and its key in lower-case letters stands there.
    `parent` is the code of the division directly above: a province's parent is None, a district of a 直辖市 and a
    directly administered county (省直辖县级) have the province. `english` is given for provinces and prefectures. The
    point is that of the place or seat of government in degrees WGS84, good to a few kilometres; latitude and longitude
    are None together. A division that is gone has the year in which it ended and the codes of what took its place.
    """

    adcode: str
    name: str
    level: Level
    parent: str | None
    short_names: tuple[str, ...]
    english: str | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    valid_until: int | None = None
    successors: tuple[str, ...] = ()


class Alias(NamedTuple):
    """Another name of a division: the former one of a code still in force, or of a zone that covers the same area.

    `kind` is `former-name` or the zone's kind (`new-area`, `corps-division`); `year` is that of the renaming.
    """

    name: str
    adcode: str
    kind: str
    year: int | None = None


def region_rows(path: Path) -> dict[str, Region]:
    """The divisions in force, in the format of `data/regions.csv`: parents stand above their parts."""
    regions: dict[str, Region] = {}

    def add(row: list[str]) -> None:
        region = _region(row)
        _check_place(region, regions)
        regions[region.adcode] = region

    _read(path, COLUMNS, add)
    return regions


def former_rows(path: Path, present: Mapping[str, Region]) -> tuple[list[Region], list[Alias]]:
    """The divisions that are gone, in the format of `data/former_regions.csv`, and former names of codes in force."""
    gone: dict[str, Region] = {}
    aliases: list[Alias] = []

    def add(row: list[str]) -> None:
        adcode, name, level, parent, short_names, ended, successors = row
        if unknown := set(successors.split(";")) - present.keys():
            raise ValueError(f"the successor {min(unknown)} is no division in force")
        if not re.fullmatch("20[0-9]{2}", ended):
            raise ValueError(f"{ended!r} is no year")
        if adcode in present:
            aliases.extend(Alias(form, adcode, "former-name", int(ended)) for form in _forms(name, short_names))
            return
        _check_code_and_level(adcode, level)
        region = Region(
            adcode=adcode,
            name=name,
            level=cast(Level, level),
            parent=parent or None,
            short_names=_forms(name, short_names)[1:],
            valid_until=int(ended),
            successors=tuple(successors.split(";")),
        )
        _check_place(region, {**present, **gone})
        gone[adcode] = region

    _read(path, FORMER_COLUMNS, add)
    return list(gone.values()), aliases


def zone_rows(path: Path, present: Mapping[str, Region]) -> tuple[list[Region], list[Alias]]:
    """The zones, in the format of `data/zones.csv`: those of their own, and names of those that are a division too."""
    zones: dict[str, Region] = {}
    aliases: list[Alias] = []

    def add(row: list[str]) -> None:
        key, name, short_names, kind, relation, region, _ = row
        if region not in present:
            raise ValueError(f"{region!r} is no division in force")
        forms = _forms(name, short_names)
        if relation == "same" and not key:
            aliases.extend(Alias(form, region, kind) for form in forms)
        elif relation == "within" and re.fullmatch("[a-z][a-z0-9-]*", key) and key not in zones:
            zones[key] = Region(key, name, "zone", region, forms[1:])
        else:
            raise ValueError("a zone is the same as a division and has no key, or lies within one and has its own")

    _read(path, ZONE_COLUMNS, add)
    return list(zones.values()), aliases


def _read(path: Path, columns: tuple[str, ...], add: Callable[[list[str]], None]) -> None:
    """Hand every row of a UTF-8 table to `add`; ValueError names file and line."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, strict=True)
        if tuple(next(rows, ())) != columns:
            raise ValueError(f"{path.name} line 1: the columns must be {','.join(columns)}")
        try:
            for row in rows:
                if len(row) != len(columns):
                    raise ValueError(f"{len(row)} fields instead of {len(columns)}")
                add(row)
        except (ValueError, csv.Error) as error:
            raise ValueError(f"{path.name} line {rows.line_num}: {error}") from None


def _region(row: list[str]) -> Region:
    """The region of one row; ValueError says what is wrong with its fields."""
    adcode, name, level, parent, short_names, english, latitude, longitude = row
    _check_code_and_level(adcode, level)
    if bool(latitude) != bool(longitude):
        raise ValueError("latitude and longitude go together")
    return Region(
        adcode=adcode,
        name=name,
        level=cast(Level, level),
        parent=parent or None,
        short_names=_forms(name, short_names)[1:],
        english=english or None,
        latitude=_degrees(latitude, 90),
        longitude=_degrees(longitude, 180),
    )


def _check_code_and_level(adcode: str, level: str) -> None:
    if not re.fullmatch("[1-9][0-9]{5}", adcode):
        raise ValueError(f"{adcode!r} is no six-digit code")
    if level not in LEVELS:
        raise ValueError(f"{level!r} is none of the levels {', '.join(LEVELS)}")


def _forms(name: str, short_names: str) -> tuple[str, ...]:
    """The full name and the short ones of a `;` list; ValueError for one of a single character or given twice."""
    forms = (name, *_listed(short_names))
    for form in forms:
        if len(form) < 2:
            raise ValueError(f"{form!r} is too short for a name")
    if len(set(forms)) < len(forms):
        raise ValueError("a name occurs twice")
    return forms


def _listed(field: str) -> Iterable[str]:
    return field.split(";") if field else ()


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
