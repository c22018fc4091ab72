"""Numerals (编号的数字) as word processors and browsers print them before the items of a list.

Takes a whole number and the name OOXML gives a number format (ECMA-376-1 §17.18.59), gives what is printed.
"""

import re
from collections.abc import Callable, Mapping

# How a line begins that has a number of its own.
NUMBERED = re.compile(r"[(（]?[0-9一二三四五六七八九十]{1,4}[)）、.．]|[①-⑳]|第.{1,4}[章节条项]")

_DIGITS = "〇一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"


def numeral(number: int, style: str) -> str:
    """The number in a style of OOXML; a style that is not known, or has no sign for the number, prints it as 12."""
    return _STYLES.get(style, str)(number) or str(number)


def chinese(number: int) -> str:
    """一, 十, 十一, 二十, 一百〇一; beyond 9999 in Arabic figures."""
    return _by_place(number, _DIGITS, ("", "十", "百", "千"))


def _by_place(number: int, digits: str, places: tuple[str, ...]) -> str:
    if not 0 < number < 10_000:
        return str(number)
    written = ""
    for place, digit in zip(range(len(str(number)) - 1, -1, -1), map(int, str(number)), strict=True):
        if digit:
            written += digits[digit] + places[place]
        elif written[-1] != digits[0]:
            written += digits[0]
    written = written.rstrip(digits[0])
    return written[1:] if number < 20 and written.startswith("一十") else written


def _formal(number: int) -> str:
    return _by_place(number, _FORMAL, ("", "拾", "佰", "仟"))


def _digit_by_digit(number: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def _counting(number: int) -> str:
    """As `chinese` to ninety-nine, then digit by digit."""
    return chinese(number) if number < 100 else _digit_by_digit(number)


def _one_of(signs: str) -> Callable[[int], str]:
    return lambda number: signs[number - 1] if 1 <= number <= len(signs) else ""


def _enclosed(first: str, count: int) -> Callable[[int], str]:
    return _one_of("".join(chr(ord(first) + i) for i in range(count)))


def _letters(number: int) -> str:
    """a … z, aa, bb …"""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if 0 < number <= 26 * 10 else ""


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return ""
    written = ""
    for value, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ["m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"],
        strict=True,
    ):
        written += sign * (number // value)
        number %= value
    return written


_STYLES: Mapping[str, Callable[[int], str]] = {
    **dict.fromkeys(("chineseCountingThousand", "taiwaneseCountingThousand", "japaneseCounting"), chinese),
    **dict.fromkeys(("chineseCounting", "taiwaneseCounting"), _counting),
    **dict.fromkeys(("ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand"), _digit_by_digit),
    **dict.fromkeys(("chineseLegalSimplified", "ideographLegalTraditional"), _formal),
    **dict.fromkeys(
        ("decimalEnclosedCircle", "decimalEnclosedCircleChinese", "ideographEnclosedCircle"), _enclosed("①", 20)
    ),
    "decimalEnclosedParen": _enclosed("⑴", 20),
    "decimalEnclosedFullstop": _enclosed("⒈", 20),
    "ideographTraditional": _one_of(_STEMS),
    "ideographZodiac": _one_of(_BRANCHES),
    "decimalZero": lambda number: f"{number:02d}",
    **dict.fromkeys(
        ("decimalFullWidth", "decimalFullWidth2"),
        lambda number: str(number).translate({ord("0") + i: 0xFF10 + i for i in range(10)}),
    ),
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
}
