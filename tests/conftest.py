"""Settings for every test."""

import os
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import settings

from pipeline.assets import asset_path
from pipeline.build import build
from pipeline.extract import Stages, default_stages
from pipeline.model import Document

TESTS = Path(__file__).parent
DOCUMENTS = ("closure-02", "closure-03", "closure-04", "full-plan-04", "municipality-02", "report-03", "traditional-01")

# The machines are shared, so an example may be slow for no fault of its own; in CI the same examples run each time.
settings.register_profile("ducha", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("ducha")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs servers and browsers takes longest and begins first, so that no processor waits for it at the end."""
    items.sort(key=lambda item: item.path.parent.name not in {"test_service", "test_remote"})


def misreading() -> Stages:
    """The stages of a build with a slip: a week is read as P1W, which is no duration, so that one document is left out."""
    stages = default_stages(reasoning=False)

    def read(document: Document, base: str) -> list[ox.Quad]:
        week = ox.Literal("P7D", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#duration"))
        slip = ox.Literal("P1W", datatype=week.datatype)
        quads = stages.document_quads(document, base)
        return [ox.Quad(q.subject, q.predicate, slip if q.object == week else q.object, q.graph_name) for q in quads]

    return replace(stages, document_quads=read)


@pytest.fixture(scope="session")
def two_builds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two snapshots of real documents, one of them left out. Since the first, a report has come, a plan has
    gone, and a stated number of days has changed."""
    folder, out = tmp_path_factory.mktemp("documents"), tmp_path_factory.mktemp("two")
    sources = [TESTS / "development" / f"{name}.txt" for name in DOCUMENTS]
    for path in (*sources, *sorted(asset_path("data", "documents").glob("002_*.txt"))):
        (folder / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    coming, going, changing = folder / "report-03.txt", folder / "closure-04.txt", next(folder.glob("002_*.txt"))
    late, now = coming.read_text(encoding="utf-8"), changing.read_text(encoding="utf-8")
    coming.unlink()
    changing.write_text(now.replace("为期半个月", "为期18天"), encoding="utf-8")
    assert build([folder], out, reasoning=False, stages=misreading()).quarantined == ("closure-03.txt",)
    going.unlink()
    coming.write_text(late, encoding="utf-8")
    changing.write_text(now, encoding="utf-8")
    assert build([folder], out, reasoning=False, stages=misreading()).quarantined == ("closure-03.txt",)
    return out


@pytest.fixture(scope="session")
def five(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which the five shipped documents were built."""
    out = tmp_path_factory.mktemp("five")
    assert build([asset_path("data", "documents")], out, reasoning=False).snapshot is not None
    return out
