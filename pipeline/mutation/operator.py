"""What a mutation operator (变异算子) is: one way to break a right graph, and the rules that must see it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from pipeline.mutation.original import Mutant, Original

Mutate = Callable[[Original], Iterable[Mutant]]


class Layer(StrEnum):
    """What an operator breaks.

    What a document states: what follows is derived anew, as from a misreading. What was derived, or the gazetteer.
    Or a twin: a second document that says the same in other words, or (`COPY`) in the same words.
    """

    STATED = "stated"
    DERIVED = "derived"
    REGIONS = "regions"
    TWIN = "twin"
    COPY = "copy"

    @property
    def across(self) -> bool:
        """Whether the rules across documents are asked."""
        return self in (Layer.TWIN, Layer.COPY)


@dataclass(frozen=True, slots=True)
class Operator:
    """`zh` and `en` say what is broken. A mutant is caught when one of `rules` (ids) reports what it did not before."""

    id: str
    zh: str
    en: str
    rules: tuple[str, ...]
    mutate: Mutate
    layer: Layer = Layer.STATED


def operator(zh: str, en: str, *rules: str, layer: Layer = Layer.STATED) -> Callable[[Mutate], Operator]:
    """Makes an operator of a function, named after it: `shift_quote` is `shift-quote`."""

    def make(mutate: Mutate) -> Operator:
        name: str = getattr(mutate, "__name__", "")
        return Operator(name.replace("_", "-"), zh, en, rules, mutate, layer)

    return make
