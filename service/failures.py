"""Failures in the reader's language. The code says them in English; `failures.csv` holds each of its texts in Chinese."""

import csv
from functools import cache
from importlib import resources

from pipeline.errors import DuchaError, Wording
from service.messages import Language

_MARKS = {"zh": ("：", "；"), "en": (": ", "; ")}


@cache
def chinese() -> dict[str, str]:
    """The Chinese of each English text or pattern."""
    text = resources.files("service").joinpath("failures.csv").read_text("utf-8")
    return {row["en"]: row["zh"] for row in csv.DictReader(text.splitlines())}


def said(text: str, language: Language) -> str:
    """A text of an error, with the texts inside it. What is not ours, names and what an engine says, stays as it is."""
    pattern = text.pattern if isinstance(text, Wording) else text
    if language == "en" or pattern not in chinese():
        return str(text)
    if not isinstance(text, Wording):
        return chinese()[pattern]
    values = {name: said(one, language) if isinstance(one, str) else one for name, one in text.values.items()}
    return chinese()[pattern].format(**values)


def told(error: DuchaError, language: Language, *, remedy: bool = True) -> str:
    """The error in one line, with what to do or without."""
    colon, semicolon = _MARKS[language]
    what = f"{said(error.subject, language)}{colon}{said(error.problem, language)}"
    return f"{what}{semicolon}{said(error.remedy, language)}" if remedy else what
