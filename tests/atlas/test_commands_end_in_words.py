"""What goes wrong around `tropa atlas` is said in a line and ends with 1; a reader who has enough ends it quietly."""

import subprocess
import sys

import pytest

from tropa.cli.main import main

INDEX = "Passport,Destination,Requirement\nRU,XQ,90\nRU,KZ,-5\nRU,KZ,90\n"


@pytest.fixture
def table(tmp_path, monkeypatch):
    monkeypatch.setenv("TROPA_DATA", str(tmp_path / "data"))
    file = tmp_path / "visas.csv"
    file.write_text(INDEX, encoding="utf-8")
    return file


def test_a_refused_row_is_named_by_file_line_and_field(table, capsys):
    assert main(["atlas", "import", "passport-index", str(table), "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "visas.csv:2, Destination: “XQ” refused; expected: a country" in said
    assert "visas.csv:3, Requirement: “-5” refused; expected: days" in said


def test_proposals_never_write_over_a_file_nor_beside_nothing(table, tmp_path, capsys):
    there = tmp_path / "there.yaml"
    there.write_text("mine\n", encoding="utf-8")
    for file in (there, tmp_path / "no" / "folder.yaml"):
        asked = ["atlas", "import", "passport-index", str(table), "--proposals", str(file)]
        assert main(asked) == 1
        told = capsys.readouterr()
        assert f"{file} cannot be written" in told.err
        assert told.out == ""
    assert there.read_text(encoding="utf-8") == "mine\n"
    assert not (tmp_path / "data").exists()


def test_a_pack_is_never_exported_into_a_folder_that_is_there(tmp_path, capsys):
    assert main(["atlas", "export", "--to", str(tmp_path)]) == 1
    assert f"{tmp_path} cannot be written" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("word", ["coverage", "export"])
def test_a_country_nobody_knows_is_no_empty_answer(word, capsys):
    assert main(["atlas", word, "--country", "QQ"]) == 1
    told = capsys.readouterr()
    assert "QQ" in told.err
    assert told.out == ""


def test_whoever_reads_only_the_beginning_sees_no_fault():
    process = subprocess.Popen(
        [sys.executable, "-m", "tropa.cli", "atlas", "export"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"{\n"
    process.stdout.close()
    assert process.stderr is not None
    told = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), told) == (0, b"")
