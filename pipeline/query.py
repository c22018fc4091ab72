"""Named queries: SPARQL files whose `#+` header declares titles, typed parameters and columns (`docs/queries.md`).

A parameter is a `VALUES ?name { default }` line, so that a file runs as it stands in any SPARQL 1.1 tool.
`NamedQuery.bound` replaces what stands between the braces by an RDF term that its class serialises; a user's
text is thus never SPARQL, whatever it holds. `UNDEF` between the braces means "any".
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal, cast, get_args

import pyoxigraph as ox

from pipeline.assets import asset_path
from pipeline.errors import QueryError, Wording
from pipeline.search.function import FUNCTIONS
from pipeline.table import csv_lines, text_table
from pipeline.vocabulary import PREFIXES

ParameterKind = Literal["integer", "decimal", "string", "date", "iri", "region"]
Term = ox.NamedNode | ox.Literal
HEADER = re.compile(r"#\+ (?P<key>[a-z_.0-9]+): (?P<value>.*)")
PARAMETER = re.compile(r"(?P<kind>\w+) =(?P<default>.*)\|(?P<zh>[^|]+)\|(?P<en>[^|]+)")
CHART = re.compile(r"(?P<kind>bar|line|stacked) x=(?P<x>\w+) y=(?P<y>\w+)(?: series=(?P<series>\w+))?")
TEXTS = ("title.zh", "title.en", "description.zh", "description.en")
THEMES = (
    "time",
    "issues",
    "targets",
    "organisations",
    "diffusion",
    "safeguards",
    "confirmation",
    "evidence",
    "export",
)
LONGEST_VALUE = 500  # characters: far above any phrase of the genre, far below what burdens a worker
FORMS: Mapping[str, tuple[str, Wording]] = {
    "integer": (r"-?[0-9]{1,15}", Wording("a whole number such as 2025")),
    "decimal": (r"-?[0-9]{1,15}(\.[0-9]{1,15})?", Wording("a number such as 32.5")),
    "string": (r"[^\x00-\x1f\x7f\ud800-\udfff]+", Wording("one line of text")),
    "date": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", Wording("a date such as 2025-12-31")),
    "iri": (
        r"[A-Za-z][A-Za-z0-9+.-]*:\S+",
        Wording("an IRI, whole or with a known prefix, such as duc:basis-inferred"),
    ),
    "region": (
        r"[0-9]{6}|[^\x00-\x1f\x7f\ud800-\udfff0-9]{2,40}",
        Wording("a code such as 450300 or a name such as 桂林市"),
    ),
}


@dataclass(frozen=True)
class Parameter:
    """One typed parameter; an empty `default` means "any"."""

    name: str
    kind: ParameterKind
    default: str
    label_zh: str
    label_en: str

    def term(self, value: str) -> Term:
        """The RDF term of a value as written. Raises QueryError when it does not have the kind's form."""
        pattern, form = FORMS[self.kind]
        subject = Wording("parameter {name}", name=self.name)
        problem = Wording("{value!r} is not of type {kind}", value=value[:60], kind=self.kind)
        wrong = QueryError(subject, problem, Wording("write {form}", form=form))
        if len(value) > LONGEST_VALUE:
            remedy = Wording("write at most {most} characters", most=LONGEST_VALUE)
            raise QueryError(subject, "is too long", remedy)
        if self.kind == "region":  # the IRI of a region will do as well
            value = re.sub(r"^https?://\S+/region/(?=[0-9]{6}$)", "", value)
        if not re.fullmatch(pattern, value):
            raise wrong
        try:
            if self.kind == "iri":
                prefix, _, local = value.partition(":")
                return ox.NamedNode(PREFIXES[prefix] + local if prefix in PREFIXES else value)
            if self.kind == "date":
                date.fromisoformat(value)
        except ValueError as error:
            raise wrong from error
        if self.kind in ("string", "region"):
            return ox.Literal(value)
        return ox.Literal(value, datatype=ox.NamedNode(PREFIXES["xsd"] + self.kind))


@dataclass(frozen=True)
class Chart:
    """How a page may draw the answer: the columns of the axes and of the series. `stacked` bars show parts of a whole."""

    kind: Literal["bar", "line", "stacked"]
    x: str
    y: str
    series: str | None = None


