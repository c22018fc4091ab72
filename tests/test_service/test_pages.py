"""The pages in a real browser: they fit, they work, and the policy blocks nothing they need."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from service.editor import installed
from service.install_editor import install

pytestmark = pytest.mark.slow
DOCUMENT = "00112233445566aa"
PATHS = [
    "/",
    "/plan/320600-202009",
    "/plan/320600-202009/issue/1",
    "/supervision/320600-202009",
    f"/document/{DOCUMENT}",
    "/organization/x-hostile",
    "/query/",
    "/query/visit-calendar",
    "/validation",
    "/ontology",
    "/search?q=污水",
    "/sparql",
    "/dumps/",
    "/dataset",
    "/q/",
    "/about",
    "/docs",
]


@pytest.fixture(scope="module", autouse=True)
def editor_files() -> None:
    install()
    assert installed()


class Visit:
    """A browser tab that remembers every complaint, and refuses to talk to anyone but the server under test."""

    def __init__(self, browser: Browser, url: str, width: int) -> None:
        self.complaints: list[str] = []
        self.context = browser.new_context(viewport={"width": width, "height": 900}, base_url=url)
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type in {"error", "warning"} else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.complaints.append(dialog.message), dialog.dismiss()))
        self.page.on(
            "request", lambda r: None if r.url.startswith((url, "data:", "blob:")) else self.complaints.append(r.url)
        )

    def open(self, path: str) -> Page:
        self.page.goto(path)
        if path.startswith(("/sparql", "/docs")):
            self.page.wait_for_load_state("networkidle")
        return self.page


@pytest.fixture(params=[1440, 390], ids=["wide", "narrow"])
def visit(request, browser, server) -> Iterator[Visit]:
    one = Visit(browser, server.url, request.param)
    yield one
    assert one.complaints == []
    one.context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_fits_its_window_and_speaks_the_language(visit, language):
    for path in PATHS:
        page = visit.open(f"{path}{'&' if '?' in path else '?'}lang={language}")
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over == 0, path
        assert page.locator("html").get_attribute("lang") == {"zh": "zh-CN", "en": "en"}[language]
        assert page.locator("h1").first.inner_text().strip()
        words = page.locator(".masthead nav").inner_text()
        assert ("首页" in words) == (language == "zh")


def test_a_query_is_cited_by_a_button(visit):
    page = visit.open("/q/?lang=en")
    page.locator("#query").fill("SELECT ?s WHERE { ?s a <https://w3id.org/ducha/ontology#Issue> } ORDER BY ?s")
    page.get_by_role("button", name="Cite").click()
    expect(page).to_have_url(re.compile(r"/q/[0-9a-f]{20}@[0-9a-f]{16}$"))
    expect(page.locator("#bibtex")).to_contain_text("@misc{ducha-")
    expect(page.locator("table.data tbody tr").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_the_language_link_keeps_the_page(visit):
    page = visit.open("/search?q=污水&lang=zh")
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url(re.compile(r"/search\?q=.*&lang=en$"))
    expect(page.locator("#q")).to_have_value("污水")
    visit.open("/")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_a_plan_shows_its_facts_with_sentences(visit):
    page = visit.open("/plan/320600-202009?lang=en")
    target = page.locator("#targets tbody tr")
    expect(target).to_contain_text("85%")
    expect(target).to_contain_text("污水集中收集率达到85%以上")
    expect(page.locator("#visit")).to_contain_text("the year is carried over from 2020")
    expect(page.locator("#issues tbody tr")).to_contain_text("南通市水务局")
    expect(page.locator("#gaps")).to_contain_text("4.(略)")
    expect(page.locator("#findings")).to_contain_text("an example message")


def test_a_sentence_leads_to_its_place_in_the_text(visit):
    page = visit.open("/plan/320600-202009?lang=zh")
    page.locator("#targets .quote a").first.click()
    expect(page).to_have_url(re.compile(rf"/document/{DOCUMENT}#c260$"))
    assert page.locator("#c260").inner_text().startswith("2021年底前")
    expect(page.locator("#facts li.lit").filter(has_text="污水集中收集率").first).to_be_visible()
    assert "污水集中收集率达到85%以上" in "".join(page.locator("#text mark.lit").all_inner_texts())
    expect(page.locator("#c260")).to_be_in_viewport()


def test_the_document_text_is_what_is_stored(visit, stored_text):
    page = visit.open(f"/document/{DOCUMENT}")
    assert page.locator("#text").evaluate("node => node.textContent") == stored_text


def test_facts_light_up_and_can_be_filtered(visit):
    page = visit.open(f"/document/{DOCUMENT}?lang=zh")
    mark = page.locator("#c260")
    mark.click()
    lit = page.locator("#facts li.lit")
    expect(lit.filter(has_text="污水集中收集率").first).to_be_visible()
    assert "m-target" in (mark.get_attribute("class") or "")
    page.locator("#legend input[value=target]").uncheck()
    expect(page.locator("#c260")).to_have_class("off")
    expect(page.locator("#facts li[data-kind=target]").first).to_be_hidden()
    page.locator("#legend input[value=target]").check()
    expect(page.locator("#c260")).to_have_class("m-target")


def test_a_range_of_code_points_is_selected(visit, stored_text):
    page = visit.open(f"/document/{DOCUMENT}#char=105,112")
    assert page.evaluate("getSelection().toString()").split() == stored_text[105:112].split()


def test_the_api_page_lists_the_addresses(visit):
    page = visit.open("/docs")
    expect(page.locator("#swagger")).to_contain_text("/sparql", timeout=10_000)


def test_a_named_query_takes_its_parameters_from_the_form(visit):
    page = visit.open("/query/issues-closed-by-date?lang=en")
    page.locator("input[type=date]").first.fill("2030-12-31")
    page.get_by_role("button", name="Run").click()
    expect(page).to_have_url(re.compile("2030-12-31"))
    expect(page.locator("table.data")).to_be_visible()


@pytest.fixture(params=[1440, 390], ids=["wide", "narrow"])
def curator(request, browser, found) -> Iterator[Visit]:
    one = Visit(browser, found.url, request.param)
    yield one
    assert one.complaints == []
    one.context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_of_findings_fit_and_speak_the_language(curator, found, language):
    rows = found.get("/validation.json").json()
    keys = [next(row["id"] for row in rows if row["state"] == state) for state in ("published", "left-out")]
    paths = [
        "/validation?",
        "/validation?severity=info&page=1&",
        "/validation?change=gone&",
        "/validation?region=none&",
    ]
    for path in [*paths, *(f"/finding/{key}?" for key in keys)]:
        page = curator.open(f"{path}lang={language}")
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over == 0, path
        assert page.locator("html").get_attribute("lang") == {"zh": "zh-CN", "en": "en"}[language]


def test_three_clicks_lead_to_the_findings_of_a_city(curator):
    page = curator.open("/?lang=zh")
    page.get_by_role("link", name="校验").first.click()
    page.locator("#by-region").get_by_role("link", name="衢州市", exact=True).click()
    expect(page).to_have_url(re.compile("region=330800"))
    cards = page.locator("#list article")
    expect(cards.first).to_contain_text("衢州市")
    assert cards.count() == int(page.locator("#summary b").first.inner_text())
    assert "衢州市" in cards.last.inner_text()


def test_documents_left_out_come_first_with_sentence_and_remedy(curator):
    page = curator.open("/validation?lang=en")
    left_out = page.locator("#left-out")
    expect(left_out).to_contain_text("closure-03.txt")
    expect(left_out.locator("blockquote").first).to_contain_text("对滩地每周巡查不少于2次")
    expect(left_out).to_contain_text("What to do")
    assert page.locator("main section, main form").first.get_attribute("id") == "left-out"
    left_out.locator("article a").first.click()
    expect(page.locator("#judge pre").first).to_contain_text('action = "reject"')


def test_the_form_narrows_the_list_and_the_address_holds_the_filter(curator):
    page = curator.open("/validation?lang=en")
    page.locator("#f-severity").select_option("info")
    page.locator("#f-region").fill("浙江省")
    page.locator("#f-judgement").select_option("open")
    page.get_by_role("button", name="Filter").click()
    expect(page).to_have_url(re.compile(r"severity=info.*region=.*judgement=open"))
    expect(page.locator("#f-region")).to_have_value("330000")
    shown = page.locator("#list article").evaluate_all("all => all.map(one => one.dataset.key)")
    assert shown
    curator.open(page.url)
    assert page.locator("#list article").evaluate_all("all => all.map(one => one.dataset.key)") == shown
    assert set(page.locator("#list article .chip").all_inner_texts()) == {"information"}


def test_every_sentence_of_a_finding_is_marked_in_its_document(curator, found):
    row = next(row for row in found.get("/validation.json").json() if row["rule"] == "one-visit-per-round")
    assert len(row["evidence"]) == 2
    for piece in row["evidence"]:
        page = curator.open(f"/finding/{row['id']}?lang=zh")
        begin = piece["iri"].partition("#char=")[2].partition(",")[0]
        page.locator("#sentences blockquote", has_text=piece["quote"]).locator("a").click()
        expect(page).to_have_url(re.compile(rf"finding={row['id']}#c{begin}$"))
        marked = "".join(page.locator("#text mark.pinned").evaluate_all("all => all.map(one => one.textContent)"))
        assert marked == piece["quote"]
        expect(page.locator(f"#c{begin}")).to_be_in_viewport()
        expect(page.locator("#pinned")).to_contain_text("同一地区")
