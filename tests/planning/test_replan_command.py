"""`tropa replan`: triage and answers for a folder of people after a change of facts, from one worker or two."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import pytest

from tropa.atlas.pack import SHIPPED_PACK
from tropa.cli import replan
from tropa.planning.plan_json import from_json
from tropa.planning.replanned import Replanned

PERSONS = Path(__file__).parents[2] / "examples" / "persons"


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    replan.add_commands(parser.add_subparsers())
    parsed = parser.parse_args(["replan", *words])
    result: int = parsed.run(parsed)
    return result


def changed_pack(folder: Path, *edits: tuple[str, str, str]) -> Path:
    pack = folder / "after"
    shutil.copytree(SHIPPED_PACK, pack)
    for name, old, new in edits:
        text = (pack / name).read_text(encoding="utf-8")
        assert old in text
        (pack / name).write_text(text.replace(old, new), encoding="utf-8")
    return pack


def rows(capsys: pytest.CaptureFixture[str]) -> dict[str, Replanned]:
    lines = [from_json(Replanned, line) for line in capsys.readouterr().out.splitlines()]
    return {one.file: one for one in lines}


def test_without_a_change_everybody_is_untouched(capsys: pytest.CaptureFixture[str]) -> None:
    words = [
        str(PERSONS),
        "--before",
        str(SHIPPED_PACK),
        "--after",
        str(SHIPPED_PACK),
        "--as-of",
        "2026-11-22",
    ]
    assert run(*words, "--json") == 0
    found = rows(capsys)
    assert len(found) == len(list(PERSONS.glob("*.yaml")))
    assert {row.verdict for row in found.values()} == {"untouched"}


def test_a_closed_country_breaks_some_plans_and_two_workers_say_the_same(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    # a rule beside the others closes the country to everybody without touching what is written
    closing = "kind: entry_rule\nfacts:\n"
    rule = """  - id: entry-TR-closed
    country: TR
    citizenship: RU
    effect: prohibition
    papers: [[]]
    sources: [background]
    as_of: 2026-11
    review_by: 2026-12-22
    owner: visas
    confidence: background-med

"""
    pack = changed_pack(tmp_path, ("entry-rules.yaml", closing, closing + rule))
    words = [
        str(PERSONS),
        "--before",
        str(SHIPPED_PACK),
        "--after",
        str(pack),
        "--as-of",
        "2026-11-22",
        "--json",
    ]
    assert run(*words) == 0
    alone = rows(capsys)
    assert {row.verdict for row in alone.values()} > {"untouched"}
    assert run(*words, "--workers", "2") == 0
    assert rows(capsys) == alone


def test_the_table_is_for_people_and_faults_go_to_the_other_stream(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "nobody.yaml").write_text("format: tropa-person 1\nplace: atlantis\nprofile: summoned\n")
    shutil.copy(PERSONS / "student-moscow.yaml", tmp_path)
    words = [
        str(tmp_path),
        "--before",
        str(SHIPPED_PACK),
        "--after",
        str(SHIPPED_PACK),
        "--as-of",
        "2026-11-22",
    ]
    assert run(*words) == 1
    said = capsys.readouterr()
    assert "student-moscow.yaml" in said.out
    assert "nobody.yaml" in said.err


def test_an_empty_folder_and_a_broken_pack_are_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(str(tmp_path), "--before", str(SHIPPED_PACK), "--after", str(SHIPPED_PACK)) == 1
    assert str(tmp_path) in capsys.readouterr().err
    assert run(str(PERSONS), "--before", str(tmp_path), "--after", str(SHIPPED_PACK)) == 1
    assert "pack.yaml" in capsys.readouterr().err
