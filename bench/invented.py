"""What an invented plan says, before it has a layout: a city, a visit, lists, and issues out of `matters.csv`."""

import csv
import random
import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from pipeline.assets import asset_path

HERE = Path(__file__).resolve().parent
NUMERALS = "零一二三四五六七八九十"
FEWEST, MOST = 5, 60  # issues
LONG_TERM = 0.1  # of the issues
OWN_DEADLINE = 0.3  # of the measures
MONTHS = 66  # in which visits begin, from January of FIRST on
FIRST = 2018
STRIDE = 29  # coprime to MONTHS, so that a city's visits fall into different months
_SLOT = re.compile(r"\{(\w+)(?::(\d+)-(\d+))?\}")


@dataclass(frozen=True)
class Due:
    """A deadline: its last day and the words for it."""

    day: date
    words: str


@dataclass(frozen=True)
class Issue:
    """One issue; `due` is None where it is for good (长期坚持). A measure may have a deadline of its own."""

    number: int
    category: str
    words: str
    goal: str
    measures: tuple[tuple[str, Due | None], ...]
    due: Due | None
    lead: str
    responsible: str


@dataclass(frozen=True)
class Plan:
    """All that one plan says; `stated` is the number of issues that it claims, `closings` those closed in
    each year, `skipped` a safeguard's number that is left out (0 where none is)."""

    region: str
    province: str
    central: bool
    team: int
    visit_round: int
    begin: date
    end: date
    days: int
    feedback: date
    issued: date
    guiding: str
    principles: tuple[str, ...]
    goals: tuple[str, ...]
    works: tuple[str, ...]
    safeguards: tuple[str, ...]
    safeguards_stated: int
    skipped: int
    stated: int
    closings: tuple[tuple[int, int], ...]
    issues: tuple[Issue, ...]

    @property
    def supervision(self) -> str:
        """The supervision by its level."""
        return f"{'中央' if self.central else self.province}生态环境保护督察"

    @property
    def title(self) -> str:
        """The plan's title."""
        return f"{self.region}贯彻落实第{NUMERALS[self.visit_round]}轮{self.supervision}反馈意见整改方案"


@dataclass(frozen=True)
class City:
    """A prefecture-level city with its province and counties."""

    name: str
    province: str
    counties: tuple[str, ...]


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@cache
def cities() -> tuple[City, ...]:
    """Those of `data/regions.csv` with at least four counties, in the order of their codes."""
    rows = rows_of(asset_path("data", "regions.csv"))
    names = {row["adcode"]: row["name"] for row in rows}
    counties: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row["level"] == "county":
            counties[row["parent"]].append(row["name"])
    return tuple(
        City(row["name"], names[row["parent"]], tuple(counties[row["adcode"]]))
        for row in rows
        if row["level"] == "prefecture" and row["name"].endswith("市") and len(counties[row["adcode"]]) >= 4
    )


@cache
def rivers() -> tuple[str, ...]:
    """Names of rivers that are no name of a region."""
    rows = rows_of(asset_path("data", "regions.csv"))
    known = {name for row in rows for name in (row["name"], *row["short_names"].split(";"))}
    made = (first + second + last for first in "青柳云松竹兰梅荷" for second in "石沙塘源湾坪" for last in "河溪江")
    return tuple(name for name in made if not any(name[at:end] in known for at in (0, 1) for end in (2, 3)))


