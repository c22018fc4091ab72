"""Small parts of the pages: segments of a text, charts, words, addresses."""

import re
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import service
from service.addresses import Addresses
from service.charts import Point, bars, lines
from service.highlight import Span, segments
from service.messages import keys, message
from service.serve import listen

SPANS = st.lists(st.builds(Span, st.integers(-2, 30), st.integers(-2, 30), st.sampled_from("abc"), st.integers(1, 9)))
TEMPLATES = Path(service.__file__).parent / "templates"


@given(st.text(max_size=25), SPANS)
def test_segments_are_the_text_and_every_fact_covers_its_own(text: str, spans: list[Span]) -> None:
    found = segments(text, spans)
    assert "".join(segment.text for segment in found) == text
    for span in spans:
        covered = "".join(
            s.text for s in found if any(over.fact == span.fact and over.kind == span.kind for over in s.spans)
        )
        assert text[max(span.begin, 0) : max(span.end, 0)] in covered or span.begin >= span.end


def test_overlapping_facts_share_the_segment_between_them() -> None:
    found = segments("abcdef", [Span(0, 4, "issue", 1), Span(2, 6, "target", 2)])
    assert [(segment.text, segment.facts) for segment in found] == [("ab", "1"), ("cd", "1 2"), ("ef", "2")]


def test_charts_escape_their_texts() -> None:
    for svg in (bars([Point("<b>", 1)], "<t>"), lines([Point("2024", 1, "<b>"), Point("2025-06", 2, "<b>")], "<t>")):
        assert "<b>" not in svg
        assert "&lt;b&gt;" in svg
        assert "&lt;t&gt;" in svg


@pytest.mark.parametrize("x", ["", "soon", "2024-13", "2024-02-30", "20x4", "9999", "9999-12-31"])
def test_a_chart_leaves_out_what_is_no_date(x: str) -> None:
    assert lines([Point(x, 1)], "") == ""


def test_every_word_of_the_templates_is_there_in_both_languages() -> None:
    used = {
        key
        for path in TEMPLATES.glob("*.html")
        for key in re.findall(r"\bt\('([\w.:-]+)'[,)]", path.read_text("utf-8"))
    }
    assert used
    for key in sorted(used):
        for language in ("zh", "en"):
            assert message(key, language).strip(), key
    assert len(keys()) == len(set(keys()))


@pytest.mark.parametrize(
    ("iri", "href"),
    [
        ("https://w3id.org/ducha/region/450300", "/region/450300"),
        ("https://w3id.org/ducha/document/00aa#char=8,9", "/document/00aa#c8"),
        ("https://w3id.org/ducha/ontology#Issue", "/ontology#Issue"),
        ("https://w3id.org/ducha/concept/level-central", "/concept/level-central"),
        ("http://qudt.org/vocab/unit/PERCENT", "http://qudt.org/vocab/unit/PERCENT"),
        ("javascript:alert(1)", None),
        ("JavaScript:alert(1)", None),
        ("data:text/html,x", None),
    ],
)
def test_only_our_addresses_and_the_web_are_links(iri: str, href: str | None) -> None:
    assert Addresses("https://w3id.org/ducha/").href(iri) == href


def test_another_base_keeps_concepts_where_they_are() -> None:
    addresses = Addresses("https://example.org/d/")
    assert addresses.path("https://example.org/d/region/1") == "/region/1"
    assert addresses.iris("concept/a")[0] == "https://w3id.org/ducha/concept/a"
    assert addresses.iris("region/1") == ("https://example.org/d/region/1",)


def test_small_answers_do_not_wait_for_an_acknowledgement() -> None:
    """asyncio switches Nagle's algorithm off only on sockets that name TCP."""
    with listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP
