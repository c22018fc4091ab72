"""The command line. Exit codes: 0 fine, 1 findings or failed documents, 2 wrong use, 130 interrupted.

Every module a command needs is imported by that command, so that `ducha --help` and wrong use answer at once.
"""

# ruff: noqa: PLC0415
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli_check import check
from pipeline.cli_mutate import mutate
from pipeline.cli_publish import publish
from pipeline.cli_review import review
from pipeline.cli_serve import serve
from pipeline.errors import DuchaError, UsageError
from pipeline.vocabulary import DEFAULT_BASE

if TYPE_CHECKING:
    from pipeline.build import BuildResult

INTERRUPTED = 130

app = typer.Typer(
    help="督察 · reads environmental-supervision rectification plans into an RDF graph, each fact with its sentence.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Out = Annotated[Path, typer.Option("--out", help="The folder that holds the snapshots.")]
Base = Annotated[str, typer.Option("--base", help="The IRI that instances are named under; it ends in a slash.")]


def main() -> None:
    """Runs a command; what goes wrong is one line on standard error."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        code = app(args=sys.argv[1:] or ["--help"], standalone_mode=False)
        sys.stdout.flush()
        if code == INTERRUPTED:  # what typer makes of the signal
            raise KeyboardInterrupt
    except DuchaError as error:
        _complain(str(error))
        code = error.exit_code
    except BrokenPipeError:
        # The reader has seen enough, as in `ducha query … | head`; keep the interpreter from flushing again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except (KeyboardInterrupt, typer.Abort):
        _complain("interrupted")
        code = INTERRUPTED
    except Exception as error:
        # Wrong options: typer brings its own click since 0.21, so the class differs from version to version.
        if not hasattr(error, "format_message"):
            raise
        _complain(f"{error.format_message()}; see `ducha --help`")
        code = 2
    sys.exit(code if isinstance(code, int) else 0)


def _complain(message: str) -> None:
    print(f"ducha: {' '.join(message.split())}", file=sys.stderr)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"ducha {version('ducha')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print it.")] = False,
) -> None:
    """Options that stand before a command."""


@app.command()
def build(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files and folders; by default data/documents.")] = None,
    out: Out = Path("out"),
    jobs: Annotated[int, typer.Option("--jobs", min=0, help="Processes that read documents; 0: one a core.")] = 0,
    base: Base = DEFAULT_BASE,
    reasoning: Annotated[bool, typer.Option(help="Ask HermiT whether each document's facts agree with OWL.")] = True,
    corrections: Annotated[
        Path | None, typer.Option("--corrections", help="Curators' decisions; by default beside the documents' folder.")
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a document that fails.")] = False,
) -> None:
    """Documents → a new validated snapshot, published in one step."""
    from pipeline.assets import asset_path
    from pipeline.build import build as run

    start = time.monotonic()
    jobs = jobs or os.cpu_count() or 1
    wanted = paths or [asset_path("data", "documents")]
    result = run(wanted, out, jobs=jobs, base=base, progress=True, reasoning=reasoning, corrections=corrections)
    _report_build(result, debug, time.monotonic() - start)
    raise typer.Exit(result.exit_code)


def _report_build(result: "BuildResult", debug: bool, seconds: float) -> None:
    for path, reason in result.skipped:
        print(f"ducha: skipped {path.name} ({reason})", file=sys.stderr)
    for file, same in result.duplicates:
        print(f"ducha: {file} has the same content as {same}, which is kept", file=sys.stderr)
    for failure in result.failures:
        _complain(str(failure))
        if debug and failure.details:
            print(failure.details, file=sys.stderr, end="")
    for file in result.quarantined:
        _complain(f"{file}: quarantined, its facts violate a shape; see `ducha check`")
    for decision, lapse in result.lapsed:
        _complain(f"{decision.place}: lapsed, {decision.key}: {lapse.en}; look at it again with `ducha review`")
    found = ", ".join(f"{count} {severity}" for severity, count in result.findings.items()) or "none"
    print(f"documents  {result.documents} ({result.cached} unchanged)")
    print(f"facts      {result.facts}")
    print(f"findings   {found}")
    if result.applied or result.lapsed:
        print(f"corrected  {result.applied} decisions applied, {len(result.lapsed)} lapsed")
    print(f"failures   {len(result.failures)}, {len(result.quarantined)} quarantined")
    print(f"version    {result.snapshot.version if result.snapshot else 'nothing published'}")
    print(f"seconds    {seconds:.1f}")


@app.command()
def load(
    files: Annotated[list[Path], typer.Argument(help="RDF files; quads keep their graphs.")],
    out: Out = Path("out"),
    base: Base = DEFAULT_BASE,
) -> None:
    """Existing RDF → a snapshot, without extraction and without validation."""
    from pipeline.load import load as run

    snapshot = run(files, out, base=base)
    print(f"quads      {snapshot.manifest['quads']}")
    print(f"version    {snapshot.version}")


@app.command()
def facts(
    file: Annotated[Path, typer.Argument(help="A document.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON (docs/facts.schema.json).")] = False,
) -> None:
    """What one document says, each fact with its quote."""
    import json

    from pipeline import listing
    from pipeline.document import read_document
    from pipeline.facts import read_facts

    document = read_document(file)
    found = read_facts(document)
    if as_json:
        print(json.dumps(listing.as_json(document, found), ensure_ascii=False, indent=1))
    else:
        for line in listing.as_lines(document, found):
            print(line)


app.command(name="check")(check)


@app.command()
def lint() -> None:
    """What is wrong with the ontology's terms, or with what uses them; exit 1 when anything is."""
    from pipeline.reasoning.lint import lint as run
    from pipeline.validation.report import Severity

    defects = run()
    for defect in defects:
        print(defect)
    wrong = sum(defect.severity is not Severity.INFO for defect in defects)
    print(f"{wrong} to mend, {len(defects) - wrong} excused")
    raise typer.Exit(1 if wrong else 0)


@app.command()
def query(
    name: Annotated[str, typer.Argument(metavar="NAME|FILE", help="A query of queries/, or a file.")],
    param: Annotated[list[str] | None, typer.Option("--param", help="name=value, once for each parameter.")] = None,
    form: Annotated[str, typer.Option("--format", help="table, csv, tsv, json, xml; ttl, nt, jsonld, rdf.")] = "table",
    out: Out = Path("out"),
) -> None:
    """The answer to a named query or to a query file."""
    import pyoxigraph as ox

    from pipeline.query import read_query
    from pipeline.query import run as answer
    from pipeline.snapshot import current_snapshot
    from service.search_property import finder, resolved

    question = read_query(name)
    values = dict(_pair(text) for text in param or [])
    snapshot = current_snapshot(out)
    sparql = resolved(question.bound(values), snapshot.manifest["base"], finder(snapshot, 0))
    store = ox.Store.read_only(str(snapshot.store_path))
    labels = {column: en for column, (_, en) in question.columns.items()}
    sys.stdout.flush()
    sys.stdout.buffer.write(answer(store, sparql, form, labels))
    sys.stdout.buffer.flush()


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"--param {text}", "has no value", "write --param name=value")
    return name, value


