"""The command `ducha review`: what to look at, and a decision on it."""

# ruff: noqa: PLC0415, T201 - every module is imported by the command that needs it; a command prints
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pyoxigraph import Store

    from pipeline.curation.decide import Draft
    from pipeline.curation.decisions import Decision
    from pipeline.curation.review import Entry
    from pipeline.snapshot import Snapshot

Form = Literal["table", "csv", "json"]


def review(
    key: Annotated[list[str] | None, typer.Argument(help="A fact to decide on; without it, what to look at.")] = None,
    out: Annotated[Path, typer.Option("--out", help="The folder that holds the snapshots.")] = Path("out"),
    corrections: Annotated[Path, typer.Option("--corrections", help="The curators' decisions.")] = Path(
        "data/corrections"
    ),
    form: Annotated[Form, typer.Option("--format", help="table, csv or json.")] = "table",
    document: Annotated[str, typer.Option("--document", help="Only this document: its id, or its file name.")] = "",
    kind: Annotated[list[str] | None, typer.Option("--kind", help="Only this kind; may be given again.")] = None,
    accept: Annotated[bool, typer.Option("--accept", help="The fact says what the text says.")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="The text does not say the fact.")] = False,
    fixed: Annotated[bool, typer.Option("--fixed", help="Of a finding: it has been mended.")] = False,
    change: Annotated[str, typer.Option("--change", metavar="VALUE", help="The value that is right.")] = "",
    add: Annotated[str, typer.Option("--add", metavar="VALUE", help="A value that is missing.")] = "",
    sentence: Annotated[str, typer.Option("--sentence", help="With --add: the words that say it.")] = "",
    value: Annotated[str, typer.Option("--value", help="Which of several values is meant.")] = "",
    by: Annotated[str, typer.Option("--by", help="Who decides.")] = "",
    why: Annotated[str, typer.Option("--why", help="Why.")] = "",
) -> None:
    """What is uncertain, most useful first; with a KEY, a decision on it.

    `ducha review KEY` prints the decision ready to be filled in; with --accept, --change, --reject, --add or --fixed and --by and
    --why it is written into the folder of corrections. It is applied by the next `ducha build`.
    """
    from datetime import UTC, datetime

    import pyoxigraph as ox

    from pipeline.curation.decide import append, drafts
    from pipeline.curation.decisions import read_decisions
    from pipeline.snapshot import current_snapshot

    snapshot = current_snapshot(out)
    store = ox.Store.read_only(str(snapshot.store_path))
    if not key:
        if accept or reject or fixed or change or add:
            raise UsageError("ducha review", "is to decide on nothing", "name the fact's key, as the list gives it")
        decisions = read_decisions(corrections) if corrections.is_dir() else ()
        _list(_wanted(snapshot, store, decisions, document, kind or []), form)
        return
    found = drafts(store, " ".join(key), snapshot.text, snapshot.manifest["base"])
    ids = {entry["file"]: entry["id"] for entry in snapshot.manifest["documents"]}
    if document:
        found = [draft for draft in found if draft.document == ids.get(document, document)]
    if value:
        found = [draft for draft in found if draft.fields.get("value") == value]
    given = _given(accept, reject, fixed, change, add, sentence)
    given |= {"on": datetime.now(UTC).date().isoformat(), "by": by, "why": why}
    if "action" not in given:
        print("\n".join(draft.block(**given) for draft in found), end="")
        return
    draft = _one(found)
    if not by or not why:
        raise UsageError("a decision", "needs --by and --why", "say who decides and why")
    if (draft.fields["action"] == "add") != bool(add):
        raise UsageError(" ".join(key), "cannot be decided so", "--add what is missing, decide on what is there")
    print(append(corrections, draft.document or "corrections", draft.block(**given)))


def _given(accept: bool, reject: bool, fixed: bool, change: str, add: str, sentence: str) -> dict[str, str]:
    """The fields that the options fill in. Raises UsageError for more than one decision."""
    chosen = [
        name
        for name, there in zip(
            ("accept", "reject", "fixed", "change", "add"), (accept, reject, fixed, change, add), strict=True
        )
        if there
    ]
    if len(chosen) > 1:
        raise UsageError(f"--{chosen[0]} and --{chosen[1]}", "are two decisions", "give one of them")
    given = {"action": chosen[0]} if chosen else {}
    if change or add:
        given["to"] = change or add
    if sentence:
        given["sentence"] = sentence
    return given


def _one(found: list["Draft"]) -> "Draft":
    if not found:
        raise UsageError("ducha review", "finds no such fact there", "leave --document and --value out to see all")
    if len(found) > 1:
        raise UsageError("the key", f"stands for {len(found)} facts", "choose one by --document or --value")
    return found[0]


def _wanted(
    snapshot: "Snapshot", store: "Store", decisions: tuple["Decision", ...], document: str, kinds: list[str]
) -> list["Entry"]:
    from pipeline.curation.review import KINDS, entries

    if unknown := sorted(set(kinds) - set(KINDS)):
        raise UsageError(f"--kind {unknown[0]}", "is no kind", f"choose from {', '.join(KINDS)}")
    return [
        entry
        for entry in entries(snapshot, store, decisions)
        if (not kinds or entry.kind in kinds) and (not document or document in (entry.document, entry.file))
    ]


def _list(found: list["Entry"], form: Form) -> None:
    import csv
    import json

    from pipeline.curation.review import as_records, as_table

    if form == "table":
        for line in as_table(found):
            print(line)
    elif form == "json":
        print(json.dumps(as_records(found), ensure_ascii=False, indent=1))
    else:
        records = as_records(found)
        writer = csv.DictWriter(sys.stdout, list(records[0]) if records else ["kind", "key"], lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(records)
