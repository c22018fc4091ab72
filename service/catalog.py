"""The catalogue as it is now: the description of the version in force, and of every older one that is still kept."""

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from pipeline.description.statements import DCAT, iri
from pipeline.errors import SnapshotError
from pipeline.snapshot import VERSION, Snapshot, open_snapshot, previous_snapshot
from service.dataset import Dataset

_STATISTICS = ("class/", "property/", "links/", "linked/")  # below <base>dataset/


@dataclass(frozen=True)
class Version:
    """A kept version: its dump's bytes and SHA-256, where the manifest has it, and whether it is the one in force."""

    snapshot: Snapshot
    current: bool

    @property
    def name(self) -> str:
        return self.snapshot.version

    @property
    def bytes(self) -> int:
        return self.snapshot.dump_path.stat().st_size

    @property
    def sha256(self) -> str:
        return str(self.snapshot.manifest.get("dump", {}).get("sha256", ""))


def kept_versions(dataset: Dataset) -> list[Version]:
    """Every whole snapshot beside the one in force, which comes first; the others by the time of their files, the latest
    first, since a snapshot has no date of its own."""
    found: list[tuple[int, str, Snapshot]] = []
    for path in dataset.snapshot.path.parent.iterdir():
        if VERSION.fullmatch(path.name) and path.name != dataset.version:
            try:
                snapshot = open_snapshot(path, store=False)
                found.append((-(path / "manifest.json").stat().st_mtime_ns, path.name, snapshot))
            except (SnapshotError, OSError):
                continue
    older = [Version(snapshot, False) for _, _, snapshot in sorted(found, key=lambda one: one[:2])]
    return [Version(dataset.snapshot, True), *older]


def kept_version(dataset: Dataset, name: str) -> Snapshot | None:
    """The snapshot of a version, where it is kept."""
    if name == dataset.version:
        return dataset.snapshot
    if not VERSION.fullmatch(name):
        return None
    try:
        return open_snapshot(dataset.snapshot.path.parent / name, store=False)
    except SnapshotError:
        return None


def catalogue(dataset: Dataset, *, statistics: bool) -> list[ox.Triple]:
    """What void.ttl says, with the older versions; without `statistics` only DCAT, no partitions and examples. Sorted."""
    base = dataset.base
    triples = {one for one in _void(dataset.snapshot) if statistics or _is_dcat(one, base)}
    node = ox.NamedNode(f"{base}dataset")
    for version in kept_versions(dataset)[1:]:
        this = ox.NamedNode(f"{base}dataset/{version.name}")
        triples |= _about_version(version.snapshot, this)
        triples.add(ox.Triple(node, iri("dcat:hasVersion"), this))
        triples.add(ox.Triple(ox.NamedNode(f"{base}catalog"), iri("dcat:dataset"), this))
    if before := previous_snapshot(dataset.snapshot):
        here = ox.NamedNode(f"{base}dataset/{dataset.version}")
        there = ox.NamedNode(f"{base}dataset/{before.version}")
        triples.add(ox.Triple(here, iri("dcat:previousVersion"), there))
    return sorted(triples, key=_order)


def _void(snapshot: Snapshot) -> Iterable[ox.Triple]:
    if not snapshot.void_path.is_file():
        return []
    return [quad.triple for quad in ox.parse(path=snapshot.void_path, format=ox.RdfFormat.TURTLE)]


def _about_version(snapshot: Snapshot, this: ox.NamedNode) -> set[ox.Triple]:
    """What an older description says of its own version, its dump and the rights that it names."""
    found = list(_void(snapshot))
    own = {one for one in found if _name(one.subject).startswith(this.value)}
    named = {one.object for one in own}
    own |= {one for one in found if one.subject in named and "/dataset/" in _name(one.subject)}
    if not own:  # described by an earlier release
        own.add(ox.Triple(this, iri("rdf:type"), ox.NamedNode(f"{DCAT}Dataset")))
        own.add(ox.Triple(this, iri("dcat:version"), ox.Literal(snapshot.version)))
    return own


def _is_dcat(triple: ox.Triple, base: str) -> bool:
    """Whether a triple belongs to the catalogue rather than to the statistics and examples beside it."""
    subject = _name(triple.subject)
    if triple.predicate.value.startswith("http://rdfs.org/ns/void#") and "dataDump" not in triple.predicate.value:
        return False
    local = subject.removeprefix(f"{base}dataset/")
    statistics = local != subject and local.startswith(_STATISTICS)
    return not statistics and not subject.startswith((f"{base}.well-known/", f"{base}graph/"))


def _name(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


def _order(triple: ox.Triple) -> tuple[str, bool, str, str]:
    first = triple.predicate == iri("rdf:type")
    return str(triple.subject), not first, str(triple.predicate), str(triple.object)