@dataclass(frozen=True)
class NamedQuery:
    """A question with a name. `columns` maps each SELECT variable, in order, to its zh and en label; `theme` is one of
    THEMES or empty; `text` is the file as it stands."""

    name: str
    title_zh: str
    title_en: str
    description_zh: str
    description_en: str
    parameters: tuple[Parameter, ...]
    columns: Mapping[str, tuple[str, str]]
    chart: Chart | None
    text: str
    theme: str = ""

    def substitutions(self, raw: Mapping[str, str]) -> dict[ox.Variable, Term]:
        """The term of every parameter that is given or has a default; those left out match anything.

        An empty value counts as not given, as an untouched field of a form is. Raises QueryError.
        """
        known = {parameter.name for parameter in self.parameters}
        if unknown := sorted(raw.keys() - known):
            remedy = Wording("it takes {names}", names=", ".join(sorted(known))) if known else "it takes none"
            problem = Wording("has no parameter {name!r}", name=unknown[0][:60])
            raise QueryError(Wording("query {name}", name=self.name), problem, remedy)
        values = {parameter: raw.get(parameter.name) or parameter.default for parameter in self.parameters}
        return {ox.Variable(p.name): p.term(value) for p, value in values.items() if value}

    def bound(self, raw: Mapping[str, str]) -> str:
        """Self-contained SPARQL without the header, the parameters' terms in place. Raises QueryError."""
        terms = {variable.value: str(term) for variable, term in self.substitutions(raw).items()}

        def replace(line: re.Match[str]) -> str:
            return f"{line['head']}{terms.get(line['name'], 'UNDEF')} }}"

        body = "".join(line for line in self.text.splitlines(keepends=True) if not line.startswith("#+"))
        return self._slots.sub(replace, body) if self.parameters else body

    def part(self, raw: Mapping[str, str], limit: int, offset: int) -> str:
        """`bound`, cut to `limit` rows from `offset`: every query orders its rows. Raises QueryError."""
        return f"{self.bound(raw)}\nLIMIT {limit:d} OFFSET {offset:d}\n"

    def count(self, raw: Mapping[str, str]) -> str:
        """A query for ?total, the number of rows of `bound`. Raises QueryError."""
        prologue, select, rest = self.bound(raw).partition("\nSELECT ")
        return f"{prologue}\nSELECT (COUNT(*) AS ?total) WHERE {{ {{{select}{rest} }} }}"

    @cached_property
    def _slots(self) -> re.Pattern[str]:
        names = "|".join(re.escape(parameter.name) for parameter in self.parameters)
        return re.compile(rf"(?m)^(?P<head> *VALUES \?(?P<name>{names}) \{{ )[^\n]*\}}$")


def load_queries(folder: Path | None = None) -> dict[str, NamedQuery]:
    """The queries of a folder (by default `queries/`), sorted by name. Raises QueryError for a faulty header."""
    folder = folder or asset_path("queries")
    return {path.stem: parse_query(path.stem, path.read_text("utf-8")) for path in sorted(folder.glob("*.rq"))}


def read_query(name_or_path: str) -> NamedQuery:
    """The named query, or a file's: one without a header is a query without parameters. Raises QueryError."""
    if (queries := load_queries()).get(name_or_path):
        return queries[name_or_path]
    path = Path(name_or_path)
    if not path.is_file():
        raise QueryError(name_or_path, "is neither a named query nor a file", f"named queries are {', '.join(queries)}")
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(path, f"cannot be read ({error})", "write the query as UTF-8 text") from error
    if text.startswith("#+"):
        return parse_query(path.stem, text)
    return NamedQuery(path.stem, path.stem, path.stem, "", "", (), {}, None, text)


def parse_query(name: str, text: str) -> NamedQuery:
    """A query from the text of its file. Raises QueryError naming the header line that is missing or wrong."""
    header = dict(_header(name, text))
    if missing := [key for key in TEXTS if not header.get(key)]:
        raise QueryError(f"query {name}", f"lacks {missing[0]}", f"write a line `#+ {missing[0]}: …`")
    parameters = tuple(_parameter(name, key[6:], header[key]) for key in header if key.startswith("param."))
    columns = {key[7:]: _labels(name, key, header[key]) for key in header if key.startswith("column.")}
    zh, en = (header["title.zh"], header["description.zh"]), (header["title.en"], header["description.en"])
    chart = _chart(name, header, columns)
    if (theme := header.get("theme", "")) not in {"", *THEMES}:
        raise QueryError(f"query {name}", f"has the theme {theme!r}", f"choose one of {', '.join(THEMES)}")
    query = NamedQuery(name, zh[0], en[0], zh[1], en[1], parameters, columns, chart, text, theme)
    slots = {slot["name"] for slot in query._slots.finditer(text)} if parameters else set()
    if absent := [parameter.name for parameter in parameters if parameter.name not in slots]:
        raise QueryError(f"query {name}", f"never uses ?{absent[0]}", f"write a line `VALUES ?{absent[0]} {{ … }}`")
    return query


