"""The command `ducha check`: the validation report, filtered, compared with another, or asked of the oracle."""

# ruff: noqa: PLC0415, T201 - every module is imported by the command that needs it; a command prints
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.errors import UsageError
from pipeline.validation.report import Language

if TYPE_CHECKING:
    from pipeline.snapshot import Snapshot
    from pipeline.validation.browse import Findings
    from pipeline.validation.facets import Filter

Form = Literal["text", "csv", "json"]
SHOWN = 20  # findings listed of each change


def check(
    language: Annotated[
        Language | None, typer.Option("--lang", "--language", help="zh or en; both when left out.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="The folder that holds the snapshots.")] = Path("out"),
    form: Annotated[Form, typer.Option("--format", help="text, csv or json.")] = "text",
    severity: Annotated[str, typer.Option("--severity", help="violation, warning or info.")] = "",
    rule: Annotated[str, typer.Option("--rule", help="A rule's id, as in docs/rules.md.")] = "",
    region: Annotated[str, typer.Option("--region", help="A region's code or name, with all that lies in it.")] = "",
    document: Annotated[str, typer.Option("--document", help="A document's id or file name.")] = "",
    judgement: Annotated[str, typer.Option("--judgement", help="open, judged, or a judgement.")] = "",
    against: Annotated[
        str, typer.Option("--against", metavar="VERSION|PATH", help="What is new and gone since that snapshot.")
    ] = "",
    oracle: Annotated[bool, typer.Option("--oracle", help="Ask pySHACL too, and say where it differs.")] = False,
) -> None:
    """The validation report, grouped, and the documents left out; exit 1 on a violation or a contradiction."""
    from pipeline.snapshot import current_snapshot, other_snapshot
    from pipeline.validation.browse import opened
    from pipeline.validation.facets import Filter

    snapshot = current_snapshot(out)
    if not snapshot.manifest["validated"]:
        raise UsageError(
            f"snapshot {snapshot.version}", "was loaded, not validated", "check a snapshot of `ducha build`"
        )
    if oracle:
        raise typer.Exit(_ask_oracle(snapshot, document))
    wish = Filter(severity=severity, rule=rule, region=region, document=document, judgement=judgement)
    if against:
        _compare(snapshot, other_snapshot(out, against), wish, form, language)
    else:
        with opened(snapshot.findings_path) as findings:
            _print(findings, findings.resolved(wish), form, language)
    failures = snapshot.manifest["failures"]
    if form == "text":
        for failure in failures:
            print(f"{failure['file']}: {failure['problem']}; {failure['remedy']}")
    contradicted = any("contradiction" in failure for failure in failures)
    raise typer.Exit(1 if contradicted or snapshot.manifest["findings"]["violation"] else 0)


def _print(findings: "Findings", wish: "Filter", form: Form, language: Language | None) -> None:
    from pipeline.validation.check import report_text
    from pipeline.validation.finding_table import csv_text, json_text

    if form == "text":
        for line in report_text(findings, wish, language):
            print(line)
        return
    listed = findings.every(wish)
    pieces = csv_text(listed, language) if form == "csv" else json_text(listed)
    sys.stdout.flush()
    for piece in pieces:
        sys.stdout.buffer.write(piece.encode())
    sys.stdout.buffer.flush()


def _compare(snapshot: "Snapshot", other: "Snapshot", wish: "Filter", form: Form, language: Language | None) -> None:
    from dataclasses import replace

    from pipeline.validation.check import trend_text
    from pipeline.validation.trend import compared

    if form != "text":
        raise UsageError(f"--format {form}", "does not go with --against", "leave one of them out")
    with compared(snapshot.findings_path, other.findings_path) as trend:
        wish = trend.now.resolved(wish)
        lists = {
            change: trend.page(replace(wish, change=change), "severity", 0, SHOWN)
            for change in ("new", "changed", "gone")
        }
        print(f"{other.version} → {snapshot.version}")
        for line in trend_text(trend.by_rule(wish), trend.rules, lists, language):
            print(line)


def _ask_oracle(snapshot: "Snapshot", document: str) -> int:
    """Prints a line for each document; 1 when the engines differ on any."""
    from tqdm import tqdm

    from pipeline.validation.recheck import recheck

    documents = [one for one in snapshot.manifest["documents"] if document in ("", one["id"], one["file"])]
    if not documents:
        raise UsageError(f"document {document}", "is none that is published", "give an id or a file name")
    differing = 0
    for verdict in tqdm(recheck(snapshot, document), "asking", len(documents), disable=None, leave=False):
        differing += not verdict.equal
        tqdm.write(f"{'equal' if verdict.equal else 'DIFFERS':<8}{verdict.findings:>5}  {verdict.file}")
        for name, found in (("ours", verdict.only_ours), ("pySHACL", verdict.only_oracle)):
            for finding in found:
                tqdm.write(
                    f"{'':<15}only {name}: {finding.shape.rpartition('/')[2]} {finding.focus} {finding.message_en}"
                )
    print(f"({len(documents) - differing} of {len(documents)} documents equal)")
    return 1 if differing else 0
