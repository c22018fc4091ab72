"""Precision, recall and F1 by kind of fact: a snapshot against hand-checked gold files (`docs/evaluation.md`)."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from pipeline.errors import SnapshotError
from pipeline.gold import COUNTS, OF_DOCUMENT, QUANTITIES, THINGS, Entry, read_gold
from pipeline.snapshot import Snapshot
from pipeline.vocabulary import DU, DUC, PREFIXES, graph_iri

# What is said of a thing → the path to it.
_OF_THING = {
    "class": "a",
    "label": "rdfs:label",
    "text": "du:text",
    "quote": "du:evidence/du:quote",
    "indicator": "du:indicatorText",
    "value": "du:value",
    "unit": "du:unitText",
    "comparator": "du:comparator",
    "due": "du:due",
    "category": "du:category/rdfs:label",
    "goal": "du:goal/du:text",
    "status": "du:status",
    "lead organisation": "du:leadOrganization/rdfs:label",
    "responsible organisation": "du:responsibleOrganization/rdfs:label",
    "cooperating organisation": "du:cooperatingOrganization/rdfs:label",
    "measure": "du:measure",
    "own goal": "du:goal",
}
_DOCUMENTS = """
SELECT ?document ?graph ?file WHERE { GRAPH ?graph { ?document a du:Document ; du:fileName ?file } }
ORDER BY DESC(?document)"""
_STATED = """
SELECT DISTINCT ?subject ?value WHERE { ?subject %s ?value FILTER(!isLiteral(?value) || LANG(?value) != "en") }
ORDER BY ?subject ?value"""
_QUOTES = """
SELECT DISTINCT ?begin ?end ?quote ?gap WHERE {
  ?evidence du:begin ?begin ; du:end ?end ; du:quote ?quote BIND(EXISTS { ?node a du:Gap ; du:evidence ?evidence } AS ?gap)
} ORDER BY ?begin ?end"""

_ALIKE = 0.85  # the share of characters, in order, from which two texts say the same
_HALF = 0.5  # the share of the shorter quote from which two quotes are of one place
_UNITS = {"百分点": "%", "个百分点": "%", "μgm3": "微克立方米", "微克每立方米": "微克立方米", "km": "公里"}
_UNITS |= dict.fromkeys("件项条处座家台", "个")  # counters of works and cases, used one for another
_WORDED = (*THINGS, "measure", "issue category", "issue goal")  # known by their words; other kinds by equality
_APART = ("evidence quotes", "gaps")


@dataclass(frozen=True)
class Score:
    """How many facts of a kind the gold has, the graph has, and both have. A share of nothing is None."""

    kind: str
    gold: int
    found: int
    right: int

    @property
    def precision(self) -> float | None:
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        return self.right / self.gold if self.gold else None

    @property
    def f1(self) -> float | None:
        return 2 * self.right / (self.gold + self.found) if self.gold + self.found else None

    def __str__(self) -> str:
        shares = ("-" if share is None else f"{share:.3f}" for share in (self.precision, self.recall, self.f1))
        return f"{self.kind:32}{self.gold:6}{self.found:6}{self.right:6}" + "".join(f"{share:>11}" for share in shares)


@dataclass(frozen=True)
class Evaluation:
    """Scores by kind of fact, and `apart` those that no total counts; one readable line for each fact that is missed or
    wrong, and for each document that cannot be compared in full."""

    scores: tuple[Score, ...]
    apart: tuple[Score, ...]
    missed: tuple[str, ...]
    wrong: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def micro(self) -> Score:
        """All facts together: each fact weighs the same."""
        rows = self.scores
        return Score("all facts", sum(s.gold for s in rows), sum(s.found for s in rows), sum(s.right for s in rows))

    @property
    def macro(self) -> float | None:
        """The mean F1 of the kinds: each kind weighs the same."""
        shares = [score.f1 for score in self.scores if score.f1 is not None]
        return sum(shares) / len(shares) if shares else None

    def table(self) -> str:
        """The scores as aligned text."""
        head = f"{'kind of fact':32}{'gold':>6}{'found':>6}{'right':>6}{'precision':>11}{'recall':>11}{'F1':>11}"
        mean = f"{'mean of the kinds':72}{'-' if self.macro is None else f'{self.macro:.3f}':>11}"
        apart = ["not in the totals:", *map(str, self.apart)] if self.apart else []
        return "\n".join([head, *map(str, self.scores), str(self.micro), mean, *apart])


def evaluate(gold: Path, snapshot: Snapshot, verbose: bool = False) -> list[str]:
    """The lines `ducha evaluate` prints: the table, the notes, and with `verbose` what is missed and what is wrong."""
    return lines(measure(gold, snapshot), verbose)


def lines(result: Evaluation, verbose: bool = False) -> list[str]:
    """The same of an evaluation made before."""
    return [*result.table().splitlines(), *result.notes, *(result.missed + result.wrong if verbose else ())]


def measure(gold: Path, snapshot: Snapshot) -> Evaluation:
    """Compares a gold folder (or file) with what the snapshot says of the same documents, matched by file name; all
    facts of a document that it lacks are missed. Raises UsageError for a faulty gold file."""
    store = ox.Store.read_only(str(snapshot.store_path))
    documents = {row["file"].value: (row["document"].value, row["graph"].value) for row in _rows(store, _DOCUMENTS)}
    tally = _Tally()
    for file in read_gold(gold):
        tally.document = file.name
        if file.document not in documents:
            tally.notes.append(f"{file.name}: {file.document} is not in the graph: all its facts count as missed")
            tally.compare(file.facts, Entry())
            continue
        document, stated = documents[file.document]
        graphs = stated, graph_iri(stated.rpartition("graph/document/")[0], "regions")
        tally.compare(file.facts, _found(store, graphs, document))
        try:
            text = snapshot.text(document.rpartition("/")[2])
        except SnapshotError:
            tally.notes.append(f"{file.name}: the snapshot keeps no text of it: quotes and gaps are not checked")
        else:
            tally.compare_text(file.marks, text, _rows(store, _QUOTES, graphs[:1]))
    return tally.result()


def _rows(store: ox.Store, query: str, graphs: Sequence[str] = ()) -> list[dict[str, Any]]:
    """The solutions over the union of these graphs, or of all; each binds every variable of these queries."""
    scope = {"default_graph": list(map(ox.NamedNode, graphs))} if graphs else {"use_default_graph_as_union": True}
    rows: Any = store.query(query, prefixes=PREFIXES, **scope)
    return [{variable.value: row[variable] for variable in rows.variables} for row in rows]


def _stated(store: ox.Store, graphs: Sequence[str], path: str) -> Mapping[str, list[str]]:
    """Subject → values at the end of a path. A concept's value is its name without the scheme: `provincial`."""
    values: dict[str, list[str]] = defaultdict(list)
    for row in _rows(store, _STATED % path, graphs):
        value = row["value"].value
        values[row["subject"].value].append(value.partition("-")[2] if value.startswith(DUC) else value)
    return values


