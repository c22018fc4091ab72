"""Named queries over HTTP: formats, parts, refusals, what OpenAPI promises, the page; and charts."""

import csv
import io
import re
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest

from pipeline.query import PARAMETER, load_queries
from service.charts import Point, bars, lines, stacked
from service.result_set import RS
from service.routes.queries import _OURS

HTML = {"Accept": "text/html"}
QUERIES = load_queries()
NAME = "evidence-audit"


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_no_parameter_has_a_name_that_the_service_keeps_for_itself():
    assert PARAMETER
    assert not {parameter.name for query in QUERIES.values() for parameter in query.parameters} & _OURS


def test_parts_follow_their_links_to_the_whole(server):
    whole = table(server.get(f"/query/{NAME}.csv").text)
    assert len(whole) > 1
    found, address = [], f"/query/{NAME}.csv?limit=1&region="
    while address:
        part = server.get(address)
        assert part.headers["ducha-total"] == str(len(whole))
        assert part.headers["ducha-rows"] == str(len(table(part.text)))
        found += table(part.text)
        following = re.search(r'<([^>]+)>; rel="next"', part.headers["link"])
        address = following[1] if following else ""
    assert found == whole
    beyond = server.get(f"/query/{NAME}.csv", params={"limit": 5, "offset": 1000})
    assert table(beyond.text) == []
    assert 'rel="next"' not in beyond.headers["link"]


def test_without_limit_everything_comes_and_no_link(server):
    answer = server.get(f"/query/{NAME}.csv")
    assert "link" not in answer.headers
    assert "ducha-total" not in answer.headers


@pytest.mark.parametrize(
    ("parameters", "subject"),
    [
        ({"limit": "0"}, "parameter limit"),
        ({"limit": "10001"}, "parameter limit"),
        ({"limit": "1e3"}, "parameter limit"),
        ({"offset": "-1"}, "parameter offset"),
        ({"offset": "9" * 400}, "parameter offset"),
        ({"limit": "٣"}, "parameter limit"),
        ({"region": "4"}, "parameter region"),
        ({"region": "450300} #"}, "parameter region"),
        ({"region": ["450300", "450100"]}, "parameter region"),
        ({"colour": "red"}, "has no parameter 'colour'"),
    ],
)
@pytest.mark.parametrize("suffix", ["", ".csv", ".json", ".ttl"])
def test_a_wrong_parameter_is_a_problem_that_says_which(server, suffix, parameters, subject):
    accept = {"Accept": "*/*;q=0.1, text/csv" if not suffix else "*/*"}
    answer = server.get(f"/query/{NAME}{suffix}", params=parameters, headers=accept)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert subject in problem["detail"]
    assert problem["hint"]
    assert problem["kind"] == "request"


def test_a_table_as_turtle_holds_the_same_rows(server):
    answer = server.get(f"/query/{NAME}.ttl")
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    store = ox.Store()
    store.load(answer.content, format=ox.RdfFormat.TURTLE)
    rows = table(server.get(f"/query/{NAME}.csv").text)
    assert answer.headers["ducha-rows"] == str(len(rows))
    asked = store.query(f"""PREFIX rs: <{RS}> SELECT ?index ?quote WHERE {{
        ?table a rs:ResultSet ; rs:solution ?row . ?row rs:index ?index ; rs:binding ?one .
        ?one rs:variable "quote" ; rs:value ?quote }} ORDER BY ?index""")
    assert [row["quote"].value for row in asked] == [row["quote"] for row in rows]
    by_accept = server.get(f"/query/{NAME}", headers={"Accept": "text/turtle"})
    assert by_accept.headers["content-type"] == "text/turtle; charset=utf-8"


def test_what_no_format_fits_is_told_the_list(server):
    refused = server.get(f"/query/{NAME}", headers={"Accept": "image/png"})
    assert refused.status_code == 406
    assert "text/csv" in refused.json()["detail"]
    assert server.get(f"/query/{NAME}", params={"format": "nt"}).status_code == 406


def test_openapi_describes_columns_parameters_and_refusals(server):
    paths = server.get("/openapi.json").json()["paths"]
    for name, query in QUERIES.items():
        told = paths[f"/query/{name}"]["get"]
        parameters = {one["name"]: one for one in told["parameters"]}
        assert set(parameters) == {one.name for one in query.parameters} | {"limit", "offset", "format", "lang"}
        assert all("example" in one for name, one in parameters.items() if name != "lang")
        content = told["responses"]["200"]["content"]
        assert {"text/csv", "application/sparql-results+json", "text/turtle", "text/html"} <= set(content)
        results = content["application/sparql-results+json"]["schema"]["properties"]["results"]
        columns = results["properties"]["bindings"]["items"]["properties"]
        assert list(columns) == list(query.columns)
        assert {"400", "406", "503", "504"} <= set(told["responses"])


