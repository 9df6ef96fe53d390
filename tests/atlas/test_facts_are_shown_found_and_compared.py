"""`tropa atlas show`, `search`, `diff` and `export`: what a fact says, where it is, what changed, and all of it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.atlas.small_pack import spoiled, write_pack
from tropa.atlas import EXAMPLE_DAY, SHIPPED_PACK, Atlas, load_pack
from tropa.atlas.phrases import translator
from tropa.atlas.search import search
from tropa.cli.main import main


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LANGUAGE", "en")
    translator.cache_clear()
    yield
    translator.cache_clear()


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return load_pack(SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY)


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["atlas", *words]) == 0
    return capsys.readouterr().out


def said_as_json(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    return json.loads(said(capsys, *words, "--json"))


def test_a_fact_is_shown_with_its_sources_and_its_standing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = str(write_pack(tmp_path))
    lines = said(capsys, "show", "coach", "--pack", pack, "--on", "2026-11-22").splitlines()
    assert lines[0] == "coach  leg  RU,NO  Murmansk → Kirkenes"
    assert "hours: [4, 5, 9]" in lines
    assert lines[-2:] == [
        "source law: A law (2026-01) https://example.org/law",
        "on 2026-11-22: unverified",
    ]
    reviewed = said_as_json(capsys, "show", "coach", "--pack", pack, "--as-of", "2026-11-22")
    assert reviewed["standing"] == {"on": "2026-11-22", "is": "usable"}
    assert reviewed["sources"][0]["title"] == {"en": "A law", "ru": "Закон"}


def test_a_fact_that_is_not_there_ends_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["atlas", "show", "bridge", "--pack", str(write_pack(tmp_path))]) == 1
    assert capsys.readouterr().err == "no fact has the id “bridge”\n"


def test_a_difference_names_the_key_with_both_values(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = write_pack(tmp_path / "old")
    new = write_pack(
        tmp_path / "new",
        **spoiled("legs", "euros: [20, 30, 60]", "euros: [20, 35, 60]"),
        **spoiled("hazards", "id: day-in-norway", "id: a-day-in-norway"),
    )
    assert said(capsys, "diff", str(old), str(new)).splitlines() == [
        "+ a-day-in-norway  hazard",
        "~ coach  leg",
        "    euros: [20, 30, 60] → [20, 35, 60]",
        "- day-in-norway  hazard",
        "changes: 3",
    ]
    changed = said_as_json(capsys, "diff", str(old), str(new))[1]
    assert changed["keys"] == {"euros": {"before": [20, 30, 60], "after": [20, 35, 60]}}


def test_a_source_that_says_something_else_changes_the_facts_resting_on_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = write_pack(tmp_path / "new", **spoiled("sources", "dated: 2026-01", "dated: 2026-02"))
    lines = said(capsys, "diff", str(write_pack(tmp_path / "old")), str(new)).splitlines()
    assert lines[-1] == "changes: 8"
    assert all("2026-02" in line for line in lines if line.startswith("    source law"))


def test_equal_packs_do_not_differ(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pair = [str(write_pack(tmp_path / name)) for name in ("one", "two")]
    assert said(capsys, "diff", *pair) == "changes: 0\n"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Мурманск", {"murmansk"}),
        ("из мурманска", set()),  # every word must stand there
        ("мурманске", {"murmansk"}),
        ("NORWAY", {"NO", "coach", "entry-closed", "day-in-norway", "kirkenes"}),
        ("норвегии road", {"coach", "entry-closed"}),
        ("day-in-norway", {"day-in-norway"}),
        ("«»", set()),
    ],
)
def test_words_are_found_in_both_languages_and_any_form(tmp_path: Path, words: str, found: set[str]) -> None:
    facts = search(load_pack(write_pack(tmp_path)), words)
    assert {fact.id for fact in facts} == found


def test_the_id_itself_comes_first(atlas: Atlas) -> None:
    assert search(atlas, "inc-am-02")[0].id == "INC-AM-02"


def test_incidents_are_found_by_country_in_russian_and_english(atlas: Atlas) -> None:
    russian = {fact.id for fact in search(atlas, "казахстану incident")}
    assert russian == {fact.id for fact in search(atlas, "incident kazakhstan")}


def test_an_exported_pack_is_the_same_pack(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "export", "--to", str(tmp_path / "copy"))
    assert load_pack(tmp_path / "copy").version == load_pack(SHIPPED_PACK).version


def test_facts_of_one_kind_and_country_are_given_out_with_their_sources(
    capsys: pytest.CaptureFixture[str], atlas: Atlas
) -> None:
    given = json.loads(said(capsys, "export", "--kind", "incident", "--country", "AM"))
    assert given["digest"] == atlas.version
    assert {fact["country"] for fact in given["facts"]} == {"AM"}
    named = {source for fact in given["facts"] for source in fact["sources"]}
    assert named == {source["id"] for source in given["sources"]}
    assert len(given["facts"]) == len([one for one in atlas.incidents if one.value.country == "AM"])


def test_a_check_may_say_what_is_covered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "check", str(write_pack(tmp_path)), "--coverage", "--on", "2026-11-22").splitlines()
    assert "no fault" in lines[0]
    assert lines[1].startswith("NO: ")
