"""`/search` on a running server: the page, the JSON, the refusals, and the phrase in SPARQL."""

import csv
import html
import io
import re

import httpx
import pytest

from pipeline.vocabulary import DEFAULT_BASE, DU, FUNCTION

HTML = {"Accept": "text/html", "Accept-Language": "zh"}
DOCUMENT = f"{DEFAULT_BASE}document/00112233445566aa"
PREFIXED = f"PREFIX duf: <{FUNCTION}> PREFIX du: <{DU}> "


def rows(server, query, **headers):
    answer = server.get("/sparql", params={"query": PREFIXED + query}, headers={"Accept": "text/csv", **headers})
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.text)))[1:]


@pytest.fixture(scope="module")
def ask(server):
    return lambda q, **rest: server.get("/search.json", params={"q": q, **rest}).json()


def test_json_says_what_holds_the_phrase_and_where(ask, stored_text):
    found = ask("污水集中")
    kinds = [one["kind"] for one in found["results"]]
    assert kinds == sorted(kinds, key=["label", "quote", "text"].index)
    assert {"quote", "text"} <= set(kinds)
    assert found["counts"] == {kind: kinds.count(kind) for kind in ("label", "quote", "text")}
    for one in found["results"]:
        for begin, end in one["marks"]:
            assert one["text"][begin:end] == "污水集中"
        if one["kind"] == "quote":
            assert one["iri"].startswith(f"{DOCUMENT}#char=")
            assert one["facts"][0]["label"]
        for passage in one["passages"]:
            assert stored_text[passage["begin"] : passage["end"]] == passage["text"]
            assert {passage["text"][begin:end] for begin, end in passage["marks"]} == {"污水集中"}


@pytest.mark.parametrize("phrase", ["污", "汙水集中", "８５％", "污水 收集率", "汙水收集率 85"])
def test_any_length_script_and_width(ask, phrase):
    counts = ask(phrase)["counts"]
    assert (counts["quote"] > 0) == ("污水收集率" not in phrase and phrase != "汙水收集率 85")


def test_kinds_regions_and_pages(ask, server):
    every = ask("e")
    total = sum(every["counts"].values())
    assert total > every["per_page"]
    listed, page = list(every["results"]), every
    while page["next"]:
        page = server.get(page["next"]).json()
        listed += page["results"]
    assert len(listed) == total
    assert len({(one["kind"], one["iri"], one["text"]) for one in listed}) == total
    assert {one["kind"] for one in ask("市", kind="quote")["results"]} == {"quote"}
    assert 0 < sum(ask("市", region="320600")["counts"].values()) < sum(ask("市")["counts"].values())
    assert ask("市", region="南通市")["counts"] == ask("市", region="320600")["counts"]
    assert ask("e", page=1000)["results"] == []


@pytest.mark.parametrize(
    ("parameters", "says"),
    [
        ({}, "q: has no words"),
        ({"q": " \u3000 "}, "q: has no words"),
        ({"q": "水" * 101}, "parameter q: is too long; write at most 100 characters"),
        ({"q": " ".join("甲乙丙丁戊己庚辛壬癸子")}, "q: has 11 words, more than 10"),
        (
            {"q": "水", "kind": "sentence"},
            "parameter kind: 'sentence' does not do; use one of 'label', 'quote', 'text'",
        ),
        ({"q": "水", "region": "999999"}, "region 999999: is none that is known here; give a code"),
        ({"q": "水", "page": "0"}, "parameter page: '0' does not do; write 1 or more"),
        ({"q": "水", "page": "two"}, "parameter page: 'two' is no whole number"),
    ],
)
def test_what_means_nothing_is_one_clear_400(server, parameters, says):
    answer = server.get("/search.json", params=parameters)
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith(says)
    if parameters.get("q", "").strip():
        assert server.get("/search", params=parameters, headers=HTML).status_code == 400


def test_the_form_of_the_answer_is_negotiated(server):
    for headers, parameters in (({"Accept": "application/json"}, {}), (HTML, {"format": "json"})):
        answer = server.get("/search", params={"q": "污水", **parameters}, headers=headers)
        assert answer.headers["content-type"] == "application/json"
        assert answer.json()["words"] == ["污水"]
    assert server.get("/search", params={"q": "污水"}, headers={"Accept": "text/turtle"}).status_code == 406
    answer = server.get("/search.json", params={"q": "污水"})
    assert answer.headers["etag"]
    assert answer.headers["ducha-version"] == answer.json()["version"]


def test_the_page_marks_the_phrase_and_leads_to_it(server, stored_text):
    page = server.get("/search", params={"q": "汙水集中"}, headers=HTML).text
    assert set(re.findall(r"<mark>(.*?)</mark>", page)) == {"污水集中"}
    places = re.findall(r'href="/document/00112233445566aa#char=(\d+),(\d+)"', page)
    assert {stored_text[int(begin) : int(end)] for begin, end in places} == {"污水集中"}
    assert "全部" in page
    assert 'href="/search?q=' in page
    assert "没有找到" in server.get("/search", params={"q": "查无此语"}, headers=HTML).text


