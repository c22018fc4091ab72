"""What bodies (单位) are also called: abbreviations and their full forms, and the names of the 2018 reform.

Reads `data/organizations.csv`. In: a label that begins with its region's name. Out: other labels of the same body, for
finding it; or the label of the body that took over its work. Neither ever replaces the label as written.
"""

import csv
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from pipeline.assets import asset_path
from pipeline.region import Region


class Successor(NamedTuple):
    """The body that took over, the year of the reform, and the old body's name in full."""

    label: str
    year: int
    before: str


@cache
def _table() -> dict[str, dict[str, dict[str, str]]]:
    """Relation → form → its row."""
    table: dict[str, dict[str, dict[str, str]]] = {}
    with asset_path("data", "organizations.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            table.setdefault(row["relation"], {})[row["form"]] = row
    return table


def full_labels(label: str, region: Region) -> tuple[str, ...]:
    """Other ways to write a label: its abbreviation in full, and with the region's full name (恩施州住建局)."""
    return tuple(full for full in _spelled(label, region) if full != label)


def successor(label: str, region: Region, known: frozenset[str]) -> Successor | None:
    """The body that took over from one abolished by the reform, where only one can have.

    A form with several successors has one only where exactly one of them is `known`, a label of the same text.
    """
    rows = _table()["succeeded"]
    for before in _spelled(label, region):
        place, form = _split(before, region)
        row = rows.get(form)
        if row is None or region.level not in row["levels"].split(";"):
            continue
        after = [place + name for name in row["forms"].split(";")]
        found = [(name, other) for name in after for other in sorted(known) if name in _spelled(other, region)]
        if len(after) == 1 or len({name for name, _ in found}) == 1:
            return Successor(found[0][1] if found else after[0], int(row["year"]), before)
    return None


def _spelled(label: str, region: Region) -> Iterator[str]:
    """The label, and every other way in which it may be written in full."""
    place, form = _split(label, region)
    if not place:
        yield label
        return
    row = _table()["abbreviates"].get(form)
    for name in [form, *(row["forms"].split(";") if row else ())]:
        yield from dict.fromkeys((place + name, region.name + name))


def _split(label: str, region: Region) -> tuple[str, str]:
    """The region's name at the head of a label, and the rest; "" where the label begins with neither name."""
    names = (region.name, *region.short_names)
    place = max((name for name in names if label.startswith(name)), key=len, default="")
    return place, label[len(place) :]
