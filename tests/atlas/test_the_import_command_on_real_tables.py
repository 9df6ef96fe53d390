"""`tropa atlas import KIND FILE --dry-run --json` over every real table: nothing is lost, kept or changed."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tropa.atlas import SHIPPED_PACK
from tropa.atlas.importing.territories import territories
from tropa.cli.main import main

Find = Callable[..., Path]
INDEX = ("passport_index_imorte", "passport-index-tidy-iso2.csv")
TABLES = (
    ("passport-index", INDEX, "iso2", 39601),
    ("unhcr-decisions", ("unhcr_refugees", "asylum_decisions_RUS.csv"), "package", 1744),
    ("unhcr-decisions", ("unhcr_refugees", "asylum_decisions_all_2022_2025.csv"), "package", 22021),
    ("unhcr-applications", ("unhcr_refugees", "asylum_applications_RUS.csv"), "package", 1847),
    ("countries", ("countries_mledoze", "countries_slim.json"), None, 250),
    ("countries", ("countries_mledoze", "countries_slim.csv"), None, 250),
    ("airports", ("openflights", "airports.dat"), "openflights", 7698),
    *(
        ("treaties", ("un_treaties", f"{name}.csv"), None, rows)
        for name, rows in (("4-4", 175), ("4-9", 166), ("5-2", 145), ("5-3", 89), ("5-5", 146))
    ),
)
RULES = {
    "-1": "own-country",
    "visa free": "visa-free",
    "visa on arrival": "on-arrival",
    "visa required": "visa-required",
    "no admission": "no-admission",
    "eta": "eta",
    "e-visa": "e-visa",
}
"""The words of the index and ours; a number of days is visa-free."""
SAID = {
    "rows_read",
    "accepted",
    "refused",
    "proposals",
    "conflicts",
    "agreeing",
    "changed_since_last",
    "notes",
}


@pytest.fixture
def asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., dict[str, Any]]:
    """What the command says as JSON; it kept nothing and left the pack's files as they were."""
    monkeypatch.setenv("TROPA_DATA", str(tmp_path / "data"))

    def ask(kind: str, path: Path, *more: str) -> dict[str, Any]:
        before = {file.name: file.read_bytes() for file in SHIPPED_PACK.iterdir() if file.is_file()}
        assert main(["atlas", "import", kind, str(path), "--dry-run", "--json", *more]) == 0
        assert before == {file.name: file.read_bytes() for file in SHIPPED_PACK.iterdir() if file.is_file()}
        assert not (tmp_path / "data").exists()
        said: dict[str, Any] = json.loads(capsys.readouterr().out)
        return said

    return ask


@pytest.mark.parametrize(("kind", "parts", "layout", "rows"), TABLES)
def test_every_row_is_accepted_or_refused_with_its_reason(
    real_table: Find,
    asked: Callable[..., dict[str, Any]],
    kind: str,
    parts: tuple[str, str],
    layout: str | None,
    rows: int,
) -> None:
    said = asked(kind, real_table(*parts))
    assert said.keys() >= SAID
    assert said["rows_read"] == rows
    lines = {one["line"] for one in said["refused"]}
    assert said["accepted"] == rows - len(lines)
    assert all(one["field"] and one["expected"] for one in said["refused"])
    assert layout is None or said["layout"] == layout


@pytest.mark.parametrize(("layout", "spelling"), [("iso2", "code2"), ("iso3", "code3"), ("names", "english")])
def test_each_layout_of_the_index_lists_the_same_for_citizens_of_russia(
    real_table: Find, asked: Callable[..., dict[str, Any]], tmp_path: Path, layout: str, spelling: str
) -> None:
    spelled = {one.code2: getattr(one, spelling) for one in territories()}
    path = tmp_path / "table.csv"
    with (
        real_table(*INDEX).open(encoding="utf-8") as file,
        path.open("w", encoding="utf-8", newline="") as out,
    ):
        rows = list(csv.reader(file))
        csv.writer(out).writerows([rows[0], *([spelled[a], spelled[b], words] for a, b, words in rows[1:])])
    said = asked("passport-index", path, "--citizenship", "RU")
    assert (said["layout"], said["accepted"], said["refused"]) == (layout, 39601, [])
    told = {one["destination"]: (one["rule"], one["days"]) for one in said["destinations"]}
    ours = {row[1]: row[2] for row in rows if row[0] == "RU"}
    assert told.keys() == ours.keys()
    assert ours["RU"] == "-1"
    for code, words in ours.items():
        rule, days = told[code]
        assert days == (int(words) if words.isdecimal() else None), code
        assert rule == ("visa-free" if words.isdecimal() else RULES[words]), code


def test_the_words_of_the_index_are_all_known_here(real_table: Find) -> None:
    with real_table(*INDEX).open(encoding="utf-8") as file:
        words = {row["Requirement"] for row in csv.DictReader(file) if not row["Requirement"].isdecimal()}
    assert words == RULES.keys()


def test_rounding_and_closed_cases_are_said(real_table: Find, asked: Callable[..., dict[str, Any]]) -> None:
    said = asked("unhcr-decisions", real_table("unhcr_refugees", "asylum_decisions_RUS.csv"))
    notes = " ".join(said["notes"])
    assert "closed without a decision: 287023" in notes
    assert "figures of 0 or 5, which may stand for 1 to 4: 3126" in notes
