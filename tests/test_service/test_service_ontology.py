"""`/ontology`: every term with its anchor, words, counts and a real example; the picture and the files agree with it."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from selectolax.lexbor import LexborHTMLParser as Html

from pipeline.vocabulary import DEFAULT_BASE, DU, DUC, PREFIXES, graph_iri
from service.ontology.site import write_site

ROOT = Path(__file__).parents[2]
OWL, RDFS, SKOS = rdflib.OWL, rdflib.RDFS, rdflib.SKOS
KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "nt": ox.RdfFormat.N_TRIPLES,
}


@cache
def files() -> rdflib.Graph:
    """The ontology as its authors wrote it."""
    graph = rdflib.Graph()
    for name in ("ducha", "alignments", "concepts"):
        graph.parse(ROOT / "ontology" / f"{name}.ttl")
    return graph


def terms(*kinds: rdflib.URIRef) -> set[str]:
    """Local names of our terms of these kinds."""
    found = {str(term) for kind in kinds for term in files().subjects(rdflib.RDF.type, kind)}
    return {iri.removeprefix(DU).removeprefix(DUC) for iri in found if iri.startswith((DU, DUC))}


def classes_of(prop: str, side: rdflib.URIRef) -> set[str]:
    """The classes of a property's domain or range, a union taken apart; without the page's own code."""
    graph, found = files(), set()
    for one in graph.objects(rdflib.URIRef(DU + prop), side):
        union = graph.value(one, OWL.unionOf)
        found |= {str(part) for part in (graph.items(union) if union else [one])}
    return {iri.removeprefix(DU) for iri in found if iri.startswith(DU)}


@pytest.fixture(scope="module", params=["zh", "en"])
def page(request, server) -> Html:
    found = server.get("/ontology", params={"lang": request.param}, headers={"Accept": "text/html"})
    assert found.status_code == 200
    return Html(found.text)


def language(page: Html) -> str:
    return "zh" if page.css_first("html").attributes["lang"] == "zh-CN" else "en"


def test_every_term_has_one_anchor_and_no_anchor_is_there_twice(page):
    ids = [node.attributes["id"] for node in page.css("[id]")]
    assert len(ids) == len(set(ids))
    assert {node.attributes["id"] for node in page.css("#classes article")} == terms(OWL.Class)
    assert {node.attributes["id"] for node in page.css("#properties article")} == terms(*KINDS)
    assert {node.attributes["id"] for node in page.css("#concepts tr[id]")} == terms(SKOS.Concept)
    assert {node.attributes["id"] for node in page.css("#concepts section")} == terms(SKOS.ConceptScheme)


def test_every_term_is_named_and_defined_in_both_languages(page):
    for namespace, kinds in ((DU, (OWL.Class, *KINDS)), (DUC, (SKOS.Concept, SKOS.ConceptScheme))):
        for name in terms(*kinds):
            if (term := rdflib.URIRef(namespace + name)) in files().subjects():
                text = page.css_first(f'[id="{name}"]').text()
                for said in (RDFS.label, SKOS.prefLabel, SKOS.definition):
                    assert all(str(value) in text for value in files().objects(term, said)), name


def test_a_definition_by_axioms_is_told_in_words(page):
    text = " ".join(page.css_first("#JointResponsibilityIssue").text().split())
    goal = " ".join(page.css_first("#QuantifiedGoal").text().split())
    target = " ".join(page.css_first("#CompletionTarget").text().split())
    if language(page) == "zh":
        assert "当且仅当：问题，且至少有一个责任方是党的机构，且至少有一个责任方是政府机构" in text
        assert "至少有一个（目标值，且至少有一个数值是小数）以从属于指向它" in goal
    else:
        assert "if and only if: issue, and at least one responsible party is a Party body, and" in text
        assert "at least one (target, and at least one value is a decimal number) points to it by belongs to" in goal
    concept = rdflib.URIRef(f"{DUC}indicator-issues-closed-share")
    names = {str(value) for value in files().objects(concept, SKOS.prefLabel) if value.language == language(page)}
    assert names and all(name in target for name in names)
    assert "…" not in "".join(node.text() for node in page.css("dl.facts dd:not(.example)"))


def test_a_property_says_its_ends_and_characteristics(page):
    zh = language(page) == "zh"
    part = page.css_first("#partOf").text()
    assert ("可传递" if zh else "transitive") in part
    assert "dcterms:isPartOf" in part
    assert ("函数性" if zh else "functional") in page.css_first("#inPlan").text()
    measure = page.css_first("#measure")
    assert "/ontology#ofIssue" in {a.attributes["href"] for a in measure.css("a")}
    ends = {a.attributes["href"].partition("#")[2] for a in page.css_first("#belongsTo").css("dd a")}
    assert classes_of("belongsTo", RDFS.domain) | classes_of("belongsTo", RDFS.range) <= ends
    assert "prov:Plan" in page.css_first("#Plan").text()
    assert "rdf:Statement" in page.css_first("#Assertion").text()


def count(server, pattern: str) -> int:
    query = (
        f"PREFIX du: <{DU}> PREFIX duc: <{DUC}> SELECT (COUNT(*) AS ?n) WHERE {{ SELECT DISTINCT * {{ {pattern} }} }}"
    )
    return int(server.query(query, "text/csv").text.splitlines()[1])


def test_uses_are_those_of_the_graph(page, server):
    def uses(name: str) -> int:
        label = "使用" if language(page) == "zh" else "used"
        facts = page.css_first(f'[id="{name}"] dl')
        said = [dd for dt, dd in zip(facts.css("dt"), facts.css("dt + dd"), strict=True) if dt.text() == label]
        return int(re.search(r"\d+", said[0].text()).group())

    assert uses("Target") == count(server, "?s a du:Target") > 0
    below = "?s a ?c . VALUES ?c { du:Quantity du:Target du:Baseline du:CompletionTarget }"
    assert uses("Quantity") == count(server, f"{{ SELECT DISTINCT ?s {{ {below} }} }}") > 0
    assert uses("evidence") == count(server, "?s du:evidence ?o") > 0
    assert uses("Petition") == 0
    concept = page.css_first('[id="comparator-at-least"] td.n').text()
    assert int(concept) == count(server, "?s ?p duc:comparator-at-least . FILTER(STRSTARTS(STR(?p), STR(du:)))") > 0


def test_every_class_shows_an_instance_of_the_graph_or_says_there_is_none(page, server):
    shown = 0
    for article in page.css("#classes article"):
        name = article.attributes["id"]
        kinds = f"?c <{RDFS.subClassOf}>* du:{name}"
        kinds = f"{{ {kinds} }} UNION {{ ?c <{OWL.equivalentClass}>/<{OWL.intersectionOf}>/<{rdflib.RDF.first}> du:{name} }}"
        link = article.css_first(".example > a")
        if link is None:
            assert count(server, f"{kinds} ?s a ?c") == 0, name
            continue
        shown += 1
        assert server.get(link.attributes["href"]).status_code == 200, name
        path = link.attributes["href"].removeprefix("/")
        iri = re.sub(r"#c(\d+)$", "", DEFAULT_BASE + path)
        found = f"{kinds} ?s a ?c . FILTER(STRSTARTS(STR(?s), '{iri}'))"
        assert count(server, found) > 0, name
        for quote in article.css(".example blockquote"):
            text = quote.text(deep=False).strip()
            assert count(server, f"?e du:quote ?q . FILTER(CONTAINS(?q, {ox.Literal(text)}))") > 0, name
    assert shown > 20


def test_a_label_that_is_markup_stays_text(page):
    assert not [node for node in page.css("script") if "src" not in node.attributes]


@pytest.mark.slow
def test_every_link_of_the_page_answers(server):
    page = Html(server.get("/ontology").text)
    ids = {node.attributes["id"] for node in page.css("[id]")}
    addresses = {node.attributes["href"] for node in page.css("[href]")}
    assert all(to.startswith(("/", "#", "http://", "https://")) for to in addresses)
    assert {to.partition("#")[2] for to in addresses if to.startswith(("#", "/ontology#"))} <= ids
    own = {to.partition("#")[0] for to in addresses if to.startswith("/")}
    assert {"/ontology.ttl", "/ontology.rdf", "/ontology.jsonld", "/ontology.nt", "/ontology/0.1.0"} <= own
    with httpx.Client(base_url=server.url, timeout=20) as client:
        failed = {to: code for to in sorted(own) if (code := client.get(to).status_code) != 200}
    assert failed == {}


def test_rules_are_linked_from_the_terms_they_check(page):
    def rules(name: str) -> set[str]:
        return {a.attributes["href"] for a in page.css(f'[id="{name}"] .rules a')}

    assert "/shape/document-sha256" in rules("sha256") & rules("Document")
    assert "/shape/visit-order" in rules("Supervision") & rules("startDate")


def canonical(graph: Iterable[ox.Triple]) -> set[str]:
    """Isomorphic graphs give the same set (RDFC-1.0)."""
    data = ox.Dataset([ox.Quad(triple.subject, triple.predicate, triple.object) for triple in graph])
    data.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad.triple) for quad in data}


def test_the_downloads_are_the_files_of_the_ontology(server):
    """What a snapshot had to give IRIs is anonymous again, as OWL tools need it."""
    sources = [ROOT / "ontology" / f"{name}.ttl" for name in ("ducha", "alignments", "concepts")]
    written = canonical(quad.triple for path in sources for quad in ox.parse(path=path))
    for suffix, form in FORMATS.items():
        body = server.get(f"/ontology.{suffix}").content
        assert canonical(quad.triple for quad in ox.parse(body, format=form)) == written, suffix
        assert b"/node/" not in body


def test_a_second_parser_reads_the_downloads_too(server):
    for suffix, name in (("ttl", "turtle"), ("rdf", "xml"), ("nt", "nt")):
        graph = rdflib.Graph().parse(data=server.get(f"/ontology.{suffix}").content, format=name)
        assert len(graph) == len(files()), suffix


def test_the_same_download_by_address_by_wish_and_by_accept(server):
    turtle = server.get("/ontology.ttl").content
    assert server.get("/ontology?format=ttl").content == turtle
    assert server.get("/ontology", headers={"Accept": "text/turtle"}).content == turtle
    assert server.get("/ontology/0.1.0", headers={"Accept": "text/turtle"}).content == turtle
    assert server.get("/ontology.csv").status_code == 404


def test_the_version_iri_answers_and_another_version_does_not(server):
    (version,) = files().objects(rdflib.URIRef(DU.removesuffix("#")), OWL.versionIRI)
    path = str(version).removeprefix(DEFAULT_BASE)
    assert 'id="Issue"' in server.get(f"/{path}", headers={"Accept": "text/html"}).text
    other = server.get("/ontology/9.9.9")
    assert other.status_code == 404
    assert "/ontology/0.1.0" in other.text


def picture(server, lang: str) -> ET.Element:
    answer = server.get("/ontology/diagram.svg", params={"lang": lang})
    assert answer.headers["content-type"] == "image/svg+xml"
    return ET.fromstring(answer.text)  # noqa: S314 - our own server's file


SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_picture_agrees_with_the_ontology(server, lang):
    drawn, lines = set(), set()
    for group in picture(server, lang).iter(f"{SVG}g"):
        kind = group.get("class", "").split()[0]
        if kind == "class":
            first, *rows = [link.get("href", "").partition("#")[2] for link in group.iter(f"{SVG}a")]
            drawn.add(first)
            for prop in rows:
                assert first in classes_of(prop, RDFS.domain), (first, prop)
        elif kind == "way":
            source = group.get("data-from")
            for prop in group.get("data-by").split():
                for target in group.get("data-to").split():
                    lines.add((source, prop, target))
    assert drawn <= terms(OWL.Class)
    assert {"Document", "Supervision", "Plan", "Issue", "Measure", "Organization", "Region", "Evidence"} <= drawn
    expected = {
        (source, prop, target)
        for prop in terms(OWL.ObjectProperty)
        for source in classes_of(prop, RDFS.domain) & drawn
        for target in classes_of(prop, RDFS.range) & drawn
    }
    assert lines == expected


def test_the_picture_is_the_same_each_time_and_speaks_the_language(server):
    first = server.get("/ontology/diagram.svg?lang=zh").text
    assert server.get("/ontology/diagram.svg?lang=zh&again=1").text == first
    assert ">整改措施<" in first
    assert ">measure<" in server.get("/ontology/diagram.svg?lang=en").text


def test_boxes_stand_apart_and_lines_go_round_them(server):
    boxes, lines = [], []
    for group in picture(server, "en").iter(f"{SVG}g"):
        for rect in group.findall(f"{SVG}rect"):
            x, y, width, height = (float(rect.get(name)) for name in ("x", "y", "width", "height"))
            boxes.append((x, y, x + width, y + height))
        for path in group.findall(f"{SVG}path")[:1]:
            lines += [tuple(map(float, stroke)) for stroke in re.findall(r"M(\S+) (\S+)L(\S+) (\S+)", path.get("d"))]
    for at, (left, top, right, bottom) in enumerate(boxes):
        for other in boxes[at + 1 :]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
        for x1, y1, x2, y2 in lines:
            # brackets stand within 6 pixels of a side
            outside = max(x1, x2) <= left + 6.1 or min(x1, x2) >= right - 6.1
            assert outside or max(y1, y2) <= top or min(y1, y2) >= bottom


def test_a_deprecated_term_says_so_and_names_its_successor(launch):
    ontology = ox.NamedNode(graph_iri(DEFAULT_BASE, "ontology"))
    task = ox.NamedNode(f"{DU}Task")
    more = [
        (PREFIXES["owl"] + "deprecated", ox.Literal(True)),
        (PREFIXES["dcterms"] + "isReplacedBy", ox.NamedNode(f"{DU}Measure")),
        (PREFIXES["skos"] + "changeNote", ox.Literal("0.10.0: replaced by <measure>.", language="en")),
    ]
    running = launch(more=[ox.Quad(task, ox.NamedNode(name), value, ontology) for name, value in more])
    page = Html(running.get("/ontology?lang=en").text)
    article = page.css_first("#Task")
    assert article.css_first("h3 .basis").text() == "deprecated"
    assert "/ontology#Measure" in {a.attributes["href"] for a in article.css(".note a")}
    versions = page.css_first("#versions")
    assert "Deprecated terms: task" in " ".join(versions.text().split())
    changes = [" ".join(node.text().split()) for node in versions.css("li")]
    assert changes == ["0.10.0: replaced by <measure>. task", "0.1.0: first version."]


@pytest.fixture(scope="module")
def site(out, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    write_site(out, folder)
    return folder


def test_the_static_site_is_whole_and_the_same_each_time(site, out, tmp_path):
    write_site(out, tmp_path)
    names = {path.name for path in site.iterdir()}
    assert {"index.html", "index.en.html", "diagram.svg", "diagram.en.svg", "ontology.ttl", "ontology.rdf"} <= names
    for name in names:
        assert (site / name).read_bytes() == (tmp_path / name).read_bytes(), name
    for name in ("index.html", "index.en.html"):
        page = Html((site / name).read_text(encoding="utf-8"))
        ids = {node.attributes["id"] for node in page.css("[id]")}
        for node in page.css("[href], [src]"):
            to = node.attributes.get("href") or node.attributes["src"]
            file, _, anchor = to.partition("#")
            assert to.startswith(("http://", "https://")) or (file in names | {""} and (not anchor or anchor in ids)), (
                to
            )


def test_the_static_site_says_what_the_service_says(site, server):
    served = Html(server.get("/ontology?lang=en").text)
    static = Html((site / "index.en.html").read_text(encoding="utf-8"))
    for part in ("#classes", "#properties", "#concepts", "#versions"):
        assert static.css_first(part).text() == served.css_first(part).text(), part
    for suffix in FORMATS:
        assert (site / f"ontology.{suffix}").read_bytes() == server.get(f"/ontology.{suffix}").content