def _header(name: str, text: str) -> Iterator[tuple[str, str]]:
    seen = set()
    for line in text.splitlines():
        if not line.startswith("#+"):
            return
        match = HEADER.fullmatch(line)
        key = match["key"] if match else line
        if not match or not (key in TEXTS or key in {"chart", "theme"} or key.startswith(("param.", "column."))):
            raise QueryError(f"query {name}", f"has the header line {line!r}", "see docs/queries.md for the keys")
        if key in seen:
            raise QueryError(f"query {name}", f"declares {key} twice", "keep one")
        seen.add(key)
        yield key, match["value"].strip()


def _parameter(query: str, name: str, value: str) -> Parameter:
    match = PARAMETER.fullmatch(value)
    if not match or match["kind"] not in get_args(ParameterKind):
        remedy = f"write `type = default | 中文 | English`, type one of {', '.join(get_args(ParameterKind))}"
        raise QueryError(f"query {query}", f"declares param.{name} as {value!r}", remedy)
    kind = cast(ParameterKind, match["kind"])
    parameter = Parameter(name, kind, match["default"].strip(), match["zh"].strip(), match["en"].strip())
    if parameter.default:
        parameter.term(parameter.default)
    return parameter


def _labels(query: str, key: str, value: str) -> tuple[str, str]:
    zh, _, en = (part.strip() for part in value.partition("|"))
    if not zh or not en:
        raise QueryError(f"query {query}", f"labels {key} as {value!r}", "write `中文 | English`")
    return zh, en


def _chart(query: str, header: Mapping[str, str], columns: Mapping[str, object]) -> Chart | None:
    if "chart" not in header:
        return None
    match = CHART.fullmatch(header["chart"])
    if not match or not {match["x"], match["y"], match["series"]} <= {*columns, None}:
        raise QueryError(
            f"query {query}", f"draws {header['chart']!r}", "write `bar|line|stacked x=COLUMN y=COLUMN [series=COLUMN]`"
        )
    kind = cast(Literal["bar", "line", "stacked"], match["kind"])
    return Chart(kind, match["x"], match["y"], match["series"])


RESULTS = {
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}
GRAPHS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
}


def run(store: ox.Store, sparql: str, form: str = "table", labels: Mapping[str, str] | None = None) -> bytes:
    """The answer over the default graph, which a snapshot fills with all graphs, as UTF-8 as `table`, `csv`, or one of the
    forms of RESULTS or GRAPHS.

    `labels` renames the columns of a table (never of a file). Raises QueryError for SPARQL that does not parse or
    cannot be evaluated, and for a form that the kind of query does not have.
    """
    try:
        answer = store.query(sparql, custom_functions=FUNCTIONS)
        if isinstance(answer, ox.QueryTriples):
            return _serialise(answer, GRAPHS, "ttl" if form == "table" else form)
        if form not in ("table", "csv"):
            return _serialise(answer, RESULTS, form)
        if isinstance(answer, ox.QueryBoolean):
            return f"{str(bool(answer)).lower()}\n".encode()
        names = [variable.value for variable in answer.variables]
        rows = [[row[name] for name in names] for row in answer]
        if form == "csv":
            return "".join(csv_lines(names, rows)).encode()
        return text_table([(labels or {}).get(name, name) for name in names], rows).encode()
    except SyntaxError as error:
        raise QueryError("query", f"is not SPARQL 1.1 ({error})", "mend it at the place named") from error
    except (OSError, ValueError, RuntimeError) as error:
        raise QueryError("query", f"cannot be evaluated ({error})", "simplify it") from error


def _serialise(
    answer: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, forms: Mapping[str, object], form: str
) -> bytes:
    if form not in forms:
        known = [] if forms is GRAPHS else ["csv"]
        raise QueryError("query", f"has no answer as {form!r}", f"choose one of {', '.join(['table', *known, *forms])}")
    return cast(bytes, answer.serialize(format=forms[form]))  # type: ignore[arg-type]  # each kind has its own enum
