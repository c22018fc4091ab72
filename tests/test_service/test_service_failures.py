"""What the service refuses or fails at is said in Chinese and in English: no text without the other, no value lost, and
each reader gets the language that was asked for."""

import ast
import copy
import importlib
import re
import socket
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

import service
from pipeline.errors import QueryError, Wording
from service.failures import chinese, said, told
from service.messages import message
from service.problems import ProblemError

HERE = Path(service.__file__).parent
# Said on the command line alone, to who installs and starts the service.
COMMANDS = {"install_editor", "serve", "settings", "site"}
# What the pipeline says to the service's clients: functions by module.
SHARED = {
    "pipeline.query": {"term", "substitutions"},
    "pipeline.search.find": {"opened", "asked", "region"},
    "pipeline.validation.browse": {"opened", "resolved", "_name", "_known"},
    "pipeline.curation.decide": {"drafts", "_of_finding"},
    "pipeline.snapshot": {"text", "open_snapshot"},
}
# Subjects that are names: of parameters, of a property, of an address.
NAMES = {"q", "page", "timeout", "fact", "change", "update", "duf:search", "/ontology"}
HAN = re.compile(r"[\u4e00-\u9fff]")


def functions() -> Iterator[tuple[str, ast.AST]]:
    """Every piece of code whose failures a client may read, with the module it is in."""
    for path in sorted(HERE.rglob("*.py")):
        if path.stem not in COMMANDS:
            tree = ast.parse(path.read_text("utf-8"))
            name = ".".join(("service", *path.relative_to(HERE).with_suffix("").parts))
            yield from (
                (name, node) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            )
    for name, wanted in SHARED.items():
        tree = ast.parse(Path(importlib.import_module(name).__file__ or "").read_text("utf-8"))
        found = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and one.name in wanted]
        assert {one.name for one in found} == wanted
        yield from ((name, one) for one in found)


def texts(module: str, function: ast.AST, node: ast.AST) -> Iterator[str]:
    """The texts that an argument may be; none for what was made elsewhere."""
    if isinstance(node, ast.Constant):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        raise AssertionError(f"{module}:{node.lineno} a text with values in it must be a Wording")
    elif isinstance(node, ast.IfExp):
        yield from texts(module, function, node.body)
        yield from texts(module, function, node.orelse)
    elif isinstance(node, ast.Name):
        values = [value for name, value in assigned(function) if name == node.id]
        for value in values:
            yield from texts(module, function, value)
        if not values and isinstance(held := getattr(importlib.import_module(module), node.id, None), str):
            yield held


