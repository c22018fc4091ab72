"""The container files name what exists: files that are copied, commands and options that ducha knows."""

import re
import shlex
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
RECIPE = (ROOT / "Containerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())


def test_everything_that_is_copied_exists() -> None:
    copied = [line.split()[1:-1] for line in RECIPE.splitlines() if line.startswith("COPY ") and "--from" not in line]
    names = [name for line in copied for name in line]
    assert {"pipeline", "service", "ontology", "shapes", "queries", "data"} <= set(names)
    assert [name for name in names if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("service", sorted(COMPOSE["services"]))
def test_the_commands_are_those_of_ducha(service: str) -> None:
    name, *arguments = shlex.split(COMPOSE["services"][service]["command"])
    told = subprocess.run(
        [Path(sys.executable).with_name("ducha"), name, "--help"], check=False, capture_output=True, text=True
    )
    assert told.returncode == 0, told.stderr
    assert [option for option in arguments if option.startswith("--") and option not in told.stdout] == []


def test_the_limits_named_are_limits() -> None:
    from service.settings import Settings

    words = shlex.split(COMPOSE["services"]["ducha"]["command"])
    limits = [value for option, value in pairwise(words) if option == "--limit"]
    settings = Settings(ROOT).limited(limits)
    assert (settings.timeout, settings.memory) == (30, 1 << 30)


def test_the_image_serves_what_compose_publishes() -> None:
    port = re.search(r"^EXPOSE (\d+)$", RECIPE, re.M)
    assert port is not None
    assert COMPOSE["services"]["ducha"]["ports"][0].endswith(f":{port[1]}")
