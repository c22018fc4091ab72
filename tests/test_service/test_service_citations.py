"""Cited answers: the same bytes after a newer snapshot, the newer one named, and nothing that a client can abuse."""

import json
import re
import shutil
import threading
import time

import httpx
import pytest

from service.citations.register import FullError, Record, Register, query_hash
from service.problems import BusyError
from service.settings import Settings
from tests.test_service.conftest import start, stop

LABELS = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?s ?label WHERE { ?s rdfs:label ?label FILTER(CONTAINS(STR(?label), "<script>")) } ORDER BY ?s ?label"""
HTML = {"Accept": "text/html"}


def cite(server, query, **options):
    return httpx.post(f"{server.url}/q/", data={"query": query}, timeout=20, **options)


def publish_newer(server, publish_again, extra):
    new = publish_again(server.out, extra=extra).version
    for _ in range(100):
        if server.get("/healthz").json()["version"] == new:
            return new
        time.sleep(0.1)
    raise AssertionError("the newer version is not taken up")


@pytest.mark.parametrize(
    ("query", "forms"),
    [
        (LABELS, ("csv", "json", "tsv", "xml")),
        (
            "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } FILTER(!STRENDS(STR(?g), 'description')) } GROUP BY ?g",
            ("csv", "json"),
        ),
        (
            LABELS.replace("SELECT ?s ?label WHERE", "CONSTRUCT { ?s rdfs:label ?label } WHERE"),
            ("ttl", "nt", "rdf", "jsonld"),
        ),
        (LABELS.partition("SELECT")[0] + "ASK { ?s rdfs:label ?label }", ("json", "xml", "csv")),
    ],
)
def test_a_cited_answer_is_the_same_after_a_newer_version(launch, publish_again, query, forms):
    server = launch()
    answer = cite(server, query)
    assert answer.status_code == 303
    place = answer.headers["location"]
    old = server.get("/healthz").json()["version"]
    assert re.fullmatch(rf"/q/{query_hash(query)}@{old}", place)
    before = {form: server.get(f"{place}.{form}") for form in forms}
    new = publish_newer(server, publish_again, " 新")
    for form, first in before.items():
        again = server.get(f"{place}.{form}")
        assert (again.status_code, again.content, again.headers["etag"]) == (200, first.content, first.headers["etag"])
        assert again.headers["ducha-version"] == old
        assert again.headers["content-type"] == first.headers["content-type"]
        unchanged = server.get(f"{place}.{form}", headers={"If-None-Match": first.headers["etag"]})
        assert unchanged.status_code == 304
    page = server.get(place, headers={**HTML, "Accept-Language": "en"}).text
    assert new in page
    assert "A newer version is in force" in page
    assert "the same as when it was cited" in page


def test_the_page_tells_what_would_change(launch, publish_again):
    server = launch()
    place = cite(server, LABELS).headers["location"]
    assert 'id="newer"' not in server.get(place, headers=HTML).text
    publish_newer(server, publish_again, " 新")
    page = server.get(place, headers={**HTML, "Accept-Language": "en"}).text
    assert "It would answer with 1 of these rows gone, and 1 others." in page
    newer = page[page.index('id="newer"') : page.index('id="citation"')]
    assert "&lt;/script&gt; 新" in newer
    assert "<script>alert" not in page


def test_a_citation_outlives_the_server_and_runs_elsewhere(launch, publish_again, tmp_path_factory):
    server = launch()
    place = cite(server, LABELS).headers["location"]
    body = server.get(f"{place}.csv").content
    publish_newer(server, publish_again, " 新")
    folder = tmp_path_factory.mktemp("elsewhere") / "copy"
    shutil.copytree(server.out, folder)
    other = start(folder)
    try:
        assert other.get(f"{place}.csv").content == body
        assert other.get(f"{place}.rq").text == LABELS + "\n"
    finally:
        stop(other)


def test_a_version_that_is_gone_is_410_and_one_never_cited_404(launch, publish_again):
    server = launch()
    place = cite(server, LABELS).headers["location"]
    old = place.rpartition("@")[2]
    rows = json.loads(server.get(f"{place}.json").content)["results"]["bindings"]
    publish_newer(server, publish_again, " 新")
    shutil.rmtree(server.out / "snapshots" / old)
    gone = server.get(place, headers={"Accept": "application/json"})
    assert gone.status_code == 410
    assert f"{len(rows)} rows" in gone.json()["detail"]
    assert server.get(place, headers=HTML).status_code == 410
    assert server.get(f"/q/{place[3:23]}@{'0' * 16}").status_code == 404
    assert server.get(f"/q/{'0' * 20}@{old}").status_code == 404


def test_named_queries_can_be_cited_without_being_recorded(launch, publish_again):
    server = launch()
    version = server.get("/healthz").json()["version"]
    table = server.get(
        "/sparql",
        params={
            "query": "PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT * { ?e sh:select ?q ; a sh:SPARQLExecutable }"
        },
    )
    rows = table.json()["results"]["bindings"]
    assert len(rows) > 20
    named = next(row for row in rows if row["e"]["value"].endswith("/deadline-kinds"))
    place = f"/q/{query_hash(named['q']['value'])}@{version}"
    body = server.get(f"{place}.csv").content
    assert body == server.get("/query/deadline-kinds.csv").content
    publish_newer(server, publish_again, " 新")
    assert server.get(f"{place}.csv").content == body
    assert not (server.out / "queries").exists()


def test_the_citation_is_bibtex_csl_and_words(server):
    place = cite(server, LABELS).headers["location"]
    name, _, version = place.removeprefix("/q/").partition("@")
    entry = server.get(f"{place}.bib")
    assert entry.headers["content-type"] == "application/x-bibtex; charset=utf-8"
    assert entry.text.startswith("@misc{ducha-")
    assert entry.text.count("{") == entry.text.count("}")
    assert f"url = {{https://w3id.org/ducha{place}}}" in entry.text
    (item,) = json.loads(server.get(f"{place}.csl.json").content)
    assert (item["type"], item["version"], item["URL"]) == ("dataset", version, f"https://w3id.org/ducha{place}")
    for language, word in (("zh", "版本"), ("en", "version")):
        page = server.get(place, params={"lang": language}, headers=HTML).text
        assert f"{word} {version}" in re.search(r'id="citation">(.*?)<', page).group(1)
    assert name in entry.text


@pytest.mark.parametrize(
    ("query", "status", "kind"),
    [
        ("SELECT (NOW() AS ?n) {}", 400, "volatile"),
        ("SELECT (RAND() AS ?n) {}", 400, "volatile"),
        ("CONSTRUCT { [] ?p ?o } WHERE { ?s ?p ?o }", 400, "volatile"),
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", 400, "service"),
        ("DELETE WHERE { ?s ?p ?o }", 400, "update"),
        ("SELECT * { ?s ?p", 400, "syntax"),
        ("SELECT * FROM <urn:none> { ?s ?p ?o }", 400, "graph"),
        ("", 400, "request"),
        ("SELECT * {" + " " * (64 * 1024) + "}", 413, "length"),
        ("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }", 400, "length"),
    ],
)
def test_what_cannot_be_cited_is_refused_and_leaves_nothing(server, query, status, kind):
    files = sorted((server.out / "queries").glob("*")) if (server.out / "queries").exists() else []
    answer = cite(server, query)
    assert answer.status_code in {status, 504}
    assert answer.status_code == 504 or answer.json()["kind"] == kind
    assert sorted((server.out / "queries").glob("*")) == files


@pytest.mark.parametrize(
    "place", ["x", "..%2f..%2fcurrent", f"{'A' * 20}@{'0' * 16}", f"{'0' * 20}@{'0' * 15}", f"{'0' * 20}@..", "%00"]
)
def test_addresses_that_are_no_citations_are_404(server, place):
    assert server.get(f"/q/{place}").status_code == 404


def test_a_form_that_is_not_there_is_404_or_406(server):
    place = cite(server, LABELS).headers["location"]
    assert server.get(f"{place}.ttl").status_code == 404
    assert server.get(place, headers={"Accept": "text/turtle"}).status_code == 406
    assert server.get(f"{place}.csv", headers={"Accept": "image/png"}).status_code == 200


def test_citing_twice_is_one_citation_and_spaces_do_not_count(server):
    first = cite(server, LABELS).headers["location"]
    spaced = LABELS.replace("\n", "\r\n   # a remark\r\n")
    assert cite(server, spaced).headers["location"] == first
    assert server.get(f"{first}.rq").text == LABELS + "\n"
    assert query_hash("SELECT (1-1 AS ?a) {}") != query_hash("SELECT (1 - 1 AS ?a) {}")
    assert query_hash('SELECT ("a  b" AS ?a) {}') != query_hash('SELECT ("a b" AS ?a) {}')


def test_citations_are_bounded_in_number_size_and_rate(tmp_path):
    record = Record(1, "0" * 64)

    def register(**limits):
        return Register(Settings(tmp_path, **limits))

    few = register(citations=2)
    names = [few.add("a", f"ASK {{ {number} }}", "0" * 16, record) for number in range(2)]
    with pytest.raises(FullError, match="as many as may be kept"):
        few.add("a", "ASK { 3 }", "0" * 16, record)
    assert few.add("b", "ASK { 1 }", "0" * 16, record) == names[1]
    with pytest.raises(FullError) as full:
        register(cited_bytes=20_000).add("a", "ASK { 4 }", "0" * 16, record)
    assert full.value.headers["Ducha-Limit"] == "cited_bytes=20000"
    slow = register(cited_hourly=1)
    slow.add("a", "ASK { 5 }", "0" * 16, record)
    with pytest.raises(BusyError, match="within the hour"):
        slow.add("a", "ASK { 6 }", "0" * 16, record)
    slow.add("b", "ASK { 6 }", "0" * 16, record)
    assert not [path for path in (tmp_path / "queries").iterdir() if path.name.startswith(".")]


def test_older_versions_take_turns_and_the_newest_goes_on(launch, publish_again):
    server = launch()
    places = [cite(server, LABELS).headers["location"]]
    for extra in (" 乙", " 丙"):
        publish_newer(server, publish_again, extra)
        places.append(cite(server, LABELS).headers["location"])
    bodies = {place: server.get(f"{place}.csv").content for place in places}
    assert len(set(bodies.values())) == 3
    wrong = []

    def ask(turn):
        for number in range(4):
            place = places[(turn + number) % 3]
            answer = server.get(f"{place}.csv?n={turn}-{number}")
            if (answer.status_code, answer.content) != (200, bodies[place]):
                wrong.append((answer.status_code, place))

    threads = [threading.Thread(target=ask, args=(turn,)) for turn in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []
    assert server.query("ASK {}").status_code == 200


def test_an_answer_that_has_changed_since_is_said_to_have(launch):
    server = launch()
    place = cite(server, LABELS).headers["location"]
    record = server.out / "queries" / f"{place.removeprefix('/q/')}.json"
    record.write_text(json.dumps({"rows": 1, "sha256": "0" * 64}))
    page = server.get(place, params={"lang": "en"}, headers=HTML).text
    assert "not the one that was recorded" in page


def test_a_folder_that_cannot_be_written_is_said(launch):
    server = launch()
    (server.out / "queries").write_text("in the way")
    answer = cite(server, LABELS)
    assert answer.status_code == 507
    assert answer.json()["kind"] == "storage"
