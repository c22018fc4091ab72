"""What the pages of nodes say: filters in the address, lists by the page, reports that a build can read."""

import html
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from pipeline.curation.decisions import read_file
from pipeline.vocabulary import DEFAULT_BASE, DU, DUC, PREFIXES
from service.tiles import tiles

HTML = {"Accept": "text/html", "Accept-Language": "en"}
DOCUMENT = "00112233445566aa"
PLAN = f"{DEFAULT_BASE}plan/320600-202009"
MANY = 60


def _more() -> Iterator[ox.Quad]:
    """Sixty further issues of the example's plan, of two topics, due in two years, and a target for each."""
    graph = ox.NamedNode(f"{DEFAULT_BASE}graph/document/{DOCUMENT}/stated")
    evidence = ox.NamedNode(f"{DEFAULT_BASE}document/{DOCUMENT}#char=230,260")

    def says(subject: str, name: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
        prefix, _, local = name.partition(":")
        return ox.Quad(ox.NamedNode(subject), ox.NamedNode(PREFIXES[prefix] + local), value, graph)

    for number in range(2, MANY + 2):
        issue, target = f"{PLAN}/issue/{number}", f"{PLAN}/target/{number:08x}"
        day = ox.Literal(f"{2022 + number % 2}-12-31", datatype=ox.NamedNode(f"{PREFIXES['xsd']}date"))
        for node, kind in ((issue, "Issue"), (target, "Target")):
            yield says(node, "rdf:type", ox.NamedNode(DU + kind))
            yield says(node, "du:inPlan", ox.NamedNode(PLAN))
            yield says(node, "du:due", day)
            yield says(node, "du:evidence", evidence)
        yield says(issue, "rdfs:label", ox.Literal(f"第{number}个问题", language="zh"))
        yield says(issue, "du:number", ox.Literal(str(number)))
        yield says(issue, "du:topic", ox.NamedNode(DUC + ("topic-air" if number % 3 else "topic-soil")))
        yield says(target, "du:indicatorText", ox.Literal("新建管网"))
        yield says(target, "du:indicator", ox.NamedNode(f"{DUC}indicator-sewer-length"))
        yield says(target, "du:value", ox.Literal(number))
        yield says(target, "du:unitText", ox.Literal("公里"))


@pytest.fixture(scope="module")
def many(tmp_path_factory, publish_more) -> Iterator[object]:
    with publish_more(tmp_path_factory.mktemp("many"), list(_more())) as running:
        yield running


def rows_of(page: str, section: str) -> list[str]:
    """The head cells of a section's table."""
    body = page.partition(f'id="{section}"')[2].partition("</section>")[0]
    return [
        html.unescape(re.sub("<[^>]+>", "", cell)).strip() for cell in re.findall(r"<th scope=.row.*?</th>", body, re.S)
    ]


def test_the_issues_of_a_plan_are_filtered_by_the_address_and_turned_by_the_page(many):
    page = many.get("/plan/320600-202009", headers=HTML).text
    assert len(rows_of(page, "issues")) == 20
    assert f"{MANY + 1}</small>" in page
    soil = many.get("/plan/320600-202009?topic=topic-soil", headers=HTML).text
    assert f"{MANY // 3} of {MANY + 1} issues" in soil
    both = many.get("/plan/320600-202009?topic=topic-soil&due=2023", headers=HTML).text
    shown = [int(re.search(r"第(\d+)个", one).group(1)) for one in rows_of(both, "issues")]
    assert shown == [number for number in range(2, MANY + 2) if number % 3 == 0 and number % 2]
    words = many.get("/plan/320600-202009?words=第17个", headers=HTML).text
    assert len(rows_of(words, "issues")) == 1
    assert "No issue fits" in many.get("/plan/320600-202009?due=1999", headers=HTML).text


def test_every_issue_is_on_one_page_of_the_list(many):
    seen: list[str] = []
    for number in range(1, 5):
        page = many.get(f"/plan/320600-202009?issues={number}", headers=HTML).text
        seen += re.findall(r'<th scope="row" class="wide-cell"><a href="(/plan/[^"]+/issue/\d+)"', page)
    assert sorted(seen) == sorted(f"/plan/320600-202009/issue/{number}" for number in range(1, MANY + 2))
    last = many.get("/plan/320600-202009?issues=9999", headers=HTML).text
    assert "Page 4 of 4" in last


def test_the_line_of_time_has_a_dot_for_each_target_with_a_day(many):
    page = many.get("/plan/320600-202009", headers=HTML).text
    chart = page.partition('id="targets"')[2].partition("</svg>")[0]
    assert chart.count("<circle") == MANY + 1
    assert 'href="/plan/320600-202009/target/0000003d"' in chart


def test_an_indicator_sets_all_places_side_by_side(many):
    page = many.get("/concept/indicator-sewer-length", headers=HTML).text
    assert f"targets and baselines: {MANY}" in page
    chart = page.partition('<svg class="chart"')[2].partition("</svg>")[0]
    assert "Nantong" in chart
    assert chart.count("<circle") == MANY + 1  # and the key
    assert "Page 1 of 3" in page


def test_a_region_has_the_plans_and_targets_of_what_lies_in_it(many):
    for path in ("/region/320600", "/region/320000"):
        page = many.get(path, headers=HTML).text
        assert 'href="/plan/320600-202009"' in page.partition('id="plans"')[2]
        assert f"<small>{MANY + 1}</small>" in page.partition('id="targets"')[2]


def test_the_first_page_tells_where_and_how_good(server, found):
    page = server.get("/", headers=HTML).text
    assert len(re.findall(r'<li class="x\d y\d h\d">', page)) == len(tiles()) == 34
    assert re.search(r'href="/region/320000" title="Jiangsu: plans: 1, documents: 1"', page)
    assert "No evaluation comes with this version" in page
    built = found.get("/", headers=HTML).text
    shares = re.findall(r"All facts</th><td class=\"n\">([\d.]+) %</td><td class=\"n\">([\d.]+) %", built)
    assert shares
    assert all(50 < float(share) <= 100 for share in shares[0])
    assert "mended while looking at them" in built


def test_the_tiles_are_the_provinces_of_the_table_each_on_its_own_square():
    assert len({(tile.column, tile.row) for tile in tiles()}) == 34
    assert {tile.english for tile in tiles()} >= {"Inner Mongolia", "Guangxi", "Hong Kong", "Taiwan"}
    assert all(tile.short and len(tile.short) <= 3 and len(tile.letters) == 2 for tile in tiles())


FACTS = [
    ("plan/320600-202009/issue/1", ("reject", "accept")),
    ("supervision/320600-202009 du:startDate", ("reject", "change", "accept")),
    ("supervision/320600-202009 du:batch", ("add",)),
]


@pytest.mark.parametrize(("fact", "actions"), FACTS)
def test_a_report_is_a_correction_that_a_build_reads(server, tmp_path: Path, fact, actions):
    page = server.get("/report", params={"fact": fact}, headers=HTML).text
    blocks = [html.unescape(block) for block in re.findall(r"<pre[^>]*><code>(.*?)</code>", page, re.S)]
    assert [tomllib.loads(block)["correction"][0]["action"] for block in blocks] == list(actions)
    for action in actions:
        answer = server.get("/report.toml", params={"fact": fact, "action": action})
        assert answer.headers["content-disposition"].startswith("attachment")
        filled = answer.text.replace('by = ""', 'by = "校核者"').replace('on = ""', "on = 2026-11-22")
        filled = filled.replace('why = ""', 'why = "与原文不符"').replace('to = ""', 'to = "2020-09-04"')
        if action == "add":
            filled = filled.replace("2020-09-04", "2")
        path = tmp_path / f"{action}.toml"
        path.write_text(filled, encoding="utf-8")
        (decision,) = read_file(path, path.name)
        assert (decision.key, decision.action.value) == (fact, action)


@pytest.mark.parametrize(
    "query", ["", "fact=", "fact=nothing/1", "fact=a%20b%20c", "fact=plan/320600-202009%20du:nonsense", "fact=%0A"]
)
def test_a_report_of_nothing_is_refused_in_one_line(server, query):
    answer = server.get(f"/report?{query}", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert "\n" not in answer.json()["detail"]


def test_the_triples_of_a_fact_lead_to_their_places(server):
    answer = server.get(f"/document/{DOCUMENT}/triples", params={"fact": "supervision/320600-202009"}, headers=HTML)
    assert "start date" in answer.text
    places = set(re.findall(r'href="#c(\d+)"', answer.text))
    page = server.get(f"/document/{DOCUMENT}", headers=HTML).text
    assert places
    assert all(f'id="c{place}"' in page for place in places)
    assert server.get(f"/document/{DOCUMENT}/triples?fact=region/320600").status_code == 404


def test_the_colours_asked_for_are_in_the_page_and_in_the_cookie(server):
    dark = server.get("/about?theme=dark", headers=HTML)
    assert 'data-theme="dark"' in dark.text
    assert "theme=dark" in dark.headers["set-cookie"]
    kept = server.get("/about", headers={**HTML, "Cookie": "theme=dark"})
    assert 'data-theme="dark"' in kept.text
    assert "data-theme" not in server.get("/about?theme=%22onload", headers=HTML).text


def test_a_province_that_is_no_code_is_refused(server):
    assert server.get("/plan/?province=320000", headers=HTML).text.count("/plan/320600-202009") == 1
    assert server.get("/plan/?province=%27", headers=HTML).status_code == 400