def _found(store: ox.Store, graphs: Sequence[str], document: str) -> Entry:
    """What the graph states for one document, in the shape of a gold entry."""
    paths = {kind: path for kind, (_, _, path) in OF_DOCUMENT.items()}
    for name in COUNTS.values():
        paths[f"count of {name}"] = f"du:describes/du:statedCount ?count . ?count du:countOf du:{name} ; du:value"
    parts = {kind: _values(_stated(store, graphs, path).get(document, [])) for kind, path in paths.items()}
    said = {key: _stated(store, graphs[:1], path) for key, path in _OF_THING.items()}
    own_goals = {goal for goals in said["own goal"].values() for goal in goals}
    for kind, (_, name) in THINGS.items():
        nodes = (node for node, classes in said["class"].items() if DU + name in classes and node not in own_goals)
        kept = (node for node in nodes if kind not in QUANTITIES or node in said["value"])
        parts[kind] = tuple(_thing(kind, node, said) for node in kept)
    return Entry(parts=parts)


def _thing(kind: str, node: str, said: Mapping[str, Mapping[str, list[str]]]) -> Entry:
    one = {key: values.get(node, []) for key, values in said.items()}
    parts = {f"{kind} {key}": _values(values) for key, values in one.items()}
    return Entry(
        texts=tuple(one["indicator"] or one["label"] + one["text"]),
        quotes=tuple(one["quote"]),
        amount=Decimal(one["value"][0]) if one["value"] else None,
        units=tuple(one["unit"]),
        parts={**parts, "measure": tuple(_thing("measure", measure, said) for measure in one["measure"])},
    )


def _values(texts: Sequence[str]) -> tuple[Entry, ...]:
    return tuple(Entry((text,)) for text in texts)


