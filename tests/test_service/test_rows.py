"""The number of rows that an answer states is the number of its rows, whatever stands in them."""

import itertools
import json
import random

import pyoxigraph as ox
import pytest

from service.formats import RESULT_FORMATS
from service.rows import RowCount

NASTY = ['},{"', '[{"', ',{"', "{}", '"bindings":[{', "<result>", "\n", "\\", '"', '\\"},{\\"x', "},{", "督察", ""]


def answers(form: str, values: list[str]) -> bytes:
    """A table of two columns."""
    store = ox.Store()
    rows = " ".join(f"({ox.Literal(value)} {ox.Literal(f'b{value}')})" for value in values)
    found = store.query(f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {rows} }} }}")
    assert isinstance(found, ox.QuerySolutions)
    return found.serialize(format=RESULT_FORMATS[form]) or b""


@pytest.mark.parametrize("form", ["json", "xml", "tsv"])
def test_what_looks_like_a_row_in_a_string_is_none(form: str) -> None:
    chance = random.Random(7)  # noqa: S311 - the same texts in every run
    pairs = ["".join(pair) for pair in itertools.product(NASTY, repeat=2)]
    for size in (0, 1, 2, 30, len(pairs)):
        values = chance.sample(pairs, size)
        body = answers(form, values)
        if form == "json":
            assert len(json.loads(body)["results"]["bindings"]) == size
        for most in (len(body) + 1, 1000, 7, 1):
            count = RowCount(form)
            for begin in range(0, len(body), most):
                count.add(body[begin : begin + most])
            assert count.total() == size


def test_rows_without_a_value_are_rows() -> None:
    found = ox.Store().query("SELECT ?a { VALUES ?a { UNDEF UNDEF 'x' UNDEF } }")
    assert isinstance(found, ox.QuerySolutions)
    count = RowCount("json")
    count.add(found.serialize(format=RESULT_FORMATS["json"]) or b"")
    assert count.total() == 4
