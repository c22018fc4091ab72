"""Search: a phrase of any length is found wherever it stands, in any script, width or case, and nothing else is; the marks
are the very signs; the order is that of the ranking; a text that may only be quoted is not searched."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.build import build
from pipeline.errors import SnapshotError, UsageError
from pipeline.load import load
from pipeline.query import run
from pipeline.search.find import SearchTimeoutError, asked, opened, passages
from pipeline.search.index import KINDS, Said, check_fts5, write_index
from pipeline.search.phrase import folded, folding, phrase
from pipeline.snapshot import Snapshot, publish
from pipeline.vocabulary import DEFAULT_BASE, DU, FUNCTION, PREFIXES

SIGNS = "环環境\uff21aA1１ \n\u3000\u200b，,“「黑臭水体體.%éÉ苎苧薴\u00a0－ßK\U00020000\U0010ff2c*\"'"
texts = st.text(st.one_of(st.sampled_from(SIGNS), st.characters(exclude_categories=["Cs"])), max_size=30)
short = st.text(st.sampled_from(SIGNS), min_size=1, max_size=6)
WIDE = {text: "".join(chr(ord(sign) + 0xFEE0) for sign in text) for text in ("COD", "20%", "Aa")}
PLAN = """
@prefix du: <https://w3id.org/ducha/ontology#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
<region/450000> a du:Province ; du:adcode "450000" ; rdfs:label "广西壮族自治区"@zh , "Guangxi"@en .
<region/450300> a du:City ; du:adcode "450300" ; rdfs:label "桂林市"@zh ; skos:altLabel "桂林"@zh ; du:directPartOf <region/450000> .
<region/420100> a du:City ; du:adcode "420100" ; rdfs:label "武汉市"@zh .
<document/1> a du:Document ; rdfs:label "桂林方案" ; du:describes <plan/1> . <plan/1> du:region <region/450300> .
<document/2> a du:Document ; rdfs:label "武汉方案" ; du:describes <plan/2> . <plan/2> du:region <region/420100> .
<plan/1/goal/1> a du:Goal , du:QuantifiedGoal ; rdfs:label "消除黑臭水体"@zh ; du:concernsRegion <region/450300> ;
  du:evidence <document/1#char=10,24> .
<document/1#char=10,24> a du:Evidence ; du:document <document/1> ; du:quote "全面消除黑臭\\n 水體，達到Ⅲ類" .
<document/2#char=5,30> a du:Evidence ; du:document <document/2> ; du:quote "COD浓度下降20%，黑臭水体治理后不黑不臭，黑臭水体清零" .
<finding/1> a du:Finding ; du:evidence <document/1#char=10,24> .
<document/2/assertion/1> a du:Assertion ; rdf:subject <plan/2> ; du:evidence <document/2#char=5,30> .
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder = tmp_path_factory.mktemp("loaded")
    (folder / "plan.ttl").write_text(PLAN, encoding="utf-8")
    return load([folder / "plan.ttl"], folder / "out")


def found(snapshot: Snapshot, text: str, kind: str = "", region: str = "") -> list[tuple[str, str]]:
    with opened(snapshot.search_path) as index:
        number = index.region(region) if region else 0
        hits = index.page(asked(text), kind, number, 0, 100)
        counts = index.counts(asked(text), number)
    assert {one: sum(hit.kind == one for hit in hits) for one in KINDS if not kind} in ({}, counts)
    return [(hit.kind, hit.text) for hit in hits]


class Nowhere:
    """A world without documents and regions."""

    texts: ClassVar[list[str]] = []
    regions: ClassVar[dict[str, tuple[str, ...]]] = {}

    def text(self, document: str) -> str:
        raise KeyError(document)

    title = text

    def around(self, iri: str, regions: tuple[str, ...]) -> frozenset[str]:
        return frozenset()


def indexed(path: Path, entries: dict[str, str]) -> None:
    path.unlink(missing_ok=True)
    write_index(path, (Said(iri, quotes=(text,)) for iri, text in entries.items()), Nowhere())


@given(texts, short)
def test_a_phrase_occurs_where_its_folded_words_stand_in_the_folded_text(text: str, wanted: str) -> None:
    words = phrase(wanted)
    assert words.occurs(text) == (bool(words.words) and all(word in folded(text) for word in words.words))


@given(texts, short)
def test_marks_are_the_signs_of_the_original_that_fold_to_the_words(text: str, wanted: str) -> None:
    words = phrase(wanted)
    last = 0
    for begin, end in words.ranges(text):
        assert last <= begin < end <= len(text)
        assert words.words
        assert any(word in folded(text[begin:end]) for word in words.words)
        assert not text[begin].isspace()
        assert not text[end - 1].isspace()
        last = end
    if words.occurs(text):
        marked = " ".join(text[begin:end] for begin, end in words.ranges(text))
        assert all(word in folded(marked) for word in words.words)