def test_the_page_shows_the_text_as_it_stands(server, stored_text):
    page = server.get("/search", params={"q": "\U00020000", "kind": "text"}, headers=HTML).content.decode()
    shown = re.search(r'<blockquote class="quote">(.*?)<a class="source"', page, re.S)
    plain = html.unescape(re.sub(r"</?mark>", "", shown.group(1))).strip("…")
    assert plain in stored_text


def test_a_text_of_restricted_rights_is_found_by_its_quotes_alone(launch):
    server = launch(rights="quotes-only")
    found = server.get("/search.json", params={"q": "污水集中"}).json()
    assert found["counts"]["text"] == 0
    assert found["counts"]["quote"] > 0
    page = server.get("/search", params={"q": "污水集中"}, headers=HTML).text
    assert re.search(r'href="/document/00112233445566aa#c\d+"', page)
    assert "#char=" not in page


def test_a_snapshot_without_an_index_says_so(launch):
    server = launch()
    (path,) = (server.out / "snapshots").glob("*/search.db")
    path.unlink()
    answer = server.get("/search.json", params={"q": "水"})
    assert answer.status_code == 404
    assert "search.db is missing, so that it cannot be searched; build it again" in answer.json()["detail"]
    assert server.get("/search", headers=HTML).status_code == 200


def test_openapi_describes_the_search_with_an_example(server):
    described = server.get("/openapi.json").json()
    search = described["paths"]["/search.json"]["get"]
    assert [one["name"] for one in search["parameters"]] == ["q", "kind", "region", "page"]
    example = search["responses"]["200"]["content"]["application/json"]["example"]
    told = server.get("/search.json", params={"q": "污水"}).json()
    assert example.keys() == told.keys() == described["components"]["schemas"]["Found"]["properties"].keys()
    assert example["results"][0].keys() == told["results"][0].keys()


def test_sparql_matches_and_search_agree(server):
    by_function = rows(server, 'SELECT ?e { ?e du:quote ?q FILTER(duf:matches(?q, "汙水 85")) } ORDER BY ?e')
    for pattern in (
        '?e duf:search "汙水 85" . ?e du:quote ?q',
        '?e duf:search "汙水 85" ; du:quote ?q .',
        r"?e du:quote ?q . ?e duf:search '''\u6c59水 \u0038５'''",
        f'?e du:quote ?q OPTIONAL {{ ?e <{FUNCTION}search> "汙水 85" BIND(1 AS ?in) }} FILTER(BOUND(?in))'.replace(
            '85" BIND', '85" . BIND'
        ),
    ):
        assert rows(server, f"SELECT ?e {{ {pattern} }} ORDER BY ?e") == by_function
    assert by_function


def test_sparql_search_finds_labels_too_and_nothing_where_there_is_nothing(server):
    assert [f"{DEFAULT_BASE}region/320600"] in rows(server, 'SELECT ?n { ?n duf:search "南通市" }')
    assert rows(server, 'SELECT ?n { ?n duf:search "查无此语" }') == []


@pytest.mark.parametrize(
    ("query", "token", "says"),
    [
        ("SELECT * { ?e duf:search ?x }", "duf:search", "is no triple of its own"),
        ('SELECT * { ?e du:quote ?q ; duf:search "水" }', "duf:search", "is no triple of its own"),
        ('SELECT * { <x:y> duf:search "水" }', "duf:search", "is no triple of its own"),
        ('SELECT * { ?e duf:search/du:x "水" }', "duf:search", "is no triple of its own"),
        ('SELECT * { ?e duf:search " " }', '" "', "has no words"),
        ('SELECT * { ?e du:quote ?q FILTER(duf:contains(?q, "水")) }', "duf:contains", "is no function"),
    ],
)
def test_a_search_that_cannot_be_resolved_is_refused_with_its_place(server, query, token, says):
    answer = server.get("/sparql", params={"query": PREFIXED + query})
    assert answer.status_code == 400
    problem = answer.json()
    assert says in problem["detail"]
    assert problem["token"] == token
    assert (PREFIXED + query)[problem["column"] - 1 :].startswith(token)


def test_the_service_description_names_the_extensions(server):
    told = server.get("/sparql", headers={"Accept": "text/turtle"}).text
    assert f"extensionFunction> <{FUNCTION}matches>" in told
    assert f"propertyFeature> <{FUNCTION}search>" in told


def test_a_cited_search_keeps_what_it_found(server):
    query = PREFIXED + 'SELECT ?e { ?e duf:search "汙水 85" ; du:quote ?q } ORDER BY ?e'
    found = rows(server, 'SELECT ?e { ?e duf:search "汙水 85" ; du:quote ?q } ORDER BY ?e')
    assert found
    place = httpx.post(f"{server.url}/q/", data={"query": query}).headers["location"]
    cited = server.get(f"{place}.json").json()["results"]["bindings"]
    assert [[row["e"]["value"]] for row in cited] == found


def test_why_a_search_has_no_rows_knows_what_it_found(server):
    query = PREFIXED + 'SELECT ?e { ?e duf:search "汙水 85" . ?e du:begin 999999 }'
    told = server.get("/sparql/why", params={"query": query}, headers={"Accept": "application/json"}).json()
    assert (told["verdict"], [piece["text"] for piece in told["pieces"]]) == ("pattern", ["?e du:begin 999999 ."])
    assert not [term for term in told["terms"] if "duf" in term["text"] or "function" in term["text"]]
