"""The page of settings and the code name the same settings."""

import re
from pathlib import Path

from tropa.cli import onion_service
from tropa.desk import conf
from tropa.drop import conf as drop_conf

PAGE = "docs/operate/settings.md"
NAME = re.compile(r"\bTROPA_[A-Z_]*[A-Z]\b")
OF_THE_TESTS = {"TROPA_SHARED"}


def documented(checkout: Path) -> set[str]:
    rows = [line for line in (checkout / PAGE).read_text().splitlines() if line.startswith("| `")]
    return {match for row in rows for match in NAME.findall(row.split("|")[1])}


def test_the_page_and_the_code_name_the_same_settings(checkout: Path) -> None:
    assert documented(checkout) == {*conf.NAMES, *drop_conf.NAMES, *onion_service.NAMES, *OF_THE_TESTS}


def test_no_code_reads_a_setting_that_is_not_declared(checkout: Path, texts: dict[Path, str]) -> None:
    named = {
        name
        for path, text in texts.items()
        if path.is_relative_to(checkout / "src") and path.suffix == ".py"
        for name in NAME.findall(text)
    }
    assert named <= documented(checkout)
