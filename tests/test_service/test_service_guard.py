"""What the guard refuses before a worker sees it, and what it must let through."""

from contextlib import suppress
from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.query import load_queries
from service.glance import glance
from service.guard import Checked, check
from service.problems import BadRequestError, TooLargeError
from service.tokens import tokens

PIECES = st.sampled_from(
    [
        *"{}()[]<>\"'\\#?$@:;.,!+-^*/|&= \n\r\t\x00中",
        *("SERVICE", "service", "SELECT", "FROM", "NAMED", "PREFIX", "BASE", '"""', "'''", "<http://a/>", "a:b"),
        *("\\u0053", "\\U0010FFFF", "\\uD800", "_:b", "1.5e3", "\U00020000", "%41", "@en"),
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_any_text_is_either_checked_or_refused(text: str) -> None:
    with suppress(BadRequestError, TooLargeError):
        check(text, max_depth=20)


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_the_tokens_are_the_text(text: str) -> None:
    assert "".join(token.text for token in tokens(text)) == text


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { service\n<http://x/> { ?s ?p ?o } }",
        "SELECT * { SeRvIcE SILENT ?x { ?s ?p ?o } }",
        "SELECT * { SERVICE#c\n<http://x/>{?s ?p ?o} }",
        "SELECT * { \\u0053ERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { \\u0053\\U00000045RVICE <http://x/> { ?s ?p ?o } }",
        "PREFIX : <http://x/> SELECT * { SERVICE:a{?s ?p ?o} }",
        "SELECT * { ?s ?p trueSERVICE<http://x/>{?s ?p ?o} }",
        "SELECT * { SERVICESILENT<http://x/>{?s ?p ?o} }",
        "SELECT * { ?s ?p 'it\\'s' . SERVICE <http://x/> {} }",
        "SELECT * { ?s ?p '''a''b''' . SERVICE <http://x/> {} }",
        "SELECT * { ?s a:b\\'c ?o . SERVICE <http://x/> {} # ' }\n }",
        "SELECT * { FILTER(?a <?b) SERVICE <http://x/> { ?c ?d ?e } FILTER(1 > 2) }",
    ],
)
def test_service_is_refused_however_it_is_spelled(query: str) -> None:
    with pytest.raises(BadRequestError, match=r"line \d+, column \d+: SERVICE is not allowed"):
        check(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p 'SERVICE <http://x/> {}' }",
        "# SERVICE <http://x/> {}\nSELECT * { ?s ?p ?o }",
        "SELECT * { ?s <http://x/SERVICE> ?SERVICE }",
        "PREFIX service: <http://x/> SELECT * { service:a service:SERVICE ?o }",
        "PREFIX service: <http://x/> SELECT * { GRAPH service:g { ?s ?p ?o } }",
        'SELECT * { ?s ?p """a "quoted" SERVICE""" , "b\\"SERVICE" }',
        "SELECT * { ?s ?p ?o FILTER(?o<1 && ?o>0) }",
        "SELECT (1-1 AS ?x) (-1 AS ?y) (!true AS ?z) {}",
    ],
)
def test_harmless_queries_pass_unchanged(query: str) -> None:
    assert check(query).text == query


SOUP = st.lists(
    st.sampled_from(
        [
            *(
                "SELECT",
                "ASK",
                "DESCRIBE",
                "CONSTRUCT",
                "PREFIX",
                "BASE",
                "FROM",
                "NAMED",
                "NOW",
                "now()",
                "RAND",
                "SERVICE",
            ),
            *(
                "du:",
                "_:b",
                "_now",
                "5NOW",
                "?now",
                "$x",
                "*",
                "{",
                "}",
                "(",
                ")",
                "[",
                "]",
                "!",
                "+",
                "-",
                "^",
                "--",
                "a--b",
            ),
            *(
                "<http://x/y>",
                "<a(b>",
                "<-->",
                "'a'",
                '"b # c"',
                "'''l'''",
                '"open',
                "'",
                "#",
                "\\",
                "\\u0041",
                ".",
                ";",
                ",",
            ),
            *("1.5", "true", "known", "from", "fromage", "中NOW", "@en", "\n"),
        ]
    ),
    max_size=14,
).map(" ".join)


