"""The engines that decide say what pySHACL says, of every shipped and every development document."""

from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from pipeline.assets import asset_path
from pipeline.document import read_document
from pipeline.extract import TEXT, Task, default_stages
from pipeline.validation import oracle
from pipeline.validation.shapes import rooms
from pipeline.validation.validate import check, facts
from pipeline.vocabulary import DEFAULT_BASE, graph_iri

SHIPPED = sorted(asset_path("data", "documents").glob("*.txt"))
DEVELOPMENT = sorted((Path(__file__).parent / "development").glob("*.txt"))


@cache
def task() -> Task:
    stages = default_stages(reasoning=False)
    regions: dict[str, list[ox.Quad]] = {}
    for quad in stages.shared_quads(DEFAULT_BASE):
        if quad.graph_name == ox.NamedNode(graph_iri(DEFAULT_BASE, "regions")):
            regions.setdefault(getattr(quad.subject, "value", ""), []).append(quad)
    return Task(stages, regions, DEFAULT_BASE, ())


def triples(path: Path) -> list[ox.Triple]:
    """What the rules are asked of: the document's facts, what follows from them, its regions and its text."""
    document = read_document(path)
    stated = task().stages.document_quads(document, DEFAULT_BASE)
    around = task().around(stated)
    derived = task().stages.derive(stated, around, DEFAULT_BASE, document.id)
    text = ox.Quad(ox.NamedNode(f"{DEFAULT_BASE}document/{document.id}"), TEXT, ox.Literal(document.text))
    return facts([*stated, *derived, *around, text])


@pytest.mark.parametrize("path", [*SHIPPED, *DEVELOPMENT], ids=lambda path: path.stem)
def test_pyshacl_finds_the_same_in_a_document(path: Path) -> None:
    about = triples(path)
    assert check(about, *rooms()) == oracle.check(about, *rooms())
