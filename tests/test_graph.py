"""Facts as RDF: every triple covered, every IRI stable and ASCII, every quote exact."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from pipeline.facts import read_facts
from pipeline.graph import document_quads, facts_quads, region_quads
from pipeline.model import Document
from pipeline.region import load_regions
from pipeline.vocabulary import DEFAULT_BASE, DU, PREFIXES

REAL = Path(__file__).parent.parent / "data" / "documents"
OWN = {DU + name for name in ("fileName", "sha256", "textLength", "encoding")}
OWN |= {PREFIXES["rdf"] + "type", PREFIXES["rdfs"] + "label"}


def load(path: Path) -> Document:
    import hashlib

    raw = path.read_bytes()
    digest = hashlib.sha256(raw).hexdigest()
    return Document(digest[:16], path.name, digest, raw.decode("utf-8-sig"), "utf-8")


@pytest.fixture(params=sorted(REAL.glob("*.txt")), ids=lambda p: p.stem)
def document(request: pytest.FixtureRequest) -> Document:
    return load(request.param)


def named(node: object) -> str:
    assert isinstance(node, ox.NamedNode)
    return node.value


def test_every_triple_is_covered_by_evidence_or_an_assertion(document: Document) -> None:
    quads = document_quads(document, DEFAULT_BASE)
    evidenced = {q.subject for q in quads if q.predicate.value == DU + "evidence"}
    of_evidence = {q.subject for q in quads if q.object == ox.NamedNode(DU + "Evidence")}
    parts: dict[object, dict[str, object]] = {}
    for q in quads:
        parts.setdefault(q.subject, {})[q.predicate.value.rsplit("#", 1)[-1]] = q.object
    asserted = {(p["subject"], p["predicate"], p["object"]) for p in parts.values() if "predicate" in p}
    for q in quads:
        assert (
            q.subject in evidenced
            or q.subject in of_evidence
            or (q.subject, q.predicate, q.object) in asserted
            or q.predicate.value in OWN
        ), q


def test_iris_are_ascii_and_no_node_is_blank(document: Document) -> None:
    for quad in document_quads(document, DEFAULT_BASE):
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            assert not isinstance(term, ox.BlankNode)
            if isinstance(term, ox.NamedNode):
                assert term.value.isascii()
                assert " " not in term.value


def test_quotes_equal_the_text_at_their_offsets(document: Document) -> None:
    store = ox.Store()
    store.extend(document_quads(document, DEFAULT_BASE))
    rows = list(
        store.query(
            "SELECT ?b ?e ?q { ?x a du:Evidence ; du:begin ?b ; du:end ?e ; du:quote ?q }",
            prefixes={"du": DU},
            use_default_graph_as_union=True,
        )
    )
    assert rows
    for row in rows:
        assert document.text[int(row["b"].value) : int(row["e"].value)] == row["q"].value


def test_two_readings_give_the_same_quads(document: Document) -> None:
    assert document_quads(document, DEFAULT_BASE) == facts_quads(document, read_facts(document), DEFAULT_BASE)


def test_iris_come_from_few_stable_fields() -> None:
    document = load(next(REAL.glob("000*")))
    subjects = {named(q.subject) for q in document_quads(document, DEFAULT_BASE)}
    assert f"{DEFAULT_BASE}supervision/450300-202310" in subjects
    assert f"{DEFAULT_BASE}plan/450300-202310" in subjects
    assert f"{DEFAULT_BASE}round/450000-2" in subjects
    assert f"{DEFAULT_BASE}plan/450300-202310/count/Issue-31" in subjects
    assert f"{DEFAULT_BASE}document/{document.sha256[:16]}" in subjects


def test_a_visit_to_an_unknown_city_is_named_by_its_document() -> None:
    document = load(next(REAL.glob("003*")))
    subjects = {named(q.subject) for q in document_quads(document, DEFAULT_BASE)}
    assert f"{DEFAULT_BASE}supervision/{document.id}" in subjects


def test_regions_nest_transitively() -> None:
    store = ox.Store()
    store.extend(region_quads(load_regions(), DEFAULT_BASE))
    outer = {
        named(q.object).rsplit("/", 1)[-1]
        for q in store.quads_for_pattern(
            ox.NamedNode(f"{DEFAULT_BASE}region/420102"), ox.NamedNode(DU + "partOf"), None
        )
    }
    assert outer == {"420100", "420000"}


@pytest.fixture(scope="module")
def places() -> ox.Store:
    store = ox.Store()
    regions = load_regions()
    store.extend(region_quads([*regions, *regions.former, *regions.zones], DEFAULT_BASE))
    return store


def objects(store: ox.Store, subject: str, predicate: str) -> set[str]:
    quads = store.quads_for_pattern(ox.NamedNode(DEFAULT_BASE + subject), ox.NamedNode(predicate), None)
    return {q.object.value.removeprefix(DEFAULT_BASE) for q in quads if isinstance(q.object, ox.NamedNode | ox.Literal)}


def test_a_former_county_points_to_what_replaced_it(places: ox.Store) -> None:
    assert objects(places, "region/360122", DU + "validUntil") == {"2015"}
    assert objects(places, "region/360122", PREFIXES["dcterms"] + "isReplacedBy") == {"region/360112"}
    assert objects(places, "region/360122", DU + "partOf") == {"region/360100", "region/360000"}
    assert objects(places, "region/360112", DU + "validUntil") == set()


def test_a_zone_is_a_place_without_a_code(places: ox.Store) -> None:
    assert objects(places, "region/guian", DU + "adcode") == set()
    assert objects(places, "region/guian", DU + "directPartOf") == {"region/520000"}
    assert objects(places, "region/guian", PREFIXES["rdf"] + "type") == {DU.removeprefix(DEFAULT_BASE) + "Zone"}


def test_other_names_of_a_region_can_be_searched_for(places: ox.Store) -> None:
    names = objects(places, "region/659001", PREFIXES["skos"] + "altLabel")
    assert {"石河子", "第八师", "第八师石河子市"} <= names
    assert "苍山县" in objects(places, "region/371324", PREFIXES["skos"] + "altLabel")


def test_the_plan_of_a_part_of_a_city_is_not_the_plan_of_the_city() -> None:
    def plans(title: str) -> set[str]:
        text = (
            f"{title}贯彻落实湖南省第二生态环境保护督察组督察反馈意见整改方案\n"
            "2021年3月1日至3月20日,湖南省第二生态环境保护督察组对株洲市开展了生态环境保护督察。制定本方案。\n"
        )
        quads = document_quads(Document("0" * 16, "a.txt", "0" * 64, text, "utf-8"), DEFAULT_BASE)
        return {named(q.subject) for q in quads if q.object == ox.NamedNode(DU + "Plan")}

    city, zone = plans("株洲市"), plans("株洲高新区")
    assert city == {f"{DEFAULT_BASE}plan/430200-202103"}
    assert len(zone) == 1
    assert zone.isdisjoint(city)


def organizations(field: str, city: str = "岳阳市") -> ox.Store:
    """The graph of a plan whose only issue has this list of responsible bodies."""
    text = (
        f"{city}贯彻落实湖南省第二环境保护督察组督察反馈意见整改方案\n制定本方案。\n"
        f"1.问题:黑臭水体反弹。整改措施:清淤截污。整改目标:消除黑臭水体。整改时限:2018年底前。责任单位:{field}。\n"
    )
    store = ox.Store()
    store.extend(document_quads(Document("0" * 16, "a.txt", "0" * 64, text, "utf-8"), DEFAULT_BASE))
    return store


def labels(store: ox.Store, names: str, pattern: str) -> set[tuple[str, ...]]:
    found = store.query(
        f"SELECT DISTINCT {names} {{ {pattern} }}",
        prefixes={"du": DU, "rdfs": PREFIXES["rdfs"], "skos": PREFIXES["skos"], "rdf": PREFIXES["rdf"]},
        use_default_graph_as_union=True,
    )
    assert isinstance(found, ox.QuerySolutions)
    return {tuple(term.value for term in row if isinstance(term, ox.Literal | ox.NamedNode)) for row in found}


SUCCEEDED = "[] rdfs:label ?old ; du:succeededBy [ rdfs:label ?new ]"


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("市环境保护局、市水务局", {("岳阳市环境保护局", "岳阳市生态环境局")}),
        ("市环保局、市生态环境局", {("岳阳市环保局", "岳阳市生态环境局")}),
        ("市安监局", {("岳阳市安监局", "岳阳市应急管理局")}),
        ("省环境保护厅", {("湖南省环境保护厅", "湖南省生态环境厅")}),
        ("市国土资源局", set()),  # 自然资源局 or 自然资源和规划局?
        ("市国土资源局、市自规局", {("岳阳市国土资源局", "岳阳市自规局")}),
        ("岳阳县环境保护局", set()),  # a branch of the city's bureau, named in many ways
        ("县环保局", set()),
        ("市林业局、市水利局", set()),
    ],
)
def test_a_bureau_of_before_the_reform_is_linked_to_its_successor(field: str, expected: set[tuple[str, str]]) -> None:
    assert labels(organizations(field), "?old ?new", SUCCEEDED) == expected


def test_the_link_is_inferred_and_says_why() -> None:
    store = organizations("市环境保护局")
    ((basis, reason),) = labels(
        store,
        "?basis ?reason",
        "?a rdf:predicate du:succeededBy ; du:basis ?basis ; du:reason ?reason . FILTER(LANG(?reason) = 'zh')",
    )
    assert basis.endswith("basis-inferred")
    assert reason == "2018年机构改革后,岳阳市环境保护局的职责由岳阳市生态环境局承担"


def test_an_abbreviation_is_found_by_its_full_form_and_keeps_its_label() -> None:
    pattern = "[] rdfs:label ?label ; skos:altLabel ?full"
    assert labels(organizations("市发改委"), "?label ?full", pattern) == {("岳阳市发改委", "岳阳市发展和改革委员会")}
    assert labels(organizations("恩施州住建局", "恩施州"), "?label ?full", pattern) == {
        ("恩施州住建局", "恩施州住房和城乡建设局"),
        ("恩施州住建局", "恩施土家族苗族自治州住建局"),
        ("恩施州住建局", "恩施土家族苗族自治州住房和城乡建设局"),
    }
    assert labels(organizations("市住建局", "恩施州"), "?label ?full", pattern) == set()  # of which city?
