"""Every kind of page in a real browser, at both widths, in both languages, light and dark: axe-core finds nothing
serious, nothing is wider than its window, nothing fails, and no other host is asked."""

from collections.abc import Iterator
from importlib import resources

import pytest
from playwright.sync_api import Browser, Page

from service.editor import installed
from service.install_editor import install

pytestmark = pytest.mark.slow
AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
# What others made, the editor and the API page's widget, is held to its own makers' measure.
RUN = """() => axe.run({ exclude: [["#swagger"]] }, { resultTypes: ["violations"] })
  .then((found) => found.violations.filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => [one.id, one.nodes.length, one.nodes[0].html]))"""
OVER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PLAN = "/plan/320600-202009"
# A failure of each family: an address, a query, a format, a time limit, a parameter, a form.
WRONG = [
    "/nowhere",
    "/sparql?query=SELECT * { ?s foaf:name ?o }",
    "/sparql?query=ASK {}&format=docx",
    "/sparql?timeout=0.1&query=SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?g) }",
    "/validation?page=x",
    "/query/issues-closed-by-date?region=4",
]
EXAMPLE = [
    "/",
    "/plan/",
    PLAN,
    f"{PLAN}/issue/1",
    "/supervision/320600-202009",
    "/region/320600",
    "/region/320000",
    "/organization/x-hostile",
    "/document/00112233445566aa",
    "/document/00112233445566aa?fact=plan/320600-202009/issue/1",
    "/report?fact=plan/320600-202009/issue/1",
    "/concept/indicator-sewage-collection-rate",
    "/concept/topic-water",
    "/query/",
    "/query/issues-closed-by-date",
    "/search?q=污水",
    "/sparql",
    "/dumps/",
    "/about",
    "/docs",
    "/ontology",
    *WRONG,
]


@pytest.fixture(scope="module", autouse=True)
def editor_files() -> None:
    install()
    assert installed()


class Reader:
    """A tab that remembers complaints of the console and requests to others."""

    def __init__(self, browser: Browser, url: str, language: str) -> None:
        self.complaints: list[str] = []
        # Each width and each scheme in each language; all four in one language would find nothing more.
        self.readings = ((1440, "light"), (390, "dark")) if language == "zh" else ((1440, "dark"), (390, "light"))
        self.context = browser.new_context(base_url=url)
        self.context.add_cookies([{"name": "lang", "value": language, "url": url}])
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type in {"error", "warning"} else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "request", lambda r: None if r.url.startswith((url, "data:", "blob:")) else self.complaints.append(r.url)
        )

    def faults(self, path: str) -> Iterator[tuple[object, ...]]:
        """What is wrong with a page, at each width and in each scheme."""
        self.complaints.clear()
        self.page.goto(path)
        if path.startswith(("/sparql", "/docs")):
            self.page.wait_for_load_state("networkidle")
        missing = [one for one in self.complaints if path in WRONG and "the server responded with" in one]
        yield from ((path, one) for one in self.complaints if one not in missing)
        self.page.evaluate(AXE)
        for width, scheme in self.readings:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.emulate_media(color_scheme=scheme)
            if over := self.page.evaluate(OVER):
                yield path, width, "over", over
            yield from ((path, width, scheme, *one) for one in self.page.evaluate(RUN))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_kind_of_page_is_fit_for_every_reader(browser, server, language):
    reader = Reader(browser, server.url, language)
    target = reader.context.request.get(PLAN).text().partition(f'href="{PLAN}/target/')[2].partition('"')[0]
    faults = [fault for path in [*EXAMPLE, f"{PLAN}/target/{target}"] for fault in reader.faults(path)]
    reader.context.close()
    assert faults == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_of_findings_are_fit_for_every_reader(browser, found, language):
    rows = found.get("/validation.json").json()
    keys = [next(row["id"] for row in rows if row["state"] == state) for state in ("published", "left-out")]
    reader = Reader(browser, found.url, language)
    paths = ["/", "/validation", "/validation?severity=info&page=1", *(f"/finding/{key}" for key in keys)]
    faults = [fault for path in paths for fault in reader.faults(path)]
    reader.context.close()
    assert faults == []


@pytest.mark.parametrize(
    ("theme", "screen", "dark"), [("dark", "light", True), ("light", "dark", False), ("auto", "dark", True)]
)
def test_the_colours_chosen_win_over_the_screen_and_are_kept(browser, server, theme, screen, dark):
    context = browser.new_context(base_url=server.url, color_scheme=screen)
    page = context.new_page()
    page.goto("/about?lang=en")
    page.get_by_role("link", name={"auto": "as the system"}.get(theme, theme)).click()
    page.goto(PLAN)
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    brightness = sum(map(int, paper.removeprefix("rgb(").rstrip(")").split(",")))
    assert (brightness < 200) == dark
    page.goto("/docs")
    page.locator("#swagger .opblock").first.wait_for()
    ink = page.evaluate("getComputedStyle(document.querySelector('#swagger .opblock-summary-path')).color")
    assert (sum(map(int, ink.removeprefix("rgb(").rstrip(")").split(","))) > 400) == dark
    context.close()


def test_the_keyboard_reaches_the_text_and_the_triples_of_a_fact(browser, server):
    context = browser.new_context(base_url=server.url)
    page = context.new_page()
    page.goto("/document/00112233445566aa?lang=en")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.get_by_role("link", name="Skip to the facts").focus()
    page.keyboard.press("Enter")
    page.locator("#facts a[data-fact$='issue/1']").focus()
    page.keyboard.press("Enter")
    triples = page.locator("#triples")
    triples.get_by_text("page of the node").wait_for()
    assert "部分污水管网雨污混接" in triples.inner_text()
    place = triples.locator("a.place").first
    begin = place.get_attribute("href").removeprefix("#c")
    place.focus()
    page.keyboard.press("Enter")
    assert "lit" in page.locator(f"#c{begin}").get_attribute("class")
    context.close()


def test_without_a_script_a_fact_still_shows_its_triples(browser, server):
    context = browser.new_context(base_url=server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/document/00112233445566aa?lang=en")
    page.locator("#facts a[data-fact$='issue/1']").click()
    assert "page of the node" in page.locator("#triples").inner_text()
    assert page.locator("#text mark.pinned").count() > 0
    context.close()


def test_the_entry_of_a_wrong_fact_is_copied(browser, server):
    context = browser.new_context(base_url=server.url, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{PLAN}/issue/1?lang=en")
    page.get_by_role("link", name="Report an error").first.click()
    page.get_by_role("button", name="Copy").first.click()
    page.get_by_text("Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert 'action = "reject"' in copied
    assert copied.strip() == page.locator("pre").first.inner_text().strip()
    context.close()