def assigned(function: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value
                elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = zip(target.elts, node.value.elts, strict=True)
                    yield from ((one.id, value) for one, value in pairs if isinstance(one, ast.Name))


def raised() -> Iterator[tuple[str, str]]:
    """Every text of every failure, with the place in the code."""
    for module, function in functions():
        for node in ast.walk(function):
            if module == "service.syntax" and isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
                where = f"{module}:{node.lineno}"
                yield from ((where, text) for one in node.value.elts[1:] for text in texts(module, function, one))
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            where, made = f"{module}:{node.lineno}", node.func.id
            if made == "Wording" and isinstance(node.args[0], ast.Constant):
                yield where, node.args[0].value
            elif made == "_refusal" and module == "service.guard":
                yield from ((where, text) for one in node.args[2:4] for text in texts(module, function, one))
            elif made.endswith("Error") and len(node.args) >= 3:
                subject, problem, remedy = node.args[:3]
                yield from ((where, text) for one in (problem, remedy) for text in texts(module, function, one))
                if isinstance(subject, ast.Constant) and subject.value not in NAMES:
                    yield where, subject.value


def test_every_text_of_a_failure_has_its_chinese():
    found = list(raised())
    assert len({module for module, _ in found}) > 80
    assert [(where, text) for where, text in found if text not in chinese()] == []


def test_no_text_is_kept_that_nothing_says():
    code = [*HERE.rglob("*.py"), *(Path(importlib.import_module(name).__file__ or "") for name in SHARED)]
    nodes = (node for path in code for node in ast.walk(ast.parse(path.read_text("utf-8"))))
    constants = {node.value for node in nodes if isinstance(node, ast.Constant)}
    assert chinese().keys() - constants == set()


def test_both_texts_hold_the_same_values():
    for english, text in chinese().items():
        if english != "nothing is fetched; list the graphs by SELECT DISTINCT ?g { GRAPH ?g { } }":
            assert fields(english) == fields(text), english
        assert HAN.search(text) or english == "{why}", english


def fields(text: str) -> set[tuple[str, str, str]]:
    """The values of a pattern, with how they are written."""
    return {(name, form or "", how or "") for _, name, form, how in string.Formatter().parse(text) if name is not None}


def kinds(base: type[ProblemError]) -> set[type[ProblemError]]:
    return {base, *(one for below in base.__subclasses__() for one in kinds(below))}


def test_every_status_has_a_heading_in_both_languages():
    importlib.import_module("service.app")
    for kind in kinds(ProblemError):
        zh, en = (message(f"error.{kind.status}", language) for language in ("zh", "en"))
        assert HAN.search(zh) and not HAN.search(en)


def test_a_text_keeps_its_values_in_either_language_and_across_processes():
    braces = "{0} {why}"
    text = Wording("does not parse: {why}", why=Wording("{bracket} closes nothing", bracket=braces))
    error = copy.deepcopy(QueryError("query", text, "balance the brackets"))
    assert str(error) == f"query: does not parse: {braces} closes nothing; balance the brackets"
    assert told(error, "en") == str(error)
    assert told(error, "zh") == f"查询：无法解析：{braces} 没有对应的左括号；请使括号成对"
    assert said("what an engine says", "zh") == "what an engine says"


SPARQL = "/sparql?query="
REFUSED = [
    (f"{SPARQL}SELECT * {{ ?s ?p }}", 400, "syntax", "查询第 1 行第 18 列：无法解析：应为别的内容，而该处是 }"),
    (f"{SPARQL}SELECT * {{ ?s foaf:name ?o }}", 400, "syntax", "前缀 foaf: 没有声明；请声明：PREFIX foaf:"),
    (f"{SPARQL}SELECT * {{ {{ ?s ?p ?o }}", 400, "syntax", "{ 没有闭合；请使括号成对"),
    (f"{SPARQL}ASK {{ SERVICE <http://a/> {{}} }}", 400, "service", "这里不允许使用 SERVICE"),
    (f"{SPARQL}LOAD <http://a/>", 400, "update", "LOAD 是更新操作"),
    (f"{SPARQL}ASK FROM <http://a/> {{}}", 400, "graph", "图 <http://a/> 不在本数据集里"),
    (f"{SPARQL}ASK " + "{" * 200, 400, "nesting", "嵌套超过 100 层"),
    (f"{SPARQL}ASK {{}}&timeout=soon", 400, "request", "timeout：'soon' 不是时长"),
    (f"{SPARQL}ASK {{}}&format=docx", 406, "format", "结果：不能以所要求的格式给出"),
    ("/sparql?query=%20&format=csv", 400, "request", "查询：没有给出；请以参数 `query` 发送"),
    (
        "/query/issues-closed-by-date.csv?region=4",
        400,
        "request",
        "参数 region：'4' 不是 region 类型的值；请写区划代码",
    ),
    ("/query/issues-closed-by-date.csv?colour=red", 400, "request", "没有参数 'colour'；可用的参数："),
    ("/validation?page=0", 400, "request", "参数 page：'0' 不适用；请写不小于 1 的数"),
    ("/validation?page=x", 400, "request", "参数 page：'x' 不是整数"),
    ("/validation?sort=no", 400, "request", "参数 sort：'no' 不适用；请选用：'severity', 'rule', 'document'"),
    ("/search.json?q=" + "长" * 101, 400, "request", "参数 q：过长；请写不超过 100 个字符"),
    ("/search.json?q=", 400, "request", "q：没有词语"),
    ("/document/00112233445566aa/triples", 400, "request", "参数 fact：没有给出；请给出"),
    ("/report?fact=plan/none", 400, "request", "plan/none：在图里没有对应的内容"),
    ("/nowhere", 404, "missing", "/nowhere：这里没有；可在 /search 检索"),
    ("/static/nowhere", 404, "missing", "/static/nowhere：这里没有"),
    ("/q/none", 404, "missing", "不是引用地址"),
]


@pytest.mark.parametrize(("path", "status", "kind", "words"), REFUSED)
def test_a_problem_is_told_in_the_language_asked_for_and_english_otherwise(server, path, status, kind, words):
    zh, en, none = (
        server.get(path, headers={"Accept": "application/json", **asked})
        for asked in ({"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}, {"Accept-Language": "en"}, {})
    )
    for answer, tag in ((zh, "zh-CN"), (en, "en"), (none, "en")):
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["content-language"] == tag
        assert "Accept-Language" in answer.headers["vary"]
        assert answer.headers["cache-control"] == "no-store"
    told_zh, told_en, told_none = zh.json(), en.json(), none.json()
    assert words in told_zh["detail"]
    assert told_zh["detail"].endswith(told_zh["hint"])
    assert HAN.search(told_zh["hint"]) and HAN.search(told_zh["title"])
    assert told_zh["kind"] == kind
    assert told_none == told_en
    assert not HAN.search(told_en["title"] + told_en["hint"].replace("桂林市", ""))
    free = {"title", "detail", "hint"}
    assert {name: value for name, value in told_zh.items() if name not in free} == {
        name: value for name, value in told_en.items() if name not in free
    }


def test_a_wrong_method_and_body_are_told_in_both_languages(server, path="/about"):
    import httpx

    zh = {"Accept-Language": "zh"}
    method = httpx.post(server.url + path, headers=zh)
    assert (method.status_code, method.json()["kind"]) == (405, "method")
    assert "不支持此请求方法" in method.json()["detail"] and method.headers["allow"] == "GET, HEAD, OPTIONS"
    body = httpx.post(f"{server.url}/sparql", content=b"x", headers={**zh, "Content-Type": "text/plain"})
    assert body.status_code == 415 and "媒体类型为 'text/plain'" in body.json()["detail"]


def test_what_is_refused_before_the_framework_and_to_http_1_0_is_told_in_chinese_too(server):
    host, _, port = server.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), 20) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nAccept-Language: zh\r\n\r\n")
        answer = client.makefile("rb").read().decode()
    assert answer.startswith("HTTP/1.1 400 ") and "请求：有 2 个 Host 请求头；请只发送一个" in answer


def test_a_time_limit_is_told_in_chinese_and_the_parameter_outranks_the_header(server):
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?a != ?g) }"
    asked = {"query": slow, "timeout": "0.2", "lang": "zh"}
    answer = server.get("/sparql", params=asked, headers={"Accept-Language": "en", "Accept": "text/csv"})
    assert (answer.status_code, answer.json()["kind"]) == (504, "deadline")
    assert answer.json()["detail"] == "查询：超过时限 0.2 秒；请缩小范围，或用 LIMIT 分页"
    assert answer.headers["ducha-limit"] == "timeout=0.2"


@pytest.mark.slow
def test_a_reader_sees_failures_in_the_language_of_the_browser_and_of_the_switch(browser: Browser, server):
    context = browser.new_context(base_url=server.url, locale="zh-CN")
    page = context.new_page()
    page.goto("/nowhere")
    assert page.locator("h1").inner_text() == "没有找到 404"
    assert "这里没有" in page.get_by_role("alert").inner_text()
    page.goto("/query/issues-closed-by-date?region=4")
    assert "参数 region：'4' 不是 region 类型的值" in page.get_by_role("alert").inner_text()
    page.get_by_role("link", name="English").click()
    assert "parameter region: '4' is not of type region" in page.get_by_role("alert").inner_text()
    page.goto("/nowhere")  # the cookie keeps what was switched to
    assert "is not known here" in page.get_by_role("alert").inner_text()
    page.goto("/nowhere?lang=zh")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert "这里没有" in page.get_by_role("alert").inner_text()
    context.close()
