"""The kept evaluation: numbers written by the machine, notes by people, and one clear error for anything else."""

import json
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.evaluate import Evaluation, Score
from pipeline.scores import keep, kept

RESULT = Evaluation((Score("issue", 4, 3, 2),), (Score("gaps", 1, 1, 1),), (), (), ())


def test_numbers_are_written_and_notes_stay(tmp_path: Path) -> None:
    path = tmp_path / "evaluation.json"
    keep(path, RESULT, tmp_path, 2, "0.1.0")
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["note_zh"] == ""
    path.write_text(json.dumps({**content, "note_zh": "虚构的文件"}), encoding="utf-8")
    keep(path, RESULT, tmp_path, 3, "0.2.0")
    assert kept(path) == {
        "set": tmp_path.name,
        "documents": 3,
        "code_version": "0.2.0",
        "note_zh": "虚构的文件",
        "note_en": "",
        "scores": [{"kind": "issue", "gold": 4, "found": 3, "right": 2}],
        "apart": [{"kind": "gaps", "gold": 1, "found": 1, "right": 1}],
    }


@pytest.mark.parametrize("text", ["", "[]", '{"scores": 1}'])
def test_another_file_is_refused_and_kept_as_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "evaluation.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="kept evaluation"):
        keep(path, RESULT, tmp_path, 1, "0.1.0")
    assert path.read_text(encoding="utf-8") == text


def test_without_a_file_there_is_no_evaluation(tmp_path: Path) -> None:
    assert kept(tmp_path / "none.json") == {}
