"""Invented rectification plans, as many as wanted, for measuring at sizes that the shipped documents do not reach.

    python bench/plans.py COUNT DIR [--seed N] [--faults SHARE]

The cities are real (`data/regions.csv`); everything said of them is made up out of `matters.csv` and `phrases.csv`. A
plan is whole: the visit with its dates, lists, targets by year, and five to sixty issues with measures, deadlines and
bodies, as numbered items, as a table or as forms. A share of them may contradict itself (`faults`). The same seed gives
the same texts, and a longer run begins with those of a shorter one.
"""

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

from faults import FAULTS
from invented import invent
from layouts import LAYOUTS, written


def plans(count: int, seed: int = 0, faults: float = 0.0) -> Iterator[tuple[str, str]]:
    """File name and text of `count` plans; a share of about `faults` (0 to 1) contradicts itself in one to three ways."""
    for at in range(count):
        choice = random.Random(f"{seed}/{at}")  # noqa: S311 - a repeatable choice, not a secret
        plan = invent(at, choice)
        if choice.random() < faults:
            for fault in choice.sample(list(FAULTS.values()), choice.randint(1, 3)):
                plan = fault(plan)
        yield f"plan-{at:06}.txt", written(plan, LAYOUTS[at % len(LAYOUTS)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("count", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--faults", type=float, default=0.0, help="share of plans that contradict themselves, 0 to 1")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for name, text in plans(options.count, options.seed, options.faults):
        (options.folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
