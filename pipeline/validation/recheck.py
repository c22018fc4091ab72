"""The published graph asked again, document by document, by our engines and by pySHACL: `ducha check --oracle`."""

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from pipeline.extract import TEXT
from pipeline.snapshot import Snapshot
from pipeline.validation.oracle import check as ask_oracle
from pipeline.validation.report import Finding
from pipeline.validation.shapes import rooms
from pipeline.validation.validate import check, facts
from pipeline.vocabulary import graph_iri


@dataclass(frozen=True)
class Verdict:
    """What two engines find in one document; `only_ours` and `only_oracle` say in what they differ."""

    file: str
    findings: int
    only_ours: tuple[Finding, ...]
    only_oracle: tuple[Finding, ...]

    @property
    def equal(self) -> bool:
        return not self.only_ours and not self.only_oracle


def recheck(snapshot: Snapshot, document: str = "") -> Iterator[Verdict]:
    """A verdict on each published document, or on the one with this id or file name, as they come."""
    store = ox.Store.read_only(str(snapshot.store_path))
    base: str = snapshot.manifest["base"]
    for entry in snapshot.manifest["documents"]:
        if document in ("", entry["id"], entry["file"]):
            triples = facts(_quads(store, base, entry["id"], snapshot.text(entry["id"])), base)
            ours, oracle = (dict.fromkeys(ask(triples, *rooms())) for ask in (check, ask_oracle))
            only_ours = tuple(one for one in ours if one not in oracle)
            yield Verdict(entry["file"], len(ours), only_ours, tuple(one for one in oracle if one not in ours))


def _quads(store: ox.Store, base: str, name: str, text: str) -> list[ox.Quad]:
    """A document's stated and derived quads, those of the regions it mentions, and its text: what the build asks."""
    quads: list[ox.Quad] = []
    for kind in ("stated", "derived"):
        quads += store.quads_for_pattern(None, None, None, ox.NamedNode(graph_iri(base, "document", name, kind)))
    regions = ox.NamedNode(graph_iri(base, "regions"))
    known: set[ox.NamedNode] = set()
    waiting = [quad.object for quad in quads]
    while waiting:
        term = waiting.pop()
        if isinstance(term, ox.NamedNode) and term.value.startswith(f"{base}region/") and term not in known:
            known.add(term)
            about = list(store.quads_for_pattern(term, None, None, regions))
            quads += about
            waiting += [quad.object for quad in about]
    quads.append(ox.Quad(ox.NamedNode(f"{base}document/{name}"), TEXT, ox.Literal(text)))
    return quads
