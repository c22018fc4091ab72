"""The graphs every snapshot has, whatever its documents: ontology, concepts, shapes, regions."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from pipeline.assets import asset_path
from pipeline.graph.sheet import DCTERMS, LABEL, TYPE, Node, Term, du, typed, zh
from pipeline.region import Region, load_regions
from pipeline.vocabulary import DU, PREFIXES, graph_iri

_GEO = PREFIXES["geo"]


def shared_quads(base: str) -> list[ox.Quad]:
    """The graphs that do not depend on documents: ontology with alignments, concepts, shapes, regions. Sorted."""
    ontology = [asset_path("ontology", name) for name in ("ducha.ttl", "alignments.ttl")]
    quads = [*_file_quads(Node(graph_iri(base, "ontology")), ontology)]
    quads += _file_quads(Node(graph_iri(base, "concepts")), [asset_path("ontology", "concepts.ttl")])
    quads += _file_quads(Node(graph_iri(base, "shapes")), sorted(asset_path("shapes").glob("*.ttl")))
    places = load_regions()
    quads += region_quads([*places, *places.former, *places.zones], base)
    return sorted(quads, key=str)


def _file_quads(graph: Node, paths: Iterable[Path]) -> Iterator[ox.Quad]:
    """The triples of Turtle files; blank nodes get IRIs of their place, since a dump has none."""
    for path in paths:
        data = ox.Dataset(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
        data.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        for quad in data:
            subject = _place(quad.subject, path) if isinstance(quad.subject, ox.BlankNode) else quad.subject
            value = _place(quad.object, path) if isinstance(quad.object, ox.BlankNode) else quad.object
            yield ox.Quad(subject, quad.predicate, value, graph)


def _place(blank: ox.BlankNode, path: Path) -> Node:
    return Node(f"{DU.removesuffix('#')}/{path.parent.name}/{path.stem}/node/{blank.value}")


def region_quads(regions: Iterable[Region], base: str) -> Iterator[ox.Quad]:
    """Regions with their codes, names, coordinates and the transitive `du:partOf`.

    A division that is gone says until when it was in force and what took its place; a zone has no code.
    """
    graph = Node(graph_iri(base, "regions"))
    classes = {"province": "Province", "prefecture": "City", "county": "County", "zone": "Zone"}
    table = load_regions()

    def node(adcode: str) -> Node:
        return Node(f"{base}region/{adcode}")

    for region in regions:
        here = node(region.adcode)
        rows: list[tuple[Node, Term]] = [(TYPE, du(classes[region.level])), (LABEL, zh(region.name))]
        if region.level != "zone":
            rows.append((du("adcode"), ox.Literal(region.adcode)))
        names = {*region.short_names, *(alias.name for alias in table.aliases(adcode=region.adcode))}
        rows += [(Node(PREFIXES["skos"] + "altLabel"), zh(name)) for name in sorted(names)]
        if region.english:
            rows.append((LABEL, ox.Literal(region.english, language="en")))
        for axis, degrees in (("lat", region.latitude), ("long", region.longitude)):
            if degrees is not None:
                rows.append((Node(_GEO + axis), typed(degrees, "decimal")))
        if region.valid_until:
            rows.append((du("validUntil"), typed(region.valid_until, "gYear")))
        rows += [(Node(DCTERMS + "isReplacedBy"), node(code)) for code in region.successors]
        if region.parent:
            rows.append((du("directPartOf"), node(region.parent)))
        outer = region.parent
        while outer:
            rows.append((du("partOf"), node(outer)))
            outer = table.get(outer).parent
        yield from (ox.Quad(here, predicate, value, graph) for predicate, value in rows)