@given(texts)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert all(len(form) == 1 for form in folding().values())


@given(st.lists(texts, max_size=12), short)
def test_the_index_finds_what_holds_the_phrase_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, sentences: list[str], wanted: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "property.db"
    entries = {f"http://example.org/{at}": text for at, text in enumerate(sentences)}
    indexed(path, entries)
    words = phrase(wanted)
    if words.words:
        with opened(path) as index:
            assert set(index.iris(index.numbers(words))) == {iri for iri, text in entries.items() if words.occurs(text)}


@pytest.mark.parametrize("wanted", ["黑臭水体", "黑臭水體", "黑", "臭水", "黑臭 水体"])
def test_script_blanks_and_line_ends_make_no_difference(loaded: Snapshot, wanted: str) -> None:
    quotes = [text for kind, text in found(loaded, wanted) if kind == "quote"]
    assert len(quotes) == 2
    assert quotes[0].startswith("全面消除黑臭\n 水體")


@pytest.mark.parametrize("wanted", ["cod", WIDE["COD"], WIDE["20%"], "20%", "Cod浓度下降２０％"])
def test_width_and_case_make_no_difference(loaded: Snapshot, wanted: str) -> None:
    assert [kind for kind, _ in found(loaded, wanted)] == ["quote"]


def test_marks_span_what_is_passed_over(loaded: Snapshot) -> None:
    with opened(loaded.search_path) as index:
        (first, second) = index.page(asked("黑臭水体"), "quote")
    assert [first.text[begin:end] for begin, end in first.marks] == ["黑臭\n 水體"]
    assert [second.text[begin:end] for begin, end in second.marks] == ["黑臭水体", "黑臭水体"]


def test_all_words_have_to_occur(loaded: Snapshot) -> None:
    assert [text[:3] for _, text in found(loaded, "黑臭 浓度")] == ["COD"]
    assert found(loaded, "黑臭 烟尘") == []


def test_an_exact_label_comes_first_then_labels_then_the_shorter_quote(loaded: Snapshot) -> None:
    assert [text for _, text in found(loaded, "桂林")] == ["桂林", "桂林市", "桂林方案"]
    assert [kind for kind, _ in found(loaded, "黑臭水体")] == ["label", "quote", "quote"]
    lengths = [len(folded(text)) for _, text in found(loaded, "黑臭水体", "quote")]
    assert lengths == sorted(lengths)


def test_entries_name_their_facts_and_documents(loaded: Snapshot) -> None:
    with opened(loaded.search_path) as index:
        first, second = index.page(asked("黑臭水体"), "quote")
    assert [(one.iri, one.type, one.zh) for one in first.about] == [
        (f"{DEFAULT_BASE}plan/1/goal/1", f"{DU}Goal", "消除黑臭水体"),
        (f"{DEFAULT_BASE}finding/1", f"{DU}Finding", ""),  # what has no name comes last
    ]
    assert (first.document, first.title) == (f"{DEFAULT_BASE}document/1", "桂林方案")
    assert [one.iri for one in second.about] == [f"{DEFAULT_BASE}plan/2"]  # of an assertion, what it is about


@pytest.mark.parametrize(
    ("region", "count"), [("450300", 2), ("桂林", 2), ("Guangxi", 2), ("450000", 2), ("武汉市", 1), ("", 3)]
)
def test_a_region_holds_what_lies_in_it(loaded: Snapshot, region: str, count: int) -> None:
    assert len(found(loaded, "黑臭水体", region=region)) == count


def test_what_means_nothing_is_refused(loaded: Snapshot) -> None:
    with opened(loaded.search_path) as index, pytest.raises(UsageError, match="is none that is known"):
        index.region("亚特兰蒂斯")
    with pytest.raises(UsageError, match="has no words"):
        asked(" \u3000\n")
    with pytest.raises(UsageError, match="11 words, more than 10"):
        asked("一 二 三 四 五 六 七 八 九 十 百")


def test_a_search_ends_at_its_deadline(tmp_path: Path) -> None:
    indexed(tmp_path / "x.db", {str(at): "水" * 40 + str(at) for at in range(5000)})
    with pytest.raises(SearchTimeoutError), opened(tmp_path / "x.db", 1e-9) as index:
        index.counts(asked("水水 水水水"))


def test_a_missing_damaged_or_older_index_is_one_clear_error(loaded: Snapshot, tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match=r"search\.db is missing.*build it again"), opened(tmp_path / "search.db"):
        pass
    (tmp_path / "search.db").write_bytes(b"nothing of the sort" * 100)
    with pytest.raises(SnapshotError, match="cannot be read"), opened(tmp_path / "search.db"):
        pass
    (tmp_path / "search.db").write_bytes(loaded.search_path.read_bytes())
    with sqlite3.connect(tmp_path / "search.db") as connection:
        connection.execute("PRAGMA user_version = 0")
    connection.close()
    with pytest.raises(SnapshotError, match="another form"), opened(tmp_path / "search.db"):
        pass


