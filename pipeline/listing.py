"""Facts as a person or a program reads them: `ducha facts FILE`, with `--json` by the schema in docs/facts.schema.json."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from pipeline.model import Document, Element, Facts, Issue, Moment, Quantity, Reason, Source, Span, Stated

_QUOTE_SHOWN = 60


def as_json(document: Document, facts: Facts) -> dict[str, Any]:
    """A JSON-ready structure: every fact with `quote`, `begin`, `end` (code points, half-open), `rule` and `basis`."""
    plain = _plain(facts, document)
    return {
        "document": document.id,
        "file": document.file_name,
        "sha256": document.sha256,
        "encoding": document.encoding,
        "facts": plain,
    }


def _plain(value: Any, document: Document) -> Any:
    if isinstance(value, Source):
        return {
            "evidence": [_evidence(span, document) for span in value.spans],
            "rule": value.rule,
            "basis": str(value.basis),
            **({"reason": {"zh": value.reason.zh, "en": value.reason.en}} if value.reason else {}),
        }
    if isinstance(value, Span):
        return _evidence(value, document)
    if isinstance(value, Reason):
        return {"zh": value.zh, "en": value.en}
    if isinstance(value, Moment):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        named = ((f.name, _plain(getattr(value, f.name), document)) for f in fields(value))
        return {name: plain for name, plain in named if plain not in (None, "", [], ())}
    if isinstance(value, tuple):
        return [_plain(item, document) for item in value]
    return value if value is None or isinstance(value, int | bool) else str(value)


def _evidence(span: Span, document: Document) -> dict[str, Any]:
    return {"begin": span.begin, "end": span.end, "quote": document.text[span.begin : span.end]}


def as_lines(document: Document, facts: Facts) -> Iterator[str]:
    """One fact a line: what, value, basis unless stated, and the beginning of its sentence."""

    def line(what: str, value: object, source: Source) -> str:
        span = source.spans[0]
        quote = " ".join(document.text[span.begin : span.end].split())
        quote = quote if len(quote) <= _QUOTE_SHOWN else quote[:_QUOTE_SHOWN] + "…"
        basis = "" if source.basis == "stated" else f" ({source.basis}: {source.reason.en if source.reason else ''})"
        return f"{what}: {value}{basis}  「{quote}」[{span.begin},{span.end})"

    def stated(what: str, fact: Stated[Any] | None) -> Iterator[str]:
        if fact is not None:
            yield line(what, fact.value, fact.source)

    for name in ("kind", "completeness", "title", "issued", "publisher", "origin", "region"):
        yield from stated(name, getattr(facts, name))
    visit = facts.supervision
    if visit:
        for name in ("level", "round", "batch", "start", "end", "stated_days", "feedback", "report_title"):
            yield from stated(f"supervision {name}", getattr(visit, name))
        for kind in visit.kinds:
            yield from stated("supervision kind", kind)
        if visit.team:
            yield line("supervision team", visit.team.label, visit.team.source)
    for other in facts.other_visits:
        when = f"{other.start.value} to {other.end.value}" if other.start and other.end else "undated"
        yield line("other visit", when, other.source)
    if facts.plan:
        yield from stated("plan title", facts.plan.title)
        for count in facts.plan.counts:
            yield line(f"count of {count.of}", f"{count.value}{count.unit_text}", count.source)
        for element in facts.plan.elements:
            yield line(f"{element.kind} {element.path}", _described(element), element.source)
    for gap in facts.gaps:
        restored = f", restored as {gap.restoration}" if gap.restoration else ""
        quote = document.text[gap.span.begin : gap.span.end]
        yield f"gap: {gap.kind}{restored}  「{quote}」[{gap.span.begin},{gap.span.end})"


def _described(element: Element) -> str:
    words = element.label
    if isinstance(element, Quantity | Issue) and element.due:
        words += f" | due {element.due.value.last_day} ({element.due.source.basis})"
    if isinstance(element, Issue):
        words += f" | {len(element.measures)} measures"
        words += "".join(f" | {role} {party.label}" for role, party in element.parties)
    return words
