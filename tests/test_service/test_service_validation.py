"""The validation page over HTTP: its counts are the endpoint's, its tables are its lists, its addresses say what they show."""

import csv
import html
import io
import re

import httpx
import pytest

from pipeline.snapshot import current_snapshot
from pipeline.validation.browse import opened
from pipeline.validation.facets import Filter
from pipeline.validation.finding_table import COLUMNS, cells

pytestmark = pytest.mark.slow
HTML = {"Accept": "text/html"}
DU = "PREFIX du: <https://w3id.org/ducha/ontology#>\n"


def page(found, address: str) -> str:
    answer = found.get(address, headers={**HTML, "Accept-Language": "en"})
    assert answer.status_code == 200, answer.text
    return answer.text


def keys(text: str) -> list[str]:
    return re.findall(r'<article [^>]*data-key="(\w+)"', text)


def total(text: str) -> int:
    return int(re.search(r'id="summary"><span><b>(\d+)</b>', text)[1])


def select(found, query: str) -> list[dict[str, str]]:
    answer = found.query(DU + query, "application/sparql-results+json").json()
    return [{name: cell["value"] for name, cell in row.items()} for row in answer["results"]["bindings"]]


@pytest.mark.parametrize("name", ["shape", "severity"])
def test_counts_agree_with_the_endpoint(found, name):
    rows = select(found, f"SELECT ?x (COUNT(DISTINCT ?f) AS ?n) {{ ?f a du:Finding ; du:{name} ?x }} GROUP BY ?x")
    assert len(rows) > 1
    for row in rows:
        last = row["x"].rpartition("/")[2].removeprefix("severity-")
        field = {"shape": "rule", "severity": "severity"}[name]
        assert total(page(found, f"/validation?state=published&{field}={last}")) == int(row["n"])


def test_counts_by_document_and_region_agree_with_the_endpoint(found):
    rows = select(found, "SELECT ?d (COUNT(DISTINCT ?f) AS ?n) { ?f a du:Finding ; du:inDocument ?d } GROUP BY ?d")
    assert rows
    for row in rows:
        assert total(page(found, f"/validation?document={row['d'].rpartition('/')[2]}")) == int(row["n"])
    rows = select(found, "SELECT (COUNT(DISTINCT ?f) AS ?n) { ?f du:inDocument/du:describes/du:region/du:partOf* ?r ."
                         " VALUES ?r { <https://w3id.org/ducha/region/330000> } }")  # fmt: skip
    assert total(page(found, "/validation?region=330000")) == int(rows[0]["n"]) > 0


def test_pages_joined_are_the_whole_list_in_every_order(found):
    rows = found.get("/validation.json").json()
    for sort in ("severity", "rule", "document"):
        whole = [row["id"] for row in found.get(f"/validation.json?sort={sort}").json()]
        assert sorted(whole) == sorted(row["id"] for row in rows)
        text, seen = page(found, f"/validation?page=1&sort={sort}"), []
        while True:
            seen += keys(text)
            following = re.search(r'rel="next" href="([^"]+)"', text)
            if not following:
                break
            text = page(found, html.unescape(following[1]))
        assert seen == whole
    assert keys(page(found, "/validation?page=999")) == []


@pytest.mark.parametrize(
    "query", ["", "?severity=info&region=330000", "?document=closure-02.txt&sort=document", "?change=gone"]
)
def test_the_tables_hold_exactly_what_is_listed(found, query):
    answer = found.get(f"/validation.csv{query}", headers={"Accept-Language": "en"})
    assert answer.content.startswith("\ufeff".encode())
    assert answer.headers["content-type"].startswith("text/csv; charset=utf-8")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert tuple(rows[0]) == COLUMNS
    records = found.get(f"/validation.json{query}").json()
    assert [row["key"] for row in rows] == [one["id"] for one in records]
    listed = page(found, f"/validation{query}{'&' if query else '?'}page=1")
    assert keys(listed) == [row["key"] for row in rows][:50]
    assert total(listed) == len(rows)
    assert [row["message"].removeprefix("'") for row in rows] == [one["message"]["en"] for one in records]


