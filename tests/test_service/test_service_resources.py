"""Linked data, named queries, documents, dumps, operation: over HTTP, without a browser."""

import html
import json
import re
import subprocess
import sys
import time

import pyoxigraph as ox
import pytest

from service.settings import limit_fields

DOCUMENT = "00112233445566aa"
HOSTILE = "<script>alert('x')</script>"
HTML = {"Accept": "text/html"}
FORMATS = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}
PATHS = [
    "region/320600",
    "plan/320600-202009",
    "plan/320600-202009/issue/1",
    "plan/320600-202009/target/9a8b7c6d",
    "supervision/320600-202009",
    "round/320000-2",
    "organization/320600-1a2b3c4d",
    "finding/f00000000001",
    f"document/{DOCUMENT}",
    f"document/{DOCUMENT}/assertion/a00000000007",
    "concept/level-provincial",
]


@pytest.mark.parametrize("path", PATHS)
def test_every_instance_dereferences_in_every_form(server, path):
    page = server.get(f"/{path}", headers=HTML)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    iri = ox.NamedNode(f"https://w3id.org/ducha/{path}")
    sizes = set()
    for suffix, media_type in FORMATS.items():
        by_accept = server.get(f"/{path}", headers={"Accept": media_type})
        by_suffix = server.get(f"/{path}.{suffix}")
        assert by_accept.content == by_suffix.content
        assert by_accept.headers["content-type"].split(";")[0] == media_type
        assert by_accept.headers["content-location"].endswith(f".{suffix}")
        triples = {q.triple for q in ox.parse(by_accept.content, format=ox.RdfFormat.from_extension(suffix))}
        assert any(triple.subject == iri for triple in triples)
        sizes.add(len(triples))
    assert len(sizes) == 1


def test_rdf_of_an_issue_carries_its_sentences(server):
    triples = ox.parse(server.get("/plan/320600-202009/issue/1.nt").content, format=ox.RdfFormat.N_TRIPLES)
    quotes = {q.object.value for q in triples if q.predicate.value.endswith("#quote")}
    assert "整改时限:2021年底前 牵头单位:市水务局 责任单位:崇川区党委、政府" in quotes


def test_a_page_says_why_a_value_is_there(server):
    page = server.get("/supervision/320600-202009", headers={**HTML, "Accept-Language": "en"}).text
    assert "the year is carried over from 2020 in the same sentence" in page
    assert f'href="/document/{DOCUMENT}#c40"' in page
    assert "derived by rule" in page
    assert page.partition("</nav>\n<h1>")[0].count(">supervision</a>") == 1


@pytest.mark.parametrize(
    "path", ["/nowhere", "/plan/none", "/plan/a%0C", "/document/ffffffffffffffff", "/a%20b<", "/region/320600.exe"]
)
def test_what_is_not_known_is_404_in_the_form_asked_for(server, path):
    assert server.get(path, headers={"Accept": "text/turtle"}).status_code == 404
    page = server.get(path, headers=HTML)
    assert page.status_code == 404
    assert "<h1>" in page.text


def test_no_acceptable_form_is_406(server):
    assert server.get("/region/320600", headers={"Accept": "image/png"}).status_code == 406


def test_hostile_literals_stay_text_and_scripts_are_never_links(server):
    for path in ("/organization/x-hostile", f"/document/{DOCUMENT}", "/search?q=alert"):
        page = server.get(path, headers=HTML).text
        assert HOSTILE not in page
        assert "&lt;script&gt;" in page
        assert 'href="javascript:' not in page


def test_the_policy_allows_no_script_but_ours(server):
    for path in ("/", "/sparql", "/docs", f"/document/{DOCUMENT}"):
        response = server.get(path, headers=HTML)
        policy = response.headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "default-src 'none'" in policy
        assert not re.search(r"<script(?![^>]*\bsrc=\"/static/)", response.text)
        assert not re.search(r"(?:src|href)=\"(?:https?:)?//[^\"]*\.(?:js|css)", response.text)
        assert not re.search(r"\son\w+=", response.text)


