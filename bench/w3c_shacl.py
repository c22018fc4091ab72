"""The W3C SHACL test suite, core and SPARQL, through the engine that decides our verdicts and through its oracle.

    python bench/w3c_shacl.py PATH

PATH is the folder `data-shapes-test-suite/tests` of a checkout of the W3C's data-shapes. A report is right when it
conforms as expected and has the expected results: focus node, path, value, severity, source shape and component, each
as often. Blank nodes are compared by what they are made of (a path) or by their being one. Where a failure is expected,
the engine has to refuse.

Of 120 tests `shacl` 0.3.4 passes 119 and pySHACL 0.40.1 118. `shacl` does not refuse a sub-SELECT that leaves `$this`
out when it does not mention it (unsupported-sparql-004). pySHACL takes `sh:uniqueLang "1"` for true, which the
specification does not (uniqueLang-002), and has no `$shapesGraph`, which is optional (shapesGraph-001).
"""

import logging
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pyshacl
import shacl
from rdflib import RDF, SH, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
COMPARED = (SH.focusNode, SH.value, SH.resultSeverity, SH.sourceShape, SH.sourceConstraintComponent)
WIDTH = 240  # of a reason, in signs

Engine = Callable[[Path, Path], Graph]
Report = tuple[bool, Counter[tuple[str, ...]]]


@dataclass(frozen=True, eq=False)
class Case:
    """One test; `expected` is None where the engine has to refuse."""

    folder: str
    name: str
    data: Path
    shapes: Path
    expected: Report | None


def rust(data: Path, shapes: Path) -> Graph:
    """The report of PyPI's `shacl`."""
    compiled = shacl.Shapes.from_text(shapes.read_text(encoding="utf-8"), format="turtle", base=shapes.as_uri())
    report = compiled.validate_text(data.read_text(encoding="utf-8"), format="turtle", base=data.as_uri())
    return Graph().parse(data=report.serialize("ntriples"), format="nt")


def oracle(data: Path, shapes: Path) -> Graph:
    """The report of pySHACL."""
    graph, rules = (Graph().parse(path, format="turtle", publicID=path.as_uri()) for path in (data, shapes))
    _, results, text = pyshacl.validate(graph, shacl_graph=rules, advanced=False, inference="none")
    if not isinstance(results, Graph):
        raise ValueError(text)
    return results


def cases(manifest: Path, root: Path) -> Iterator[Case]:
    """The tests of a manifest and of those it includes, in the order of their files."""
    graph = parsed(manifest)
    here = URIRef(manifest.as_uri())
    for entry in sorted(graph.subjects(RDF.type, SHT.Validate), key=str):
        action, result = graph.value(entry, MF.action), graph.value(entry, MF.result)
        name = str(entry).rpartition("/")[2]
        expected = None if result == SHT.Failure else read(graph, result)
        data, shapes = (local(graph.value(action, part)) for part in (SHT.dataGraph, SHT.shapesGraph))
        yield Case(str(manifest.parent.relative_to(root)), name, data, shapes, expected)
    for included in sorted(graph.objects(here, MF.include), key=str):
        yield from cases(local(included), root)


@cache
def parsed(path: Path) -> Graph:
    return Graph().parse(path, format="turtle", publicID=path.as_uri())


def local(node: Node | None) -> Path:
    return Path(unquote(urlsplit(str(node)).path))


def read(graph: Graph, report: Node | None) -> Report:
    """What the suite compares of a report. ValueError where it says not once whether it conforms."""
    (conforms,) = graph.objects(report, SH.conforms)
    return conforms == Literal(True), Counter(
        (*(named(graph.value(result, part)) for part in COMPARED), path(graph, graph.value(result, SH.resultPath)))
        for result in graph.objects(report, SH.result)
    )


def named(node: Node | None) -> str:
    return "_:" if isinstance(node, BNode) else node.n3() if isinstance(node, URIRef | Literal) else "-"


def path(graph: Graph, node: Node | None) -> str:
    """A property path by its structure."""
    if not isinstance(node, BNode):
        return named(node)
    if (node, RDF.first, None) in graph:
        return f"({' '.join(path(graph, part) for part in Collection(graph, node))})"
    return (
        f"[{' '.join(sorted(f'{named(kind)} {path(graph, inner)}' for kind, inner in graph.predicate_objects(node)))}]"
    )


def wrong(case: Case, engine: Engine) -> str:
    """Why a test fails, in a line; empty where it passes."""
    try:
        graph = engine(case.data, case.shapes)
    except Exception as error:  # whatever an engine raises is its refusal
        said = f"{type(error).__name__}: {str(error).strip()}".replace("\n", " ")
        return "" if case.expected is None else f"refused: {said}"
    if case.expected is None:
        return "not refused, a failure is expected"
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    (conforms, results), (right, wanted) = read(graph, report), case.expected
    missing, extra = wanted - results, results - wanted
    return "; ".join(
        [
            *([f"conforms is {conforms}"] if conforms != right else []),
            *(f"missing {' '.join(result)}" for result in sorted(missing.elements())),
            *(f"unexpected {' '.join(result)}" for result in sorted(extra.elements())),
        ]
    )


def main(folder: Path) -> None:
    for quiet in ("rdflib.term", "pyshacl"):
        logging.getLogger(quiet).setLevel(logging.CRITICAL)
    warnings.simplefilter("ignore")  # what they say of odd literals and shapes is what is being tested
    tests = list(cases(folder / "manifest.ttl", folder))
    engines: dict[str, Engine] = {"shacl": rust, "pySHACL": oracle}
    reasons: dict[str, dict[Case, str]] = {}
    seconds: dict[str, float] = {}
    for name, engine in engines.items():
        start = time.perf_counter()
        reasons[name] = {case: reason for case in tests if (reason := wrong(case, engine))}
        seconds[name] = time.perf_counter() - start
    print(f"{'folder':26} {'tests':>6}" + "".join(f" {name:>8}" for name in engines))
    for group in [*sorted({case.folder for case in tests}), "all"]:
        own = [case for case in tests if group in (case.folder, "all")]
        right = (sum(case not in reasons[name] for case in own) for name in engines)
        print(f"{group:26} {len(own):6}" + "".join(f" {number:8}" for number in right))
    print(f"{'seconds':33}" + "".join(f" {took:8.2f}" for took in seconds.values()))
    for name, failed in reasons.items():
        for case, reason in failed.items():
            print(f"{name}: {case.folder}/{case.name}: {reason[:WIDTH]}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
