"""The catalogue of a running service, or of a file, against the shapes that DCAT-AP publishes.

    python bench/dcat_ap.py CHECKOUT ADDRESS-OR-FILE

CHECKOUT is one of the repository SEMICeu/DCAT-AP. The shapes of release 3.0.1 are in two files, of which neither is whole
without the other, and in a second form in others, with those that are recommended. ADDRESS is that of a service (its /dcat is asked), FILE a Turtle file. Prints each
result once and exits 1 where one is a violation.
"""

import sys
import urllib.request
from collections import Counter
from pathlib import Path

import pyshacl
import rdflib
from rdflib.namespace import SH

RELEASE = "releases/3.0.1"
SETS = {
    "shapes": ("shacl/dcat-ap-SHACL.ttl", "shacl/ranges.ttl"),
    "second form": ("html/shacl/shapes.ttl",),
    "classes of values": ("html/shacl/range.ttl",),
    "recommended": ("html/shacl/shapes_recommended.ttl",),
    "deprecated": ("html/shacl/deprecateduris.ttl",),
}


def main() -> int:
    """Validates; the exit code says whether anything is violated."""
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    checkout, source = Path(sys.argv[1]), sys.argv[2]
    data = rdflib.Graph()
    if source.startswith("http"):
        request = urllib.request.Request(f"{source.rstrip('/')}/dcat", headers={"Accept": "text/turtle"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            data.parse(answer.read(), format="turtle")
    else:
        data.parse(source, format="turtle")
    worst = False
    for name, files in SETS.items():
        shapes = rdflib.Graph()
        for file in files:
            shapes.parse(checkout / RELEASE / file, format="turtle")
        shapes.remove((None, rdflib.OWL.imports, None))  # nothing is fetched
        # The published files name some property shapes that they do not hold; pySHACL stops at such a name.
        empty = {one for one in shapes.objects(None, SH.property) if shapes.value(one, SH.path) is None}
        for one in empty:
            shapes.remove((None, SH.property, one))
        _, report, _ = pyshacl.validate(data, shacl_graph=shapes, advanced=True, inference="none")
        found: Counter[tuple[str, ...]] = Counter()
        for result in report.subjects(SH.resultSeverity, None):
            severity = str(report.value(result, SH.resultSeverity)).rpartition("#")[2]
            worst |= severity == "Violation"
            parts = (SH.focusNode, SH.resultPath, SH.value, SH.resultMessage)
            found[severity, *(str(report.value(result, part) or "-") for part in parts)] += 1
        print(f"{name}: {len(data)} triples, {sum(found.values())} results, {len(empty)} empty shapes left out")
        for row, number in sorted(found.items()):
            print("  ", number, *row)
    return int(worst)


if __name__ == "__main__":
    sys.exit(main())
