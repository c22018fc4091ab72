"""Gold files: the hand-checked facts of documents, one YAML file a document (`docs/evaluation.md`).

The tables here say for each kind of fact where it stands in a gold file and where it stands in the graph.
"""

import calendar
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.errors import UsageError

_CONCEPTS = {
    "document": ("plan-announcement", "rectification-plan", "implementation-report", "other"),
    "level": ("central", "provincial", "municipal"),
    "kind": ("routine", "look-back", "special"),
    "status": ("completed", "in-progress", "long-term", "not-started"),
}
_COMPARATORS = {
    ">=": "at-least",
    "<=": "at-most",
    "=": "equal",
    ">": "more-than",
    "<": "less-than",
    "increase": "increase-by",
    "decrease": "decrease-by",
    "eliminate": "eliminate",
}


@dataclass(frozen=True)
class Entry:
    """A fact: a value, a thing found in a document, or the document itself with all it holds.

    `texts` are the accepted forms of a value, or the words a thing is known by; `amount` and `units` (none: any) are
    those of a quantity. `parts` go by kind of fact: in a gold entry an absent kind is not scored, and a kind without
    entries says that the document states none. An optional entry may be left out.
    """

    texts: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    amount: Decimal | None = None
    units: tuple[str, ...] = ()
    parts: Mapping[str, tuple["Entry", ...]] = field(default_factory=dict)
    optional: bool = False

    def __str__(self) -> str:
        amount = () if self.amount is None else (f"{self.amount:f}", *self.units[:1])
        return " ".join((*(self.texts or self.quotes)[:1], *amount))


@dataclass(frozen=True)
class Gold:
    """One gold file; `document` is the name of the file it is about, `marks` are quotes of damaged text."""

    name: str
    document: str
    facts: Entry
    marks: tuple[str, ...]


def read_gold(path: Path) -> list[Gold]:
    """The gold files of a folder, by name, or the one file `path`. Raises UsageError that names file and key."""
    files = [path] if path.is_file() else sorted([*path.glob("*.yaml"), *path.glob("*.yml")])
    if not files:
        raise UsageError(path, "holds no gold file", "name a folder of YAML files")
    return [_gold(_Place(file, "", _parse(file))) for file in files]


def _parse(file: Path) -> Any:
    try:
        import yaml  # noqa: PLC0415  of the dev extra: only evaluation reads YAML
    except ImportError:
        raise UsageError("ducha evaluate", "reads YAML, and PyYAML is not installed", "pip install pyyaml") from None

    class Loader(yaml.SafeLoader):
        """Dates stay text, so that a wrong one is named by its key."""

    Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: str(node.value))
    try:
        return yaml.load(file.read_text(encoding="utf-8-sig"), Loader)  # noqa: S506  a safe loader
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise UsageError(file.name, f"is no readable YAML ({' '.join(str(error).split())})", "correct it") from None


