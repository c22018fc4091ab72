"""How long each stage takes on the shipped documents, as a ratio to plain tokenising in the same run.

    python bench/stages.py [ROUNDS]

Machines differ and are shared, so only the ratios travel: a stage that doubles its ratio has become slower.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import spacy

from pipeline.assets import asset_path
from pipeline.document import read_document
from pipeline.facts import read_facts
from pipeline.graph import facts_quads, region_quads
from pipeline.outline import outline
from pipeline.reasoning.infer import derive
from pipeline.region import load_regions
from pipeline.text import clean
from pipeline.validation.validate import validate
from pipeline.vocabulary import DEFAULT_BASE


def timed(run: Callable[[], Any], rounds: int) -> float:
    """The shortest of `rounds` runs, in seconds."""
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    return best


def main(rounds: int) -> None:
    paths: list[Path] = sorted(asset_path("data", "documents").glob("*.txt"))
    documents = [read_document(path) for path in paths]
    texts = [clean(document.text) for document in documents]
    facts = [read_facts(document) for document in documents]
    stated = [facts_quads(d, f, DEFAULT_BASE) for d, f in zip(documents, facts, strict=True)]
    regions = list(region_quads(load_regions(), DEFAULT_BASE))
    around = [[q for q in regions if q.subject in {s.object for s in quads}] for quads in stated]
    derived = [derive(s, a, DEFAULT_BASE, d.id) for s, a, d in zip(stated, around, documents, strict=True)]
    nlp = spacy.blank("zh")
    stages: dict[str, Callable[[], Any]] = {
        "tokenise": lambda: [nlp.make_doc(document.text) for document in documents],
        "document": lambda: [read_document(path) for path in paths],
        "text": lambda: [clean(document.text) for document in documents],
        "outline": lambda: [outline(text) for text in texts],
        "facts": lambda: [read_facts(document) for document in documents],
        "graph": lambda: [facts_quads(d, f, DEFAULT_BASE) for d, f in zip(documents, facts, strict=True)],
        "infer": lambda: [derive(s, a, DEFAULT_BASE, d.id) for s, a, d in zip(stated, around, documents, strict=True)],
        "validate": lambda: [
            validate([*s, *x, *a], DEFAULT_BASE) for s, x, a in zip(stated, derived, around, strict=True)
        ],
    }
    characters = sum(len(document.text) for document in documents)
    seconds = {name: timed(run, rounds) for name, run in stages.items()}
    print(f"{len(documents)} documents, {characters} characters, best of {rounds}")
    print(f"{'stage':10} {'ms':>9} {'µs/char':>9} {'ratio':>9}")
    for name, took in seconds.items():
        ratio = took / seconds["tokenise"]
        print(f"{name:10} {took * 1000:9.2f} {took / characters * 1e6:9.3f} {ratio:9.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
