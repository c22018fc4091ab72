"""Curators' decisions (更正) as plain text: TOML files ↔ `Decision` (docs/corrections.md).

Reads: a folder of `.toml` files. Gives: decisions, each with its file and line. A file that cannot be understood to the
letter stops the reader with one line that says where and what to do: a decision is never skipped in silence.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from pipeline.curation.values import names_organization, property_named, term
from pipeline.errors import UsageError
from pipeline.model import Reason
from pipeline.vocabulary import DEFAULT_BASE

LARGEST = 4 * 2**20  # bytes of a file of decisions: tens of thousands of them
LONGEST = 20_000  # characters of a sentence or a value; a tenth of it for anything else
HASH = re.compile(r"[0-9a-f]{12}")
_KEY = re.compile(r"[a-z]+(?:-[a-z]+)*(?:/[A-Za-z0-9._~-]+)+(?: [a-z]+:[A-Za-z]+)?")
# An element's place below its plan, and its class.
ELEMENTS = {
    "guiding-thought": "GuidingThought",
    "principle": "Principle",
    "goal": "Goal",
    "measure-category": "MeasureCategory",
    "safeguard": "Safeguard",
    "issue-category": "IssueCategory",
    "issue": "Issue",
    "measure": "Measure",
    "target": "Target",
    "baseline": "Baseline",
    "duty": "Duty",
    "count": "StatedCount",
}
ELEMENT = re.compile(
    rf"(?P<plan>plan/[^/ ]+)(?P<owner>/(?:issue|measure-category)/[^/ ]+)?/(?P<kind>{'|'.join(ELEMENTS)})(?:/(?P<id>[^/ ]+))?"
)
_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*correction[ \t]*\]\]", re.MULTILINE)
_TEXTS = ("key", "action", "sentence", "by", "why", "value", "to", "evidence")
_FIELDS = (*_TEXTS, "on", "properties")


class Action(StrEnum):
    """确认、更改、剔除、补录; of a finding 原文如此 (accept), 提取有误 (reject), 已处理 (fixed)."""

    ACCEPT = "accept"
    CHANGE = "change"
    REJECT = "reject"
    ADD = "add"
    FIXED = "fixed"


@dataclass(frozen=True)
class Decision:
    """One decision. `key` names the fact (`pipeline/curation/keys.py`); `sentence` is what it stands on, as its hash or in its
    words; `value` is what was extracted when it was made, `to` what it is to be; `evidence` is a further sentence that
    shows the new value; `properties` are those of a new element."""

    key: str
    action: Action
    sentence: str
    by: str
    on: str
    why: str
    value: str = ""
    to: str = ""
    evidence: str = ""
    properties: tuple[tuple[str, str], ...] = ()
    file: str = ""
    line: int = 0

    @property
    def hash(self) -> str:
        """The hash of the sentence."""
        return self.sentence if HASH.fullmatch(self.sentence) else sentence_hash(self.sentence)

    @property
    def words(self) -> str:
        """The sentence in words; nothing where only its hash is given."""
        return "" if HASH.fullmatch(self.sentence) else self.sentence

    @cached_property
    def id(self) -> str:
        """12 hex digits over all that was decided: another decision has another name."""
        parts = [self.key, self.action, self.hash, self.by, self.on, self.why, self.value, self.to, self.evidence]
        parts += [part for pair in self.properties for part in pair]
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:12]

    @property
    def claim(self) -> tuple[str, ...]:
        """What is decided on: only one decision may be about it."""
        added = (self.to, *(part for pair in self.properties for part in pair)) if self.action is Action.ADD else ()
        return (self.key, self.hash, self.value, *added) if not self.key.startswith("finding/") else (self.key,)

    def listed(self, outcome: "Outcome") -> dict[str, Any]:
        """What the manifest of a snapshot says of it."""
        return {
            "id": self.id,
            "file": self.file,
            "key": self.key,
            "action": self.action,
            "by": self.by,
            "on": self.on,
            "outcome": "lapsed" if outcome.lapse else "applied",
            "problem": outcome.lapse.en if outcome.lapse else "",
            "documents": list(outcome.documents),
        }

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Outcome:
    """What became of a decision (its id) in some documents (theirs): applied, unless `lapse` says why not. `touched`
    are the IRIs of the nodes that it changed."""

    decision: str
    documents: tuple[str, ...]
    lapse: Reason | None = None
    touched: tuple[str, ...] = ()


def sentence_hash(sentence: str) -> str:
    """12 hex digits of the sentence without its blanks, so that a line break moved is no change."""
    return hashlib.sha256("".join(sentence.split()).encode()).hexdigest()[:12]


def read_decisions(folder: Path) -> tuple[Decision, ...]:
    """Every decision of the `.toml` files below a folder, in the order of files and lines.

    Raises UsageError for a missing folder, a file that cannot be understood, and two decisions on one fact.
    """
    if not folder.is_dir():
        raise UsageError(folder, "is no folder of corrections", "name an existing folder, or leave --corrections out")
    found: dict[tuple[str, ...], Decision] = {}
    for path in sorted(folder.rglob("*.toml")):
        for decision in read_file(path, path.relative_to(folder).as_posix()):
            if same := found.get(decision.claim):
                raise UsageError(decision.place, f"decides again what {same.place} decides", "keep one of the two")
            found[decision.claim] = decision
    return tuple(found.values())


def decisions_beside(paths: Iterable[Path]) -> tuple[Decision, ...]:
    """The decisions beside each folder of documents (`data/corrections` for `data/documents`), where there are any."""
    beside = dict.fromkeys(path.resolve().parent / "corrections" for path in paths if path.is_dir())
    return tuple(decision for place in beside if place.is_dir() for decision in read_decisions(place))


def read_file(path: Path, name: str) -> Iterator[Decision]:
    """The decisions of one file, which messages call `name`. Raises UsageError."""
    try:
        if path.stat().st_size > LARGEST:
            raise UsageError(name, f"is larger than {LARGEST // 2**20} MiB", "split it into several files")
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        content = tomllib.loads(text, parse_float=str)
    except UnicodeDecodeError:
        raise UsageError(name, "is not UTF-8", "save it as UTF-8") from None
    except OSError as error:
        raise UsageError(name, f"cannot be read ({error.strerror or error})", "make it a readable file") from None
    except (ValueError, RecursionError) as error:
        where = re.search(r"\(at line (\d+), column \d+\)", str(error))
        said = re.sub(r" \(at .*\)$", "", str(error).partition("\n")[0])[:200]
        place = f"{name}:{where[1] if where else text.count(chr(10)) + 1}"
        raise UsageError(place, f"is not valid TOML ({said})", "mend that line") from None
    lines = [text.count("\n", 0, match.start()) + 1 for match in _HEADER.finditer(text)]
    entries = content.pop("correction", [])
    if content or not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        stray = next(iter(content), "correction")
        raise UsageError(f"{name}:1", f"has {stray[:40]!r} outside a correction", "begin each entry by [[correction]]")
    for number, entry in enumerate(entries):
        line = lines[number] if number < len(lines) else 1
        try:
            yield _decision(entry, name, line)
        except ValueError as error:
            remedy = "write it as docs/corrections.md shows, or take it from `ducha review KEY`"
            raise UsageError(f"{name}:{line}", str(error), remedy) from None


def _decision(entry: Mapping[str, Any], file: str, line: int) -> Decision:
    """ValueError says what is wrong with the entry."""
    if unknown := sorted(set(entry) - set(_FIELDS)):
        raise ValueError(f"has an unknown field {unknown[0][:40]!r}")
    texts = {name: _text(entry.get(name, ""), name) for name in _TEXTS}
    if missing := [name for name in ("key", "action", "sentence", "by", "why") if not texts[name]]:
        raise ValueError(f"has no {missing[0]}")
    if (said := texts.pop("action")) not in list(Action):
        raise ValueError(f"the action {said[:40]!r} is unknown: accept, change, reject, add or fixed")
    properties = entry.get("properties", {})
    if not isinstance(properties, dict):
        raise ValueError("properties are no table")
    pairs = tuple(sorted((name, _text(value, f"properties.{name[:40]}")) for name, value in properties.items()))
    decision = Decision(
        **texts, action=Action(said), on=_day(entry.get("on", "")), properties=pairs, file=file, line=line
    )
    _check(decision)
    return decision


def _text(value: Any, name: str) -> str:
    """One line of printable text from a string, a number or a date."""
    if isinstance(value, bool) or not isinstance(value, str | int | date) or isinstance(value, datetime):
        raise ValueError(f"{name} is no text")
    text = " ".join((value if isinstance(value, str) else str(value)).split())
    if len(text) > (LONGEST // 10 if name in ("key", "by", "why") else LONGEST):
        raise ValueError(f"{name} is too long")
    if not text.isprintable() and name not in ("sentence", "evidence"):
        raise ValueError(f"{name} has a control character")
    return text


def _day(value: Any) -> str:
    try:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value.isoformat()
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise ValueError("on is no date such as 2026-11-22") from None


def _check(decision: Decision) -> None:
    """ValueError where the parts do not fit together."""
    action, (subject, _, name) = decision.action, decision.key.partition(" ")
    if not _KEY.fullmatch(decision.key) or len(decision.key) > 500:
        raise ValueError(f"the key {decision.key[:80]!r} names no fact, such as supervision/450300-202310 du:startDate")
    if action is not Action.ADD and decision.properties:
        raise ValueError("only an added element has properties")
    if action in (Action.ACCEPT, Action.REJECT, Action.FIXED) and (decision.to or decision.evidence):
        raise ValueError(f"an entry that says {action} has no to and no evidence")
    if action is Action.ADD and not decision.words and not name:
        raise ValueError("an added element needs its sentence in words")
    of_finding = subject.startswith("finding/")
    if of_finding and (action in (Action.CHANGE, Action.ADD) or name):
        raise ValueError("a finding is accepted, rejected or fixed; to mend what it is about, decide on that fact")
    if action is Action.FIXED and not of_finding:
        raise ValueError("only a finding is fixed; to mend a fact, change it")
    if action is Action.CHANGE and not name:
        raise ValueError("a change needs a property in its key, such as plan/450300-202310/target/1a2b3c4d du:value")
    if (action is Action.CHANGE or (action is Action.ADD and name)) and not decision.to:
        raise ValueError("has no to, the value that is right")
    if action is Action.ADD and not name:
        _check_element(decision)
    if name:
        _check_value(property_named(name), decision.to)
    for one, value in decision.properties:
        if one not in ("label", "text"):
            _check_value(property_named(one), value)


def _check_element(decision: Decision) -> None:
    place = ELEMENT.fullmatch(decision.key)
    if not place or (place["kind"] == "measure") != bool(place["owner"] and place["kind"] != "goal"):
        raise ValueError(
            f"the key {decision.key[:80]!r} names no place of an element, such as plan/450300-202310/target"
        )
    if decision.to:
        raise ValueError("an added element has properties, not a to")


def _check_value(predicate: ox.NamedNode, text: str) -> None:
    if text and not names_organization(predicate):
        term(predicate, text, DEFAULT_BASE)
