"""Every dependency is locked, by hash, and each level holds the versions of the one before."""

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

PIN = re.compile(r"^([a-z0-9-]+)==([^ ]+)(?: ;[^\\]*)? \\$")
LEVELS = ("runtime", "postgres", "channels", "dev")


def pins(checkout: Path, level: str) -> set[tuple[str, str]]:
    text = (checkout / "requirements" / f"{level}.lock").read_text()
    return {(found[1], found[2]) for line in text.splitlines() if (found := PIN.match(line))}


def declared(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~; ]", text, maxsplit=1)[0] for text in requirements}


@pytest.mark.parametrize("level", [*LEVELS, "installer", "matrix-server"])
def test_every_line_is_a_pin_or_a_hash(checkout: Path, level: str) -> None:
    lines = (checkout / "requirements" / f"{level}.lock").read_text().splitlines()
    strange = [line for line in lines if not re.match(r"^(#.*|    --hash=sha256:[0-9a-f]{64}( \\)?)$", line)]
    assert strange
    assert [line for line in strange if not PIN.match(line)] == []


def test_each_level_holds_the_one_before(checkout: Path) -> None:
    levels = [pins(checkout, level) for level in LEVELS]
    assert all(one < other for one, other in pairwise(levels))


def test_every_declared_dependency_is_locked(checkout: Path) -> None:
    project = tomllib.loads((checkout / "pyproject.toml").read_text())
    groups = {
        "runtime": project["project"]["dependencies"],
        "postgres": project["project"]["optional-dependencies"]["postgres"],
        "channels": [
            requirement
            for name, extra in project["project"]["optional-dependencies"].items()
            if name != "postgres"
            for requirement in extra
        ],
        "dev": project["dependency-groups"]["dev"],
    }
    for level, requirements in groups.items():
        assert declared(requirements) <= {name for name, _version in pins(checkout, level)}, level