def test_the_document_page_shows_the_text_exactly_as_stored(server, stored_text):
    page = server.get(f"/document/{DOCUMENT}", headers=HTML).content.decode()
    body = re.search(r'<div class="source" id="text"[^>]*>(.*?)</div>', page, re.S)
    shown = html.unescape(re.sub(r"</?(?:mark|a)\b[^>]*>", "", body.group(1)))
    assert shown == stored_text
    assert 'id="c260"' in page


def test_a_document_with_restricted_rights_shows_quotes_only(launch, stored_text):
    server = launch(rights="quotes-only")
    page = server.get(f"/document/{DOCUMENT}", headers=HTML).text
    assert 'id="text"' not in page
    assert "污水集中收集率达到85%以上" in page
    assert html.escape(stored_text[110:190]) not in page
    assert "#char=" not in server.get("/search", params={"q": stored_text[0]}, headers=HTML).text


def test_a_new_snapshot_is_taken_up_without_a_restart(launch, publish_again):
    server = launch()
    old = server.get("/").headers["ducha-version"]
    new = publish_again(server.out, extra=" 新").version
    assert new != old
    for _ in range(60):
        if server.get("/healthz").json()["version"] == new:
            break
        time.sleep(0.1)
    assert "新" in server.get("/organization/x-hostile.nt").text
    (server.out / "current").write_text("0" * 16)
    time.sleep(0.5)
    assert server.get("/healthz").json() == {"status": "ok", "version": new}


def test_the_limits_that_hold_are_told_in_both_languages(server):
    for language, words in (("zh", "一次查询的时限"), ("en", "How long a query may take")):
        page = server.get("/about", params={"lang": language}).text
        assert words in page
        assert server.get("/healthz").json()["version"] in page
        # this server's own time limit and memory, not the defaults
        assert re.search(r'id="timeout".*?<td class="n"[^>]*>6 s</td>', page, re.DOTALL)
        assert re.search(r'id="memory".*?<td class="n"[^>]*>300 MiB</td>', page, re.DOTALL)
        shown = set(re.findall(r'<tr id="(\w+)">', page))
        assert shown == {one.name for one in limit_fields()}


def test_named_queries_as_page_csv_and_json(server):
    listing = server.get("/query/", headers=HTML).text
    names = re.findall(r'href="/query/([\w-]+)"', listing)
    assert names
    for name in names:
        page = server.get(f"/query/{name}", headers=HTML)
        assert page.status_code == 200, name
        table = server.get(f"/query/{name}.csv")
        assert table.status_code == 200
        assert table.headers["content-type"] == "text/csv; charset=utf-8"
        assert "results" in server.get(f"/query/{name}", headers={"Accept": "application/json"}).json()


def test_named_queries_are_typed_in_openapi(server):
    paths = server.get("/openapi.json").json()["paths"]
    described = {path: operation["get"].get("parameters", []) for path, operation in paths.items()}
    typed = [p for path, found in described.items() if path.startswith("/query/") for p in found]
    assert any(p["schema"].get("format") == "date" for p in typed)
    assert all(p["description"] for p in typed)
    wrong = next(path for path, found in described.items() if any(p["schema"].get("format") == "date" for p in found))
    name = next(p["name"] for p in described[wrong] if p["schema"].get("format") == "date")
    assert server.get(wrong, params={name: "tomorrow"}, headers=HTML).status_code == 400
    assert server.get(wrong + ".csv", params={name: "tomorrow"}).status_code == 400
    assert server.get(wrong + ".csv", params={"nonsense": "1"}).status_code == 400


def test_search_finds_names_sentences_and_texts(server):
    page = server.get("/search", params={"q": "污水"}, headers=HTML).text
    assert "/plan/320600-202009/issue/1" in page
    assert "污水集中收集率" in page
    assert f"/document/{DOCUMENT}#char=" in page


