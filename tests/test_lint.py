"""`ducha lint` finds nothing wrong with ours, and names whatever is broken in a copy of the ontology or in its users."""

import shutil
import sys
from pathlib import Path

import pytest

from pipeline.assets import asset_path
from pipeline.reasoning.lint import lint, using
from pipeline.reasoning.usage import usage
from pipeline.validation.report import Severity
from pipeline.vocabulary import short

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = [ROOT / "docs" / "graph.md", *sorted((ROOT / "tests" / "graphs").glob("*.trig"))]
LABEL = 'rdfs:label "缺口"@zh, "gap"@en ;'
WELL = """
du:Well a owl:Class ;
    rdfs:label "井"@zh, "well"@en ;
    skos:definition "一口井。"@zh, "A well."@en .
"""

# what is broken → file, what stands there, what is written instead, the defect that is named
BROKEN = {
    "no English label": ("ducha", LABEL, 'rdfs:label "缺口"@zh ;', "du:Gap: a term has one label in zh"),
    "two Chinese labels": (
        "ducha",
        LABEL,
        LABEL.replace("@zh", '@zh, "缺失"@zh'),
        "du:Gap: a term has one label in zh",
    ),
    "no definition": (
        "ducha",
        'skos:definition "一份按字节',
        'skos:altLabel "一份按字节',
        "du:Document: a definition is",
    ),
    "a definition without an end": (
        "ducha",
        "或丢字而读不到内容的位置。",
        "或丢字而读不到内容的位置",
        "du:Gap: a definition is",
    ),
    "two kinds": ("ducha", "du:Gap a owl:Class ;", "du:Gap a owl:Class, owl:ObjectProperty ;", "is both Class and Obj"),
    "a class in lower case": (
        "ducha",
        "# Object properties\n",
        WELL.replace("Well", "well") + "\n# Object properties\n",
        "UpperC",
    ),
    "a property with a hyphen": ("ducha", "du:teamNumber a", "du:team-number a", "lowerCamelCase"),
    "no range and no reason": (
        "ducha",
        "    rdfs:range xsd:decimal .\n\ndu:valueText",
        "    .\n\ndu:valueText",
        "du:value: ",
    ),
    "a cycle of classes": (
        "ducha",
        "du:PlanElement a owl:Class ;",
        "du:PlanElement a owl:Class ;\n    rdfs:subClassOf du:Target ;",
        "du:Quantity: going upwards leads back",
    ),
    "a cycle of concepts": (
        "concepts",
        "skos:broader duc:indicator-surface-water-good-share",
        "skos:broader duc:indicator-national-section-good-share",
        "duc:indicator-national-section-good-share: going upwards leads back",
    ),
    "a concept of no scheme": (
        "concepts",
        "skos:inScheme duc:scheme-gap .",
        "skos:altLabel '缺'@zh .",
        "in exactly one scheme",
    ),
    "a concept of another scheme": (
        "concepts",
        "skos:inScheme duc:scheme-gap .",
        "skos:inScheme duc:scheme-kind .",
        "does not begin with that of its scheme kind",
    ),
    "a concept off the top": (
        "concepts",
        "duc:gap-lost, duc:gap-placeholder",
        "duc:gap-placeholder",
        "duc:gap-lost: the concept is",
    ),
    "declared twice": (
        "ducha",
        "# Object properties\n",
        WELL + WELL + "\n# Object properties\n",
        "du:Well: is declared more than once",
    ),
    "declared in two files": (
        "concepts",
        "# Schemes\n",
        "# Schemes\n\ndu:Gap a <http://www.w3.org/2002/07/owl#Class> .\n\n# More schemes\n",
        "du:Gap: is declared in ducha.ttl and in concepts.ttl",
    ),
    "out of order": ("ducha", "du:Zone a owl:Class", "du:Aone a owl:Class", "out of the alphabet"),
    "used by nothing": (
        "ducha",
        "# Object properties\n",
        WELL + "\n# Object properties\n",
        "du:Well: no code, shape, query or axiom",
    ),
    "used without being declared": (
        "ducha",
        "rdfs:domain du:Duty ;",
        "rdfs:domain du:Task, du:Chore ;",
        "du:Chore is not declared",
    ),
    "deprecated without a reason": (
        "ducha",
        "du:Petition a owl:Class ;",
        "du:Petition a owl:Class ;\n    owl:deprecated true ;",
        "du:Petition: the term is deprecated, and no note says why",
    ),
    "deprecated in an axiom": (
        "ducha",
        "du:Gap a owl:Class ;",
        "du:Gap a owl:Class ;\n    owl:deprecated true ;",
        "du:Gap: the term is deprecated, and affects still uses it",
    ),
    "deprecated in code": (
        "ducha",
        "du:Gap a owl:Class ;",
        "du:Gap a owl:Class ;\n    owl:deprecated true ;",
        "du:Gap is deprecated",
    ),
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The ontology's folder, to be broken."""
    return Path(shutil.copytree(asset_path("ontology"), tmp_path / "ontology"))


def test_ours_has_nothing_to_mend_and_nothing_to_excuse() -> None:
    assert lint() == ()


def test_a_term_that_waits_for_its_use_is_excused_by_a_note(copy: Path) -> None:
    path = copy / "ducha.ttl"
    term = 'du:vacant a owl:Class ;\n    rdfs:label "空"@zh, "vacant"@en ;\n    skos:definition "空着。"@zh, "It waits."@en'
    note = '    skos:editorialNote "待用。"@zh, "A query will ask."@en'
    text = path.read_text(encoding="utf-8")
    for written, severity in ((f"{term} .\n\n", Severity.VIOLATION), (f"{term} ;\n{note} .\n\n", Severity.INFO)):
        path.write_text(text.replace("du:SupervisionTeam a", f"{written}du:SupervisionTeam a"), encoding="utf-8")
        (defect,) = (one for one in lint(copy) if one.subject == "du:vacant" and "uses it" in one.problem)
        assert defect.severity is severity


@pytest.mark.parametrize(("name", "found", "written", "named"), BROKEN.values(), ids=BROKEN.keys())
def test_what_is_broken_is_named(copy: Path, name: str, found: str, written: str, named: str) -> None:
    path = copy / f"{name}.ttl"
    text = path.read_text(encoding="utf-8")
    assert found in text
    path.write_text(text.replace(found, written, 1), encoding="utf-8")
    wrong = [str(defect) for defect in lint(copy) if defect.severity is not Severity.INFO]
    assert any(named in defect for defect in wrong), wrong


@pytest.mark.parametrize(
    ("file", "text", "term"),
    [
        ("a.py", 'X = DU + "chore"\n', "du:chore"),
        ("a.py", 'X = f"{DU}chore"\n', "du:chore"),
        ("a.py", 'X = [DU + name for name in ("value", "chore")]\n', "du:chore"),
        ("a.py", 'for name in ("value", "chore"):\n    print(f"<{DU}{name}>")\n', "du:chore"),
        ("a.py", 'X = _du("chore"), duc("chore-new")\n', "duc:chore-new"),
        ("a.py", 'X = "SELECT * { ?x du:value ?y ; du:chore ?z }"\n', "du:chore"),
        ("a.rq", "SELECT * { ?x du:value ?y ; du:chore ?z }\n", "du:chore"),
        ("a.ttl", "duc:gap-lost du:chore duc:gap-none .\n", "duc:gap-none"),
        ("a.html", "{{ node.text('du:chore') }}\n", "du:chore"),
    ],
)
def test_a_term_that_is_not_declared_is_named_with_its_line(tmp_path: Path, file: str, text: str, term: str) -> None:
    path = tmp_path / file
    path.write_text("\n" + text, encoding="utf-8")
    wrong = [str(defect) for defect in lint(users=[*using(), path]) if defect.subject.startswith(f"{tmp_path.name}/")]
    assert any(
        defect.startswith(f"{tmp_path.name}/{file}:") and f"{term} is not declared" in defect for defect in wrong
    )
    assert all("du:value" not in defect and "gap-lost" not in defect for defect in wrong)


def test_a_variable_of_another_loop_or_function_is_not_taken_for_a_term(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(
        'X = [n for n in ("chore", "task")]\nY = [DU + n for n in found()]\n'
        'def one():\n    for m in ("chore", "task"):\n        print(m)\ndef other(m):\n    return DU + m\n',
        encoding="utf-8",
    )
    assert usage(path).terms == {}


def test_a_family_of_concepts_has_members(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text('X = f"{DUC}gap-{kind}", f"{DUC}chore-{kind}"\n', encoding="utf-8")
    (wrong,) = [defect.problem for defect in lint(users=[*using(), path]) if defect.severity is Severity.VIOLATION]
    assert wrong == "nothing declared begins with duc:chore-"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_documentation_and_examples_use_declared_terms(path: Path) -> None:
    assert len(usage(path).terms) > 20
    wrong = [defect for defect in lint(users=[*using(), path]) if defect.subject.startswith(f"{path.parent.name}/")]
    assert [str(defect) for defect in wrong] == []


def test_the_command_says_how_much_there_is_to_mend(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from pipeline.cli import main

    monkeypatch.setattr(sys, "argv", ["ducha", "lint"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 0
    assert capsys.readouterr().out == "0 to mend, 0 excused\n"


def test_terms_are_shortened_by_their_prefix() -> None:
    assert short("https://w3id.org/ducha/ontology#Issue") == "du:Issue"
    assert short("https://w3id.org/ducha/plan/x", "https://w3id.org/ducha/") == "plan/x"
    assert short("urn:x") == "urn:x"
