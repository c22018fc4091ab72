"""A snapshot → a remote SPARQL 1.1 server (`docs/snapshots.md`, "Remote stores").

Only graphs that differ are sent. Where the server takes updates, they are sent under other names, counted, and put in
place by one update request; the version before stays in force until then. Elsewhere they are written in place, with the
version taken away first and written last, so that what is half there never looks whole.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

import pyoxigraph as ox
from tqdm import tqdm

from pipeline.errors import EndpointError, SnapshotError
from pipeline.remote.published import (
    DEFAULT,
    PUBLISH,
    Part,
    Published,
    count_graph,
    count_graphs,
    disagreement,
    read_published,
)
from pipeline.remote.target import Target, insert
from pipeline.serialise import lines
from pipeline.snapshot import Snapshot
from pipeline.vocabulary import graph_iri

SAMPLE = 50  # triples of each graph that are looked up after it was sent
SWITCH_SECONDS = 600.0
MANY = 500_000  # triples; a server may hold all that one request moves in memory
T = TypeVar("T")


@dataclass(frozen=True)
class Outcome:
    """What a publication did: numbers of graphs, and of triples sent."""

    version: str
    written: int = 0
    unchanged: int = 0
    removed: int = 0
    sent: int = 0
    in_place: bool = False


@dataclass(frozen=True)
class Change:
    """What has to happen on the server: graphs that differ, graphs that are gone, and the marker before and after."""

    changed: tuple[str, ...]
    gone: tuple[str, ...]
    before: Published | None
    after: Published


class Publication:
    """One snapshot on its way to one server, `batch` triples a request."""

    def __init__(self, snapshot: Snapshot, target: Target, *, batch: int = 10_000, progress: bool = False) -> None:
        self.version, self.base = snapshot.version, str(snapshot.manifest["base"])
        self._target, self._batch, self._progress = target, batch, progress
        self._store = _open(snapshot)
        self._graphs = {self._named(graph).value: graph for graph in self._store.named_graphs()}
        self._marker, self._incoming = graph_iri(self.base, "published"), graph_iri(self.base, "incoming", "")

    def run(self, update: str = "", store: str = "", *, in_place: bool = False) -> Outcome:
        """Publishes, and counts what is there then; the same snapshot again sends nothing. `update` and `store` are
        the addresses for writing, where they are not the usual ones; `in_place` writes without a second copy, though
        not in one step. Raises EndpointError."""
        target = self._target
        there = target.patiently(lambda: read_published(target.client, target.query, self.base))
        counts = self._counts()
        self._refuse_foreign(there, counts)
        wanted = {name: self._part(name) for name in (DEFAULT, *self._graphs)}
        if (
            there
            and (there.version, there.parts) == (self.version, wanted)
            and not disagreement(there, counts, self.base)
        ):
            return Outcome(self.version, unchanged=len(wanted))
        union = target.find_writing(update, store, f"{self._incoming}probe")
        for name in (name for name in counts if name.startswith(self._incoming)):
            target.drop(name)
        change = self._change(there, counts, Published(self.version, wanted, union))
        in_place = in_place or union or not target.update
        if in_place:
            self._replace(change)
        else:
            self._switch(change)
        sent = sum(wanted[name].triples for name in change.changed)
        written, removed = len(change.changed), len(change.gone)
        return Outcome(self.version, written, len(wanted) - written, removed, sent, in_place)

    def _change(self, there: Published | None, counts: Mapping[str, int], after: Published) -> Change:
        known = there.parts if there else {}
        changed = tuple(
            name
            for name, part in sorted(after.parts.items())
            if (known.get(name) != part or counts.get(name) != part.triples) and (name or not after.union)
        )
        own = {*after.parts, DEFAULT, self._marker}
        gone = tuple(name for name in sorted(counts) if name not in own and not name.startswith(self._incoming))
        return Change(changed, gone, there, after)

    def _switch(self, change: Change) -> None:
        """Sends the graphs under other names, compares them there, and moves all of them by one request."""
        target, after = self._target, change.after
        if (moved := sum(after.parts[name].triples for name in change.changed)) > MANY:
            target.say(f"{target.query}: {moved} triples move in one step; if it lacks the memory, use --in-place")
        places = {name: f"{self._incoming}{self.version}/{number}" for number, name in enumerate(change.changed)}
        self._send(after, places)
        steps = [f"DROP SILENT GRAPH <{name}>" for name in (self._marker, *change.gone)]
        steps += [
            f"MOVE GRAPH <{place}> TO {f'GRAPH <{name}>' if name else 'DEFAULT'}" for name, place in places.items()
        ]
        steps.append(insert(self._marker, after.triples(self.base)))

        left = [f"ASK {{ GRAPH <{place}> {{ ?s ?p ?o }} }}" for place in places.values()][:1]
        tried = False

        def switch() -> None:
            nonlocal tried
            # The answer to a former try may have been lost after the deed, which cannot be done twice.
            if tried and left and not target.client.ask(target.query, left[0]):
                return
            tried = True
            target.client.update(target.update, " ;\n".join(steps), SWITCH_SECONDS)

        target.patiently(switch)
        self._verify(after)

    def _replace(self, change: Change) -> None:
        """Takes the version away, writes each graph where it belongs, and gives the version last."""
        after, before = change.after, change.before.parts if change.before else {}
        unsure = {name: Part(0, "") for name in (*before, *change.changed)}
        kept = {name: part for name, part in after.parts.items() if name not in change.changed}
        self._mark(Published("", unsure | kept, after.union))
        self._send(after, {name: name for name in change.changed})
        for name in change.gone:
            self._target.drop(name)
        nameless = Published("", after.parts, after.union)
        self._mark(nameless)
        self._verify(nameless)
        self._mark(after)

    def _send(self, after: Published, places: Mapping[str, str]) -> None:
        """Writes each graph to its place, replacing what is there, and compares count and sample."""
        total = sum(after.parts[name].triples for name in places)
        with tqdm(total=total, unit="triple", disable=None if self._progress else True, leave=False) as bar:
            for name, place in places.items():
                step = max(1, after.parts[name].triples // SAMPLE)
                sample: list[bytes] = []
                for number, batch in enumerate(self._batches(name)):
                    self._target.write(place, batch, replace=number == 0)
                    sample += [line for line in batch[::step] if _comparable(line)]
                    bar.update(len(batch))
                self._compare(name, place, after.parts[name].triples, sample)

    def _compare(self, name: str, place: str, wanted: int, sample: list[bytes]) -> None:
        """Raises EndpointError when the graph as it is there is not the one that was sent."""
        target, graph = self._target, name or "the default graph"
        there = target.patiently(lambda: count_graph(target.client, target.query, place))
        if there != wanted:
            raise EndpointError(target.query, f"holds {there} triples of {graph}, {wanted} were sent", PUBLISH)
        rows = b" ".join(b"(" + line.removesuffix(b" .\n") + b")" for line in sample).decode()
        body = f"GRAPH <{place}> {{ ?s ?p ?o }}" if place else "?s ?p ?o"
        found = target.select(f"SELECT ?s {{ VALUES (?s ?p ?o) {{ {rows} }} {body} }}")
        if len(found) != len(sample):
            problem = f"does not give triples of {graph} back as they were sent"
            raise EndpointError(target.query, problem, "look at how it reads UTF-8")

    def _verify(self, published: Published) -> None:
        """Counts every graph; what disagrees loses its version. Raises EndpointError."""
        if problem := disagreement(published, self._counts(), self.base):
            self._mark(Published("", published.parts, published.union))
            remedy = "turn the union off" if "once for every graph" in problem else PUBLISH
            raise EndpointError(self._target.query, problem, remedy)

    def _mark(self, published: Published) -> None:
        self._target.write(self._marker, [published.triples(self.base)], replace=True)

    def _counts(self) -> dict[str, int]:
        return self._target.patiently(lambda: count_graphs(self._target.client, self._target.query))

    def _refuse_foreign(self, there: Published | None, counts: Mapping[str, int]) -> None:
        """Nothing that is not ours is overwritten, or served beside ours. Raises EndpointError."""
        known, own = there.parts if there else {}, graph_iri(self.base, "")
        foreign = [f"<{name}>" for name in counts if name and not name.startswith(own) and name not in known]
        if there is None and counts[DEFAULT]:
            outside = "ASK { ?s ?p ?o FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } } }"
            foreign += ["in the default graph"] if self._target.ask(outside) else []
        if foreign:
            problem = f"holds data that ducha did not publish ({min(foreign)})"
            raise EndpointError(self._target.query, problem, "give an empty dataset (repository) for ducha alone")

    def _part(self, name: str) -> Part:
        """Number and digest: the sum of the SHA-256 of all N-Triples lines, so that no order matters."""
        number = total = 0
        for batch in self._batches(name):
            number += len(batch)
            total += sum(int.from_bytes(hashlib.sha256(line).digest()) for line in batch)
        return Part(number, f"{total % (1 << 256):064x}")

    def _batches(self, name: str) -> Iterator[list[bytes]]:
        """The graph's triples as N-Triples lines, some at a time."""
        graph = self._graphs[name] if name else ox.DefaultGraph()
        quads = self._store.quads_for_pattern(None, None, None, graph)
        while batch := list(islice(quads, self._batch)):
            yield lines(ox.Quad(self._named(q.subject), q.predicate, self._named(q.object)) for q in batch)

    def _named(self, term: T) -> T | ox.NamedNode:
        """A blank node as an IRI (RDF 1.1, 3.5): its label would end with the request that carries it."""
        return ox.NamedNode(f"{self.base}.well-known/genid/{term.value}") if isinstance(term, ox.BlankNode) else term


def _open(snapshot: Snapshot) -> ox.Store:
    try:
        return ox.Store.read_only(str(snapshot.store_path))
    except (OSError, ValueError) as error:
        raise SnapshotError(snapshot.path, f"its store does not open ({error})", "build it again") from None


def _comparable(line: bytes) -> bool:
    """Whether every server gives the triple back as it was: numbers and dates may come back in another lexical form."""
    return b'"^^<' not in line and b"<<" not in line
