"""The query editor in a real browser, on a real server: written, completed, run, stopped, shared, led to a sentence."""

import json
import re
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from service.editor import installed
from service.install_editor import install
from service.snippets import snippets

pytestmark = pytest.mark.slow
DU = "PREFIX du: <https://w3id.org/ducha/ontology#>\n"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture(scope="module", autouse=True)
def editor_files() -> None:
    install()
    assert installed()


class Desk:
    """The editor in a tab that remembers every complaint, and refuses to talk to anyone but the server under test."""

    def __init__(self, browser: Browser, url: str, width: int = 1440, **options: object) -> None:
        self.complaints: list[str] = []
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": 900},
            base_url=url,
            **options,  # type: ignore[arg-type]
        )
        self.url = url
        self.page: Page = self.tab()

    def tab(self) -> Page:
        page = self.context.new_page()
        page.on("console", lambda m: self.complaints.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (self.complaints.append(dialog.message), dialog.dismiss()))
        page.on(
            "request",
            lambda r: None if r.url.startswith((self.url, "data:", "blob:")) else self.complaints.append(r.url),
        )
        return page

    def open(self, query: str = "", language: str = "zh") -> Page:
        fragment = f"#{urlencode({'query': query})}" if query else ""
        self.page.goto("about:blank")
        self.page.goto(f"/sparql?lang={language}{fragment}")
        expect(self.page.locator(".CodeMirror")).to_be_visible()
        return self.page

    def refused(self) -> None:
        """Forgets that the browser tells of answers of an error status."""
        assert all("Failed to load resource" in complaint for complaint in self.complaints), self.complaints
        self.complaints.clear()


