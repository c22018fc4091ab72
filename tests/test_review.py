"""What a curator is shown, and the way from there to a corrected snapshot: `ducha review`."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from pipeline.assets import asset_path
from pipeline.build import build
from pipeline.curation.decide import correction_text, drafts
from pipeline.curation.decisions import read_decisions, read_file
from pipeline.curation.review import KINDS, entries, weak_rules
from pipeline.errors import QueryError, UsageError
from pipeline.snapshot import Snapshot, current_snapshot

HERE = Path(__file__).parent
FILES = [
    HERE / "documents" / f"{name}.txt" for name in ("prefecture-full-plan", "scanned-with-gaps", "progress-report")
]
DUCHA = str(Path(sys.executable).with_name("ducha"))
VISIT = "supervision/511500-202111"


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    result = build(FILES, tmp_path_factory.mktemp("out"), reasoning=False)
    assert result.snapshot
    return result.snapshot


@pytest.fixture(scope="module")
def store(snapshot: Snapshot) -> ox.Store:
    return ox.Store.read_only(str(snapshot.store_path))


def ducha(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [DUCHA, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", cwd=cwd, check=False, timeout=300)


def test_what_is_uncertain_is_listed_once_most_useful_first(snapshot: Snapshot, store: ox.Store) -> None:
    found = entries(snapshot, store)
    ranks = [KINDS.index(one.kind) for one in found]
    assert ranks == sorted(ranks)
    assert {"inferred", "gap", "finding", "weak"} <= {one.kind for one in found}
    assert len({(one.document, one.key, one.value) for one in found}) == len(found)
    gaps = [bool(one.value) for one in found if one.kind == "gap"]
    assert gaps == sorted(gaps), "what is not restored stands first"
    assert all(one.why_zh and one.why_en for one in found)
    for one in found:
        if one.kind != "finding":
            around = "".join(f"{one.before}{one.quote.partition(' … ')[0]}".split())
            assert around in "".join(snapshot.text(one.document).split()), one.key


def test_every_entry_leads_to_a_decision_that_can_be_read(snapshot: Snapshot, store: ox.Store, tmp_path: Path) -> None:
    for number, one in enumerate(entries(snapshot, store)):
        block = next(
            draft.block(by="甲", on="2026-11-22", why="看过")
            for draft in drafts(store, one.key, snapshot.text)
            if draft.document == one.document and draft.fields.get("value", "") == one.value
        )
        path = tmp_path / f"{number}.toml"
        path.write_text(block, encoding="utf-8")
        (decision,) = read_file(path, path.name)
        assert (decision.key, decision.hash, decision.value) == (one.key, one.sentence, one.value)


def test_a_page_can_show_the_prefilled_text_of_any_fact(snapshot: Snapshot, store: ox.Store) -> None:
    text = correction_text(store, f"{VISIT} du:startDate", snapshot.text)
    assert "【2021年11月25日至12月15日】" in text
    assert 'value = "2021-11-25"' in text
    assert 'by = ""' in text
    missing = correction_text(store, f"{VISIT} du:reportTitle")
    assert 'action = "add"' in missing
    assert 'to = ""' in missing
    assert "[correction.properties]" in correction_text(store, "plan/511500-202111/target")
    several = correction_text(store, "plan/511500-202111/issue/1 du:responsibleOrganization")
    assert several.count("[[correction]]") > 3
    assert "宜宾市水利局" in several
    for key in (
        "region/511500",
        "plan/x> du:due",
        f"{VISIT} du:evidence",
        "finding/000000000000",
        "没有",
    ):
        with pytest.raises(QueryError) as caught:
            correction_text(store, key)
        assert "\n" not in str(caught.value)


def test_the_rules_of_low_confidence_are_in_the_rule_book_and_say_why() -> None:
    with asset_path("data", "rules.csv").open(encoding="utf-8", newline="") as file:
        known = {row["rule"] for row in csv.DictReader(file)}
    assert set(weak_rules()) <= known
    assert all(zh and en for zh, en in weak_rules().values())
    with asset_path("data", "weak-rules.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["rule"] for row in rows] == sorted({row["rule"] for row in rows})
    assert {row["confidence"] for row in rows} == {"low"}


def test_loaded_data_has_nothing_to_review(tmp_path: Path) -> None:
    assert ducha("load", HERE / "graphs" / "example.trig", "--out", tmp_path).returncode == 0
    loaded = current_snapshot(tmp_path)
    with pytest.raises(UsageError, match="was loaded"):
        entries(loaded, ox.Store.read_only(str(loaded.store_path)))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--kind", "doubt"], "choose from lapsed, repaired"),
        (["--accept"], "is to decide on nothing"),
        ([VISIT, "du:startDate", "--accept", "--reject"], "are two decisions"),
        ([VISIT, "du:startDate", "--accept"], "needs --by and --why"),
        ([VISIT, "du:startDate", "--add", "2021-11-26", "--by", "甲", "--why", "x"], "cannot be decided so"),
        ([VISIT, "du:startDate", "--change", "十一月", "--by", "甲", "--why", "x"], "is no date"),
        (
            ["plan/511500-202111/issue/1", "du:responsibleOrganization", "--reject", "--by", "甲", "--why", "x"],
            "--value",
        ),
        ([VISIT, "du:startdate"], "is no property of the ontology"),
        (["plan/nowhere"], "is about nothing in the graph"),
    ],
    ids=range(9),
)
def test_wrong_use_is_one_line(snapshot: Snapshot, tmp_path: Path, arguments: list[str], words: str) -> None:
    out = snapshot.path.parent.parent
    run = ducha("review", *arguments, "--out", out, "--corrections", tmp_path / "c")
    assert (run.returncode, run.stdout) == (2, "")
    (line,) = run.stderr.splitlines()
    assert line.startswith("ducha: ")
    assert words in line
    assert not list((tmp_path / "c").glob("*"))


def test_the_list_is_a_table_or_csv_or_json(snapshot: Snapshot, tmp_path: Path) -> None:
    out = snapshot.path.parent.parent
    table = ducha("review", "--out", out, "--corrections", tmp_path).stdout
    assert "【" in table
    assert table.splitlines()[-1].startswith("(")
    records = json.loads(ducha("review", "--out", out, "--format", "json", "--kind", "gap").stdout)
    assert {one["kind"] for one in records} == {"gap"}
    assert records[0]["command"].startswith(f"ducha review '{records[0]['key']}' --document {records[0]['document']}")
    rows = list(csv.DictReader(io.StringIO(ducha("review", "--out", out, "--format", "csv", "--kind", "gap").stdout)))
    assert [row["key"] for row in rows] == [one["key"] for one in records]
    one = ducha("review", "--out", out, "--document", FILES[0].name, "--format", "json").stdout
    assert {entry["file"] for entry in json.loads(one)} == {FILES[0].name}


@pytest.mark.slow
def test_from_the_list_to_a_corrected_snapshot(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / FILES[0].name).write_bytes(FILES[0].read_bytes())
    out, corrections = tmp_path / "out", tmp_path / "corrections"
    arguments = ("build", tmp_path / "documents", "--out", out, "--no-reasoning")
    assert "corrected" not in ducha(*arguments).stdout
    here = ("--out", out, "--corrections", corrections, "--by", "甲", "--why", "另一处写明26日")
    run = ducha("review", VISIT, "du:startDate", "--change", "2021-11-26", *here)
    assert run.returncode == 0, run.stderr
    assert Path(run.stdout.strip()).parent == corrections
    assert ducha("review", VISIT, "du:batch", "--accept", *here).returncode == 0
    path = corrections / "另.toml"
    path.write_text(
        ducha("review", VISIT, "du:endDate", "--out", out).stdout.replace('by = ""', 'by = "乙"').replace(
            'why = ""', 'why = "旧句"'
        ).replace('sentence = "', 'sentence = "ff'), encoding="utf-8",
    )  # fmt: skip
    assert len(read_decisions(corrections)) == 3
    built = ducha(*arguments)
    assert built.returncode == 0
    assert "corrected  2 decisions applied, 1 lapsed" in built.stdout
    (warning,) = built.stderr.splitlines()
    assert warning.startswith(f"ducha: 另.toml:4: lapsed, {VISIT} du:endDate: the sentence has changed; ")
    story = ducha("explain", VISIT, "--out", out).stdout
    assert "startDate = 2021-11-26\n  basis corrected: 由甲于" in story
    assert "because: 另一处写明26日; rule correction; extracted 2021-11-25" in story
    assert "确认，理由：另一处写明26日 / accepted by 甲 on" in story
    listed = ducha("review", "--out", out, "--corrections", corrections).stdout
    assert listed.startswith(f"lapsed    {VISIT} du:endDate = accept · 乙 · ")

    (corrections / "坏.toml").write_text("[[correction]]\nkey = ", encoding="utf-8")
    broken = ducha(*arguments)
    assert broken.returncode == 2
    assert broken.stdout == ""
    assert broken.stderr.startswith("ducha: 坏.toml:2: is not valid TOML")
