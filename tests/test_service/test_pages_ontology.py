"""The ontology's page in a real browser: the filter, the picture, and the page as files without a server."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.slow
FITS = """() => [...document.querySelectorAll(".diagram .class")].flatMap((box) => {
  const frame = box.querySelector("rect").getBBox();
  return [...box.querySelectorAll("text")]
    .filter((text) => { const at = text.getBBox();
      return at.x < frame.x || at.y < frame.y - 1 || at.x + at.width > frame.x + frame.width
        || at.y + at.height > frame.y + frame.height + 1; })
    .map((text) => text.textContent);
})"""


@pytest.fixture(scope="module")
def site(out: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `ducha ontology` writes."""
    folder = tmp_path_factory.mktemp("site") / "new" / "folder"
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "ontology", "--to", folder, "--out", out]
    run = subprocess.run(command, capture_output=True, encoding="utf-8", check=True, timeout=60)
    assert sorted(run.stdout.split()) == sorted(str(path) for path in folder.iterdir())
    return folder


class Tab:
    """A tab that remembers what failed: messages on the console, and requests without an answer."""

    def __init__(self, browser: Browser, **options: object) -> None:
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.context = browser.new_context(**options)  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type in {"error", "warning"} else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", lambda request: self.complaints.append(request.url))
        self.page.on("request", lambda request: self.requests.append(request.url))


@pytest.fixture
def tab(browser) -> Iterator[Tab]:
    one = Tab(browser, viewport={"width": 1440, "height": 900})
    yield one
    assert one.complaints == []
    one.context.close()


def test_the_filter_leaves_what_matches_and_an_anchor_brings_back_the_rest(tab, server):
    page = tab.page
    page.goto(f"{server.url}/ontology?lang=en")
    page.locator("#filter").fill("responsib party")
    expect(page.locator("#JointResponsibilityIssue")).to_be_visible()
    expect(page.locator("#Document")).to_be_hidden()
    expect(page.locator("#concepts")).to_be_hidden()
    expect(page.locator("#filter-count")).to_contain_text("/")
    page.locator("#filter").fill("党政同责")
    expect(page.locator("#classes article:visible")).to_have_count(1)
    page.evaluate("location.hash = '#Document'")
    expect(page.locator("#Document")).to_be_in_viewport()
    expect(page.locator("#filter")).to_have_value("")


def test_the_page_is_complete_without_a_script(browser, server):
    tab = Tab(browser, java_script_enabled=False)
    tab.page.goto(f"{server.url}/ontology?lang=zh")
    expect(tab.page.locator("#filter")).to_be_hidden()
    assert tab.page.locator("#classes article:visible").count() == tab.page.locator("#classes article").count() > 30
    expect(tab.page.locator("svg.diagram")).to_be_visible()
    tab.context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_picture_is_legible_and_scrolls_in_its_frame(tab, server, language, width):
    page = tab.page
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{server.url}/ontology?lang={language}")
    assert page.evaluate(FITS) == []
    frame = page.locator("#diagram .box")
    scrolls = frame.evaluate("node => node.scrollWidth > node.clientWidth")
    assert scrolls == (width == 390)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    sizes = page.evaluate("""() => [...document.querySelectorAll(".diagram text")].map(
        (text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a)""")
    assert min(sizes) >= 11


def test_a_name_in_the_picture_leads_to_its_term(tab, server):
    tab.page.goto(f"{server.url}/ontology?lang=en")
    tab.page.locator(".diagram a[href$='#Supervision']").click()
    expect(tab.page.locator("#Supervision")).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_picture_alone_follows_the_screen(browser, server, scheme):
    tab = Tab(browser, color_scheme=scheme)
    tab.page.goto(f"{server.url}/ontology/diagram.svg")
    script = "getComputedStyle(document.querySelector('{}')).{}"
    paper, ink = (
        sum(int(part) for part in tab.page.evaluate(script.format(*what)).removeprefix("rgb(").rstrip(")").split(","))
        for what in (("rect", "fill"), ("text.prop", "fill"))
    )
    assert (paper > ink + 300) if scheme == "light" else (ink > paper + 300)
    tab.context.close()


@pytest.mark.parametrize("name", ["index.html", "index.en.html"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_files_open_without_a_server_or_a_network(tab, site, name, width):
    page = tab.page
    page.set_viewport_size({"width": width, "height": 900})
    page.goto((site / name).as_uri())
    page.wait_for_load_state("networkidle")
    assert all(url.startswith(site.as_uri()) for url in tab.requests)
    assert {url.rpartition("/")[2] for url in tab.requests} >= {"ducha.css", "diagram.css", "ontology.js"}
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.locator("#filter").fill("du:issue")
    expect(page.locator("#Issue")).to_be_visible()
    expect(page.locator("#Round")).to_be_hidden()
    other = {"index.html": "index.en.html", "index.en.html": "index.html"}[name]
    page.locator(".switch").click()
    expect(page).to_have_url((site / other).as_uri())
