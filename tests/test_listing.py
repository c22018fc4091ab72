"""Facts as JSON follow their schema, and as lines name their sentence."""

import json
from pathlib import Path

import jsonschema
import pytest

from pipeline.document import read_document
from pipeline.facts import read_facts
from pipeline.listing import as_json, as_lines

ROOT = Path(__file__).parent.parent
SCHEMA = json.loads((ROOT / "docs" / "facts.schema.json").read_text(encoding="utf-8"))
DOCUMENTS = sorted((ROOT / "data" / "documents").glob("*.txt")) + sorted((ROOT / "tests" / "documents").glob("*.txt"))
DOCUMENTS += sorted((ROOT / "tests" / "development").glob("*.txt"))


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.stem)
def test_the_json_of_a_document_follows_the_schema(path: Path) -> None:
    document = read_document(path)
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(json.dumps(as_json(document, read_facts(document)))))


def test_a_line_shows_value_basis_and_sentence() -> None:
    document = read_document(next((ROOT / "data" / "documents").glob("000*")))
    lines = list(as_lines(document, read_facts(document)))
    assert any(line.startswith("count of Issue: 31个  「") for line in lines)
    assert any("supervision feedback: 2023-12-25 (inferred: the year is carried over" in line for line in lines)
