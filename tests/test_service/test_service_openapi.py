"""The OpenAPI document says what the service does: schemathesis asks all it allows, and more, of a real server."""

import os
import re
import subprocess
import sysconfig
from pathlib import Path

import httpx
import pytest

FOLDER = Path(__file__).parent / "openapi"


@pytest.fixture(scope="module")
def described(cities):
    return cities.get("/openapi.json").json()


@pytest.mark.slow
def test_schemathesis_finds_no_server_error_and_no_undeclared_answer(cities, tmp_path):
    """Statuses, media types, headers and JSON are as declared; 5xx is a deadline or a full queue at /sparql, or a fault."""
    program = Path(sysconfig.get_path("scripts"), "schemathesis")
    done = subprocess.run(
        [program, "--config-file", FOLDER / "schemathesis.toml", "run", f"{cities.url}/openapi.json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(FOLDER)},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-20_000:]
    tested, passed = map(int, re.search(r"(\d+) generated, (\d+) passed", done.stdout).groups())
    assert tested == passed > 1000
    assert re.search(r"Selected: (\d+)/\1\s+Tested: \1\s", done.stdout), done.stdout


def test_every_address_declares_its_answers_and_the_problem_document(described):
    operations = {f"{m} {path}": one for path, item in described["paths"].items() for m, one in item.items()}
    assert {"get /sparql", "post /sparql", "get /query/days-to-feedback", "get /healthz"} <= operations.keys()
    for name, operation in operations.items():
        if "303" in operation["responses"]:
            assert "Location" in operation["responses"]["303"]["headers"], name
        else:
            assert operation["responses"]["200"]["content"], name
            assert "Ducha-Version" in operation["responses"]["200"]["headers"], name
        for status in ("500", "502", "503"):
            assert "application/problem+json" in operation["responses"][status]["content"], name
        assert all(parameter["description"] for parameter in operation["parameters"])
        assert "422" not in operation["responses"], name


def test_the_ways_to_send_a_query_are_declared_as_they_are(described, cities):
    body = described["paths"]["/sparql"]["post"]["requestBody"]["content"]
    form, direct = body["application/x-www-form-urlencoded"]["schema"], body["application/sparql-query"]["schema"]
    query = form["properties"]["query"]["examples"][0]
    assert direct["examples"] == [query]
    for options in (
        {"data": {"query": query}},
        {"content": query, "headers": {"Content-Type": "application/sparql-query"}},
    ):
        for name in form["properties"]["format"]["enum"][:4]:
            answer = httpx.post(f"{cities.url}/sparql", params={"format": name}, timeout=20, **options)
            assert answer.status_code == 200
            declared = described["paths"]["/sparql"]["post"]["responses"]["200"]["content"]
            assert answer.headers["content-type"].partition(";")[0] in declared
            assert "武汉市" in answer.text


def test_the_examples_of_the_document_are_answered(described, cities):
    asked = 0
    for path, item in described["paths"].items():
        given = {p["name"]: str(p["example"]) for p in item["get"]["parameters"] if "example" in p}
        inside = {p["name"] for p in item["get"]["parameters"] if p["in"] == "path"}
        if inside - given.keys() or path == "/finding/{name}":
            continue
        address = path.format(**{name: given[name] for name in inside})
        answer = cities.get(address, params={name: text for name, text in given.items() if name not in inside})
        assert answer.status_code == 200, address
        asked += 1
    assert asked > 40


def test_filters_of_findings_are_declared_and_refused_as_declared(described, cities):
    for path in ("/validation", "/validation.csv", "/validation.json"):
        enums = {
            p["name"]: p["schema"]["enum"]
            for p in described["paths"][path]["get"]["parameters"]
            if "enum" in p["schema"]
        }
        assert {"severity", "judgement", "state", "sort"} <= enums.keys()
        for name, values in enums.items():
            for value in values:
                status = cities.get(path, params={name: value}).status_code
                assert status == 200 or name == "change", (path, name, value)
            if name != "lang":
                assert cities.get(path, params={name: "nonsense"}).status_code == 400