@dataclass(frozen=True)
class _Place:
    """A spot in a gold file: what stands there (None: nothing), and its name for the message when that is wrong."""

    file: Path
    name: str
    value: Any

    def at(self, keys: str) -> "_Place":
        """The spot under a key, or under keys joined by dots."""
        place = self
        for key in keys.split("."):
            if not isinstance(place.value, dict | None):
                raise place.wrong("a mapping")
            inner = place.value.get(key) if place.value else None
            place = _Place(self.file, f"{place.name}.{key}".lstrip("."), inner)
        return place

    def entries(self) -> list["_Place"]:
        """The entries of a list; nothing has none."""
        if not isinstance(self.value, list | None):
            raise self.wrong("a list")
        return [_Place(self.file, f"{self.name}[{i}]", value) for i, value in enumerate(self.value or ())]

    def plain(self, key: str = "value") -> "_Place":
        """The spot of the value itself: `round: 2` and `round: {value: 2}` say the same."""
        return self.at(key) if isinstance(self.value, dict) else self

    def text(self) -> str:
        if self.value is None or isinstance(self.value, dict | list | bool):
            raise self.wrong("a text")
        return str(self.value)

    def texts(self) -> tuple[str, ...]:
        """The text, or none where nothing stands."""
        return () if self.value is None else (self.text(),)

    def number(self) -> Decimal:
        try:
            return Decimal(self.text())
        except InvalidOperation:
            raise self.wrong("a number") from None

    def whole(self) -> str:
        if not re.fullmatch(r"\d+", self.text()):
            raise self.wrong("a whole number")
        return str(int(self.text()))

    def day(self) -> str:
        """A date as precise as it is written (2023, 2023-09, 2023-09-13); a time of day is dropped."""
        if match := re.match(r"\d{4}(?:-\d\d){0,2}(?![-\d])", self.text()):
            try:
                date.fromisoformat(f"{match[0]}-01-01"[:10])
                return match[0]
            except ValueError:
                pass  # the calendar has no such day
        raise self.wrong("a date such as 2023-09-13 or 2023-09")

    def last_day(self) -> str:
        """The last day of the year, the month or the day that is written."""
        day = self.day()
        if len(day) == 4:
            return f"{day}-12-31"
        return day if len(day) == 10 else f"{day}-{calendar.monthrange(int(day[:4]), int(day[5:]))[1]}"

    def concept(self, scheme: str) -> str:
        word = self.text().replace(" ", "-")
        if word not in _CONCEPTS[scheme]:
            raise self.wrong(f"one of {', '.join(_CONCEPTS[scheme])}")
        return word

    def comparator(self) -> str:
        if self.text() not in _COMPARATORS:
            raise self.wrong(f"one of {' '.join(_COMPARATORS)}")
        return _COMPARATORS[self.text()]

    def wrong(self, expected: str) -> UsageError:
        return UsageError(f"{self.file.name}: {self.name or 'the file'}", f"is not {expected}", "correct the gold file")


# Kind of fact → its key in a gold file, how it is read there, and the way from a document to it in the graph.
OF_DOCUMENT: dict[str, tuple[str, Callable[[_Place], str], str]] = {
    "document kind": ("document.kind", partial(_Place.concept, scheme="document"), "du:documentKind"),
    "title": ("document.title", _Place.text, "dcterms:title"),
    "issued": ("document.published", _Place.day, "dcterms:issued"),
    "city": (
        "city.name",
        _Place.text,
        "du:describes/du:region ?city . FILTER NOT EXISTS { ?city a du:Province } ?city rdfs:label",
    ),
    "province": (
        "city.province.name",
        _Place.text,
        "du:describes/du:region/du:partOf* ?province . ?province a du:Province ; rdfs:label",
    ),
    "level": ("supervision.level", partial(_Place.concept, scheme="level"), "du:concerns/du:level"),
    "supervision kind": ("supervision.kind", partial(_Place.concept, scheme="kind"), "du:concerns/du:kind"),
    "round": ("supervision.round", _Place.whole, "du:concerns/du:inRound/du:roundNumber"),
    "batch": ("supervision.batch", _Place.whole, "du:concerns/du:batch"),
    "team": ("supervision.team", _Place.text, "du:concerns/du:team/rdfs:label"),
    "start": ("supervision.start", _Place.day, "du:concerns/du:startDate"),
    "end": ("supervision.end", _Place.day, "du:concerns/du:endDate"),
    "stated days": ("supervision.stated_duration.days", _Place.whole, "du:concerns/du:statedDays"),
    "feedback date": ("supervision.feedback_date", _Place.day, "du:concerns/du:feedbackDate"),
    "plan title": ("plan.title", _Place.text, "du:describes/dcterms:title"),
}
# A thing in a document → the key of its list in a gold file, and its class in the graph.
THINGS = {
    "principle": ("principles", "Principle"),
    "goal": ("goals", "Goal"),
    "measure category": ("measure_categories", "MeasureCategory"),
    "safeguard": ("safeguards", "Safeguard"),
    "issue": ("issues", "Issue"),
    "target": ("targets", "Target"),
    "baseline": ("baselines", "Baseline"),
}
QUANTITIES = ("target", "baseline")
# The key of a stated count → the class of what is counted.
COUNTS = {
    "issues": "Issue",
    "aspects": "IssueCategory",
    "measures": "Measure",
    "measure_categories": "MeasureCategory",
    "goals": "Goal",
    "safeguards": "Safeguard",
    "petitions": "Petition",
}


