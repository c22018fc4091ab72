"""What the picture of the ontology shows: the main classes and the properties between them.

Columns are the steps of the flow: what is read, the visit and its plan, the plan's elements, who acts and what it
rests on. A class stands in the column of its nearest superclass in COLUMNS. Lines are read from domains and ranges, so
the picture changes with the ontology. `layout` gives places, `drawing` the SVG.
"""

from dataclasses import dataclass

from pipeline.vocabulary import DU
from service.nodes import Node
from service.ontology.model import OWL, Ontology

COLUMNS = (
    ("Document",),
    ("Supervision", "Plan"),
    ("PlanElement",),
    ("Organization", "Post", "Region", "Evidence"),
)
_BESIDE = {"SupervisionTeam": "Supervision", "Round": "Supervision", "StatedCount": "Plan"}


@dataclass(frozen=True)
class Link:
    """Properties that lead from one class to the same classes: one line of the picture."""

    source: str
    properties: tuple[str, ...]
    targets: tuple[str, ...]


@dataclass(frozen=True)
class Diagram:
    """Class → column, the links between them, and the classes that are neither drawn nor named in a box."""

    places: dict[str, int]
    links: list[Link]
    omitted: list[str]


def diagram_of(ontology: Ontology) -> Diagram:
    """Draws the classes of COLUMNS, what stands beside them, and those of their subclasses that a property joins."""
    column = {DU + name: number for number, names in enumerate(COLUMNS) for name in names}
    column |= {DU + name: column[DU + one] for name, one in _BESIDE.items()}
    ends = {
        iri for prop in relations(ontology) for side in (ontology.domain(prop), ontology.range(prop)) for iri in side
    }
    places: dict[str, int] = {}
    covered: set[str] = set()
    for node in ontology.classes:
        home = next((iri for iri in (node.iri, *ontology.above(node.iri)) if iri in column), None)
        if home is not None:
            covered.add(node.iri)
            if node.iri in column or node.iri in ends:
                places[node.iri] = column[home]
    return Diagram(places, _links(ontology, places), [n.iri for n in ontology.classes if n.iri not in covered])


def relations(ontology: Ontology) -> list[Node]:
    """The object properties with a domain and a range among our classes."""
    known = {node.iri for node in ontology.classes}
    return [
        prop
        for prop in ontology.properties
        if f"{OWL}ObjectProperty" in prop.types()
        and known & {*ontology.domain(prop)}
        and known & {*ontology.range(prop)}
    ]


def unbound(ontology: Ontology, iri: str) -> list[str]:
    """The properties that lead to the class from a node of any class."""
    return [prop.iri for prop in ontology.properties if not ontology.domain(prop) and iri in ontology.range(prop)]


def _links(ontology: Ontology, places: dict[str, int]) -> list[Link]:
    grouped: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for prop in relations(ontology):
        targets = tuple(iri for iri in ontology.range(prop) if iri in places)
        for source in ontology.domain(prop):
            if source in places and targets:
                grouped.setdefault((source, targets), []).append(prop.iri)
    return [Link(source, tuple(found), targets) for (source, targets), found in sorted(grouped.items())]
