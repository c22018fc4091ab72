"""Curators' judgements of findings survive every build as long as the finding's facts stay what they were."""

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from pipeline.build import BuildResult, build
from pipeline.cli import main
from pipeline.curation.decide import append, drafts
from pipeline.curation.review import entries
from pipeline.snapshot import Snapshot
from pipeline.vocabulary import DU, DUC

# Three findings of one text: 20 days stated for a visit of 21, a measure after its issue, a target before the visit.
TEXT = """芜湖市贯彻落实安徽省生态环境保护督察反馈意见整改方案
2023年4月1日至4月21日，安徽省第二生态环境保护督察组对芜湖市开展了为期20天的督察，并于2023年6月12日反馈了督察意见。
一、整改目标
2022年底前，城市污水处理率达到95%以上。
二、整改任务
1.污水管网不完善，雨污混流。
整改目标:补齐管网短板。
整改措施:(1)2025年底前建成截污干管。
整改时限:2024年底前
责任单位:市住建局
"""
WHO = {"by": "甲", "on": "2026-11-22", "why": "对照原文"}
Build = Callable[[str], BuildResult]


@pytest.fixture
def built(tmp_path: Path) -> Build:
    """Builds a text, with whatever was decided before."""

    def run(text: str) -> BuildResult:
        folder = tmp_path / "documents"
        folder.mkdir(exist_ok=True)
        (folder / "方案.txt").write_text(text, encoding="utf-8")
        return build([folder], tmp_path / "out", reasoning=False)

    (tmp_path / "corrections").mkdir()
    return run


def store(snapshot: Snapshot | None) -> ox.Store:
    assert snapshot is not None
    return ox.Store.read_only(str(snapshot.store_path))


def judgements(snapshot: Snapshot | None) -> dict[str, str]:
    """Rule → judgement, `open` where there is none, of the warnings in the published graph."""
    rows = store(snapshot).query(
        f"""SELECT ?shape ?judgement WHERE {{ GRAPH ?g {{
          ?finding <{DU}shape> ?shape ; <{DU}severity> <{DUC}severity-warning> .
          OPTIONAL {{ ?finding <{DU}judgement> ?judgement }} }} }}"""
    )
    assert isinstance(rows, ox.QuerySolutions)
    found = {}
    for row in rows:
        judgement = row["judgement"].value.removeprefix(f"{DUC}judgement-") if row["judgement"] else "open"
        found[row["shape"].value.rpartition("/")[2]] = judgement
    return found


def keys(snapshot: Snapshot | None) -> dict[str, str]:
    """Rule → key of its finding."""
    assert snapshot is not None
    found = (one for one in entries(snapshot, store(snapshot)) if one.kind == "finding")
    return {one.rule.rpartition(" ")[2]: one.key for one in found}


def decide(folder: Path, snapshot: Snapshot | None, rule: str, action: str) -> None:
    (draft,) = drafts(store(snapshot), keys(snapshot)[rule])
    append(folder / "corrections", draft.document, draft.block(action=action, **WHO))


def test_three_judged_findings_stay_judged_and_one_whose_facts_changed_comes_back(built: Build, tmp_path: Path) -> None:
    first = built(TEXT)
    assert judgements(first.snapshot) == {
        "stated-days": "open",
        "measure-within-issue": "open",
        "due-after-visit": "open",
    }
    decide(tmp_path, first.snapshot, "stated-days", "accept")
    decide(tmp_path, first.snapshot, "measure-within-issue", "reject")
    decide(tmp_path, first.snapshot, "due-after-visit", "fixed")
    expected = {
        "stated-days": "accepted-in-source",
        "measure-within-issue": "extraction-error",
        "due-after-visit": "fixed",
    }
    again = built(TEXT)
    assert (again.applied, [why.en for _, why in again.lapsed]) == (3, [])
    assert judgements(again.snapshot) == expected
    moved = built(f"首页 > 公示公告\n{TEXT}")  # another file: other offsets, the same sentences
    assert (moved.applied, [why.en for _, why in moved.lapsed]) == (3, [])
    assert judgements(moved.snapshot) == expected
    changed = built(TEXT.replace("为期20天", "为期18天"))
    assert judgements(changed.snapshot) == {**expected, "stated-days": "open"}
    ((decision, why),) = changed.lapsed
    assert decision.key == keys(changed.snapshot)["stated-days"]
    assert why.en == "the sentence has changed"
    other = built(
        TEXT.replace("4月21日", "4月23日")
    )  # the days are stated as before, what they are held against is not
    assert judgements(other.snapshot) == {**expected, "stated-days": "open", "due-after-visit": "open"}
    assert built(TEXT).lapsed == ()


def test_what_is_mended_is_carried_out_and_what_was_accepted_and_is_gone_lapses(built: Build, tmp_path: Path) -> None:
    first = built(TEXT)
    decide(tmp_path, first.snapshot, "measure-within-issue", "fixed")
    decide(tmp_path, first.snapshot, "stated-days", "accept")
    mended = built(TEXT.replace("2025年底前建成", "2024年底前建成").replace("4月21日", "4月20日"))
    assert judgements(mended.snapshot) == {"due-after-visit": "open"}
    assert [(one.action, why.en) for one, why in mended.lapsed] == [("accept", "there is no such finding any more")]
    assert mended.applied == 1


def test_the_command_writes_a_judgement_that_the_next_build_applies(
    built: Build, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    key = keys(built(TEXT).snapshot)["stated-days"]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["ducha", "review", key, "--corrections", "corrections"])
    with pytest.raises(SystemExit):
        main()
    shown = capsys.readouterr().out
    assert 'value = "days=20 · end=2023-04-21 · span=21 · start=2023-04-01"' in shown
    assert "accept (原文如此 in the source), reject (提取有误 misread), fixed (已处理 mended)" in shown
    monkeypatch.setattr(
        "sys.argv", ["ducha", "review", key, "--fixed", "--by", "乙", "--why", "已更正", "--corrections", "corrections"]
    )
    with pytest.raises(SystemExit):
        main()
    assert judgements(built(TEXT).snapshot)["stated-days"] == "fixed"
