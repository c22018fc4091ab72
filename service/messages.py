"""The words of the pages in Chinese and English: `messages.csv`, one row a text."""

import csv
from functools import cache
from importlib import resources
from typing import Literal

from starlette.requests import HTTPConnection

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
TAGS = {"zh": "zh-CN", "en": "en"}
"""What Content-Language says (RFC 5646)."""


@cache
def _table() -> dict[str, dict[str, str]]:
    text = resources.files("service").joinpath("messages.csv").read_text("utf-8")
    return {row["key"]: row for row in csv.DictReader(text.splitlines())}


def message(key: str, language: Language, default: str | None = None, /, **values: object) -> str:
    """The text with `{name}` replaced by values. Raises KeyError for an unknown key without default."""
    row = _table().get(key)
    if row is None:
        if default is None:
            raise KeyError(key)
        return default
    return row[language].format(**values) if values else row[language]


def is_chinese(text: str) -> bool:
    """Whether a text has 汉字, so that it is read aloud and drawn as Chinese on an English page too."""
    return any("\u3400" <= sign <= "\u9fff" for sign in text)


def keys() -> list[str]:
    """Every key of the table."""
    return list(_table())


def language_of(request: HTTPConnection) -> Language:
    """Of a page: `?lang=`, else the cookie, else the better liked of zh and en in Accept-Language, else zh."""
    for wish in (request.query_params.get("lang"), request.cookies.get("lang")):
        if wish in LANGUAGES:
            return wish
    return _liked(request.headers.get("accept-language", ""), "zh")


def language_for_programs(request: HTTPConnection) -> Language:
    """Of what a program reads: `?lang=`, else Accept-Language, else en. Cookies are a matter of the pages."""
    wish = request.query_params.get("lang")
    return wish if wish in LANGUAGES else _liked(request.headers.get("accept-language", ""), "en")


def _liked(header: str, default: Language) -> Language:
    best: tuple[float, Language] = (0.0, default)
    for part in header.lower().split(","):
        name, _, parameter = part.partition(";")
        found = next((language for language in LANGUAGES if name.strip().split("-")[0] == language), None)
        quality = _quality(parameter)
        if found and quality > best[0]:
            best = (quality, found)
    return best[1]


def _quality(parameter: str) -> float:
    try:
        return float(parameter.partition("q=")[2] or 1)
    except ValueError:
        return 0.0
