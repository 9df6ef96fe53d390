"""Links lead somewhere, decisions are numbered and complete, `make help` lists what there is."""

import re
import subprocess
from pathlib import Path

import pytest

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
SECTIONS = ("Status: ", "Date: ", "## Context", "## Decision", "## Consequences", "### Negative")


@pytest.fixture(scope="session")
def pages(texts: dict[Path, str]) -> dict[Path, str]:
    found = {path: text for path, text in texts.items() if path.suffix == ".md"}
    assert found
    return found


def test_every_link_leads_somewhere(pages: dict[Path, str], checkout: Path) -> None:
    broken = [
        f"{path.relative_to(checkout)}: {target}"
        for path, text in pages.items()
        for target in LINK.findall(text)
        if "://" not in target and not (path.parent / target).exists()
    ]
    assert broken == []


def test_decisions_are_numbered_without_gaps_and_listed(checkout: Path) -> None:
    folder = checkout / "docs" / "adr"
    decisions = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [int(name[:4]) for name in decisions] == list(range(1, len(decisions) + 1))
    index = (folder / "README.md").read_text()
    assert [name for name in decisions if f"({name})" not in index] == []


def test_every_decision_tells_its_negative_consequences(checkout: Path) -> None:
    for path in (checkout / "docs" / "adr").glob("[0-9]*.md"):
        text = path.read_text()
        assert [section for section in SECTIONS if section not in text] == [], path.name
        assert len(text.partition("### Negative")[2].strip()) > 40, path.name


def test_make_help_lists_every_target(checkout: Path) -> None:
    makefile = (checkout / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    shown = subprocess.run(["make", "help"], cwd=checkout, capture_output=True, text=True, check=True).stdout
    targets = set(phony[1].split()) - {"python"}
    assert {line.split()[1] for line in shown.splitlines() if line.startswith("  make ")} == targets


def test_the_licence_is_the_one_that_is_declared(checkout: Path) -> None:
    text = (checkout / "LICENSE").read_text()
    assert text.startswith("GNU AFFERO GENERAL PUBLIC LICENSE\nVersion 3")
    assert "13. Remote Network Interaction" in text
    assert 'license = "AGPL-3.0-or-later"' in (checkout / "pyproject.toml").read_text()
