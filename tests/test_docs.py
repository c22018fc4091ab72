"""What the documentation promises: its answers are the answers, its links lead somewhere, every command is named."""

import re
import subprocess
from importlib.metadata import distributions
from pathlib import Path

import pyoxigraph as ox
import pytest

from pipeline.build import build
from pipeline.query import run

ROOT = Path(__file__).parent.parent
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
PAGES = [*READMES, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMANDS = ["build", "load", "facts", "check", "query", "explain", "review", "publish", "serve", "evaluate", "export"]
COMMANDS += ["ontology", "lint", "mutate"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> ox.Store:
    result = build([ROOT / "data" / "documents"], tmp_path_factory.mktemp("out"), reasoning=False)
    assert result.snapshot is not None
    return ox.Store.read_only(str(result.snapshot.store_path))


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)
def test_the_first_query_gives_the_answer_that_is_printed(store: ox.Store, page: Path) -> None:
    words = page.read_text(encoding="utf-8")
    (query,) = re.findall(r"```sparql\n(.*?)```", words, re.S)
    (printed,) = re.findall(r"```csv\n(.*?)```", words, re.S)
    assert run(store, query, "csv").decode().replace("\r\n", "\n") == printed


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)
def test_every_command_is_named(page: Path) -> None:
    words = page.read_text(encoding="utf-8")
    assert [command for command in COMMANDS if f"ducha {command}" not in words] == []


def test_every_query_is_named_in_its_page() -> None:
    words = (ROOT / "docs" / "queries.md").read_text(encoding="utf-8")
    assert [path.stem for path in (ROOT / "queries").glob("*.rq") if f"`{path.stem}`" not in words] == []


def test_every_room_is_named_in_the_architecture() -> None:
    words = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    packages = ("", "description", "validation", "reasoning", "curation", "remote", "search")
    rooms = {path.name for name in packages for path in (ROOT / "pipeline" / name).glob("*.py")} - {"__init__.py"}
    assert sorted(room for room in rooms if room.removesuffix(".py") not in words) == []


def test_no_other_distribution_owns_our_names() -> None:
    owners = {
        found.metadata["Name"]
        for found in distributions()
        for file in found.files or ()
        if file.parts[0] in {"pipeline", "service"} and len(file.parts) > 1
    }
    assert owners <= {"ducha"}


def test_no_file_names_a_package_registry_or_a_machine_path() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    names = [
        name
        for name in listed.stdout.decode().split("\0")
        if name and not name.startswith(("data/documents", "LICENSE"))
    ]
    hosts = re.compile(
        r"https?://[a-z.]*(?:py" + r"pi|npm" + r"js|files\.python" + r"hosted)\.|(?<![\w.])/(?:work|farm)/"
    )
    found = [n for n in names if hosts.search((ROOT / n).read_text(encoding="utf-8", errors="ignore"))]
    assert found == []
