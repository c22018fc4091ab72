"""Content negotiation, table by table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.formats import RDF_OFFERS, RESULT_OFFERS, named_offer
from service.negotiation import names, negotiate


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/sparql-results+json"),
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("text/csv", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        ("text/*", "text/csv"),
        ("application/json", "application/json"),
        ("application/xml;q=0.9, */*;q=0.1", "application/xml"),
        ("text/csv;q=0.5, application/sparql-results+xml", "application/sparql-results+xml"),
        ("application/sparql-results+json;q=0, */*", "application/sparql-results+xml"),
        ("application/*;q=0, text/*", "text/csv"),
        ("text/*;q=0.9, text/csv;q=0.1", "text/tab-separated-values"),
        ("*/*;q=0.1, text/*;q=0", "application/sparql-results+json"),
        ("image/png", None),
        ("*/*;q=0", None),
        ("text/csv;q=0.000", None),
        ("application/json, text/xml, */*", "application/json"),
        ("text/*, text/tab-separated-values", "text/tab-separated-values"),
        ("garbage", "application/sparql-results+json"),
        ("garbage, text/csv", "text/csv"),
        ('text/csv;header="a,b";q=0.4, text/tab-separated-values;q=0.3', "text/csv"),
        ("text/csv;q=2, text/tab-separated-values;q=0.1", "text/tab-separated-values"),
    ],
)
def test_results(accept: str | None, media_type: str | None) -> None:
    offer = negotiate(accept, RESULT_OFFERS)
    assert (offer.media_type if offer else None) == media_type


@given(st.text(alphabet='text/csvjonhml*;q=0.19, "+', max_size=60))
def test_any_header_gets_an_answer(accept: str) -> None:
    assert negotiate(accept, RDF_OFFERS) in (None, *RDF_OFFERS)


@pytest.mark.parametrize(
    ("name", "form"), [("csv", "csv"), ("TURTLE", "ttl"), ("text/turtle", "ttl"), ("json-ld", "jsonld"), ("exe", None)]
)
def test_short_names(name: str, form: str | None) -> None:
    offer = named_offer(name, (*RESULT_OFFERS, *RDF_OFFERS))
    assert (offer.format if offer else None) == form


def test_a_wildcard_names_nothing() -> None:
    assert names("text/html,application/xml;q=0.9", "text/html")
    assert not names("*/*", "text/html")
    assert not names("text/html;q=0", "text/html")
