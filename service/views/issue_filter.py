"""The filters of a plan's issues, in the address, so that they work without a script and can be passed on."""

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from pipeline.vocabulary import DUC
from service.pages import Page
from service.reading import HEAD, labels
from service.terms import Row

FILTERS = ("topic", "due", "status", "body", "words")
_SAID = HEAD + (
    "SELECT ?issue ?p ?o WHERE { VALUES ?issue { UNDEF } ?issue ?p ?o . FILTER(?p IN (du:topic, du:due, du:status)) }"
)
_WORDS = HEAD + (
    "SELECT ?issue ?o WHERE { VALUES ?issue { UNDEF } ?issue ?p ?o . FILTER(?p IN (du:text, rdfs:label)) }"
)


@dataclass(frozen=True)
class Choice:
    """The issues kept, what was asked, and what may be asked: filter → value → its name and how many issues have it."""

    kept: list[str]
    total: int
    wish: dict[str, str]
    options: dict[str, dict[str, tuple[str, int]]]

    @property
    def narrowed(self) -> bool:
        return any(self.wish.values())


async def choose(page: Page, issues: list[str], roles: Iterable[Row]) -> Choice:
    """The issues that the address asks for; `roles` has rows ?element ?role ?body."""
    wish = {name: page.request.query_params.get(name, "").strip()[:100] for name in FILTERS}
    if not issues:
        return Choice([], 0, wish, {})
    terms = [ox.NamedNode(issue) for issue in issues]
    has: dict[str, dict[str, set[str]]] = {issue: {name: set() for name in FILTERS} for issue in issues}
    for row in await page.dataset.select(_SAID, issue=terms):
        said, value = row["p"].value.rpartition("#")[2], row["o"].value
        if said in ("topic", "status"):
            has[row["issue"].value][said].add(value.rpartition("/")[2])
        elif said == "due":
            has[row["issue"].value]["due"].add(value[:4])
    for row in await page.dataset.select(_WORDS, issue=terms) if wish["words"] else ():
        has[row["issue"].value]["words"].add(row["o"].value)
    for row in roles:
        if row["element"].value in has:
            has[row["element"].value]["body"].add(row["body"].value)
    kept = [issue for issue in issues if all(_fits(name, wish[name], has[issue][name]) for name in FILTERS)]
    names = await labels(page, {body for one in has.values() for body in one["body"]})
    options: dict[str, dict[str, tuple[str, int]]] = {}
    for name in FILTERS[:-1]:
        values = sorted({value for one in has.values() for value in one[name]})
        called = {value: names.get(value) or _called(page, name, value) for value in values}
        options[name] = {
            value: (called[value], sum(value in one[name] for one in has.values()))
            for value in sorted(values, key=lambda value: called[value])
        }
    return Choice(kept, len(issues), wish, options)


def _fits(name: str, wish: str, values: set[str]) -> bool:
    if not wish:
        return True
    return any(wish in value for value in values) if name == "words" else wish in values


def _called(page: Page, name: str, value: str) -> str:
    return page.name(f"{DUC}{value}") if name in ("topic", "status") else value