@pytest.mark.parametrize("phrase", ['"', "\\", "a\nb", "} SELECT {", "😀", "x" * 100])
def test_search_takes_any_phrase(server, phrase):
    assert server.get("/search", params={"q": phrase}, headers=HTML).status_code == 200


def test_dumps_are_the_snapshot_files(server):
    version = server.get("/healthz").json()["version"]
    dump = server.get(f"/dumps/{version}.nq")
    assert dump.content == (server.out / "snapshots" / version / "dump.nq").read_bytes()
    assert server.get("/dumps/dump.nq").content == dump.content
    assert server.get("/dumps/manifest.json").json()["version"] == version
    assert server.get("/dumps/../current").status_code == 404
    assert server.get("/dumps/..%2Fcurrent").status_code == 404
    part = server.get("/dumps/dump.nq", headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.content) == (206, dump.content[:10])
    again = server.get("/dumps/dump.nq", headers={"If-None-Match": dump.headers["etag"]})
    assert again.status_code == 304


def test_the_description_names_endpoint_and_dump(server):
    triples = list(ox.parse(server.get("/.well-known/void").content, format=ox.RdfFormat.TURTLE))
    predicates = {quad.predicate.value.rpartition("#")[2] for quad in triples}
    assert {"sparqlEndpoint", "dataDump", "distribution"} <= predicates
    as_json = server.get("/.well-known/void", headers={"Accept": "application/ld+json"})
    assert json.loads(as_json.content)


def test_metrics_are_prometheus_text(server):
    text = server.get("/metrics").text
    assert re.search(r"^ducha_queries_total\{outcome=\"\w+\"\} \d+\.0$", text, re.M) or "ducha_workers " in text
    lines = text.splitlines()
    assert all(re.fullmatch(r"# (HELP|TYPE) \S+ .+|\w+(\{[^}]*\})? [\d.e+-]+", line) for line in lines)


def test_the_ontology_is_a_page_and_a_graph(server):
    page = server.get("/ontology", headers={**HTML, "Accept-Language": "en"}).text
    assert 'id="Issue"' in page
    assert "text/turtle" in server.get("/ontology", headers={"Accept": "text/turtle"}).headers["content-type"]


def test_the_language_is_chosen_by_link_cookie_or_header(server):
    def language(**options):
        return re.search(r'<html lang="([\w-]+)"', server.get("/", **options).text).group(1)

    assert language() == "zh-CN"
    assert language(headers={"Accept-Language": "en-GB,zh;q=0.5"}) == "en"
    assert language(params={"lang": "en"}) == "en"
    assert language(headers={"Cookie": "lang=en"}) == "en"
    assert language(headers={"Cookie": "lang=xx", "Accept-Language": "fr"}) == "zh-CN"


def test_the_home_page_counts_what_is_there(server):
    page = server.get("/", params={"lang": "en"}).text
    row = re.search(r"<tr>\s*<th scope=\"row\">.*?</tr>", page, re.S).group()
    cells = [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
    assert cells == [
        "Nantong",
        "Jiangsu, second provincial round",
        "2020-09-03 – 2020-09-22",
        "2020-11-30",
        "excerpt",
        "31",
        "1",
        "1",
        "1",
    ]


RUN = "import sys\nfrom pathlib import Path\nfrom service.serve import run\nfrom pipeline.errors import DuchaError\n"
RUN += "try:\n    run(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))\nexcept DuchaError as error:\n    sys.exit(str(error))\n"


def test_serving_says_what_is_wrong_in_one_line(server, tmp_path):
    port = server.url.rpartition(":")[2]
    for arguments, words in (
        ([str(tmp_path), "127.0.0.1", "0"], "nothing is published"),
        ([str(server.out), "127.0.0.1", port], "cannot be used"),
        ([str(server.out), "no.such.host.invalid", "0"], "is no address"),
    ):
        done = subprocess.run([sys.executable, "-c", RUN, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert words in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
