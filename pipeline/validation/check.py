"""The validation report in words, for a terminal: what `ducha check` prints. A pure function of what it is given."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from pipeline.table import display_width
from pipeline.validation.browse import Findings
from pipeline.validation.facets import CHANGES, OPEN, Facets, Filter, Listed, Tally
from pipeline.validation.finding_table import EXAMPLES
from pipeline.validation.report import SEVERITY_LABELS, Language, Rule, Severity, choose

ROWS = 20  # of a table
_CHANGES = {
    "new": ("新增", "new"),
    "gone": ("消失", "gone"),
    "changed": ("变化", "changed"),
    "unchanged": ("未变", "unchanged"),
}


def report_text(findings: Findings, wish: Filter, language: Language | None = None) -> Iterator[str]:
    """Lines: by severity and rule, with counts and three examples each with its sentence; then by region and document."""
    facets = findings.facets(wish)
    if not facets.total:
        yield choose(language, "没有发现问题", "nothing found")
        return
    left = facets.judgements[OPEN]
    yield choose(language, f"待核 {left} / 已判 {facets.total - left}", f"open {left} / judged {facets.total - left}")
    yield ""
    for severity, rules in groupby(facets.rules, key=lambda tally: tally.about.severity):
        yield f"{choose(language, *SEVERITY_LABELS[severity])}: {facets.severities[severity]}"
        for tally in rules:
            examples = findings.page(replace(wish, rule=tally.about.id), limit=EXAMPLES)
            yield from _rule_lines(tally, examples, language)
        yield ""
    yield from _tables(facets, language)


def _rule_lines(tally: Tally, examples: Sequence[Listed], language: Language | None) -> Iterator[str]:
    rule: Rule = tally.about
    yield f"  {rule.id} · {choose(language, rule.label_zh, rule.label_en)}: {tally.total}"
    for listed in examples:
        yield from _example(listed, language)
    if (rest := tally.total - len(examples)) > 0:
        yield "    " + choose(language, f"……另有{rest}条", f"… and {rest} more")


def _example(listed: Listed, language: Language | None) -> Iterator[str]:
    finding = listed.finding
    yield f"    - {finding.message(language)}"
    yield f"      {' · '.join((f'finding/{listed.key}', finding.focus, *finding.values))}"
    yield from (f"      “{_one_line(sentence.quote)}”" for sentence in finding.evidence[:1])


def _one_line(quote: str, limit: int = 100) -> str:
    flat = " ".join(quote.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def _tables(facets: Facets, language: Language | None) -> Iterator[str]:
    places = [("  " * one.depth + choose(language, one.about.zh, one.about.en), one) for one in facets.regions]
    yield from _table(choose(language, "地区", "region"), places, language)
    out = choose(language, "（未发布）", " (left out)")
    files = [(one.about.file + (out if one.about.left_out else ""), one) for one in facets.documents]
    yield from _table(choose(language, "文件", "document"), files, language)


def _table(head: str, rows: Sequence[tuple[str, Tally]], language: Language | None) -> Iterator[str]:
    """A table with a column for each severity, at most ROWS long."""
    width = max(map(display_width, [head, *(name for name, _ in rows[:ROWS])]))
    heads = [choose(language, *words) for words in (("违规", "violation"), ("警告", "warning"), ("提示", "info"))]
    yield f"{_padded(head, width)}  {'  '.join(heads)}"
    for name, tally in rows[:ROWS]:
        numbers = (str(tally.counts.get(severity, 0)) for severity in Severity)
        cells = (f"{number:>{display_width(column)}}" for number, column in zip(numbers, heads, strict=True))
        yield f"{_padded(name, width)}  {'  '.join(cells)}"
    if (rest := len(rows) - ROWS) > 0:
        yield choose(language, f"……另有{rest}行", f"… and {rest} more")
    yield ""


def _padded(text: str, width: int) -> str:
    return text + " " * (width - display_width(text))


def trend_text(
    trend: Mapping[str, Counter[str]],
    rules: Mapping[str, Rule],
    lists: Mapping[str, Sequence[Listed]],
    language: Language | None = None,
) -> Iterator[str]:
    """Lines: what is new, gone, changed and unchanged by rule, then the findings of `lists` by change."""
    totals = {change: sum(counts[change] for counts in trend.values()) for change in CHANGES}
    yield ", ".join(f"{choose(language, *_CHANGES[change])} {totals[change]}" for change in CHANGES)
    for name in sorted(trend):
        rule, counts = rules[name], trend[name]
        said = ", ".join(f"{choose(language, *_CHANGES[c])} {counts[c]}" for c in CHANGES if counts[c])
        yield f"  {name} · {choose(language, rule.label_zh, rule.label_en)}: {said}"
    for change, found in lists.items():
        if found:
            yield f"{choose(language, *_CHANGES[change])}: {totals[change]}"
            for listed in found:
                yield from _example(listed, language)
            if (rest := totals[change] - len(found)) > 0:
                yield "    " + choose(language, f"……另有{rest}条", f"… and {rest} more")
    yield ""
