"""`tropa replan --journal`: killed at any moment it goes on where it was, the worst first, and does nothing twice."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.planning.test_replan_command import run
from tropa.cli.replan_journal import Journal, NotThisJournal
from tropa.planning.mass.stored import Front
from tropa.planning.plan_json import WrongJson, from_json, to_json
from tropa.planning.replanned import PlannedAfter, PlannedBefore, Replanned, ReplanQuestion

DAY = "2026-11-22"
PATIENCE = 300
PEOPLE = ("anna", "boris", "inna", "oleg")
WORLD = Path(__file__).parents[2] / "examples" / "worlds" / "03-off-the-hull"
QUESTION = ReplanQuestion("a", "b", date(2026, 11, 22), None)
FILES = {"one.yaml": "1"}
ROW = Replanned("one.yaml", "worse", "changed", 2, 1)


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Four people: the plan of two is broken by the change, that of the two who want to go fast is not."""
    folder = tmp_path_factory.mktemp("replan")
    people = folder / "people"
    people.mkdir()
    person = (WORLD / "person.yaml").read_text()
    for number, name in enumerate(PEOPLE):
        hurry = "wishes: {pin: {legs: [fast-dangerous]}}\n" if number % 2 == 0 else ""
        (people / f"{name}.yaml").write_text(person + hurry)
    shutil.copytree(WORLD / "pack", folder / "after")
    legs = folder / "after" / "leg.yaml"
    legs.write_text(legs.read_text().replace("slow-safe", "slow-and-new"))
    hazards = folder / "after" / "hazard.yaml"
    hazards.write_text(hazards.read_text().replace("slow-safe", "slow-and-new"))
    packs = ["--before", str(WORLD / "pack"), "--after", str(folder / "after")]
    return [str(people), *packs, "--as-of", DAY, "--json"]


def rows_of(said: str) -> dict[str, Replanned]:
    return {row.file: row for row in (from_json(Replanned, line) for line in said.splitlines())}


def life(way: str, *words: str) -> tuple[int, dict[str, Replanned], str]:
    """How it ended, what it answered, what it said. Returns when every process it started is gone as well: they hold
    the ends of its pipes."""
    command = [sys.executable, "-m", "tests.planning.replan_life", *words]
    environment = {**os.environ, "REPLAN_LIFE": way}
    ended = subprocess.run(
        command, env=environment, capture_output=True, timeout=PATIENCE, check=False, text=True
    )
    return ended.returncode, rows_of(ended.stdout), ended.stderr


def kept(path: Path) -> Iterator[PlannedBefore | PlannedAfter]:
    """The whole lines of a journal but its head."""
    for line in path.read_bytes().split(b"\n")[1:-1]:
        try:
            yield from_json(PlannedBefore, line)
        except WrongJson:
            yield from_json(PlannedAfter, line)


def test_killed_twice_it_goes_on_the_worst_first_and_nothing_is_done_twice(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*words) == 0
    said = capsys.readouterr()
    whole = rows_of(said.out)
    verdicts = {name: whole[f"{name}.yaml"].verdict for name in PEOPLE}
    assert list(verdicts.values()) == ["could_be_better", "broken", "could_be_better", "broken"]
    assert "planned on the older pack: 4 of 4" in said.err
    assert "broken: 2, worse, or not sure: 0, could be better: 2, untouched: 0" in said.err
    assert "searched anew, the worst first: 4 of 4" in said.err

    journal = tmp_path / "journal"
    with_journal = [*words, "--journal", str(journal)]
    assert life("before:3", *with_journal)[0] == -9
    assert journal.stat().st_mode & 0o777 == 0o600
    first = list(kept(journal))
    assert [one.file for one in first if isinstance(one, PlannedBefore)] == ["anna.yaml", "boris.yaml"]
    assert life("after:3", *with_journal)[0] == -9
    second = list(kept(journal))
    assert second[:2] == first
    assert [one.file for one in second[2:4] if isinstance(one, PlannedBefore)] == ["inna.yaml", "oleg.yaml"]
    searched = [one for one in second[4:] if isinstance(one, PlannedAfter)]
    assert [one.row.verdict for one in searched] == ["broken", "broken"]

    # what was found before the kill is believed, not found again: a figure nobody would find comes through
    marked = replace(searched[0], row=replace(searched[0].row, ways_after=77))
    text = journal.read_bytes().replace(to_json(searched[0]).encode(), to_json(marked).encode())
    journal.write_bytes(text)
    assert run(*with_journal) == 0
    said = capsys.readouterr()
    assert rows_of(said.out) == {**whole, marked.row.file: marked.row}
    assert "planned on the older pack" not in said.err
    assert not journal.exists()


def test_a_hand_that_dies_costs_the_one_it_had_in_hand_and_everybody_else_is_answered(
    words: list[str], tmp_path: Path
) -> None:
    journal = tmp_path / "journal"
    ill = "anna.yaml"
    code, rows, said = life(f"hand:{ill}", *words, "--workers", "2", "--journal", str(journal))
    assert code == 1
    assert set(rows) == {f"{name}.yaml" for name in PEOPLE} - {ill}
    assert f"{ill}: given up" in said
    assert journal.exists()


@contextmanager
def opened(
    path: Path, question: ReplanQuestion = QUESTION, digests: Mapping[str, str] = FILES
) -> Iterator[Journal]:
    journal = Journal(path, question, digests)
    yield journal
    journal.close()


def write(path: Path) -> None:
    with opened(path) as journal:
        journal.keep(PlannedBefore("one.yaml", "1", Front(())))
        journal.keep(PlannedAfter("1", ROW))


def test_a_line_cut_off_is_passed_over_and_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    write(path)
    path.write_bytes(path.read_bytes()[:-5])
    with opened(path) as journal:
        assert (set(journal.before), set(journal.after)) == ({"one.yaml"}, set())
        journal.keep(PlannedAfter("1", ROW))
    with opened(path) as journal:
        assert set(journal.after) == {"one.yaml"}


def test_a_file_that_was_changed_since_is_planned_anew(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    write(path)
    with opened(path, digests={"one.yaml": "2"}) as journal:
        assert (journal.before, journal.after) == ({}, {})


@pytest.mark.parametrize(
    "other",
    [
        replace(QUESTION, after="c"),
        replace(QUESTION, on=date(2026, 11, 23)),
        replace(QUESTION, reviewed_as_of=date(2026, 11, 22)),
    ],
)
def test_a_journal_of_another_question_is_refused_and_left_as_it_is(
    other: ReplanQuestion, tmp_path: Path
) -> None:
    path = tmp_path / "journal"
    write(path)
    was = path.read_bytes()
    with pytest.raises(NotThisJournal):
        Journal(path, other, FILES)
    assert path.read_bytes() == was


def test_a_file_that_is_no_journal_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "notes"
    path.write_text("buy bread\nand milk\n")
    with pytest.raises(NotThisJournal):
        Journal(path, QUESTION, FILES)
    assert path.read_text() == "buy bread\nand milk\n"


def test_two_cannot_write_one_journal_at_once(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with opened(path) as first:
        with pytest.raises(NotThisJournal):
            Journal(path, QUESTION, FILES)
        first.take_away()
    assert not path.exists()
