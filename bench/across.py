"""How long the comparison of many documents takes: generated plans, four documents each, as texts and as graphs.

    python bench/across.py [DOCUMENTS]

Each shipped document stands for many, with an identity and a region of its own; texts are shuffled, so that none is a
copy, but for one in ten. The comparison is asked for as a whole, since its parts grow alike.
"""

import random
import re
import sys
import time

import pyoxigraph as ox

from pipeline.assets import asset_path
from pipeline.document import read_document
from pipeline.graph import document_quads
from pipeline.validation.across import across
from pipeline.vocabulary import DEFAULT_BASE

TOLD_BY = 4  # documents of one plan


def main(number: int) -> None:
    choice = random.Random(1)  # noqa: S311 - a repeatable choice, not a secret
    shipped = [read_document(path) for path in sorted(asset_path("data", "documents").glob("*.txt"))]
    lines = [ox.serialize(document_quads(one, DEFAULT_BASE), format=ox.RdfFormat.N_QUADS).decode() for one in shipped]
    texts, stated = {}, {}
    for at in range(number):
        name, plan = f"{at:016x}", at // TOLD_BY
        model = plan % len(shipped)
        own = lines[model].replace(shipped[model].id, name)
        own = re.sub(r"(region|plan|supervision|organization|round)/\d{6}", rf"\g<1>/{100_000 + plan}", own)
        if at % TOLD_BY == 1:
            own = re.sub(r'"(20\d\d)(-\d\d-\d\d"\^\^<[^>]*date>)', r'"2030\g<2>', own)
        stated[name] = list(ox.parse(own, format=ox.RdfFormat.N_QUADS))
        signs = list(shipped[model].text)
        choice.shuffle(signs)
        texts[name] = texts[f"{at - 1:016x}"] + "附件" if at % 10 == 9 else "".join(signs)
    quads, signs = sum(map(len, stated.values())), sum(map(len, texts.values()))
    start = time.perf_counter()
    found = across(texts, stated, {}, DEFAULT_BASE)
    took = time.perf_counter() - start
    copies = sum(quad.predicate.value.endswith("#copyOf") for quad in found.quads)
    print(
        f"{number} documents, {quads} quads, {signs} characters: {took:.1f} s, {took / number * 1000:.1f} ms a document"
    )
    print(f"{len(found.findings)} findings, {copies} copies")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
