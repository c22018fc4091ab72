"""The last evaluation, kept beside the data (`data/evaluation.json`) so that a snapshot can say how good it is.

    {"set": "development", "documents": 48, "code_version": "0.1.0", "note_zh": …, "note_en": …,
     "scores": [{"kind": …, "gold": …, "found": …, "right": …}, …], "apart": [the same]}

It names the set, the number of its documents and the version of the code that was measured; no date and no version of
data, so that the same measurement gives the same bytes. The notes say what the set is worth: people write them.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.assets import asset_path
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.evaluate import Evaluation, Score

NAME = "evaluation.json"
_NOTES = ("note_zh", "note_en")


def keep(path: Path, evaluation: "Evaluation", gold: Path, documents: int, code_version: str) -> None:
    """Writes the numbers into the file; the notes that it has stay. Raises UsageError where it cannot be written, or
    is something else."""
    notes = kept(path)
    content = {
        "set": gold.resolve().name,
        "documents": documents,
        "code_version": code_version,
        **{name: notes.get(name, "") for name in _NOTES},
        "scores": _rows(evaluation.scores),
        "apart": _rows(evaluation.apart),
    }
    try:
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(path, f"cannot be written ({error})", "name a file that you may write to") from None


def kept(path: Path | None = None) -> dict[str, Any]:
    """The kept evaluation, by default the project's own; empty where there is none. Raises UsageError for another
    file."""
    try:
        path = path or asset_path("data", NAME)
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise UsageError(
            path or NAME, f"is no kept evaluation ({error})", "write it by `ducha evaluate --keep`"
        ) from None
    if not isinstance(content, dict) or not isinstance(content.get("scores"), list):
        raise UsageError(path, "is no kept evaluation", "write it by `ducha evaluate --keep`")
    return content


def _rows(scores: "tuple[Score, ...]") -> list[dict[str, Any]]:
    return [{"kind": one.kind, "gold": one.gold, "found": one.found, "right": one.right} for one in scores]
