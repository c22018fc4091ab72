"""Tables and dumps of two cities, as their readers get them."""

import csv
import datetime
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
from pyarrow import parquet

from pipeline.errors import UsageError
from pipeline.export import FORMATS, QUADS, RDF_FORMATS, export
from pipeline.query import load_queries
from pipeline.serialise import write_sorted
from pipeline.union import merge_into_default_graph

ROOT = Path(__file__).parent
TABLES = load_queries(ROOT.parent / "queries" / "tables")


@pytest.fixture(scope="module")
def store() -> ox.Store:
    store = ox.Store()
    store.load(path=ROOT / "graphs" / "two-cities.trig", format=ox.RdfFormat.TRIG)
    merge_into_default_graph(store, list(store))
    return store


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("dump") / "dump.nq"
    quads = ox.parse(path=ROOT / "graphs" / "two-cities.trig", format=ox.RdfFormat.TRIG)
    write_sorted(quads, path)
    return path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_has_every_table_with_its_columns_and_a_mark_for_excel(store: ox.Store, dump: Path, tmp_path: Path) -> None:
    files = export(store, dump, "csv", tmp_path / "tables")
    assert [file.stem for file in files] == list(TABLES)
    for file in files:
        assert file.read_bytes().startswith(b"\xef\xbb\xbf")
        rows = read(file)
        assert list(rows[0]) == list(TABLES[file.stem].columns)
        assert all(None not in row and None not in row.values() for row in rows)
    (plain, *_) = export(store, dump, "csv", tmp_path / "plain", bom=False)
    assert not plain.read_bytes().startswith(b"\xef\xbb\xbf")


def test_each_row_ends_with_the_sentence_its_document_and_its_offsets(
    store: ox.Store, dump: Path, tmp_path: Path
) -> None:
    export(store, dump, "csv", tmp_path)
    for name in TABLES.keys() - {"documents"}:
        for row in read(tmp_path / f"{name}.csv"):
            text = (ROOT / "graphs" / "two-cities" / f"{row['document'][-16:]}.txt").read_bytes().decode()
            assert text[int(row["begin"]) : int(row["end"])] == row["quote"]


def test_rows_are_the_facts(store: ox.Store, dump: Path, tmp_path: Path) -> None:
    export(store, dump, "csv", tmp_path)
    tables = {name: read(tmp_path / f"{name}.csv") for name in TABLES}
    sizes = {name: len(rows) for name, rows in tables.items() if name != "evidence"}
    assert sizes == {
        **{"plans": 3, "visits": 3, "documents": 4, "counts": 5, "issues": 3, "measures": 6},
        **{"organizations-by-issue": 8, "targets": 12, "baselines": 1, "principles": 4, "goals": 6, "categories": 3},
        **{"safeguards": 4, "duties": 2, "gaps": 4, "findings": 3},
    }
    issue = tables["issues"][0]
    assert (issue["due"], issue["due_precision"], issue["category"]) == ("2023-12-31", "year", "水环境方面")
    assert issue["goal_text"] == "污水集中收集率明显提升。"
    feedback = {row["city"]: row["feedback"] for row in tables["visits"]}
    assert feedback == {"芜湖市": "2022-11-16", "岳阳市": "2023-11", "": ""}
    assert {row["evidences"] for row in tables["plans"]} == {"1", "2"}
    nodes = {row["node"] for row in tables["evidence"]}
    for name in ("issues", "measures", "targets", "goals"):
        assert {next(iter(row.values())) for row in tables[name]} <= nodes


@pytest.mark.parametrize("form", RDF_FORMATS)
def test_a_dump_holds_the_same_statements_and_is_the_same_each_time(
    store: ox.Store, dump: Path, tmp_path: Path, form: str
) -> None:
    (first,) = export(store, dump, form, tmp_path / "a")
    (second,) = export(store, dump, form, tmp_path / "b")
    assert first.name == f"ducha.{form}"
    assert first.read_bytes() == second.read_bytes()
    loaded = ox.Store()
    loaded.load(path=first, format=RDF_FORMATS[form])
    if form in QUADS:
        assert set(loaded) == {quad for quad in store if quad.graph_name != ox.DefaultGraph()}
    else:
        assert {quad.triple for quad in loaded} == {quad.triple for quad in store}


def test_parquet_keeps_numbers_and_dates(store: ox.Store, dump: Path, tmp_path: Path) -> None:
    files = export(store, dump, "parquet", tmp_path)
    assert [file.name for file in files] == [f"{name}.parquet" for name in TABLES]
    rows = parquet.read_table(tmp_path / "targets.parquet").to_pylist()
    (row,) = [row for row in rows if row["indicator_code"] == "pm25-concentration" and row["city"] == "岳阳市"]
    assert (row["value"], row["due"], row["begin"] < row["end"]) == (Decimal(30), datetime.date(2025, 12, 31), True)
    feedback = {row["feedback"] for row in parquet.read_table(tmp_path / "visits.parquet").to_pylist()}
    assert feedback == {"2022-11-16", "2023-11", None}  # a month is no date: the column stays text


def test_parquet_without_pyarrow_says_what_to_install(
    store: ox.Store, dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"pip install 'ducha\[parquet\]'"):
        export(store, dump, "parquet", tmp_path / "never")
    assert not (tmp_path / "never").exists()


def test_wrong_use_is_one_clear_line(store: ox.Store, dump: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"choose one of {', '.join(FORMATS)}"):
        export(store, dump, "xlsx", tmp_path)
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(UsageError, match="name a folder that you may write to"):
        export(store, dump, "csv", file)
