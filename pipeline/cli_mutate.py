"""The command `ducha mutate`: whether the rules see what they should."""

# ruff: noqa: PLC0415, T201 - every module is imported by the command that needs it; a command prints
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.validation.report import Language

if TYPE_CHECKING:
    from pipeline.model import Document


def mutate(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files and folders; by default data/documents.")] = None,
    jobs: Annotated[int, typer.Option("--jobs", min=0, help="Processes; 0: one a core.")] = 0,
    per_operator: Annotated[int, typer.Option("--per-operator", min=1, help="Mutants by operator and document.")] = 2,
    markdown: Annotated[bool, typer.Option("--markdown", help="As docs/mutation.md has it.")] = False,
    language: Annotated[Language | None, typer.Option("--language", help="zh or en; both when left out.")] = None,
) -> None:
    """Breaks each document's right graph, one place at a time; exit 1 when a rule misses it (docs/mutation.md)."""
    from pipeline.assets import asset_path
    from pipeline.mutation import table
    from pipeline.mutation.run import mutate_all

    documents = _documents(paths or [asset_path("data", "documents")])
    outcomes, failures = mutate_all(documents, per_operator, jobs or os.cpu_count() or 1, progress=True)
    files = len(documents) - len(failures)
    if markdown:
        print(table.markdown(outcomes, files), end="")
    else:
        print(table.plain(outcomes, files, language), end="")
        print(f"{files} documents, {table.score(outcomes)}")
    for line in (*table.missed(outcomes), *map(str, failures)):
        print(f"ducha: {line}", file=sys.stderr)
    raise typer.Exit(1 if failures or not all(outcome.caught for outcome in outcomes) else 0)


def _documents(paths: list[Path]) -> "dict[str, Document]":
    """The documents by id, in order. Raises DocumentError when one cannot be read: a table of the others misleads."""
    from pipeline.document import find_documents, read_document

    found = find_documents(paths)
    for failure in found.failures:
        raise failure
    read = map(read_document, found.documents)
    return {one.id: one for one in sorted(read, key=lambda one: (one.file_name, one.id))}
