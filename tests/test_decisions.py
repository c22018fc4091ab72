"""Curators' files: what is written is read to the letter, and what cannot be is told in one line with file and line."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.curation.decide import append
from pipeline.curation.decisions import Action, decisions_beside, read_decisions, read_file, sentence_hash
from pipeline.curation.values import period, property_named, term, written
from pipeline.errors import UsageError

GOOD = """# 甲市
[[correction]]
key = "supervision/511500-202111 du:startDate"
sentence = "2021年11月25日
至12月15日"
value = "2021-11-25"
action = "change"
to = 2021-11-26
by = "甲"
on = 2026-11-22
why = "另一处写明26日"

[[correction]]
key = "plan/511500-202111/target"
sentence = "化学需氧量下降3.5%"
action = "add"
by = "乙"
on = "2026-11-23"
why = "漏读"

[correction.properties]
indicatorText = "化学需氧量"
comparator = "duc:comparator-decrease-by"
value = 3.5
unitText = "%"
""".replace('"2021年11月25日\n至12月15日"', '"""2021年11月25日\n至12月15日"""')


def folder(tmp_path: Path, text: str | bytes, name: str = "甲.toml") -> Path:
    (tmp_path / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return tmp_path


def entry(**fields: str) -> str:
    base = {
        "key": '"supervision/511500-202111 du:startDate"',
        "sentence": '"0123456789ab"',
        "action": '"accept"',
        "by": '"甲"',
        "on": "2026-11-22",
        "why": '"看过"',
    }
    lines = [f"{name} = {value}" for name, value in {**base, **fields}.items() if value]
    return "\n".join(["", "[[correction]]", *lines, ""])


def test_a_file_says_who_decided_what_when_and_why(tmp_path: Path) -> None:
    change, add = read_decisions(folder(tmp_path, GOOD))
    assert (change.action, change.value, change.to) == (Action.CHANGE, "2021-11-25", "2021-11-26")
    assert (change.by, change.on, change.why) == ("甲", "2026-11-22", "另一处写明26日")
    assert (change.place, add.place) == ("甲.toml:2", "甲.toml:13")
    assert add.on == "2026-11-23"
    assert dict(add.properties)["value"] == "3.5", "a number keeps the digits it is written with"


def test_a_sentence_is_known_by_its_signs_and_not_by_its_blanks(tmp_path: Path) -> None:
    in_words, _ = read_decisions(folder(tmp_path, GOOD))
    assert in_words.hash == sentence_hash(" 2021年11月25日至 12月15日\r\n") != sentence_hash("2021年11月25日至12月16日")
    (by_hash,) = read_decisions(folder(tmp_path, entry(sentence=f'"{in_words.hash}"')))
    assert by_hash.hash == in_words.hash


def test_the_id_of_a_decision_changes_with_anything_it_says(tmp_path: Path) -> None:
    ids = set()
    for number, fields in enumerate(({}, {"why": '"别的"'}, {"on": "2026-11-23"}, {"by": '"乙"'})):
        (tmp_path / str(number)).mkdir()
        ids |= {one.id for one in read_decisions(folder(tmp_path / str(number), entry(**fields)))}
    assert len(ids) == 4


def test_files_are_found_in_folders_and_beside_the_documents(tmp_path: Path) -> None:
    (tmp_path / "corrections" / "西南").mkdir(parents=True)
    (tmp_path / "documents").mkdir()
    folder(tmp_path / "corrections" / "西南", entry())
    folder(tmp_path / "corrections", "不是更正", "README.md")
    assert [one.place for one in decisions_beside([tmp_path / "documents"])] == ["西南/甲.toml:2"]
    assert decisions_beside([tmp_path / "corrections" / "西南"]) == ()


BAD = {
    "no TOML": ("[[correction]\nkey = 1", ":1", "is not valid TOML"),
    "no end": ('\n[[correction]]\nkey = "supervision', ":3", "is not valid TOML"),
    "nested": ("x = " + "[" * 9000 + "]" * 9000, ":1", "is not valid TOML"),
    "huge number": ("x = " + "9" * 9000, ":1", "is not valid TOML"),
    "other encoding": ("by = '校核'".encode("gb18030"), "", "is not UTF-8"),
    "binary": (b"\x00\xff\xfe\x01", "", "is not UTF-8"),
    "stray field": ('title = "更正"\n', ":1", "has 'title' outside a correction"),
    "no list": ('correction = "x"\n', ":1", "has 'correction' outside a correction"),
    "list of texts": ('correction = ["x"]\n', ":1", "has 'correction' outside a correction"),
    "unknown field": (entry(reason='"x"'), ":2", "unknown field 'reason'"),
    "second entry": (entry() + entry(key='"plan/x-1 du:due"', why=""), ":10", "has no why"),
    "no key": (entry(key=""), ":2", "has no key"),
    "nobody": (entry(by='"  "'), ":2", "has no by"),
    "unknown action": (entry(action='"acept"'), ":2", "accept, change, reject, add or fixed"),
    "number as name": (entry(by="true"), ":2", "by is no text"),
    "time": (entry(on="2026-11-22T10:00:00"), ":2", "on is no date"),
    "no such day": (entry(on='"2026-02-30"'), ":2", "on is no date"),
    "escape": (entry(by='"\\u001b[2J甲"'), ":2", "by has a control character"),
    "long": (entry(why=f'"{"长" * 3000}"'), ":2", "why is too long"),
    "absolute key": (entry(key='"https://example.org/x"'), ":2", "names no fact"),
    "key with an IRI's end": (entry(key='"plan/x> <y"'), ":2", "names no fact"),
    "climbing key": (entry(key='"../plan/x"'), ":2", "names no fact"),
    "unknown property": (entry(key='"plan/x du:startdate"'), ":2", "is no property of the ontology"),
    "structure": (entry(key='"plan/x du:evidence"'), ":2", "holds the graph together"),
    "change of a node": (entry(key='"plan/x/issue/1"', action='"change"', to='"x"'), ":2", "needs a property"),
    "change to nothing": (entry(action='"change"'), ":2", "has no to"),
    "accept with a value to be": (entry(to='"2021-11-26"'), ":2", "has no to and no evidence"),
    "no date": (entry(action='"change"', to='"2021-13-01"'), ":2", "is no date"),
    "no concept": (
        entry(key='"plan/x/target/1 du:comparator"', action='"change"', to='"duc:more"'),
        ":2",
        "no concept",
    ),
    "no number": (entry(key='"plan/x/target/1 du:value"', action='"change"', to='"五"'), ":2", "is not a number"),
    "element nowhere": (entry(key='"plan/x"', action='"add"', sentence='"一句话"'), ":2", "no place of an element"),
    "loose measure": (entry(key='"plan/x/measure/1"', action='"add"', sentence='"一句话"'), ":2", "no place"),
    "element by hash": (entry(key='"plan/x/target"', action='"add"'), ":2", "needs its sentence in words"),
    "finding changed": (
        entry(key='"finding/0123456789ab"', action='"change"', to='"2"'),
        ":2",
        "a finding is accepted, rejected or fixed",
    ),
    "fact fixed": (entry(action='"fixed"'), ":2", "only a finding is fixed"),
    "finding judged twice": (
        entry(key='"finding/0123456789ab"') + entry(key='"finding/0123456789ab"', action='"fixed"', sentence='"别的"'),
        ":10",
        "decides again",
    ),
    "decided twice": (entry() + entry(why='"又"'), ":10", "decides again what 甲.toml:2 decides"),
    "accepted and rejected": (entry() + entry(action='"reject"'), ":10", "decides again"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_cannot_be_understood_is_told_in_one_line_with_file_and_line(tmp_path: Path, name: str) -> None:
    text, line, words = BAD[name]
    with pytest.raises(UsageError) as caught:
        read_decisions(folder(tmp_path, text))
    said = str(caught.value)
    assert said.startswith(f"甲.toml{line}: ")
    assert words in said
    assert "\n" not in said
    assert caught.value.remedy
    assert len(said) < 500


def test_a_file_that_is_too_large_or_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "夹.toml").mkdir()
    with pytest.raises(UsageError, match=r"夹\.toml: cannot be read"):
        read_decisions(tmp_path)
    (tmp_path / "夹.toml").rmdir()
    with pytest.raises(UsageError, match="larger than 4 MiB"):
        read_decisions(folder(tmp_path, b"#" * (5 * 2**20)))
    with pytest.raises(UsageError, match="is no folder of corrections"):
        read_decisions(tmp_path / "没有")


@settings(max_examples=150)
@given(st.one_of(st.binary(max_size=80), st.text(max_size=80).map(lambda text: f"[[correction]]\n{text}".encode())))
def test_no_file_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    place = tmp_path_factory.getbasetemp() / "any"
    place.mkdir(exist_ok=True)
    try:
        assert read_decisions(folder(place, content)) == ()
    except UsageError as error:
        assert "\n" not in str(error)


def test_a_further_decision_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    path = append(tmp_path / "c", "0011223344556677", entry())
    append(tmp_path / "c", "0011223344556677", entry(key='"plan/x/issue/1"'))
    assert [one.key for one in read_decisions(tmp_path / "c")] == [
        "supervision/511500-202111 du:startDate",
        "plan/x/issue/1",
    ]
    before = path.read_bytes()
    with pytest.raises(UsageError, match=r"is decided already at 0011223344556677\.toml:1"):
        append(tmp_path / "c", "0011223344556677", entry(action='"reject"'))
    with pytest.raises(UsageError, match="has no why"):
        append(tmp_path / "c", "0011223344556677", entry(key='"plan/x/issue/2"', why=""))
    assert path.read_bytes() == before
    assert [file.name for file in (tmp_path / "c").iterdir()] == [path.name]


BASE = "https://example.org/data/"


@pytest.mark.parametrize(
    ("name", "text", "form"),
    [
        ("du:startDate", "2023-10", '"2023-10"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>'),
        ("du:due", "2025", '"2025-12-31"^^<http://www.w3.org/2001/XMLSchema#date>'),
        ("du:due", "2024-02", '"2024-02-29"^^<http://www.w3.org/2001/XMLSchema#date>'),
        ("value", "30.50", '"30.50"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
        ("du:batch", "2", '"2"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("label", "减排", '"减排"@zh'),
        ("dcterms:publisher", "市政府", '"市政府"'),
        ("du:frequency", "P1M", '"P1M"^^<http://www.w3.org/2001/XMLSchema#duration>'),
        ("du:level", "duc:level-central", "<https://w3id.org/ducha/concept/level-central>"),
        ("du:belongsTo", "plan/x/issue/1", f"<{BASE}plan/x/issue/1>"),
        ("du:countOf", "Issue", "<https://w3id.org/ducha/ontology#Issue>"),
    ],
)
def test_a_value_is_written_plainly_and_becomes_the_term_of_its_property(name: str, text: str, form: str) -> None:
    assert str(term(property_named(name), text, BASE)) == form


def test_a_value_reads_back_as_it_is_written() -> None:
    for name, text in (("du:level", "duc:level-central"), ("du:belongsTo", "plan/x/issue/1"), ("du:batch", "2")):
        assert written(term(property_named(name), text, BASE), BASE) == text
    assert period("2025-06")[0].isoformat() == "2025-06-30"
    for wrong in ("２０２５", "2025-6", "2025-02-30", "0000", "", "2025-12-31\n"):
        with pytest.raises(ValueError, match="is no date"):
            period(wrong)


@pytest.mark.parametrize("page", ["docs/corrections.md", "data/corrections/README.md"])
def test_the_examples_of_the_documentation_are_decisions(tmp_path: Path, page: str) -> None:
    words = (Path(__file__).parent.parent / page).read_text(encoding="utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", words, re.S)
    found = [one for number, block in enumerate(blocks) for one in read_file(put(tmp_path, block, number), page)]
    assert {one.action for one in found} == (set(Action) if page.startswith("docs") else {Action.CHANGE})


def put(tmp_path: Path, text: str, number: int) -> Path:
    path = tmp_path / f"{number}.toml"
    path.write_text(text, encoding="utf-8")
    return path
