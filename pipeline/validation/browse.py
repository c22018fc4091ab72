"""The findings of a snapshot, filtered, counted and read in pages, none of which needs all of them in memory.

Reads `findings.db` (`pipeline/validation/index.py`), alone or beside that of another snapshot: then each finding is new, changed (the
same key with other numbers) or unchanged against it, and those of the other that are here no more are gone.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pipeline.errors import SnapshotError, UsageError, Wording
from pipeline.validation import shapes
from pipeline.validation.facets import CHANGES, JUDGED, OPEN, STATES, Facets, Filter, Listed, Tally
from pipeline.validation.index import FORM, JUDGEMENTS, SEVERITIES, Place, Source
from pipeline.validation.report import Judgement, Rule, Severity, read_finding

BATCH = 500
SORTS = {"severity": "f.id", "rule": "f.rule, f.id", "document": "f.document, f.begin, f.id"}
_CHANGED = "EXISTS (SELECT 1 FROM other.finding o WHERE o.key = f.key AND o.numbers {} f.numbers)"
_AGAINST = {
    "new": "NOT EXISTS (SELECT 1 FROM other.finding o WHERE o.key = f.key)",
    "changed": _CHANGED.format("<>"),
    "unchanged": _CHANGED.format("="),
}
_BY_NUMBER = {number: severity for severity, number in SEVERITIES.items()}


@contextmanager
def opened(path: Path, other: Path | None = None) -> Iterator["Findings"]:
    """The findings of a findings.db, and of another to hold them against. Raises SnapshotError."""
    for one in (path, other):
        if one is not None and not one.is_file():
            raise SnapshotError(
                one.parent, Wording("{file} is missing", file=one.name), "build it again with `ducha build`"
            )
    connection = sqlite3.connect(_address(path), uri=True, check_same_thread=False)
    try:
        if other is not None:
            connection.execute("ATTACH ? AS other", (_address(other),))
        for name in ("main", "other")[: 2 if other else 1]:
            if connection.execute(f"PRAGMA {name}.user_version").fetchone() != (FORM,):
                raise SnapshotError(path, "has another form", "build it again with `ducha build`")
        yield Findings(connection)
    except sqlite3.DatabaseError as error:
        raise SnapshotError(
            path, Wording("cannot be read ({why})", why=error), "build it again with `ducha build`"
        ) from None
    finally:
        connection.close()


def _address(path: Path) -> str:
    return f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"


class Findings:
    """Questions to one connection. Every filter must come from `resolved`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def resolved(self, wish: Filter) -> Filter:
        """The filter with ids for names. Raises UsageError for a value that means nothing here."""
        _known("severity", wish.severity, tuple(Severity))
        _known("judgement", wish.judgement, (OPEN, JUDGED, *Judgement))
        _known("state", wish.state, STATES)
        _known("change", wish.change, CHANGES)
        if wish.rule and wish.rule not in {rule.id for rule in (*self._rules.values(), *shapes.rules().values())}:
            raise UsageError(
                f"rule {wish.rule}", "is none that found something or could", "take an id of docs/rules.md"
            )
        region = self._name("region", wish.region, "? IN (name, zh, en)") if wish.region else ""
        document = self._name("document", wish.document, "? IN (name, file)") if wish.document else ""
        return replace(wish, region=region, document=document)

    def _name(self, table: str, wanted: str, condition: str) -> str:
        found = self._ask(f"SELECT name FROM {table} WHERE {condition} ORDER BY name", wanted)
        subject = f"{table} {wanted}"
        if not found:
            remedy = {"region": "give a code such as 450300, or a name", "document": "give an id or a file name"}[table]
            raise UsageError(subject, "is none of this snapshot's documents", remedy)
        if len(found) > 1:
            names = ", ".join(name for (name,) in found)
            raise UsageError(
                subject, Wording("stands for {n}", n=len(found)), Wording("give one of {names}", names=names)
            )
        return str(found[0][0])

    def count(self, wish: Filter) -> int:
        """How many findings a filter leaves."""
        where, values = self._where(wish)
        return int(self._ask(f"SELECT COUNT(*) FROM finding f WHERE {where}", *values)[0][0])

    def page(self, wish: Filter, sort: str = "severity", offset: int = 0, limit: int = BATCH) -> list[Listed]:
        """Findings `offset` to `offset + limit` in an order of SORTS."""
        where, values = self._where(wish)
        ids = f"SELECT f.id FROM finding f WHERE {where} ORDER BY {SORTS[sort]} LIMIT ? OFFSET ?"
        return self._listed([row[0] for row in self._ask(ids, *values, limit, offset)])

    def every(self, wish: Filter, sort: str = "severity") -> Iterator[Listed]:
        """All that a filter leaves, read a batch at a time; only their numbers are held."""
        where, values = self._where(wish)
        ids = [row[0] for row in self._ask(f"SELECT f.id FROM finding f WHERE {where} ORDER BY {SORTS[sort]}", *values)]
        for begin in range(0, len(ids), BATCH):
            yield from self._listed(ids[begin : begin + BATCH])

    def one(self, key: str) -> Listed | None:
        """The finding with this key."""
        return next(
            iter(self._listed([row[0] for row in self._ask("SELECT id FROM finding WHERE key = ?", key)])), None
        )

    def facets(self, wish: Filter, *, places: bool = True) -> Facets:
        """The counts of what a filter leaves; without `places` those by region and document are left out."""
        where, values = self._where(wish)
        severities: Counter[Severity] = Counter(dict.fromkeys(Severity, 0))
        judgements: Counter[str] = Counter(dict.fromkeys((OPEN, *Judgement), 0))
        rules: dict[int, Counter[Severity]] = {}
        names = {number: judgement.value if judgement else OPEN for judgement, number in JUDGEMENTS.items()}
        grouped = f"SELECT f.rule, f.severity, f.judgement, COUNT(*) FROM finding f WHERE {where} GROUP BY 1, 2, 3"
        for rule, number, judgement, count in self._ask(grouped, *values):
            severities[_BY_NUMBER[number]] += count
            judgements[names[judgement]] += count
            rules.setdefault(rule, Counter())[_BY_NUMBER[number]] += count
        by_rule = [Tally(self._rules[rule], counts) for rule, counts in rules.items()]
        by_rule.sort(key=lambda one: (SEVERITIES[one.about.severity], -one.total, one.about.id))
        regions = self._nested(self._tallies("in_region", "region", wish)) if places else ()
        documents = self._by_document(wish) if places else ()
        return Facets(severities.total(), severities, judgements, tuple(by_rule), tuple(regions), tuple(documents))

    def _by_document(self, wish: Filter) -> list[Tally]:
        """Documents with the gravest findings first, then with most."""
        tallies = self._tallies("in_document", "document", wish)
        found = [Tally(self._documents[number], counts) for number, counts in tallies.items()]
        return sorted(found, key=lambda one: (*(-one.counts.get(kind, 0) for kind in Severity), one.about.file))

    def trend(self, wish: Filter) -> dict[str, Counter[str]]:
        """Rule id → how many findings are new, changed and unchanged; what is gone is asked of the other side."""
        where, values = self._where(wish)
        kind = "CASE WHEN o.key IS NULL THEN 'new' WHEN o.numbers <> f.numbers THEN 'changed' ELSE 'unchanged' END"
        query = f"SELECT f.rule, {kind}, COUNT(*) FROM finding f LEFT JOIN other.finding o ON o.key = f.key WHERE {where} GROUP BY 1, 2"
        found: dict[str, Counter[str]] = {}
        for rule, change, count in self._ask(query, *values):
            found.setdefault(self._rules[rule].id, Counter())[change] += count
        return found

    @cached_property
    def _rules(self) -> dict[int, Rule]:
        rows = self._ask("SELECT id, shape, severity, zh, en, documentation FROM rule")
        return {number: Rule(shape, _BY_NUMBER[severity], *rest) for number, shape, severity, *rest in rows}

    @property
    def rules(self) -> dict[str, Rule]:
        """Every rule by its id."""
        return {rule.id: rule for rule in self._rules.values()}

    @cached_property
    def _documents(self) -> dict[int, Source]:
        rows = self._ask("SELECT id, iri, file, title, left_out FROM document")
        return {number: Source(iri, file, title, (), bool(out)) for number, iri, file, title, out in rows}

    @cached_property
    def _regions(self) -> dict[int, tuple[Place, int | None]]:
        rows = self._ask("SELECT id, name, iri, zh, en, parent FROM region")
        return {number: (Place(iri or name, zh, en), parent) for number, name, iri, zh, en, parent in rows}

    def _where(self, wish: Filter) -> tuple[str, list[object]]:
        """The condition on `finding f`, and what its marks stand for."""
        judgement = {OPEN: "f.judgement = 0", JUDGED: "f.judgement > 0"}.get(wish.judgement, "f.judgement = ?")
        parts: list[tuple[str, list[object]]] = [("1", [])]
        if wish.severity:
            parts.append(("f.severity = ?", [SEVERITIES[Severity(wish.severity)]]))
        if wish.rule:
            parts.append(("f.rule = (SELECT id FROM rule WHERE name = ?)", [wish.rule]))
        if wish.judgement:
            named = "?" in judgement
            parts.append((judgement, [JUDGEMENTS[Judgement(wish.judgement)]] if named else []))
        for name in ("region", "document"):
            if value := getattr(wish, name):
                chosen = f"SELECT finding FROM in_{name} WHERE {name} = (SELECT id FROM {name} WHERE name = ?)"
                parts.append((f"f.id IN ({chosen})", [value]))
        if wish.state:
            parts.append(("f.left_out = ?", [wish.state == "left-out"]))
        if wish.change:
            parts.append((_AGAINST[wish.change], []))
        return " AND ".join(part for part, _ in parts), [value for _, values in parts for value in values]

    def _tallies(self, table: str, column: str, wish: Filter) -> dict[int, Counter[Severity]]:
        if wish.given:
            where, values = self._where(wish)
            chosen = f"{table} t JOIN finding f ON f.id = t.finding WHERE {where}"
        else:
            chosen, values = f"{table} t", []
        found: dict[int, Counter[Severity]] = {}
        query = f"SELECT t.{column}, t.severity, COUNT(*) FROM {chosen} GROUP BY 1, 2"
        for number, severity, count in self._ask(query, *values):
            found.setdefault(number, Counter())[_BY_NUMBER[severity]] += count
        return found

    def _nested(self, tallies: Mapping[int, Counter[Severity]]) -> Iterator[Tally]:
        """Regions with most findings first, each followed by those in it."""
        below: dict[int | None, list[int]] = {}
        for number in sorted(tallies, key=lambda one: (-sum(tallies[one].values()), self._regions[one][0].iri)):
            below.setdefault(self._regions[number][1], []).append(number)

        def walk(parent: int | None, depth: int) -> Iterator[Tally]:
            for number in below.get(parent, ()):
                yield Tally(self._regions[number][0], tallies[number], depth)
                yield from walk(number, depth + 1)

        return walk(None, 0)

    def _listed(self, ids: list[int]) -> list[Listed]:
        if not ids:
            return []
        these = ",".join(map(str, ids))  # integers of this file
        bodies = {
            row[0]: row[1:]
            for row in self._ask(
                f"SELECT f.id, f.key, f.rule, f.left_out, b.json FROM finding f JOIN body b USING (id) WHERE f.id IN ({these})"
            )
        }
        documents = self._of("in_document", "document", these)
        regions = self._of("in_region", "region", these)
        found = []
        for number in ids:
            key, rule, left_out, body = bodies[number]
            around = {region: self._regions[region] for region in regions.get(number, ())}
            outer = {parent for _, parent in around.values()}
            inner = sorted(around, key=lambda one: (one in outer, one))
            found.append(
                Listed(
                    key,
                    read_finding(json.loads(body), self._rules[rule]),
                    self._rules[rule],
                    tuple(self._documents[one] for one in documents.get(number, ())),
                    tuple(around[one][0] for one in inner if one),
                    bool(left_out),
                )
            )
        return found

    def _of(self, table: str, column: str, these: str) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        query = f"SELECT finding, {column} FROM {table} WHERE finding IN ({these}) ORDER BY finding, {column}"
        for finding, number in self._ask(query):
            found.setdefault(finding, []).append(number)
        return found

    def _ask(self, query: str, *values: object) -> list[Any]:
        return self._connection.execute(query, values).fetchall()


def _known(field: str, value: str, allowed: tuple[str, ...]) -> None:
    if value and value not in allowed:
        remedy = Wording("choose from {names}", names=", ".join(allowed))
        raise UsageError(f"{field} {value}", "is none", remedy)
