"""Mutates documents: builds each as the build does, breaks it, and asks the rules that must see it.

A mutant is caught (杀死, killed) when a rule that its operator names reports what it did not report of the unbroken
graph; else it survived (存活). Mutants depend on the document alone, so the same documents give the same table.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from tqdm import tqdm

from pipeline.extract import Failure
from pipeline.model import Document
from pipeline.mutation.operator import Operator
from pipeline.mutation.operators import OPERATORS
from pipeline.mutation.original import Mutant
from pipeline.mutation.subject import Subject, subject_of, task_of
from pipeline.validation.shapes import ACROSS, room_of, rooms
from pipeline.vocabulary import SHAPE
from pipeline.workers import as_they_come, obey_parent, pool

FEW = 2  # documents that are mutated sooner in this process than workers start


@dataclass(frozen=True, slots=True)
class Outcome:
    """One mutant: by which operator, in which file, at which node; the ids of the rules that reported anything new,
    asked of all rules where the mutant was missed."""

    operator: str
    file: str
    place: str
    caught: bool
    instead: tuple[str, ...] = ()


def mutants(subject: Subject, operator: Operator, most: int) -> list[Mutant]:
    """Up to `most` mutants by one operator, spread over the document by the hash of their place. What would change
    nothing is no mutant."""
    original = subject.original(operator.layer)
    known = frozenset(original.edited)
    made = {
        hashlib.sha256(f"{operator.id} {one.place}".encode()).hexdigest(): one
        for one in operator.mutate(original)
        if one.added - known or (one.removed & known) - one.added
    }
    return [made[name] for name in sorted(made)[:most]]


def mutate(subject: Subject, most: int = 2, operators: Sequence[Operator] = OPERATORS) -> Iterator[Outcome]:
    """What becomes of the mutants of one document, up to `most` for each operator."""
    for operator in operators:
        for mutant in mutants(subject, operator, most):
            yield outcome(subject, operator, mutant)


def outcome(subject: Subject, operator: Operator, mutant: Mutant) -> Outcome:
    """Whether a rule that the operator names sees the mutant; if none, which others do."""
    names = {room_of(SHAPE + rule) for rule in operator.rules}
    shapes = {SHAPE + rule for rule in operator.rules}
    caught = any(one.shape in shapes for one in subject.new(operator.layer, mutant, *sorted(names)))
    instead: tuple[str, ...] = ()
    if not caught:
        everywhere = (ACROSS,) if operator.layer.across else rooms()
        found = subject.new(operator.layer, mutant, *everywhere)
        instead = tuple(sorted({one.shape.removeprefix(SHAPE) for one in found}))
    return Outcome(operator.id, subject.file, mutant.place, caught, instead)


_task = cache(task_of)


def _mutate_here(document: Document, most: int) -> list[Outcome] | Failure:
    subject = subject_of(document, _task())
    return subject if isinstance(subject, Failure) else list(mutate(subject, most))


def mutate_all(
    documents: Mapping[str, Document], most: int, jobs: int, progress: bool = False
) -> tuple[list[Outcome], list[Failure]]:
    """What becomes of the mutants of all documents, in the order of the documents, and which could not be read."""
    done: dict[str, list[Outcome] | Failure] = {}
    with tqdm(total=len(documents), unit="doc", disable=None if progress else True, leave=False) as bar:
        for name, found in _each(documents, most, jobs):
            done[name] = found
            bar.update()
    ordered = [done[name] for name in documents]
    failures = [one for one in ordered if isinstance(one, Failure)]
    return [outcome for one in ordered if not isinstance(one, Failure) for outcome in one], failures


def _each(documents: Mapping[str, Document], most: int, jobs: int) -> Iterator[tuple[str, list[Outcome] | Failure]]:
    if jobs <= 1 or len(documents) <= FEW:
        for name, document in documents.items():
            yield name, _mutate_here(document, most)
        return
    with pool(min(jobs, len(documents)), obey_parent) as running:
        futures = {running.submit(_mutate_here, document, most): name for name, document in documents.items()}
        yield from as_they_come(running, futures)
