"""`tropa answers find` and `level`: what fits, what does not, danger named, nothing guessed."""

from __future__ import annotations

import argparse
import io

import pytest

from tropa.cli import answers


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    answers.add_commands(parser.add_subparsers())
    parsed = parser.parse_args(["answers", *arguments])
    result: int = parsed.run(parsed)
    return result


def test_a_question_finds_its_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("find", "куда", "можно", "по внутреннему паспорту") == 0
    shown = capsys.readouterr().out
    assert "documents-internal-only" in shown
    assert "danger" not in shown


def test_danger_and_a_question_nothing_fits_are_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("мужа пытают током"))
    assert run("find", "-") == 0
    assert "torture" in capsys.readouterr().out
    assert run("find", "рецепт шарлотки с яблоками") == 0
    assert "nothing fits" in capsys.readouterr().out


def test_the_level_of_every_answer_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("level") == 0
    assert len(capsys.readouterr().out.splitlines()) >= 40


@pytest.mark.parametrize("word", ["find", "level"])
def test_a_folder_that_is_no_library_is_refused(word: str, tmp_path: object) -> None:
    arguments = ["повестка"] if word == "find" else []
    assert run(word, *arguments, "--library", str(tmp_path)) == 1
