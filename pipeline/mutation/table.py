"""The table that `ducha mutate` prints, for a terminal or as Markdown, and the list of what was missed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox

from pipeline.mutation.operators import OPERATORS, THEMES
from pipeline.mutation.run import Outcome
from pipeline.table import text_table
from pipeline.validation.report import Language, choose
from pipeline.validation.shapes import rules
from pipeline.vocabulary import SHAPE

_NUMBERS = ("mutants", "caught", "missed", "not applicable")


def score(outcomes: Sequence[Outcome]) -> str:
    """`758 mutants, 757 caught: mutation score 99.86 %`, rounded down; without mutants there is no score."""
    caught = sum(outcome.caught for outcome in outcomes)
    share = f"{10_000 * caught // len(outcomes) / 100:.2f} %" if outcomes else "–"
    return f"{len(outcomes)} mutants, {caught} caught: mutation score {share}"


def counted(outcomes: Iterable[Outcome], files: int) -> dict[str, tuple[int, int, int, int]]:
    """By operator: mutants, caught, missed, and the number of files in which there is nothing to break."""
    mutants, caught = Counter[str](), Counter[str]()
    applied: dict[str, set[str]] = {}
    for outcome in outcomes:
        mutants[outcome.operator] += 1
        caught[outcome.operator] += outcome.caught
        applied.setdefault(outcome.operator, set()).add(outcome.file)
    return {
        one.id: (
            mutants[one.id],
            caught[one.id],
            mutants[one.id] - caught[one.id],
            files - len(applied.get(one.id, ())),
        )
        for one in OPERATORS
    }


def plain(outcomes: Sequence[Outcome], files: int, language: Language | None = None) -> str:
    """A table for a terminal."""
    numbers = counted(outcomes, files)
    rows = [
        [
            *(ox.Literal(cell) for cell in (one.id, choose(language, one.zh, one.en), ", ".join(one.rules))),
            *(ox.Literal(number) for number in numbers[one.id]),
        ]
        for one in OPERATORS
    ]
    return text_table(("operator", "what it breaks", "rules", *_NUMBERS), rows)


def markdown(outcomes: Sequence[Outcome], files: int) -> str:
    """A table for each theme, as docs/mutation.md has them."""
    numbers = counted(outcomes, files)
    head = ("operator", "中文", "English", "rule", *_NUMBERS)
    lines: list[str] = []
    for theme, operators in THEMES.items():
        lines += ["", f"### {theme}", "", _row(head), _row(["---"] * 4 + ["---:"] * 4)]
        for one in operators:
            linked = ", ".join(f"[`{rule}`]({_place(rule)})" for rule in one.rules)
            lines.append(_row((f"`{one.id}`", one.zh, one.en, linked, *map(str, numbers[one.id]))))
    return "\n".join([f"{files} documents, {score(outcomes)}.", *lines]) + "\n"


def missed(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """A line for each mutant that survived: operator, file, place, and what was reported instead."""
    for one in outcomes:
        if not one.caught:
            yield f"missed {one.operator}: {one.file}, {one.place}: {', '.join(one.instead) or 'nothing'} instead"


def _place(rule: str) -> str:
    """Where docs/rules.md explains a rule, from a page beside it."""
    return f"rules.md#{rules()[SHAPE + rule].documentation.rpartition('#')[2]}"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