def text_of(page: Page) -> str:
    return str(page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()"))


def clear(page: Page) -> None:
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")


def run(page: Page) -> None:
    page.locator("#run").click()


@pytest.fixture(params=[1440, 390], ids=["wide", "narrow"])
def desk(request, browser, server) -> Iterator[Desk]:
    one = Desk(browser, server.url, request.param)
    yield one
    assert one.complaints == []
    one.context.close()


@pytest.fixture
def one_desk(browser, server) -> Iterator[Desk]:
    one = Desk(browser, server.url)
    yield one
    assert one.complaints == []
    one.context.close()


def test_a_query_is_written_completed_run_shared_and_leads_to_the_sentence_of_a_number(desk):
    page = desk.open()
    clear(page)
    page.keyboard.type("SELECT ?target ?value ?evidence WHERE { ?target 数值")
    first = page.get_by_role("listbox").get_by_role("option").first
    expect(first).to_contain_text("du:value")
    expect(first).to_contain_text("数值")
    page.keyboard.press("Enter")
    page.keyboard.type(" ?value ; 整改时限")
    expect(first).to_contain_text("du:due")
    expect(first).to_contain_text("原文所写期限的最后一天")
    page.keyboard.press("Enter")
    page.keyboard.type(" ?due ; du:evidence ?evidence }")
    page.keyboard.press("Escape")
    written = text_of(page)
    assert (
        written
        == f"{DU}SELECT ?target ?value ?evidence WHERE {{ ?target du:value ?value ; du:due ?due ; du:evidence ?evidence }}"
    )

    # A query that nobody has asked, so that it is evaluated.
    page.evaluate(
        "{ const cm = document.querySelector('.CodeMirror').CodeMirror; cm.setValue(cm.getValue() + '\\n# ' + innerWidth) }"
    )
    written = text_of(page)
    page.keyboard.press("Control+Enter")
    row = page.locator("#answer tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("85")
    expect(row.get_by_role("link", name="污水集中收集率 ≥ 85%")).to_have_attribute(
        "href", "/plan/320600-202009/target/9a8b7c6d"
    )
    expect(page.locator("#status")).to_contain_text(re.compile(r"1 行 · 查询 [\d,]+ 毫秒 · 排队 [\d,]+ 毫秒"))

    page.locator("#share").click()
    link = page.locator("#link").input_value()
    other = desk.tab()
    other.goto(link)
    expect(other.locator(".CodeMirror")).to_be_visible()
    assert text_of(other) == written
    other.reload()
    assert text_of(other) == written
    run(other)
    evidence = other.locator("#answer").get_by_role("link", name="原文 260–290")
    expect(evidence).to_have_attribute("title", re.compile("污水集中收集率达到85%以上"))
    evidence.click()
    expect(other).to_have_url(re.compile(r"/document/00112233445566aa#c260$"))
    expect(other.locator("#c260")).to_be_in_viewport()
    expect(other.locator("#c260")).to_contain_text("2021年底前")


ANDROID = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    "device", [{}, {"is_mobile": True, "has_touch": True, "user_agent": ANDROID}], ids=["desk", "phone"]
)
def test_an_input_method_is_left_alone_until_its_word_stands(browser, server, device):
    desk = Desk(browser, server.url, 390, **device)
    page = desk.open()
    clear(page)
    page.keyboard.type("SELECT * { ?s ")
    method = desk.context.new_cdp_session(page)
    method.send("Input.imeSetComposition", {"text": "zheng", "selectionStart": 5, "selectionEnd": 5})
    page.wait_for_timeout(200)
    assert page.get_by_role("listbox").count() == 0
    method.send("Input.insertText", {"text": "整改时限"})
    page.get_by_role("option", name="du:due").click()
    assert text_of(page) == f"{DU}SELECT * {{ ?s du:due"
    assert desk.complaints == []
    desk.context.close()


def test_a_running_query_is_timed_and_stopped_and_its_worker_freed(one_desk, server):
    page = one_desk.open(ENDLESS)
    run(page)
    expect(page.locator("#timer")).to_contain_text(re.compile(r"^[1-9]\.\d 秒$"), timeout=4000)
    assert server.metric("ducha_workers_busy") == 1
    page.get_by_role("button", name="停止").click()
    expect(page.locator("#status")).to_contain_text("已停止")
    expect(page.locator("#run")).to_be_visible()
    assert page.locator("#answer").inner_text() == ""
    for _ in range(100):
        if server.metric("ducha_workers_busy") == 0 and server.metric("ducha_workers") == 2:
            break
        time.sleep(0.05)
    assert server.metric("ducha_workers_busy") == 0
    page.evaluate("document.querySelector('.CodeMirror').CodeMirror.setValue('ASK {}')")
    run(page)
    expect(page.locator("#answer")).to_have_text("是")


def test_what_was_written_since_the_last_run_survives_a_reload(one_desk):
    page = one_desk.open("ASK {}")
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" # 未完")
    page.reload()
    assert text_of(page) == "ASK {} # 未完"