@settings(max_examples=1000)
@given(SOUP | st.text("SELECTASKnowFROM{}()<>\"'#\\!+-^:?. \n", max_size=60))
@example("SELECT * { ?s <a((((((> ?o }")
@example("ASK { FILTER(" + "!" * 9 + "true) }")
@example("SELECT * { ?s ?p " + "(" * 9 + "1" + ")" * 9 + " }")
def test_what_a_glance_says_is_what_the_tokens_say(query: str) -> None:
    if seen := glance(query, max_tokens=100, max_depth=8):
        with mock.patch("service.guard.glance", return_value=""):
            assert check(query, max_tokens=100, max_depth=8) == Checked(query, seen, False, ())


def test_the_named_queries_need_no_more_than_a_glance() -> None:
    texts = [query.bound({}) for query in load_queries().values()]
    assert sum(bool(glance(text, 20_000, 100)) for text in texts) > 0.9 * len(texts)


def test_the_position_counts_lines_and_columns_from_one() -> None:
    with pytest.raises(BadRequestError, match="line 3, column 4:"):
        check("SELECT *\r\n{ ?s ?p '南通'\n  .SERVICE <http://x/> {} }".replace(".S", " S"))


@pytest.mark.parametrize("keyword", ["INSERT DATA", "delete", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "COPY", "WITH"])
def test_updates_are_named_as_such(keyword: str) -> None:
    with pytest.raises(BadRequestError, match="is an update"):
        check(f"PREFIX a: <http://a/> {keyword} {{ }}")


@pytest.mark.parametrize(
    ("before", "middle", "after"),
    [
        ("{", "", "}"),
        ("(", "1", ")"),
        ("[a:b ", "1", "]"),
        ("!", "true", ""),
        ("!(", "1", ")"),
        ("1<(", "1", ")>0"),
        ("-", "1", ""),
    ],
)
def test_nesting_is_limited(before: str, middle: str, after: str) -> None:
    assert check("ASK " + before * 50 + middle + after * 50)
    with pytest.raises(BadRequestError, match="nested more than 100 deep"):
        check("ASK " + before * 101 + middle + after * 101)


def test_operators_glued_to_a_word_are_counted() -> None:
    with pytest.raises(BadRequestError, match="nested more than 100 deep"):
        check("ASK { FILTER(true" + "-" * 200 + "1) }")


def test_length_is_limited_in_bytes() -> None:
    assert check("ASK {} #" + "x" * 60_000)
    with pytest.raises(TooLargeError):
        check("ASK {} #" + "督" * 22_000)


@pytest.mark.parametrize(
    "query", ["SELECT (NOW() AS ?n) {}", "SELECT (uuid() AS ?n) {}", "CONSTRUCT { _:a a ?t } WHERE { ?s a ?t }"]
)
def test_answers_that_differ_from_run_to_run_are_recognised(query: str) -> None:
    assert check(query).volatile
    assert not check("CONSTRUCT { ?s a ?t } WHERE { ?s a ?t }").volatile


def test_graphs_are_resolved_by_the_prologue() -> None:
    query = "BASE <http://b/x/> PREFIX g: <http://g/> SELECT * FROM g:a FROM NAMED <c> { }"
    assert [iri for iri, _ in check(query).graphs] == ["http://g/a", "http://b/x/c"]


@pytest.mark.parametrize(
    ("query", "form"),
    [("SELECT*{}", "SELECT"), ("# c\nask{}", "ASK"), ("BASE<a:>DESCRIBE<x>", "DESCRIBE"), ("nonsense", ""), ("", "")],
)
def test_the_form_is_found_after_the_prologue(query: str, form: str) -> None:
    assert check(query).form == form
