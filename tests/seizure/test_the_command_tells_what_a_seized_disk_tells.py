"""`tropa seizure-test` as an operator runs it: green on a sound installation, red on what can be read."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tropa.cli.seizure_report import say_result
from tropa.seizure.columns import reasons

pytestmark = pytest.mark.enable_socket
PATIENCE = 1500
TEXT = "свой-текст-для-поиска лежит под третьей половицей"
SOUND: dict[str, Any] = {
    "hits": [],
    "places": 9,
    "size": 1000,
    "without_server": False,
    "columns": [],
    "keys": 3,
    "blobs": 5,
    "opened": [],
    "visits": 0,
    "untried": [],
    "service": {},
    "empty": [],
}
COLUMN = {"table": "t", "name": "c", "values": 2, "sealed": False, "readable": 2, "reason": None}


def test_it_plays_searches_and_names_every_column_and_keeps_the_directory(
    tmp_path: Path, checkout: Path
) -> None:
    kept = tmp_path / "kept"
    command = [sys.executable, "-m", "tropa.cli", "seizure-test", "--data", str(kept), "--say", TEXT]
    told = {**os.environ, "LANGUAGE": "en"}
    done = subprocess.run(command, env=told, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    server = "TROPA_DATABASE_URL" in os.environ
    assert done.stdout.count("Canaries found: 0.") == 1 + server
    assert done.stdout.count("Opened: 0.") == 1 + server
    assert ("PostgreSQL: not played" in done.stdout) is not server
    for line in (
        "talk_entry",
        "staff_member",
        "  pseudonym",
        "  password",
        "messengers_address",
        "work_task",
    ):
        assert f"\n{line}" in done.stdout
    assert reasons(checkout / "docs" / "threat-model.md")["staff.member.pseudonym"].why in done.stdout
    _nothing_lies_there(kept, TEXT)
    database = (kept / "sqlite" / "data" / "tropa.sqlite3").read_bytes()
    assert b"talk_entry" in database, "the search does find what is there"
    assert list((kept / "sqlite").rglob("*.account")), "the account of a messenger is among what is searched"
    assert (kept / "sqlite" / "backups" / "backup.tropa").stat().st_size > 100_000
    played_twice = subprocess.run(
        command, env=told, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert played_twice.returncode == 1, "a directory in which something lies is left alone"


def test_without_a_server_it_says_that_postgresql_was_not_played(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    (kept / "sqlite").mkdir(parents=True)
    (kept / "sqlite" / "something").touch()  # so that nothing is played there either
    told = {name: value for name, value in os.environ.items() if name != "TROPA_DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-m", "tropa.cli", "seizure-test", "--data", str(kept)],
        env=told | {"LANGUAGE": "en"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, "PostgreSQL: not played" in done.stdout) == (1, True), done.stdout + done.stderr


def _nothing_lies_there(folder: Path, text: str) -> None:
    """With tools that are not the command's."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 5
    for part in (text.encode(), text.encode("utf-16-le"), text.encode().hex().encode()):
        assert [path for path in files if part in path.read_bytes()] == []


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({"hits": [{"what": "note", "shape": "hex", "where": "talk_entry.kind"}]}, "talk_entry.kind"),
        ({"opened": ["talk_entry.sealed"]}, "OPENED  talk_entry.sealed"),
        ({"visits": 1}, "Opened: 1"),
        ({"untried": ["talk_new.sealed"]}, "NOT TRIED  talk_new.sealed"),
        ({"columns": [{**COLUMN, "as_it_should": False}]}, "NOT IN THE TABLE"),
        ({"columns": [{**COLUMN, "as_it_should": False, "sealed": True}]}, "READS AS TEXT: 2"),
    ],
)
def test_whatever_can_be_read_is_said_and_ends_red(
    what: dict[str, Any], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert say_result(dict(SOUND))
    assert "Nothing else can be read." in capsys.readouterr().out
    assert not say_result(SOUND | what)
    printed = capsys.readouterr().out
    assert said in printed
    assert "SOMETHING CAN BE READ" in printed


def test_what_could_not_be_looked_at_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert say_result(SOUND | {"without_server": True})
    assert "Not searched: the server's own files" in capsys.readouterr().out


def test_what_the_service_key_opens_and_what_is_empty_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    what = {"service": {"staff_member.totp_sealed": [1, 2]}, "empty": ["staff_passkey.passkey_sealed"]}
    assert say_result(SOUND | what)
    printed = capsys.readouterr().out
    assert "\n  staff_member.totp_sealed: 1 of 2\n" in printed
    assert "EMPTY HERE  staff_passkey.passkey_sealed" in printed
