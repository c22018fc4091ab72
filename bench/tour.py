"""Five things a new user does first, in a real browser: the clicks, the signs typed and the seconds each takes.

    python bench/tour.py OUT [--language en|zh] [--pictures DIR]

OUT is a folder that `ducha build` published into. Each task begins on the home page of a browser that has seen nothing, and
ends when what was wanted is there; what came is printed. Seconds are those of the pages: a person reads and thinks beside.
"""

import argparse
import csv
import io
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

DUCHA = (sys.executable, "-c", "from pipeline.cli import main; main()")
CHROMIUM = next((path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), None)
WORDS = {
    "en": {
        "queries": "Queries",
        "strictest": "The strictest target per indicator and year",
        "deadlines": "Every deadline, with its sentence",
        "water": "share of good surface water",
        "run": "Run",
        "cite": "Cite",
        "copy": "Copy",
        "report": "Report an error",
        "places": "Browse by place",
    },
    "zh": {
        "queries": "查询",
        "strictest": "每个指标、每年最严的目标",
        "deadlines": "整改时限一览",
        "water": "地表水优良水体比例",
        "run": "执行",
        "cite": "引用",
        "copy": "复制",
        "report": "报告错误",
        "places": "按地区浏览",
    },
}
PROVINCE = "湖北省"


class Person:
    """Clicks and types in one tab, and counts it."""

    def __init__(self, page: Page, words: dict[str, str]) -> None:
        self.page, self.words, self.clicks, self.typed = page, words, 0, 0

    def click(self, target: Locator) -> None:
        self.clicks += 1
        target.click()

    def link(self, name: str) -> None:
        self.click(self.page.get_by_role("link", name=self.words[name]).first)

    def button(self, name: str) -> None:
        self.click(self.page.get_by_role("button", name=self.words[name]).first)

    def type(self, target: Locator, text: str) -> None:
        self.typed += len(text)
        target.fill(text)

    def cell(self, row: Locator, column: str) -> Locator:
        """The cell of a table's row under the column of this name."""
        names = self.page.locator("table.data thead th code").all_inner_texts()
        return row.locator("td, th").nth(names.index(column))


def strictest(person: Person) -> str:
    """Find which city promises the strictest water target."""
    person.link("queries")
    person.link("strictest")
    row = person.page.locator("table.data tbody tr").filter(has_text=person.words["water"]).first
    told = [person.cell(row, name).inner_text() for name in ("city", "strictest", "unit", "due_year")]
    return " ".join(told)


def sentence(person: Person) -> str:
    """Show its sentence."""
    row = person.page.locator("table.data tbody tr").filter(has_text=person.words["water"]).first
    quoted = person.cell(row, "quote").inner_text()
    person.click(person.cell(row, "evidence").get_by_role("link"))
    marked = person.page.locator(person.page.url[person.page.url.index("#") :])
    marked.wait_for()
    assert quoted.startswith(marked.inner_text()[:20])
    return quoted


def deadlines(person: Person) -> str:
    """Get all deadlines of one province into a spreadsheet."""
    person.link("queries")
    person.link("deadlines")
    person.type(person.page.locator("[name=region]"), PROVINCE)
    person.button("run")
    person.page.wait_for_url("**region=**")
    shown = int(re.findall(r"\d+", person.page.locator(".meta").filter(has_text="CSV").inner_text())[0])
    with person.page.expect_download() as download:
        person.click(person.page.get_by_role("link", name="CSV").first)
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"))))
    assert len(rows) == shown
    return f"{download.value.suggested_filename}, {len(rows)} rows, {sum(bool(row['due']) for row in rows)} with a date"


def cite(person: Person) -> str:
    """Cite a query."""
    person.link("queries")
    person.link("strictest")
    person.button("cite")
    person.button("copy")
    return person.page.evaluate("navigator.clipboard.readText()").splitlines()[0]


def report(person: Person) -> str:
    """Report a wrong fact."""
    person.link("places")
    person.click(person.page.locator("main a[href^='/plan/']").first)
    person.link("report")
    with person.page.expect_download() as download:
        person.click(person.page.locator("a[download]").first)
    return (
        f"{download.value.suggested_filename}: {len(Path(download.value.path()).read_text('utf-8').splitlines())} lines"
    )


TASKS: tuple[tuple[Callable[[Person], str], ...], ...] = ((strictest, sentence), (deadlines,), (cite,), (report,))


@contextmanager
def serving(out: Path) -> Iterator[str]:
    """The address of a server that has read ahead."""
    process = subprocess.Popen([*DUCHA, "serve", "--out", str(out), "--port", "0"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    address = process.stdout.readline().split(" at ")[1].strip().rstrip("/")
    try:
        time.sleep(5)
        yield address
    finally:
        process.terminate()
        process.wait()


def do(browser: Browser, address: str, language: str, pictures: Path | None) -> None:
    for tasks in TASKS:
        context = browser.new_context(
            base_url=address, viewport={"width": 1440, "height": 900}, permissions=["clipboard-read", "clipboard-write"]
        )
        page = context.new_page()
        page.goto(f"/?lang={language}")
        person = Person(page, WORDS[language])
        for task in tasks:
            person.clicks = person.typed = 0
            begun = time.perf_counter()
            came = task(person)
            seconds = time.perf_counter() - begun
            print(
                f"{task.__doc__:58}{person.clicks:4} clicks{person.typed:4} signs{seconds:6.1f} s   {came}", flush=True
            )
            if pictures:
                page.screenshot(path=pictures / f"{task.__name__}-{language}.png")
        context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("out", type=Path)
    parser.add_argument("--language", choices=sorted(WORDS), default="en")
    parser.add_argument("--pictures", type=Path)
    options = parser.parse_args()
    with serving(options.out) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        do(browser, address, options.language, options.pictures)
        browser.close()


if __name__ == "__main__":
    main()
