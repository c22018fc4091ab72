"""VoID (https://www.w3.org/TR/void/): how much of which class and property a snapshot holds, in which graphs.

Partitions are nested as void-generator nests them, which SIB's SPARQL editor asks for: a class, the properties of its
instances, and of each property the classes or (`void-ext:`) datatypes that it leads to.
"""

from collections.abc import Iterator

import pyoxigraph as ox

from pipeline.description.statements import Value, both, key, say, typed
from pipeline.description.survey import Survey, Use
from pipeline.vocabulary import DU, graph_iri

FORMATS = ("N-Quads", "N-Triples", "Turtle", "RDF_XML", "JSON-LD")
FORMAT = "http://www.w3.org/ns/formats/"
GRAPHS = {
    "regions": ("行政区划", "regions"),
    "concepts": ("概念", "concepts"),
    "ontology": ("本体", "ontology"),
    "shapes": ("校验规则", "rules"),
    "links": ("文件之间的对应", "links between documents"),
    "validation": ("校验结果", "findings"),
    "corrections": ("更正", "corrections"),
    "description": ("数据集的说明", "description of the data set"),
    "stated": ("一份文件载明的事实", "what one document states"),
    "derived": ("由一份文件推得的事实", "what follows from one document"),
}


def void(base: str, found: Survey) -> Iterator[ox.Triple]:
    """What a survey says of the dataset `<base>dataset`."""
    dataset = f"{base}dataset"
    yield from say(
        dataset,
        [
            ("rdf:type", "http://rdfs.org/ns/void#Dataset"),
            ("void:uriSpace", ox.Literal(base)),
            ("void:sparqlEndpoint", f"{base}sparql"),
            ("void:triples", found.triples),
            ("void:entities", found.subjects),
            ("void:classes", len(found.classes)),
            ("void:properties", len(found.properties)),
            ("void:documents", found.classes.get(f"{DU}Document", (0, ""))[0]),
            *(("void:vocabulary", ox.NamedNode(one)) for one in found.vocabularies),
            *(("void:feature", FORMAT + one) for one in FORMATS),
            *(("void:rootResource", ox.NamedNode(one)) for one in found.roots),
            *(("void:exampleResource", first) for name, (_, first) in found.classes.items() if _ours(name, first)),
        ],
    )
    for name, (entities, _) in found.classes.items():
        yield from _class(dataset, name, entities, found)
    for name, (triples, subjects, objects) in found.properties.items():
        part = f"{dataset}/property/{key(name)}"
        yield from say(dataset, [("void:propertyPartition", part)])
        yield from say(
            part,
            [
                ("rdf:type", "http://rdfs.org/ns/void#Dataset"),
                ("void:property", ox.NamedNode(name)),
                ("void:triples", triples),
                ("void:distinctSubjects", subjects),
                ("void:distinctObjects", objects),
            ],
        )
    yield from _linksets(dataset, found)


def _ours(name: str, first: str) -> bool:
    return name.startswith(DU) and first.startswith(("http://", "https://"))


def _class(dataset: str, name: str, entities: int, found: Survey) -> Iterator[ox.Triple]:
    part, uses = f"{dataset}/class/{key(name)}", found.uses.get(name, {})
    yield from say(dataset, [("void:classPartition", part)])
    yield from say(
        part,
        [
            ("rdf:type", "http://rdfs.org/ns/void#Dataset"),
            ("void:class", ox.NamedNode(name)),
            ("void:entities", entities),
            ("void:properties", len(uses)),
            ("void:triples", sum(use.triples for use in uses.values())),
        ],
    )
    for property_name, use in uses.items():
        yield from _use(part, property_name, use)


def _use(part: str, name: str, use: Use) -> Iterator[ox.Triple]:
    here = f"{part}/property/{key(name)}"
    yield from say(part, [("void:propertyPartition", here)])
    yield from say(here, [("void:property", ox.NamedNode(name)), ("void:triples", use.triples)])
    for target, triples in use.classes.items():
        there = f"{here}/class/{key(target)}"
        yield from say(here, [("void:classPartition", there)])
        yield from say(there, [("void:class", ox.NamedNode(target)), ("void:triples", triples)])
    for target, triples in use.datatypes.items():
        there = f"{here}/datatype/{key(target)}"
        yield from say(here, [("void-ext:datatypePartition", there)])
        yield from say(there, [("void-ext:datatype", ox.NamedNode(target)), ("void:triples", triples)])


def _linksets(dataset: str, found: Survey) -> Iterator[ox.Triple]:
    """Links to data of others: one set for each property and namespace that it leads into."""
    for (name, space), triples in found.links.items():
        here, there = f"{dataset}/links/{key(name)}/{key(space)}", f"{dataset}/linked/{key(space)}"
        yield from say(dataset, [("void:subset", here)])
        yield from say(
            here,
            [
                ("rdf:type", "http://rdfs.org/ns/void#Linkset"),
                ("void:linkPredicate", ox.NamedNode(name)),
                ("void:subjectsTarget", dataset),
                ("void:objectsTarget", there),
                ("void:triples", triples),
            ],
        )
        yield from say(there, [("rdf:type", "http://rdfs.org/ns/void#Dataset"), ("void:uriSpace", ox.Literal(space))])


def graphs(base: str, found: Survey) -> Iterator[ox.Triple]:
    """Each named graph as a part of the dataset, so that its IRI leads somewhere."""
    own = graph_iri(base, "description")
    for name, triples in {**found.graphs, own: 0}.items():
        if not name.startswith(graph_iri(base, "")):
            continue
        kind = name.rpartition("/")[2]
        statements: list[tuple[str, Value]] = [
            ("rdf:type", "http://www.w3.org/ns/sparql-service-description#NamedGraph"),
            ("sd:name", ox.NamedNode(name)),
            ("dcterms:isPartOf", ox.NamedNode(f"{base}dataset")),
            *(both("dcterms:title", *GRAPHS[kind]) if kind in GRAPHS else ()),
        ]
        if name != own:  # it would have to count itself
            statements.append(("void:triples", typed(triples, "xsd:integer")))
        if kind in ("stated", "derived"):
            document = name.removesuffix(f"/{kind}").removeprefix(graph_iri(base, ""))
            statements.append(("dcterms:source", ox.NamedNode(base + document)))
        yield from say(name, statements)
