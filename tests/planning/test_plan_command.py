"""`tropa plan` on the terminal: a table for people, JSON for programs, and faults with file and line."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from tropa.cli import plan
from tropa.planning.plan import PlanSet
from tropa.planning.plan_json import from_json

PERSONS = Path(__file__).parents[2] / "examples" / "persons"


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    plan.add_commands(parser.add_subparsers())
    parsed = parser.parse_args(["plan", *words])
    result: int = parsed.run(parsed)
    return result


@pytest.mark.parametrize(("language", "word"), [("ru", "самый надёжный"), ("en", "safest")])
def test_a_table_has_plans_reasons_and_sources(
    capsys: pytest.CaptureFixture[str], language: str, word: str
) -> None:
    code = run(str(PERSONS / "reservist-irkutsk.yaml"), "--as-of", "2026-11-22", "--language", language)
    shown = capsys.readouterr().out
    assert code == 0
    assert word in shown
    assert "domestic-irkutsk-" in shown
    assert ("УВКБ ООН" if language == "ru" else "UNHCR") in shown


def test_json_is_one_document_for_each_file(capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(PERSONS / name) for name in ("reservist-irkutsk.yaml", "banned-rostov.yaml")]
    assert run(*files, "--as-of", "2026-11-22", "--json") == 0
    answers = [from_json(PlanSet, line) for line in capsys.readouterr().out.splitlines()]
    assert [bool(answer.plans) for answer in answers] == [True, False]


def test_without_a_pinned_day_the_unverified_pack_opens_nothing_and_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(str(PERSONS / "charged-yerevan.yaml"), "--language", "en") == 0
    shown = capsys.readouterr().out
    assert "No plan." in shown
    assert "Facts that nobody has confirmed in time" in shown


def test_a_faulty_file_is_named_with_its_line_and_the_others_are_planned(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    faulty = tmp_path / "faulty.yaml"
    faulty.write_text("format: tropa-person 1\nplace: Irkutks\nprofile: summoned\n", encoding="utf-8")
    code = run(str(faulty), str(PERSONS / "banned-rostov.yaml"), "--as-of", "2026-11-22", "--language", "en")
    shown = capsys.readouterr()
    assert code == 1
    assert "faulty.yaml:2: place" in shown.err
    assert "irkutsk" in shown.err
    assert "banned-rostov.yaml" in shown.out


def test_a_missing_file_is_a_fault_and_not_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("nobody.yaml", "--as-of", "2026-11-22") == 1
    assert "nobody.yaml" in capsys.readouterr().err