def _gold(root: _Place) -> Gold:
    parts = {kind: _values(root.at(key), read) for kind, (key, read, _) in OF_DOCUMENT.items()}
    for key, name in COUNTS.items():
        if (place := root.at(f"plan.counts.{key}")).value is not None:
            parts[f"count of {name}"] = _values(place, _Place.whole)
    for kind, (key, _) in THINGS.items():
        if (place := root.at(key)).value is not None:
            parts[kind] = tuple(entry for one in place.entries() if (entry := _thing(kind, one)))
    file = root.at("document.file").text()
    return Gold(root.file.stem, file, Entry(parts=parts), tuple(dict.fromkeys(_marks(root))))


def _values(place: _Place, read: Callable[[_Place], str] = _Place.text) -> tuple[Entry, ...]:
    """The value of a scalar, or each of a list of values; `accept` has further forms, a masked value is optional."""
    plain = place.plain()
    if plain.value is None:
        return ()
    if isinstance(plain.value, list):
        return tuple(Entry((read(one),)) for one in plain.entries())
    if plain is place:
        return (Entry((read(place),)),)
    forms = (read(plain), *(read(one) for one in place.at("accept").entries()))
    return (Entry(forms, optional=bool(place.at("placeholder").value)),)


def _thing(kind: str, place: _Place) -> Entry | None:
    """An entry of a list; None for a quantity without a number, which is not scored."""
    texts = tuple(text for key in ("heading", "label", "text") for text in place.at(key).plain().texts())
    quoted = [place.at(key) for key in ("quote", "heading_quote", "label_quote")] + place.at("quote_pieces").entries()
    quotes = tuple(text for quote in quoted for text in quote.texts())
    if not texts and not quotes:
        raise place.wrong("an entry with a text or a quote")
    if kind in QUANTITIES:
        return _quantity(kind, place, quotes) if place.at("value").value is not None else None
    optional = bool(place.at("inferred").value or place.at("number_inferred").value)
    return Entry(texts, quotes, parts=_of_issue(place) if kind == "issue" else {}, optional=optional)


def _quantity(kind: str, place: _Place, quotes: tuple[str, ...]) -> Entry:
    parts = {f"{kind} due": _values(place.at("due"), _Place.last_day)}
    comparators = place.at("comparator_accept").entries() or [place.at("comparator")]
    if forms := tuple(one.comparator() for one in comparators if one.value is not None):
        parts[f"{kind} comparator"] = (Entry(forms),)
    return Entry(
        texts=place.at("indicator").texts(),
        quotes=quotes,
        amount=place.at("value").number(),
        units=place.at("unit").texts(),
        parts=parts,
        optional=any(place.at(key).value for key in ("optional", "weak", "duplicate_of")),
    )


def _of_issue(place: _Place) -> dict[str, tuple[Entry, ...]]:
    """What is said of an issue: organisations in each role and measures always, the rest where the gold has it."""
    values = {
        "issue category": _values(place.at("category").plain("heading")),
        "issue goal": _values(place.at("goal").plain("text")),
        "issue due": _values(place.at("due"), _Place.last_day),
        "issue status": _values(place.at("status"), partial(_Place.concept, scheme="status")),
    }
    parts = {kind: entries for kind, entries in values.items() if entries}
    for role in ("lead", "responsible", "cooperating"):
        written = place.at(f"{role}_orgs")
        if (names := written.plain("expanded")).value is None and written.value is not None:
            raise names.wrong("a list")
        parts[f"issue {role} organisation"] = tuple(Entry((name.text(),)) for name in names.entries())
    measures = (_thing("measure", measure) for measure in place.at("measures").entries())
    return {**parts, "measure": tuple(measure for measure in measures if measure)}


def _marks(place: _Place) -> Iterator[str]:
    """The quote of whatever is marked as a placeholder or listed under `damaged`."""
    if isinstance(place.value, list):
        for entry in place.entries():
            yield from _marks(entry)
    elif isinstance(place.value, dict):
        if place.at("placeholder").value or ".damaged[" in place.name:
            yield from place.at("quote").texts()
        for key in place.value:
            yield from _marks(place.at(str(key)))
