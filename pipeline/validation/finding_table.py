"""Findings as a table (CSV) or as records (JSON), piece by piece: what `ducha check --format` and `/validation.csv` give;
and their counts, `validation-summary.json`."""

import csv
import io
import json
from collections.abc import Iterable, Iterator

from pipeline.validation.browse import Findings
from pipeline.validation.facets import Filter, Listed
from pipeline.validation.report import Language, choose, finding_json, rule_json

EXAMPLES = 3  # of a rule, in a summary
COLUMNS = (
    *("key", "severity", "rule", "label", "message", "focus", "path", "values", "documents", "regions"),
    *("sentence", "evidence", "numbers", "judgement", "state"),
)
BOM = "\ufeff"  # without it Excel takes UTF-8 for the machine's own encoding
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_text(found: Iterable[Listed], language: Language | None = None) -> Iterator[str]:
    """RFC 4180 with a byte order mark, a row a finding. A cell that a spreadsheet would take for a formula begins with
    an apostrophe; several values of a cell stand on lines of their own."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    yield BOM + buffer.getvalue()
    for listed in found:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([safe(cell) for cell in cells(listed, language)])
        yield buffer.getvalue()


def safe(cell: str) -> str:
    """The cell with an apostrophe before what begins like a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def cells(listed: Listed, language: Language | None) -> tuple[str, ...]:
    """The cells of a row, in the order of COLUMNS."""
    finding, rule = listed.finding, listed.rule
    return (
        *(listed.key, finding.severity.value, rule.id, choose(language, rule.label_zh, rule.label_en)),
        *(finding.message(language), finding.focus, finding.path or "", "\n".join(finding.values)),
        "\n".join(source.file for source in listed.documents),
        "\n".join(choose(language, place.zh, place.en) for place in listed.regions),
        "\n".join(piece.quote for piece in finding.evidence),
        "\n".join(piece.iri for piece in finding.evidence),
        "\n".join(f"{name}: {value}" for name, value in finding.numbers),
        *(finding.judgement or "open", "left-out" if listed.left_out else "published"),
    )


def json_text(found: Iterable[Listed]) -> Iterator[str]:
    """A JSON array, a line a finding: as in `validation.json`, with its rule, severity, files, regions and state."""
    yield "["
    for number, listed in enumerate(found):
        record = {
            **finding_json(listed.finding),
            "id": listed.key,
            "rule": listed.rule.id,
            "severity": listed.finding.severity.value,
            "files": [source.file for source in listed.documents],
            "regions": [{"id": place.name, "zh": place.zh, "en": place.en} for place in listed.regions],
            "state": "left-out" if listed.left_out else "published",
        }
        yield f"{',' if number else ''}\n{json.dumps(record, ensure_ascii=False, sort_keys=True)}"
    yield "\n]\n"


def summary_json(findings: Findings) -> bytes:
    """`validation-summary.json`: counts by severity and judgement, by rule with EXAMPLES findings each, by region, by
    document."""
    facets = findings.facets(Filter())
    summary = {
        "counts": facets.severities,
        "judgements": facets.judgements,
        "rules": [
            {
                **rule_json(tally.about, tally.total),
                "examples": [
                    {**finding_json(one.finding), "id": one.key}
                    for one in findings.page(Filter(rule=tally.about.id), limit=EXAMPLES)
                ],
            }
            for tally in facets.rules
        ],
        "regions": [
            {"id": tally.about.name, "zh": tally.about.zh, "en": tally.about.en, "counts": tally.counts}
            for tally in facets.regions
        ],
        "documents": [
            {"id": tally.about.name, "file": tally.about.file, "left_out": tally.about.left_out, "counts": tally.counts}
            for tally in facets.documents
        ],
    }
    return json.dumps(summary, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