@cache
def phrases() -> dict[str, list[str]]:
    """The words of the lists, by part."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows_of(HERE / "phrases.csv"):
        found[row["part"]].append(row["words"])
    return dict(found)


@cache
def matters() -> list[dict[str, str]]:
    """What issues are made of; one whose goal is an indicator of the whole plan comes `once`, in one county."""
    return rows_of(HERE / "matters.csv")


def filled(words: str, choice: random.Random, known: dict[str, str]) -> str:
    """The words with their slots filled: a known name, or a number of a range."""
    return _SLOT.sub(lambda m: str(choice.randint(int(m[2]), int(m[3]))) if m[2] else known[m[1]], words)


def invent(at: int, choice: random.Random) -> Plan:
    """The `at`-th plan; no two have one city and month, up to MONTHS times the number of cities."""
    cycle, place = divmod(at, len(cities()))
    place = place * 97 % len(cities())  # neighbours in the list are neighbours on the map
    city = cities()[place]
    month = (cycle * STRIDE + place * 7) % MONTHS
    begin = date(FIRST + month // 12, month % 12 + 1, choice.randint(1, 28))
    central = choice.random() < 0.25
    end = begin + timedelta(days=choice.randint(27, 31) if central else choice.randint(12, 20))
    feedback = end + timedelta(days=choice.randint(40, 90))
    issued = feedback + timedelta(days=choice.randint(40, 90))
    issues = _issues(city, choice, issued)
    years = sorted({issue.due.day.year for issue in issues if issue.due})
    known = {"region": city.name.removesuffix("市"), "year": str(years[-1])}
    safeguards = _some(choice, "safeguard", 3, 6, known)
    return Plan(
        region=city.name,
        province=city.province,
        central=central,
        team=choice.randint(1, 10),
        visit_round=1 if begin.year < 2020 else 2 if begin.year < 2023 else 3,
        begin=begin,
        end=end,
        days=(end - begin).days + 1,
        feedback=feedback,
        issued=issued,
        guiding=filled(choice.choice(phrases()["guiding"]), choice, known),
        principles=_some(choice, "principle", 3, 5, {}),
        goals=_some(choice, "goal", 2, 5, known),
        works=_some(choice, "work", 3, 6, known),
        safeguards=safeguards,
        safeguards_stated=len(safeguards),
        skipped=0,
        stated=len(issues),
        closings=tuple((year, sum(i.due is not None and i.due.day.year == year for i in issues)) for year in years),
        issues=issues,
    )


def _some(choice: random.Random, part: str, least: int, most: int, known: dict[str, str]) -> tuple[str, ...]:
    pool = phrases()[part]
    return tuple(filled(words, choice, known) for words in choice.sample(pool, choice.randint(least, most)))


def _issues(city: City, choice: random.Random, issued: date) -> tuple[Issue, ...]:
    pairs = [
        (at, county)
        for at, matter in enumerate(matters())
        for county in ([choice.choice(city.counties)] if matter["once"] else city.counties)
    ]
    wanted = min(round(FEWEST * (MOST / FEWEST) ** choice.random()), len(pairs))
    chosen = choice.sample(pairs, wanted)
    return tuple(
        _issue(number, matters()[matter], county, choice, issued, number == 1)
        for number, (matter, county) in enumerate(sorted(chosen), 1)
    )


def _issue(number: int, matter: dict[str, str], county: str, choice: random.Random, issued: date, dated: bool) -> Issue:
    known = {"county": county, "river": choice.choice(rivers())}
    due = due_after(issued, choice) if dated or choice.random() > LONG_TERM else None
    measures = matter["measures"].split(";")
    kept = sorted(choice.sample(range(len(measures)), choice.randint(2, len(measures))))
    told = []
    for at in kept:
        own = due_after(issued, choice, due.day) if due and choice.random() < OWN_DEADLINE else None
        told.append((filled(measures[at], choice, known), own))
    return Issue(
        number=number,
        category=matter["category"],
        words=filled(matter["issue"], choice, known),
        goal=filled(matter["goal"], choice, known),
        measures=tuple(told),
        due=due,
        lead=matter["lead"],
        responsible=filled(matter["bodies"].replace(";", "，"), choice, known),
    )


def due_after(issued: date, choice: random.Random, latest: date | None = None) -> Due:
    """A deadline after the day of issue, within four years and not after `latest`."""
    last = latest or date(issued.year + 4, 12, 31)
    every = [
        due
        for year in range(issued.year, last.year + 1)
        for due in (
            Due(date(year, 12, 31), f"{year}年底前"),
            Due(date(year, 12, 31), f"{year}年12月底前"),
            Due(date(year, 6, 30), f"{year}年6月底前"),
            Due(date(year, 9, 30), f"{year}年9月30日前"),
        )
        if issued < due.day <= last
    ]
    return choice.choice(every)
