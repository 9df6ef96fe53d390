"""`tropa interview`: answers from a file or typed, in both languages, and nothing left behind."""

from __future__ import annotations

import io
import json

import pytest

from tropa.cli.main import main

DAY = ["--as-of", "2026-11-22"]


@pytest.fixture
def answers_file(tmp_path):
    def write(*lines: str):
        file = tmp_path / "answers.txt"
        file.write_text("# synthetic\n" + "\n".join(lines), encoding="utf-8")
        return ["--answers", str(file)]

    return write


def test_answers_of_a_file_give_conclusions_and_the_next_question(answers_file, capsys):
    given = answers_file("about: exit", "told-of-ban: yes", "told-day: 20.11.2026", "passports: fp10")
    assert main(["interview", *DAY, *given, "--language", "ru"]) == 0
    said = capsys.readouterr().out
    assert "Не позже: 25\u00a0ноября 2026" in said
    assert "CLK-PASS-5" in said
    assert main(["interview", *DAY, *given, "--language", "en"]) == 0
    assert "By: 25\u00a0November 2026" in capsys.readouterr().out


def test_programs_get_one_document(answers_file, capsys):
    assert main(["interview", *DAY, *answers_file("service: contract"), "--json", "--language", "en"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["format"], document["as_of"]) == ("tropa-interview 1", "2026-11-22")
    states = {one["id"]: one["state"] for topic in document["topics"] for one in topic["findings"]}
    assert (states["exit-ban"], states["soldier"]) == ("holds", "person")
    assert document["question"]["id"]


def test_every_answer_that_cannot_be_is_named(answers_file, capsys):
    given = answers_file("told-day: 2027-01-01", "age: old", "colour: red")
    assert main(["interview", *DAY, *given, "--language", "en"]) == 1
    told = capsys.readouterr().err
    assert all(name in told for name in ("told-day", "age", "colour"))
    assert "still to come" in told


def test_contradictory_answers_are_asked_about(answers_file, capsys):
    assert (
        main(["interview", *DAY, *answers_file("summons: none", "in-register: yes"), "--language", "ru"]) == 0
    )
    assert "Повестки не было — и она есть в реестре." in capsys.readouterr().out


def test_one_may_answer_by_number_skip_and_stop(monkeypatch, capsys):
    # for oneself, about leaving, skipped, nonsense, stopped
    monkeypatch.setattr("sys.stdin", io.StringIO("1\n2\n\nnonsense\n.\n"))
    assert main(["interview", *DAY, "--language", "en"]) == 0
    said = capsys.readouterr()
    assert "there is no such answer" in said.err
    assert "As of" in said.out or "На" in said.out


def test_the_rule_texts_are_checked_for_who_writes_them(tmp_path, capsys):
    assert main(["interview", "--check"]) == 0
    assert "0" in capsys.readouterr().out
    (tmp_path / "broken.rules").write_text("tropa-rules 1\nrule x\n    when: y\n", encoding="utf-8")
    assert main(["interview", "--check", "--rules", str(tmp_path)]) == 1
    assert "broken.rules:" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_said(capsys):
    assert main(["interview", *DAY, "--answers", "/no/such/file"]) == 1
    assert "/no/such/file" in capsys.readouterr().err
