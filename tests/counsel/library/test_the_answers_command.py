"""`tropa answers check`, `list`, `show` and `restate`."""

import json
import shutil

import pytest

from tropa.cli.main import main
from tropa.counsel.library import SHIPPED_LIBRARY, load_library


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "en")


def test_check_says_that_all_are_sound_on_the_reference_day(capsys):
    assert main(["answers", "check", "--as-of", "2026-11-22"]) == 0
    assert "0 expired, 0 contradicted" in capsys.readouterr().out


def test_check_lists_what_expired_facts_hold_back(capsys):
    assert main(["answers", "check", "--as-of", "2026-12-07"]) == 1
    told = capsys.readouterr().out
    assert "country-georgia-lars: The fact INC-GE-01 had to be checked by 2026-12-06." in told


def test_list_finds_the_answers_that_rest_on_a_fact(capsys):
    assert main(["answers", "list", "--as-of", "2026-11-22", "--fact", "LR-13", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {row["id"] for row in rows} == {"summons-register-notice", "summons-first-steps"}
    assert {row["state"] for row in rows} == {"sound"}


def test_show_prints_both_languages_and_the_facts(capsys):
    assert main(["answers", "show", "money-paid-guide", "--as-of", "2026-11-22"]) == 0
    told = capsys.readouterr().out
    assert "[ru]" in told
    assert "[en]" in told
    assert "interpol-article-3" in told
    assert main(["answers", "show", "nothing-such"]) == 1


def test_a_changed_citation_is_refused_until_somebody_notes_what_its_fact_says(tmp_path, capsys):
    copy = tmp_path / "library"
    shutil.copytree(SHIPPED_LIBRARY, copy)
    file = copy / "money.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("[THR-15, LAW-339-3]", "[THR-15, LAW-339-3, LR-01]"),
        encoding="utf-8",
    )
    assert main(["answers", "check", "--library", str(copy), "--as-of", "2026-11-22"]) == 1
    assert "LR-01" in capsys.readouterr().err
    assert (
        main(["answers", "restate", "--library", str(copy), "--as-of", "2026-11-22", "money-false-paper"])
        == 0
    )
    assert main(["answers", "check", "--library", str(copy), "--as-of", "2026-11-22"]) == 0
    assert set(load_library(copy).answer("money-false-paper").says) == {"THR-15", "LAW-339-3", "LR-01"}


def test_restate_names_answers_it_does_not_know(capsys):
    assert main(["answers", "restate", "nothing-such"]) == 1
    assert main(["answers", "restate"]) == 1
