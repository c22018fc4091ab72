"""Lists of a page are never cut in silence, however much a graph says of one node."""

import re

import pyoxigraph as ox

from pipeline.vocabulary import DEFAULT_BASE, DU, PREFIXES, graph_iri

VISIT = f"{DEFAULT_BASE}supervision/320600-202009"
TYPE, RDF = ox.NamedNode(f"{PREFIXES['rdf']}type"), PREFIXES["rdf"]
GRAPH = ox.NamedNode(graph_iri(DEFAULT_BASE, "more"))
ENGLISH = {"Accept": "text/html", "Accept-Language": "en"}


def quads(subject: str, said: dict[str, ox.NamedNode | ox.Literal]) -> list[ox.Quad]:
    return [ox.Quad(ox.NamedNode(subject), ox.NamedNode(name), value, GRAPH) for name, value in said.items()]


def test_sixty_findings_of_a_visit_are_counted_and_come_in_pages(launch) -> None:
    more = []
    for number in range(60):
        more += quads(
            f"{DEFAULT_BASE}finding/{number:016x}",
            {
                TYPE.value: ox.NamedNode(f"{DU}Finding"),
                f"{DU}focus": ox.NamedNode(VISIT),
                f"{DU}message": ox.Literal(f"message {number}", language="en"),
            },
        )
    server = launch(more=more)
    seen = set()
    for page in (1, 2, 3):
        text = server.get(f"/supervision/320600-202009?findings={page}", headers=ENGLISH).text
        assert re.search(r"id=\"findings\".*?<small>61</small>", text, re.DOTALL), re.findall(
            r"<small>\d+</small>", text
        )
        seen |= {number for number in range(60) if f">message {number}<" in text}
    assert seen == set(range(60))


def test_a_node_with_more_assertions_than_are_read_has_a_page(launch) -> None:
    more = []
    evidence = ox.NamedNode(f"{DEFAULT_BASE}document/00112233445566aa#char=230,260")
    for number in range(1500):
        said = {"subject": ox.NamedNode(VISIT), "predicate": ox.NamedNode(f"{DU}batch"), "object": ox.Literal(number)}
        more += quads(
            f"{DEFAULT_BASE}assertion/{number}",
            {TYPE.value: ox.NamedNode(f"{DU}Assertion"), **{RDF + name: one for name, one in said.items()}}
            | {f"{DU}evidence": evidence},
        )
    assert launch(more=more).get("/supervision/320600-202009", headers=ENGLISH).status_code == 200