def test_examples_of_openapi_are_taken(server):
    paths = server.get("/openapi.json").json()["paths"]
    for name in QUERIES:
        told = paths[f"/query/{name}"]["get"]["parameters"]
        given = {one["name"]: one["example"] for one in told if "example" in one}
        assert server.get(f"/query/{name}", params=given).status_code == 200, (name, given)


def test_the_index_groups_every_query_by_theme(server):
    page = server.get("/query/", params={"lang": "en"}, headers=HTML).text
    themes = re.split(r'<h2 id="', page)[1:]
    listed = {theme.split('"')[0]: re.findall(r'href="/query/([\w-]+)"', theme) for theme in themes}
    assert {name: theme for theme, names in listed.items() for name in names} == {
        name: query.theme for name, query in QUERIES.items()
    }


def test_the_page_offers_what_exists_and_shows_the_denominators(server):
    page = server.get("/query/targets-by-indicator", params={"lang": "en"}, headers=HTML).text
    offered = dict(re.findall(r'<option value="(\w+:?[\w-]*)" label="([^"]+)"', page))
    assert "320600" in offered
    assert any(value.startswith("duc:indicator-") for value in offered)
    assert re.search(r"<dt>plans in all</dt><dd>\d+</dd>", page)
    assert 'href="/sparql#query=' in page


def test_a_page_beyond_the_last_is_empty_and_a_wrong_one_is_refused(server):
    assert server.get(f"/query/{NAME}?page=0", headers=HTML).status_code == 400
    assert server.get(f"/query/{NAME}?page=two", headers=HTML).status_code == 400
    assert server.get(f"/query/{NAME}?page=99", headers=HTML).status_code == 200


# ---------------------------------------------------------------- charts


def drawn(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - our own drawing


@pytest.mark.parametrize("wish", ["theme=dark", "lang=en", "region=450300&theme=light"])
def test_a_page_takes_the_language_and_theme_of_the_reader(server, wish):
    answer = server.get(f"/query/deadlines?{wish}", headers=HTML)
    assert answer.status_code == 200
    links = re.findall(r'href="(/query/deadlines\.csv[^"]*)"', answer.text)
    assert links
    assert "theme" not in links[0]


@pytest.mark.parametrize("draw", [bars, stacked, lines])
def test_a_chart_has_a_name_a_description_and_no_markup_of_others(draw):
    evil = "</title><script>alert(1)</script>"
    picture = drawn(draw([Point("2025", 3, evil), Point("2026", 4, "b")], "share & more", f"two values {evil}"))
    assert picture.get("role") == "img"
    assert "share & more" in (picture.get("aria-label") or "")
    assert [child.tag for child in picture][:2] == ["title", "desc"]
    assert not list(picture.iter("script"))


def test_parts_of_a_bar_are_as_long_as_their_values():
    picture = drawn(stacked([Point("甲", 75, "a"), Point("甲", 25, "b"), Point("乙", 50, "b")], "t"))
    widths = [float(part.get("width", "0")) for part in picture.iter("rect")]
    assert widths[0] == pytest.approx(3 * widths[1], rel=0.01)
    assert widths[2] == pytest.approx(2 * widths[1], rel=0.01)
    begins = [float(part.get("x", "0")) for part in picture.iter("rect")]
    assert begins[1] == pytest.approx(begins[0] + widths[0], abs=0.2)


def test_nothing_to_draw_is_no_chart():
    assert [draw([], "t") for draw in (bars, stacked, lines)] == ["", "", ""]
    assert stacked([Point("甲", -1, "a")], "t")


def test_values_of_several_units_are_not_set_side_by_side(server):
    mixed = server.get("/query/targets-by-indicator", params={"lang": "en"}, headers=HTML).text
    units = {row["unit"] for row in table(server.get("/query/targets-by-indicator.csv").text) if row["value"]}
    assert ("not drawn" in mixed) == (len(units - {""}) > 1)


def test_an_english_page_calls_a_place_by_its_english_label_and_invents_none(server):
    asked = ("deadline-kinds?lang=en", "deadline-kinds?lang=zh", "organizations-with-several-issues?lang=en&least=1")
    english, chinese, bodies = (server.get(f"/query/{one}", headers=HTML).text for one in asked)
    assert re.search(r"<text [^>]*>Nantong</text>", english) and '<td class="date">Nantong</td>' in english
    assert re.search(r"<text [^>]*>南通市</text>", chinese) and "Nantong" not in chinese
    assert "南通市" in server.get("/query/deadline-kinds.csv", headers={"Accept-Language": "en"}).text
    assert re.search(r'<text lang="zh-CN" [^>]*>[^<]*南通市水务局</text>', bodies)
