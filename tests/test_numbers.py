"""Chinese numerals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.numbers import decimal, integer


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三十一", 31),
        ("一百零七", 107),
        ("十", 10),
        ("十四", 14),
        ("两", 2),
        ("二〇二三", 2023),
        ("3,815", 3815),
        ("一千二百", 1200),
        ("十几", None),
        ("68.2", None),
        ("", None),
    ],
)
def test_whole_numbers(text: str, value: int | None) -> None:
    assert integer(text) == value


@pytest.mark.parametrize(
    ("text", "value"), [("68.20", "68.2"), ("1,200.5", "1200.5"), ("007", "7"), ("五", "5"), ("x", None)]
)
def test_decimals_have_one_form(text: str, value: str | None) -> None:
    assert decimal(text) == value


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_none(text: str) -> None:
    value = integer(text)
    assert value is None or value >= 0
