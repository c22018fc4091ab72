"""Chinese and Arabic numerals as the genre writes them (一百零七, 十四, 两, 3,815, 68.2)."""

import re

_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "○": 0}
_UNIT = {"十": 10, "百": 100, "千": 1000}

CHINESE = "零〇一二三四五六七八九十百千两"
# Bounded, so that a text of digits alone is read in time proportional to its length.
NUMERAL = rf"(?:(?<![\d.])\d{{1,9}}(?:,\d{{3}}){{0,3}}(?:\.\d{{1,6}})?(?!\d)|[{CHINESE}]{{1,9}})"
ORDINAL = "(?:[一二三四五六七八九十]{1,3}|\\d{1,3})"

_LONGEST = 24  # signs; no amount of the genre is longer
_FULL = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def integer(text: str) -> int | None:
    """The whole number written as `text`, or None when it is not one (`68.2`, `十几`, ``)."""
    text = text.replace(",", "")
    if len(text) > _LONGEST:
        return None
    if text.isascii() and text.isdigit():
        return int(text)
    if not text or any(c not in _DIGIT and c not in _UNIT for c in text):
        return None
    if len(text) > 1 and not any(c in _UNIT for c in text):
        return int("".join(str(_DIGIT[c]) for c in text))
    total, digit = 0, 0
    for c in text:
        if c in _UNIT:
            total += (digit or 1) * _UNIT[c]
            digit = 0
        else:
            digit = _DIGIT[c]
    return total + digit


def decimal(text: str) -> str | None:
    """The number written as `text` in XSD decimal form without superfluous zeros (`68.20` → `68.2`), else None."""
    if len(text) > _LONGEST:
        return None
    if text.isascii() and _FULL.fullmatch(text):
        plain = text.replace(",", "")
        return plain.rstrip("0").rstrip(".") if "." in plain else str(int(plain))
    whole = integer(text)
    return None if whole is None else str(whole)
