"""The rule book (data/rules.csv): every rule does what its example says, is silent where it must be, and none is missing."""

import ast
import csv
import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from pipeline.document import read_document
from pipeline.graph import document_quads
from pipeline.model import Basis, Document
from pipeline.region import load_regions

HERE = Path(__file__).parent
ROOT = HERE.parent
Term = ox.NamedNode | ox.Literal
BASE = "https://example.org/"
# What an example stands in: enough of a page to make it one of the genre. docs/extraction.md prints them.
FRAMES = {
    "": "{}",
    "plan": "丽水市贯彻落实省生态环境保护督察反馈意见整改方案\n为抓好整改，制定本方案。\n{}\n",
    "announcement": "丽水市公开省级生态环境保护督察整改方案\n丽水市整改方案已向社会公开。\n{}\n",
    "report": "丽水市省级生态环境保护督察整改落实情况的报告\n现将整改落实情况报告如下。\n{}\n",
    "issue": "丽水市省级生态环境保护督察反馈问题整改清单\n一、沿河垃圾未及时清理\n整改目标：沿河垃圾清理干净。\n整改措施：组织清运。\n{}\n",
}
# A rule that gives every document a value is silent where the value is another.
ALWAYS = {"document.completeness"}
ID = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.[a-z]+(?:-[a-z]+)*)*")
FILES = (".csv", ".ttl")


def book() -> list[dict[str, str]]:
    with (ROOT / "data" / "rules.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = book()
RULES = {row["rule"] for row in ROWS}


def names() -> Iterator[str]:
    seen: dict[str, int] = {}
    for row in ROWS:
        seen[row["rule"]] = seen.get(row["rule"], 0) + 1
        yield f"{row['rule']}-{seen[row['rule']]}"


def in_frame(row: dict[str, str], column: str) -> Document:
    text = FRAMES[row["frame"]].replace("{}", row[column].replace("\\n", "\n"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document(digest[:16], "example.txt", digest, text, "utf-8")


def facts(document: Document) -> set[tuple[str, str, str]]:
    """(rule, basis, value) of every fact in a document's graph: what an assertion says, or the label of a node."""
    nodes: dict[str, dict[str, list[Term]]] = {}
    for quad in document_quads(document, BASE):
        assert isinstance(quad.subject, ox.NamedNode)
        assert isinstance(quad.object, Term)
        nodes.setdefault(quad.subject.value, {}).setdefault(last(quad.predicate), []).append(quad.object)
    found = set()
    for subject, node in nodes.items():
        for rule in node.get("rule", ()):
            assert isinstance(rule, ox.Literal)
            thing = node["object"][0] if "object" in node else ox.NamedNode(subject)
            found.add((rule.value, last(node["basis"][0]).removeprefix("basis-"), shown(thing, nodes)))
    return found


def last(term: Term) -> str:
    return re.split("[#/]", str(term).strip("<>"))[-1]


def shown(term: Term, nodes: dict[str, dict[str, list[Term]]]) -> str:
    """A literal's words; a place's name; 26个 of Issue; a node's Chinese label; else the end of its IRI."""
    if isinstance(term, ox.Literal):
        return term.value
    assert isinstance(term, ox.NamedNode)
    node = nodes.get(term.value, {})
    if term.value.startswith(f"{BASE}region/"):
        return load_regions().get(last(term)).name
    if "countOf" in node:
        number, *unit = [words(node[name][0]) for name in ("value", "unitText") if name in node]
        return f"{last(node['countOf'][0])} {number}{''.join(unit)}"
    labels = [label for label in node.get("label", ()) if isinstance(label, ox.Literal)]
    return next((label.value for label in labels if label.language == "zh"), last(term))


def words(term: Term) -> str:
    assert isinstance(term, ox.Literal)
    return term.value


def written_in_code() -> tuple[set[str], set[str]]:
    """The rule ids that the readers write out, and patterns of those they put together (issue.{role})."""
    plain, made = set(), set()
    for path in sorted([*ROOT.glob("pipeline/facts/**/*.py"), *ROOT.glob("pipeline/graph/**/*.py")]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value:
                plain |= {node.value} if ID.fullmatch(node.value) and not node.value.endswith(FILES) else set()
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "source":
                given = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                plain |= {value for value in given if ID.fullmatch(value)}
            elif isinstance(node, ast.JoinedStr):
                parts = [str(p.value) if isinstance(p, ast.Constant) else "x" for p in node.values]
                if ID.fullmatch("".join(parts)) and "." in "".join(parts):
                    made.add("".join(re.escape(p) if p != "x" else "[a-z-]+" for p in parts))
    return plain, made


@pytest.mark.parametrize("row", ROWS, ids=names())
def test_a_rule_reads_its_example(row: dict[str, str]) -> None:
    found = facts(in_frame(row, "example"))
    assert set(row["expected"].split("|")) <= {value for rule, _, value in found if rule == row["rule"]}
    assert {basis for rule, basis, _ in found if rule == row["rule"]} <= set(row["basis"].split(";"))


@pytest.mark.parametrize("row", ROWS, ids=names())
def test_a_rule_is_silent_on_its_counter_example(row: dict[str, str]) -> None:
    found = {value for rule, _, value in facts(in_frame(row, "counter_example")) if rule == row["rule"]}
    assert (found & {row["expected"]} if row["rule"] in ALWAYS else found) == set()


def test_every_rule_of_the_code_has_a_row() -> None:
    plain, made = written_in_code()
    assert len(plain) > 50
    assert sorted(plain - RULES) == []
    assert sorted(pattern for pattern in made if not any(re.fullmatch(pattern, rule) for rule in RULES)) == []


def test_every_rule_met_in_a_document_has_a_row_with_its_basis() -> None:
    told = {(row["rule"], basis) for row in ROWS for basis in row["basis"].split(";")}
    paths = [
        p for folder in ("tests/development", "tests/documents", "data/documents") for p in (ROOT / folder).iterdir()
    ]
    met = {(rule, basis) for p in sorted(paths) if p.suffix == ".txt" for rule, basis, _ in facts(read_document(p))}
    assert len(met) > 70
    assert sorted(met - told) == []


def test_every_row_is_complete() -> None:
    assert [row["rule"] for row in ROWS if not all(row[name] for name in row if name != "frame")] == []
    assert {basis for row in ROWS for basis in row["basis"].split(";")} <= set(Basis)
    assert {row["frame"] for row in ROWS} == set(FRAMES)


def test_the_page_shows_the_rules_and_frames_as_they_are() -> None:
    made = subprocess.run(
        [sys.executable, ROOT / "data" / "make_rules.py", "--check"], capture_output=True, text=True, check=False
    )
    assert (made.returncode, made.stdout) == (0, "up to date\n")
    page = (ROOT / "docs" / "extraction.md").read_text(encoding="utf-8")
    assert [name for name, frame in FRAMES.items() if frame.strip() not in page] == []
