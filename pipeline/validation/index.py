"""The findings of a snapshot in a file to look things up in: `findings.db`, SQLite, written once.

`pipeline/validation/browse.py` reads it, page by page. What a filter asks for stands in narrow tables with indexes; the findings
themselves, as `validation.json` has them, in one of their own. A finding lies in the regions its documents are about, and in
those that these lie in; `none` stands for a region that is not known.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.validation.report import Finding, Judgement, Rule, Severity, finding_json

FORM = 1  # PRAGMA user_version; raise it when the tables below change
SEVERITIES = {severity: number for number, severity in enumerate(Severity)}
JUDGEMENTS: dict[Judgement | None, int] = {
    None: 0,
    **{judgement: number for number, judgement in enumerate(Judgement, 1)},
}
NOWHERE = "none"
TABLES = """
CREATE TABLE rule (id INTEGER PRIMARY KEY, name TEXT, shape TEXT, severity INTEGER, zh TEXT, en TEXT, documentation TEXT);
CREATE TABLE document (id INTEGER PRIMARY KEY, name TEXT, iri TEXT UNIQUE, file TEXT, title TEXT, left_out INTEGER);
CREATE TABLE region (id INTEGER PRIMARY KEY, name TEXT, iri TEXT, zh TEXT, en TEXT, parent INTEGER);
CREATE TABLE finding (id INTEGER PRIMARY KEY, key TEXT, rule INTEGER, severity INTEGER, judgement INTEGER,
                      left_out INTEGER, document INTEGER, begin INTEGER, numbers TEXT);
CREATE TABLE body (id INTEGER PRIMARY KEY, json TEXT);
CREATE TABLE in_document (document INTEGER, severity INTEGER, finding INTEGER, PRIMARY KEY (document, severity, finding)) WITHOUT ROWID;
CREATE TABLE in_region (region INTEGER, severity INTEGER, finding INTEGER, PRIMARY KEY (region, severity, finding)) WITHOUT ROWID;
"""
INDEXES = """
CREATE INDEX finding_key ON finding (key);
CREATE INDEX finding_rule ON finding (rule, severity, judgement);
CREATE INDEX finding_severity ON finding (severity);
CREATE INDEX finding_judgement ON finding (judgement);
CREATE INDEX finding_left_out ON finding (left_out) WHERE left_out;
CREATE INDEX finding_place ON finding (document, begin);
CREATE INDEX document_of ON in_document (finding);
CREATE INDEX region_of ON in_region (finding);
PRAGMA optimize;
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A region: its IRI, its names, and the IRI of the region it lies in."""

    iri: str
    zh: str
    en: str
    parent: str = ""

    @property
    def name(self) -> str:
        """The last step of the IRI, e.g. `450300`."""
        return self.iri.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Source:
    """A document: its IRI, file and title, the IRIs of the regions it is about, and whether it is left out."""

    iri: str
    file: str
    title: str
    regions: tuple[str, ...] = ()
    left_out: bool = False

    @property
    def name(self) -> str:
        return self.iri.rsplit("/", 1)[-1]


def write_index(
    path: Path | str,
    findings: Iterable[tuple[str, Finding]],
    rules: Mapping[str, Rule],
    sources: Iterable[Source],
    places: Mapping[str, Place],
    left_out: Collection[str] = (),
) -> sqlite3.Connection:
    """Writes findings, each with its key, in their order. `places` maps IRIs to regions; `left_out` are the keys of
    findings that are about documents left out alone."""
    connection = sqlite3.connect(path, isolation_level=None)
    # What is written is thrown away whole when the build fails, so that no journal is needed.
    connection.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA user_version={FORM};{TABLES}")
    connection.execute("BEGIN")
    writer = _Writer(connection, rules, sorted(sources, key=lambda one: (one.file, one.iri)), places)
    for number, (key, finding) in enumerate(findings, 1):
        writer.add(number, key, finding, key in left_out)
    connection.execute("COMMIT")
    connection.executescript(INDEXES)
    return connection


class _Writer:
    """Rules in the order of their names, documents in that of their files, regions as they are met."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        rules: Mapping[str, Rule],
        sources: Iterable[Source],
        places: Mapping[str, Place],
    ) -> None:
        self._connection, self._places = connection, places
        self._regions: dict[str, int] = {NOWHERE: 0}
        connection.execute("INSERT INTO region VALUES (0, ?, '', '地区不明', 'region not known', NULL)", (NOWHERE,))
        self._rules = {rule.shape: n for n, rule in enumerate(sorted(rules.values(), key=lambda one: one.id), 1)}
        for rule in rules.values():
            row = (
                self._rules[rule.shape],
                rule.id,
                rule.shape,
                SEVERITIES[rule.severity],
                rule.label_zh,
                rule.label_en,
            )
            connection.execute("INSERT INTO rule VALUES (?,?,?,?,?,?,?)", (*row, rule.documentation))
        self._documents: dict[str, tuple[int, frozenset[int]]] = {}
        for number, source in enumerate(sources, 1):
            around = frozenset(n for iri in source.regions for n in self._upwards(iri)) or frozenset({0})
            self._documents[source.iri] = (number, around)
            named = (number, source.name, source.iri, source.file, source.title, source.left_out)
            connection.execute("INSERT INTO document VALUES (?,?,?,?,?,?)", named)

    def _upwards(self, iri: str, below: frozenset[str] = frozenset()) -> Iterator[int]:
        """The numbers of a region and of those it lies in; a region is written down when it is first met. Data of others
        may say that a region lies in itself."""
        place = self._places.get(iri) or Place(iri, iri.rsplit("/", 1)[-1], iri.rsplit("/", 1)[-1])
        below = below | {iri}
        above = [*self._upwards(place.parent, below)] if place.parent and place.parent not in below else []
        if iri not in self._regions:
            self._regions[iri] = len(self._regions)
            row = (self._regions[iri], place.name, iri, place.zh, place.en, above[0] if above else None)
            self._connection.execute("INSERT INTO region VALUES (?,?,?,?,?,?)", row)
        yield self._regions[iri]
        yield from above

    def add(self, number: int, key: str, finding: Finding, left_out: bool) -> None:
        known = sorted(self._documents[iri] for iri in finding.documents if iri in self._documents)
        severity = SEVERITIES[finding.severity]
        first = min(
            (piece.iri.partition("#char=")[2].partition(",")[0] for piece in finding.evidence), key=_int, default="0"
        )
        numbers = json.dumps(dict(finding.numbers), ensure_ascii=False, sort_keys=True)
        row = (number, key, self._rules[finding.shape], severity, JUDGEMENTS[finding.judgement], left_out)
        place = (known[0][0] if known else 0, _int(first), numbers)
        execute = self._connection.execute
        execute("INSERT INTO finding VALUES (?,?,?,?,?,?,?,?,?)", (*row, *place))
        execute("INSERT INTO body VALUES (?,?)", (number, json.dumps(finding_json(finding), ensure_ascii=False)))
        for document, _ in known:
            execute("INSERT INTO in_document VALUES (?,?,?)", (document, severity, number))
        for region in {region for _, around in known for region in around} or {0}:
            execute("INSERT INTO in_region VALUES (?,?,?)", (region, severity, number))


def _int(digits: str) -> int:
    return int(digits) if digits.isdigit() else 0
