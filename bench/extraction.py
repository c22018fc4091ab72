"""How fast facts are read beside plain tokenising in the same run, and that memory does not grow with the documents read.

    python bench/extraction.py [--rounds N] [--profile]

Facts should be read at no less than a quarter of the rate at which a blank spaCy pipeline tokenises the same texts. That
rate falls with the length of a text, so the texts are measured as they are and joined to one. `--profile` prints instead
which functions take the time.
"""

import argparse
import cProfile
import pstats
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path

import spacy

from pipeline.facts import read_facts
from pipeline.model import Document

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("data/documents", "tests/development")
LENGTH = 200_000  # signs to be measured, at least
ASKED = 0.25
NUMBERS = (100, 400, 1_600)  # of documents read one after another
FUNCTIONS = 30


def texts_of(folder: str) -> list[str]:
    return [path.read_text(encoding="utf-8-sig") for path in sorted((ROOT / folder).glob("*.txt"))]


def repeated(texts: list[str]) -> list[str]:
    """The texts again and again, until they have enough signs."""
    return texts * (-(-LENGTH // sum(map(len, texts))))


def read(text: str) -> None:
    read_facts(Document("0" * 16, "any.txt", "0" * 64, text, "utf-8"))


def seconds(run: Callable[[str], object], texts: list[str]) -> float:
    start = time.process_time()
    for text in texts:
        run(text)
    return time.process_time() - start


def rates(rounds: int) -> None:
    """Signs a second, best of some rounds that take turns, since the machine may be shared."""
    tokenise = spacy.blank("zh").make_doc
    sets = {folder: repeated(texts_of(folder)) for folder in FOLDERS}
    sets["joined to one text"] = ["".join(text for texts in sets.values() for text in texts)[:LENGTH]]
    print(f"{'texts':20} {'number':>7} {'signs':>8} {'tokenise/s':>11} {'facts/s':>9} {'ratio':>6}   (asked: {ASKED})")
    for name, texts in sets.items():
        seconds(read, texts[:1])
        turns = [(seconds(tokenise, texts), seconds(read, texts)) for _ in range(rounds)]
        tokens, facts = map(min, zip(*turns, strict=True))
        signs = sum(map(len, texts))
        print(f"{name:20} {len(texts):7} {signs:8} {signs / tokens:11.0f} {signs / facts:9.0f} {tokens / facts:6.2f}")


def memory() -> None:
    """The peak of a process of its own for each number of documents, none equal to another."""
    print(f"\n{'documents':>9} {'peak MB':>8}")
    for number in NUMBERS:
        command = [sys.executable, __file__, "--peak", str(number)]
        peak = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        print(f"{number:9} {peak / 1024:8.1f}")


def peak(number: int) -> int:
    """Reads so many documents; the most memory this process held, in kB (in bytes on macOS)."""
    texts = [text for folder in FOLDERS for text in texts_of(folder)]
    for place, text in enumerate(islice(cycle(texts), number)):
        read(f"{text}\n第{place}号附件。\n")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def profile() -> None:
    texts = [text for folder in FOLDERS for text in texts_of(folder)]
    seconds(read, texts)
    profiler = cProfile.Profile()
    profiler.runcall(seconds, read, texts)
    statistics = pstats.Stats(profiler).strip_dirs()
    for order in ("tottime", "cumtime"):
        statistics.sort_stats(order).print_stats(FUNCTIONS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--peak", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peak:
        print(peak(options.peak))
    elif options.profile:
        profile()
    else:
        rates(options.rounds)
        memory()


if __name__ == "__main__":
    main()