@dataclass
class _Tally:
    """Counts facts, one document after another, and keeps a line for each difference."""

    document: str = ""
    counts: dict[str, list[int]] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, kind: str, text: str, *, gold: bool, found: bool) -> None:
        """Counts a fact that the gold has, the graph has, or both."""
        counts = self.counts.setdefault(kind, [0, 0, 0])
        for column, there in enumerate((gold, found, gold and found)):
            counts[column] += there
        if gold != found:
            lines, word = (self.missed, "missed") if gold else (self.wrong, "wrong")
            lines.append(f"{self.document}: {kind}: {word}: {' '.join(text.split())[:80]}")

    def compare(self, gold: Entry, found: Entry) -> None:
        """Counts what two entries hold, kind by kind as the gold has them; all that a missed entry holds is missed."""
        for kind, entries in gold.parts.items():
            others = found.parts.get(kind, ())
            pairs = _pairs(kind, entries, others)
            for i, entry in enumerate(entries):
                if i in pairs or not entry.optional:
                    self.add(kind, str(entry), gold=True, found=i in pairs)
                    self.compare(entry, others[pairs[i]] if i in pairs else Entry())
            for j, other in enumerate(others):
                if j not in pairs.values():
                    self.add(kind, str(other), gold=False, found=True)

    def compare_text(self, marks: Sequence[str], text: str, quotes: list[dict[str, Any]]) -> None:
        """Checks quotes against the stored text, and gaps against the places where the gold marks damage."""
        gaps = set()
        for row in quotes:
            begin, end, quote = int(row["begin"].value), int(row["end"].value), row["quote"].value
            self.add("evidence quotes", quote, gold=text[begin:end] == quote, found=True)
            gaps |= {(begin, end)} if row["gap"].value == "true" else set()
        touched = set()
        for mark in marks:
            places = [found.span() for found in re.finditer(re.escape(mark), text)]
            hits = {gap for gap in gaps if any(gap[0] < end and begin < gap[1] for begin, end in places)}
            self.add("gaps", mark, gold=True, found=bool(hits))
            touched |= hits
        for begin, end in sorted(gaps - touched if marks else ()):
            self.add("gaps", text[begin:end], gold=False, found=True)

    def result(self) -> Evaluation:
        scores = [Score(kind, *counts) for kind, counts in sorted(self.counts.items())]
        apart = tuple(score for score in scores if score.kind in _APART)
        counted = tuple(score for score in scores if score not in apart)
        return Evaluation(counted, apart, tuple(self.missed), tuple(self.wrong), tuple(self.notes))


def _pairs(kind: str, gold: Sequence[Entry], found: Sequence[Entry]) -> dict[int, int]:
    """Which gold entry is which found one, by position, best first and one to one."""
    near = ((_nearness(kind, a, b), i, j) for i, a in enumerate(gold) for j, b in enumerate(found))
    pairs: dict[int, int] = {}
    for score, i, j in sorted(near, key=lambda pair: (-pair[0], pair[1:])):
        if score and i not in pairs and j not in pairs.values():
            pairs[i] = j
    return pairs


def _nearness(kind: str, gold: Entry, found: Entry) -> float:
    """0 when two entries of a kind are not the same fact; else more, the more they agree."""
    if kind not in _WORDED:
        return float(any(_equal(kind, form, text) for form in gold.texts for text in found.texts))
    if kind in QUANTITIES and not _equal_amount(gold, found):
        return 0
    words = max((_likeness(a, b) for a in gold.texts for b in found.texts), default=0)
    place = max((_overlap(a, b) for a in gold.quotes for b in found.quotes), default=0)
    same = place >= _HALF or (words >= _ALIKE and kind not in QUANTITIES)
    return words + place if same else 0


def _equal(kind: str, gold: str, found: str) -> bool:
    """Equal but for width, blanks and punctuation; the name of a body may be qualified by its place on either side."""
    short, long = sorted((_plain(gold), _plain(found)), key=len)
    return short == long or (kind.endswith(("team", "organisation")) and len(short) >= 4 and long.endswith(short))


def _equal_amount(gold: Entry, found: Entry) -> bool:
    """The same number and unit; a unit that one of them leaves out is not compared."""
    units, others = ({_UNITS.get(plain := _plain(unit), plain) for unit in entry.units} for entry in (gold, found))
    return gold.amount == found.amount and (not units or not others or bool(units & others))


@cache
def _plain(text: str) -> str:
    """The letters and digits of a text, in one width; as in names, all else may vary."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum() or c == "%")


def _likeness(a: str, b: str) -> float:
    """How far two texts say the same, 0 to 1; a heading within its paragraph does."""
    short, long = sorted((_plain(a), _plain(b)), key=len)
    if len(short) >= 4 and short in long:
        return _ALIKE + (1 - _ALIKE) * len(short) / len(long)
    return SequenceMatcher(None, short, long, autojunk=False).ratio() if short else 0


def _overlap(a: str, b: str) -> float:
    """The longest run of characters that two quotes share, as a share of the shorter quote."""
    short, long = sorted((_plain(a), _plain(b)), key=len)
    return SequenceMatcher(None, short, long, autojunk=False).find_longest_match().size / (len(short) or 1)
