"""The development set, built as a user builds it: every document is published, and what is said of it is mostly right.

The documents of `tests/development` are invented, one family for each way in which the genre varies; beside each lies
what it says. The floors lie just below what the extraction reaches, so that a change which loses facts is noticed.
"""

from pathlib import Path

import pyoxigraph as ox
import pytest

from pipeline.build import BuildResult, build
from pipeline.evaluate import Evaluation, measure
from pipeline.scores import kept
from pipeline.snapshot import Snapshot
from pipeline.vocabulary import PREFIXES

pytestmark = pytest.mark.slow

F1_FLOOR = 0.96
PRECISION_FLOOR = 0.98

DEVELOPMENT = Path(__file__).parent / "development"
DOCUMENTS = sorted(path.name for path in DEVELOPMENT.glob("*.txt"))
NEAR_GENRE = sorted(
    gold.with_suffix(".txt").name
    for gold in DEVELOPMENT.glob("*.yaml")
    if "in_genre: false" in gold.read_text(encoding="utf-8")
)
IS_OTHER = """
SELECT ?file ?reason ?plan WHERE { GRAPH ?graph {
  ?document du:fileName ?file .
  ?assertion rdf:subject ?document ; rdf:predicate du:documentKind ; rdf:object duc:document-other ; du:reason ?reason .
  BIND(EXISTS { ?any a du:Plan } || EXISTS { ?document du:describes ?some } AS ?plan)
} }"""


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> BuildResult:
    return build([DEVELOPMENT], tmp_path_factory.mktemp("development"), jobs=2, reasoning=False)


@pytest.fixture(scope="session")
def snapshot(built: BuildResult) -> Snapshot:
    assert built.snapshot is not None
    return built.snapshot


@pytest.fixture(scope="session")
def result(snapshot: Snapshot) -> Evaluation:
    return measure(DEVELOPMENT, snapshot)


def test_every_document_is_published(built: BuildResult) -> None:
    assert (built.quarantined, built.failures, built.duplicates) == ((), (), ())
    assert built.documents == len(DOCUMENTS)


def test_the_kept_evaluation_is_of_these_rules(result: Evaluation) -> None:
    """`ducha evaluate tests/development --out … --keep data/evaluation.json` writes it anew."""
    content = kept()
    assert (content["set"], content["documents"]) == ("development", len(DOCUMENTS))
    assert content["note_zh"]
    assert content["note_en"]
    rows = {row["kind"]: row for row in content["scores"]}
    found, right, gold = (sum(row[name] for row in rows.values()) for name in ("found", "right", "gold"))
    assert right / found == pytest.approx(result.micro.precision, abs=0.01)
    assert right / gold == pytest.approx(result.micro.recall, abs=0.01)
    assert set(rows) == {score.kind for score in result.scores}


def test_facts_are_found_and_right(result: Evaluation) -> None:
    whole = result.micro
    assert whole.f1 is not None
    assert whole.precision is not None
    assert whole.f1 >= F1_FLOOR, result.table()
    assert whole.precision >= PRECISION_FLOOR, result.table()
    assert result.notes == ()


def test_every_quote_is_exactly_what_the_document_says(result: Evaluation) -> None:
    quotes = next(score for score in result.apart if score.kind == "evidence quotes")
    assert quotes.found > 0
    assert quotes.right == quotes.found, [line for line in result.wrong if "evidence quotes" in line]


def test_a_page_near_the_genre_has_no_plan_and_a_reason(snapshot: Snapshot) -> None:
    store = ox.Store.read_only(str(snapshot.store_path))
    rows = store.query(IS_OTHER, prefixes=PREFIXES, use_default_graph_as_union=False)
    assert isinstance(rows, ox.QuerySolutions)
    found: dict[str, list[tuple[str, bool]]] = {}
    for row in rows:
        reason, plan = row["reason"], row["plan"]
        assert isinstance(reason, ox.Literal)
        found.setdefault(row["file"].value, []).append((reason.language or "", plan.value == "true"))
    assert sorted(found) == NEAR_GENRE
    assert all(sorted(said) == [("en", False), ("zh", False)] for said in found.values())