def test_hostile_values_names_and_variables_are_texts(one_desk):
    attack = "<img src=x onerror=alert(1)>"
    query = f"""SELECT ?x ?constructor ?__proto__ ?label {{
      {{ VALUES ?x {{ "{attack}" "{attack}"@zh <javascript:alert(2)> <data:text/html,{attack[1:-1].replace(" ", "%20")}>
                     <https://w3id.org/ducha//elsewhere.example/> <organization/x-hostile> }} }}
      OPTIONAL {{ ?x rdfs:label ?label }} }}"""
    query = f"PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n# {attack}\n{query}"
    page = one_desk.open(query)
    run(page)
    rows = page.locator("#answer tbody tr")
    expect(rows).to_have_count(6)
    expect(rows.nth(0).locator("td")).to_have_text([attack, "", "", ""])
    expect(page.locator("#answer")).to_contain_text("<script>alert('x')</script>")
    assert page.locator("#answer thead th").all_inner_texts() == ["x", "constructor", "__proto__", "label"]
    page.wait_for_load_state("networkidle")
    assert page.locator("#answer img, #answer script, #source img").count() == 0
    links = page.locator("#answer tbody a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert links == ["/%2Felsewhere.example/", "/organization/x-hostile"]
    for address in ("javascript:alert(2)", "data:text/html"):
        expect(page.locator("#answer tbody span.iri", has_text=address)).to_have_count(1)


def test_a_fault_is_named_in_the_readers_language_and_marked_where_it_stands(one_desk):
    page = one_desk.open('SELECT * WHERE {\n  ?𠀀 ?p "督𠀀察" . ?s ?? ?o }')
    run(page)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("查询有语法错误")
    place = alert.get_by_role("button")
    expect(place).to_have_text(re.compile(r"第 2 行第 \d+ 列"))
    marked = page.locator(".fault-mark")
    expect(marked).to_have_count(1)
    column = int(re.findall(r"\d+", place.inner_text())[1])
    line = '  ?𠀀 ?p "督𠀀察" . ?s ?? ?o }'
    assert line[column - 1 :].startswith(marked.inner_text())
    place.click()
    page.keyboard.press("Delete")
    expect(marked).to_have_count(0)
    one_desk.refused()


def test_what_the_service_says_is_in_the_language_of_the_page_not_of_the_browser(browser, server):
    desk = Desk(browser, server.url, locale="zh-CN")
    unbound = "SELECT * WHERE { ?s foaf:name ?o }"
    page = desk.open(unbound, "en")
    run(page)
    expect(page.get_by_role("alert")).to_contain_text("the prefix foaf: is not declared; declare it: PREFIX foaf:")
    other = desk.tab()
    other.goto("/about?lang=zh")  # another tab chooses, this page stays as it is
    run(page)
    expect(page.get_by_role("alert")).to_contain_text("the prefix foaf: is not declared")
    page = desk.open(unbound, "zh")
    run(page)
    expect(page.get_by_role("alert")).to_contain_text(
        "查询第 1 行第 21 列：无法解析：前缀 foaf: 没有声明；请声明：PREFIX foaf:"
    )
    desk.refused()
    desk.context.close()


def test_no_rows_are_explained_in_place(one_desk):
    page = one_desk.open(f'{DU}SELECT * {{ ?s a du:Target ; du:indicatorText "没有这个" }}', "en")
    run(page)
    page.get_by_role("button", name="Why are there no rows?").click()
    why = page.locator(".why")
    expect(why).to_contain_text("These pieces match nothing in the graph by themselves")
    expect(why.locator("pre")).to_contain_text("没有这个")
    why.get_by_role("button").first.click()
    assert page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getCursor().line") == 1


def test_an_answer_that_breaks_off_is_no_table(browser, tmp_path, launch_with):
    few = 'FILTER(STRSTARTS(SHA1(CONCAT(STR(?a), STR(?d), STR(?g))), "00"))'
    slow = f"SELECT ?a {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i {few} }}"
    with launch_with(tmp_path, timeout=5, held_bytes=2000) as short:
        desk = Desk(browser, short.url)
        page = desk.open(slow)
        run(page)
        expect(page.get_by_role("alert")).to_contain_text("答案在中途断开，不完整，因此不显示", timeout=15_000)
        assert page.locator("#answer table").count() == 0
        desk.complaints.clear()  # the browser's own words on the connection
        page.evaluate("query => document.querySelector('.CodeMirror').CodeMirror.setValue(query)", ENDLESS)
        run(page)
        expect(page.get_by_role("alert")).to_contain_text("查询超过了时限", timeout=15_000)
        expect(page.get_by_role("alert")).to_contain_text("timeout=5")
        desk.refused()
        desk.context.close()


def test_a_template_is_filled_by_label_and_the_keyboard_leaves_the_editor(one_desk):
    page = one_desk.open("ASK {}")
    page.get_by_role("button", name="一地的问题与整改时限").click()
    expect(page.locator(".slot")).to_have_text("<region/320600>")
    page.keyboard.type("江苏")
    expect(page.get_by_role("option").first).to_contain_text("<region/320000>")
    page.keyboard.press("Enter")
    expect(page.locator(".slot")).to_have_text("<region/320000>")
    page.keyboard.press("Tab")
    expect(page.locator("#run")).to_be_focused()
    page.locator(".CodeMirror").click()
    for _ in range(4):
        page.keyboard.press("Control+Z")
    assert text_of(page) == "ASK {}"


def test_a_named_query_is_found_and_opened(one_desk):
    page = one_desk.open(language="en")
    page.locator("#examples summary").click()
    page.locator("#find").fill("进驻 calendar")
    shown = page.locator("#examples li:visible a")
    expect(shown).to_have_count(1)
    shown.click()
    expect(page.locator("#status")).to_contain_text("Ctrl-Z brings it back")
    assert "du:Supervision" in text_of(page)
    run(page)
    expect(page.locator("#answer tbody tr").first).to_contain_text("2020-09-03")


def test_a_graph_is_shown_as_turtle_and_a_table_is_sorted_and_saved(one_desk):
    page = one_desk.open("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 3", "en")
    run(page)
    expect(page.locator("#status")).to_contain_text("3 triples")
    expect(page.locator("#answer pre")).to_contain_text("<https://w3id.org/ducha/")
    query = "SELECT ?n ?w { VALUES (?n ?w) { (10 '长沙市') (9 '北京市') (UNDEF '重庆市') } }"
    page.evaluate("query => document.querySelector('.CodeMirror').CodeMirror.setValue(query)", query)
    run(page)
    page.get_by_role("button", name="n", exact=True).click()
    cells = page.locator("#answer td:first-child")
    assert cells.all_inner_texts() == ["9", "10", ""]
    page.get_by_role("button", name="n", exact=True).click()
    assert cells.all_inner_texts() == ["10", "9", ""]
    expect(page.locator("#answer th").first).to_have_attribute("aria-sort", "descending")
    with page.expect_download() as saved:
        page.get_by_role("link", name="CSV").click()
    assert saved.value.suggested_filename.endswith(".csv")
    assert saved.value.path().read_text("utf-8").splitlines()[:2] == ["n,w", "10,长沙市"]


def test_every_template_runs_as_it_is_and_has_rows(server):
    for language in ("zh", "en"):
        templates = server.get(f"/editor/queries.json?lang={language}").json()["templates"]
        assert templates.keys() == {one.name for one in snippets()}
        for name, pieces in templates.items():
            text = "".join(piece if isinstance(piece, str) else piece["text"] for piece in pieces)
            answer = server.query(text)
            assert answer.status_code == 200, (name, answer.text)
            assert int(answer.headers["Ducha-Rows"]) > 0, name


def test_the_named_queries_are_there_as_they_run(server):
    queries = server.get("/editor/queries.json").json()["queries"]
    for name in ("visit-calendar", "targets-by-indicator"):
        wanted = server.get(f"/query/{name}.json").json()
        assert server.query(queries[name], "application/json").json() == wanted


def test_terms_have_both_labels_and_are_kept_until_they_change(server):
    page = server.get("/sparql", headers={"Accept": "text/html"}).text
    address = re.findall(r'data-terms="([^"]+)"', page)[0].replace("&amp;", "&")
    answer = server.get(address)
    assert "immutable" in answer.headers["Cache-Control"]
    assert server.get(address.replace("v=", "v=0")).headers["Cache-Control"] == "no-cache"
    told = json.loads(answer.text)
    terms = {term["name"]: term for term in told["terms"]}
    assert told["prefixes"]["du"] == "https://w3id.org/ducha/ontology#"
    assert (terms["du:due"]["zh"], terms["du:due"]["en"]) == ("截止日期", "due")
    assert "整改时限" in terms["du:due"]["also"]
    assert terms["du:Issue"]["kind"] == "class"
    assert terms["duc:indicator-sewage-collection-rate"]["kind"] == "concept"
    assert (terms["<region/320600>"]["zh"], terms["<region/320600>"]["kind"]) == ("南通市", "region")
    assert terms["rdfs:label"]["zh"] == "名称"
    assert all(term.get("zh") and term.get("en") for term in told["terms"] if term["kind"] != "region")


def test_without_scripts_the_plain_form_answers(browser, server):
    desk = Desk(browser, server.url, java_script_enabled=False)
    desk.page.goto("/sparql?lang=en")
    expect(desk.page.locator("#editor")).to_be_hidden()
    desk.page.locator("#plain").fill("SELECT (1 + 1 AS ?two) {}")
    desk.page.locator("#plainform select").select_option("xml")
    desk.page.get_by_role("button", name="Run").click()
    expect(desk.page.locator("body, sparql").first).to_contain_text("2")
    desk.context.close()