@app.command()
def explain(
    iri: Annotated[str, typer.Argument(metavar="IRI", help="An IRI, or what follows the base: plan/450300-202310.")],
    out: Out = Path("out"),
) -> None:
    """Where a fact comes from: sentence with context, rule, basis, document."""
    import pyoxigraph as ox

    from pipeline.explain import explain as origin
    from pipeline.snapshot import current_snapshot

    snapshot = current_snapshot(out)
    store = ox.Store.read_only(str(snapshot.store_path))
    print(origin(store, iri, snapshot.text, snapshot.manifest["base"]).text(), end="")


app.command(name="review")(review)
app.command(name="mutate")(mutate)
app.command(name="publish")(publish)
app.command(name="serve")(serve)


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Argument(help="A folder of gold files.")],
    out: Out = Path("out"),
    verbose: Annotated[bool, typer.Option("--verbose", help="Name what is missed and what is wrong.")] = False,
    keep: Annotated[Path | None, typer.Option("--keep", help="Write the numbers into data/evaluation.json.")] = None,
) -> None:
    """Precision, recall and F1 by kind of fact against a gold folder."""
    from pipeline.snapshot import current_snapshot

    snapshot = current_snapshot(out)
    from pipeline.evaluate import lines, measure

    result = measure(gold, snapshot)
    for line in lines(result, verbose):
        print(line)
    if keep:
        from pipeline.gold import read_gold
        from pipeline.scores import keep as write

        write(keep, result, gold, len(read_gold(gold)), snapshot.manifest.get("code_version", ""))


@app.command()
def export(
    form: Annotated[str, typer.Option("--format", help="csv, parquet; nq, trig, jsonld, nt, ttl, rdf.")],
    to: Annotated[Path, typer.Option("--to", help="The folder to write into.")] = Path("export"),
    out: Out = Path("out"),
) -> None:
    """The graph as tables or as a dump."""
    import pyoxigraph as ox

    from pipeline.export import export as write
    from pipeline.snapshot import current_snapshot

    snapshot = current_snapshot(out)
    for path in write(ox.Store.read_only(str(snapshot.store_path)), snapshot.dump_path, form, to):
        print(path)


@app.command()
def ontology(
    to: Annotated[Path, typer.Option("--to", help="The folder to write into.")] = Path("ontology-site"),
    out: Out = Path("out"),
) -> None:
    """The ontology as a static site: pages in Chinese and English, a diagram, the RDF files."""
    from service.ontology.site import write_site

    for path in write_site(out, to):
        print(path)