def test_without_fts5_nothing_is_begun(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Poor(sqlite3.Connection):
        def execute(self, query: str, *rest: object) -> sqlite3.Cursor:
            raise sqlite3.OperationalError("no such module: fts5")

    monkeypatch.setattr(sqlite3, "connect", Poor)
    with pytest.raises(SnapshotError, match="no full-text search"):
        check_fts5()
    with pytest.raises(SnapshotError, match="no full-text search"):
        build([Path(__file__).parent / "documents"], tmp_path, reasoning=False)
    assert not (tmp_path / "current").exists()


def test_the_order_of_the_entries_makes_no_difference(tmp_path: Path) -> None:
    entries = {f"http://example.org/{at}": f"黑臭水体{at % 7}号" for at in range(50)}
    indexed(tmp_path / "one.db", entries)
    indexed(tmp_path / "two.db", dict(reversed(entries.items())))
    assert (tmp_path / "one.db").read_bytes() == (tmp_path / "two.db").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.db", "two.db"]


@pytest.fixture(params=["official-document", "quotes-only"])
def one_text(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Snapshot, str]]:
    name, text = "00112233445566aa", "甲\r\n全文中的黑臭水体,引文中的问题"
    evidence, document = (ox.NamedNode(f"{DEFAULT_BASE}document/{name}{end}") for end in ("#char=12,19", ""))
    quads = [
        ox.Quad(evidence, ox.NamedNode(f"{DU}quote"), ox.Literal(text[12:19])),
        ox.Quad(evidence, ox.NamedNode(f"{DU}document"), document),
    ]
    manifest = {
        "base": DEFAULT_BASE,
        "documents": [{"id": name, "file": "a.txt", "title": "甲", "rights": request.param}],
    }
    report = {"report_ttl": b"", "report_json": b"{}"}
    yield publish(tmp_path / "out", quads, {name: text}, manifest, **report), request.param  # type: ignore[arg-type]


def test_a_text_that_may_only_be_quoted_is_not_searched(one_text: tuple[Snapshot, str]) -> None:
    snapshot, rights = one_text
    assert found(snapshot, "全文中的黑臭") == ([] if rights == "quotes-only" else [("text", "")])
    assert ("quote", "引文中的问题") in found(snapshot, "引文")
    assert len(found(snapshot, "引文")) == (1 if rights == "quotes-only" else 2)


def test_passages_show_each_place_once() -> None:
    text = "水" * 10 + "黑臭" + "土" * 5 + "黑臭" + "木" * 200 + "黑臭"
    places = passages(text, phrase("黑臭").ranges(text), 3, 40)
    assert [(begin, end) for begin, end in places] == [(0, 52), (179, 221)]


QUERY = f"PREFIX duf: <{FUNCTION}> PREFIX du: <{DU}> PREFIX rdfs: <{PREFIXES['rdfs']}> "


@pytest.mark.parametrize(
    ("pattern", "answer"),
    [
        ('?e du:quote ?q FILTER(duf:matches(?q, "黑臭水體"))', 2),
        ('?e du:quote ?q FILTER(duf:matches(?q, "黑臭 cOd"))', 1),
        ('?s rdfs:label ?q FILTER(duf:matches(?q, "GUANGXI"))', 1),
        ('?e du:quote ?q FILTER(!duf:matches(?q, "烟尘"))', 2),
        ('?e du:quote ?q FILTER(duf:matches(?q, "  ") || duf:matches(?e, "1") || duf:matches(?q))', 0),
    ],
)
def test_the_function_of_sparql_means_the_same(loaded: Snapshot, pattern: str, answer: int) -> None:
    store = ox.Store.read_only(str(loaded.store_path))
    told = run(store, f"{QUERY}SELECT (COUNT(*) AS ?n) {{ {pattern} }}", "csv")
    assert told.decode().split() == ["n", str(answer)]


def test_the_command_searches_too(loaded: Snapshot, tmp_path: Path) -> None:
    path = tmp_path / "phrase.rq"
    path.write_text(
        f'{QUERY}SELECT ?q {{ ?e duf:search "黑臭水體" ; du:quote ?q }} ORDER BY STRLEN(?q)', encoding="utf-8"
    )
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "query", str(path), "--format", "csv"]
    out = loaded.path.parent.parent
    done = subprocess.run([*command, "--out", str(out)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[1:] == [
        '"全面消除黑臭',
        ' 水體，達到Ⅲ類"',
        "COD浓度下降20%，黑臭水体治理后不黑不臭，黑臭水体清零",
    ]
    path.write_text(f"{QUERY}SELECT * {{ ?e duf:search ?x }}", encoding="utf-8")
    done = subprocess.run([*command, "--out", str(out)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "duf:search is no triple of its own here" in done.stderr
