"""A decision about a fact, ready to paste or written into its file (更正文本).

Reads: a store and the texts of a snapshot. Gives: the prefilled `[[correction]]` block of any fact key, which a page may
link to and `ducha review KEY` prints, and files with a further decision.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyoxigraph as ox

from pipeline.curation.decisions import ELEMENT, ELEMENTS, read_decisions, read_file, sentence_hash
from pipeline.curation.keys import LABEL, TYPE, Fact, fact, facts, label, one_line, subject_of, text
from pipeline.curation.values import property_named
from pipeline.errors import DuchaError, QueryError, UsageError, Wording
from pipeline.vocabulary import DEFAULT_BASE, DU

TextOf = Callable[[str], str]
AROUND = 30  # characters of the text on either side of a quote
LONGEST = 200  # characters of a quote in a comment
_STATED = "/stated"
_EXAMPLES = {
    "StatedCount": {"countOf": "Issue", "value": "", "unitText": ""},
    "Target": {"indicatorText": "", "comparator": "duc:comparator-at-least", "value": "", "unitText": "", "due": ""},
    "Baseline": {"indicatorText": "", "comparator": "duc:comparator-equal", "value": "", "unitText": "", "asOf": ""},
    "Duty": {"actor": "", "frequency": "P1M", "frequencyText": ""},
}


@dataclass(frozen=True)
class Draft:
    """A decision begun: the document it is made in, comments for its reader, its fields in order."""

    document: str
    comments: tuple[str, ...]
    fields: Mapping[str, str]
    properties: Mapping[str, str]

    def block(self, **given: str) -> str:
        """The `[[correction]]` block; `given` fills fields in, and fields left empty are for the curator to fill."""
        fields = {**self.fields, **given}
        lines = [*(f"# {comment}" for comment in self.comments), "[[correction]]"]
        lines += [f"{name} = {_toml(value, name)}" for name, value in fields.items()]
        if self.properties:
            lines += ["", "[correction.properties]", *(f"{n} = {_toml(v, n)}" for n, v in self.properties.items())]
        return "\n".join(lines) + "\n"


def correction_text(
    store: ox.Store, key: str, text_of: TextOf | None = None, base: str = DEFAULT_BASE, on: date | None = None
) -> str:
    """The prefilled block of a fact key, one for each document and value that has it. Raises QueryError where the key is
    about nothing in the graph."""
    found = drafts(store, key, text_of, base)
    given = {"on": on.isoformat()} if on else {}
    return "\n".join(draft.block(**given) for draft in found)


def drafts(store: ox.Store, key: str, text_of: TextOf | None = None, base: str = DEFAULT_BASE) -> list[Draft]:
    """What can be decided under this key: about the facts that have it, else the addition of what is missing.

    A key is that of `pipeline/curation/keys.py`; `plan/…/target` and the like stand for a new element. Raises QueryError.
    """
    try:
        subject, name = subject_of(key, base), key.partition(" ")[2]
        predicate = property_named(name) if name else None
    except ValueError as error:
        raise QueryError(key, Wording("is no key ({why})", why=error), "copy one from `ducha review`") from None
    if key.startswith("finding/"):
        return [_of_finding(store, subject, key)]
    graphs = sorted({q.graph_name for q in store.quads_for_pattern(subject, TYPE, None, None)}, key=str)
    stated = [graph for graph in graphs if isinstance(graph, ox.NamedNode) and graph.value.endswith(_STATED)]
    found = [_of_fact(store, one, graph, text_of) for graph in stated for one in facts(store, graph, key, base)]
    if not found and predicate:
        found = [_missing(fact(store, graph, base, subject), key, graph) for graph in stated]
    if not found and not name and ELEMENT.fullmatch(key):
        found = [_element(key)]
    if not found:
        raise QueryError(key, "is about nothing in the graph", "copy a key from `ducha review`")
    return found


def _of_fact(store: ox.Store, one: Fact, graph: ox.NamedNode, text_of: TextOf | None) -> Draft:
    document = _document(graph)
    called = [label(store, graph, one.subject), text(store, None, one.predicate, LABEL, "zh") if one.predicate else ""]
    called += [label(store, None, one.value)] if isinstance(one.value, ox.NamedNode) else []
    comments = [
        one_line(" · ".join(part for part in called if part)),
        _shown(one, _text(document, text_of)),
        "action: accept, change (with to = …), reject",
    ]
    fields = {
        "key": one.key,
        "sentence": one.hash,
        "value": one.shown,
        "action": "accept",
        "by": "",
        "on": "",
        "why": "",
    }
    return Draft(document, tuple(comments), fields, {})


def _missing(node: Fact, key: str, graph: ox.NamedNode) -> Draft:
    comments = (
        f"{node.shown}: {one_line(node.sentence)[:LONGEST]}",
        "sentence: the node's own by its hash, or the words that say the value",
    )
    fields = {"key": key, "sentence": node.hash, "action": "add", "to": "", "by": "", "on": "", "why": ""}
    return Draft(_document(graph), comments, fields, {})


def _element(key: str) -> Draft:
    place = ELEMENT.fullmatch(key)
    assert place  # noqa: S101 - checked by the caller
    comments = ("sentence: the words, which stand in the document exactly once",)
    fields = {"key": key, "sentence": "", "action": "add", "by": "", "on": "", "why": ""}
    return Draft("", comments, fields, _EXAMPLES.get(ELEMENTS[place["kind"]], {"label": ""}))


def _of_finding(store: ox.Store, node: ox.NamedNode, key: str) -> Draft:
    found = store.query(
        f"SELECT DISTINCT ?iri ?quote WHERE {{ {node} <{DU}evidence> ?iri . ?iri <{DU}quote> ?quote }} ORDER BY STR(?iri)"
    )
    message = text(store, None, node, ox.NamedNode(f"{DU}message"), "zh")
    if not message or not isinstance(found, ox.QuerySolutions):
        raise QueryError(key, "is no finding of this snapshot", "copy its key from `ducha review`")
    rows = list(found)
    quotes = {row["quote"].value for row in rows}
    document = next((row["iri"].value.partition("#")[0].rpartition("/")[2] for row in rows), "")
    fields = judgement_fields(key, "".join(sorted(quotes)), text(store, None, node, ox.NamedNode(f"{DU}numbers")))
    return Draft(document, (one_line(message), JUDGING), fields, {})


JUDGING = "action: accept (原文如此 in the source), reject (提取有误 misread), fixed (已处理 mended)"


def judgement_fields(key: str, sentence: str, said: str) -> dict[str, str]:
    """The fields of a judgement of a finding, on the words of its sentences and the numbers it names."""
    value = {"value": one_line(said)} if said else {}
    given = {"action": "accept", "by": "", "on": "", "why": ""}
    return {"key": key, "sentence": sentence_hash(sentence), **value, **given}


def _shown(one: Fact, whole: str) -> str:
    if not one.passages:
        return ""
    begin, end = one.passages[0].begin, one.passages[-1].end
    quote = one_line(" … ".join(passage.quote for passage in one.passages))
    before, after = (one_line(part) for part in (whole[max(0, begin - AROUND) : begin], whole[end : end + AROUND]))
    return f"{before}【{quote if len(quote) <= LONGEST else quote[:LONGEST] + '…'}】{after}"


def _text(document: str, text_of: TextOf | None) -> str:
    try:
        return text_of(document) if text_of else ""
    except DuchaError:  # loaded data may come without its texts: the quote stands alone
        return ""


def _document(graph: ox.NamedNode) -> str:
    return graph.value.removesuffix(_STATED).rpartition("/")[2]


def _toml(value: str, name: str) -> str:
    """A string as TOML writes it; a date stands without quotes."""
    if name == "on" and value:
        return value
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def append(folder: Path, name: str, block: str) -> Path:
    """Adds a block to the file `name`.toml of a folder of corrections, in one step. Raises UsageError, and leaves the
    file as it was, where the block or the file cannot be understood, or the fact is decided already."""
    path = folder / f"{name}.toml"
    temporary = folder / f".{name}.new"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        temporary.write_text(f"{before.rstrip()}\n\n{block}".lstrip(), encoding="utf-8")
        fresh = list(read_file(temporary, path.name))[-1]
        for other in read_decisions(folder):
            if other.claim == fresh.claim:
                raise UsageError(fresh.key, f"is decided already at {other.place}", "change that entry")
        temporary.replace(path)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(path, f"cannot be written ({error})", "make it a writable UTF-8 file") from None
    finally:
        temporary.unlink(missing_ok=True)
    return path