def test_every_cell_is_the_snapshots(found):
    with opened(current_snapshot(found.out).findings_path) as findings:
        wanted = [cells(one, "zh") for one in findings.every(Filter())]
    text = found.get("/validation.csv?lang=zh").content.decode("utf-8-sig")
    _, *rows = csv.reader(io.StringIO(text, newline=""))
    assert rows == [list(one) for one in wanted]


@pytest.mark.parametrize(
    "query",
    ["severity=bad", "rule=none-such", "region=%E6%88%90%E9%83%BD", "document=x", "judgement=x", "change=x", "state=x",
     "sort=x", "page=0", "page=x", "against=0000000000000000", "against=..%2F..%2Fetc", "document=%27+OR+1%3D1+--"],
)  # fmt: skip
def test_what_means_nothing_is_a_bad_request(found, query):
    for address in ("/validation", "/validation.csv", "/validation.json"):
        if "page" in query and address != "/validation":
            continue
        assert found.get(f"{address}?{query}").status_code == 400, address


def test_the_trend_leads_to_its_lists(found):
    text = page(found, "/validation")
    section = text.partition('id="trend"')[2].partition("</section>")[0]
    for change in ("new", "gone", "changed", "unchanged"):
        count = int(re.search(rf'change={change}">.*?</span> (\d+)</a>', section)[1])
        listed = page(found, f"/validation?change={change}")
        assert total(listed) == count > 0
    key = keys(page(found, "/validation?change=gone"))[0]
    assert "The present version has no such finding" in page(found, f"/finding/{key}")
    assert found.get(f"/finding/{key}.ttl").status_code == 404


def test_a_finding_has_a_page_and_rdf_and_entries_to_judge_it(found):
    rows = found.get("/validation.json?rule=stated-days").json()
    text = html.unescape(page(found, f"/finding/{rows[0]['id']}"))
    assert rows[0]["message"]["en"] in text
    for action in ("accept", "reject", "fixed"):
        assert f'action = "{action}"' in text
    assert f"ducha review 'finding/{rows[0]['id']}' --accept" in text
    assert b"du:Finding" in found.get(f"/finding/{rows[0]['id']}.ttl").content
    assert found.get("/finding/000000000000").status_code == 404


def test_every_rule_may_be_asked_for_where_it_found_nothing(server):
    """A snapshot of loaded RDF knows no rule but those that its findings name."""
    addresses = set(re.findall(r'href="(/validation\?rule=[^"]+)"', server.get("/docs/rules").text))
    assert len(addresses) > 50
    assert {server.get(one).status_code for one in addresses} == {200}


def test_a_document_that_is_left_out_is_listed_but_not_linked(found):
    rows = found.get("/validation.json?state=left-out").json()
    assert {row["files"][0] for row in rows} == {"closure-03.txt"}
    assert any(row["severity"] == "violation" for row in rows)
    for row in rows:
        text = page(found, f"/finding/{row['id']}")
        assert row["evidence"][0]["quote"] in html.unescape(text)
        assert "/document/" not in text.partition("<main")[2]


def test_the_summary_is_what_the_page_counts(found):
    summary = found.get("/dumps/validation-summary.json").json()
    assert sum(summary["counts"].values()) == total(page(found, "/validation"))
    for rule in summary["rules"]:
        first = [one["id"] for one in found.get(f"/validation.json?rule={rule['id']}").json()]
        assert (len(first), first[:3]) == (rule["count"], [one["id"] for one in rule["examples"]])
    for field in ("region", "document"):
        for one in summary[f"{field}s"][:5]:
            assert total(page(found, f"/validation?{field}={one['id']}")) == sum(one["counts"].values())


def test_head_and_a_second_question_are_answered(found):
    head = httpx.head(f"{found.url}/validation.csv", timeout=20)
    assert (head.status_code, head.content) == (200, b"")
    first = found.get("/validation?severity=info", headers=HTML)
    again = found.get("/validation?severity=info", headers={**HTML, "If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


def test_a_snapshot_of_loaded_data_lists_the_findings_of_its_graph(server):
    text = page(server, "/validation?page=1")
    assert keys(text) == ["f00000000001"]
    assert "an example message" in text
    assert "/document/00112233445566aa?finding=f00000000001#c40" in text
