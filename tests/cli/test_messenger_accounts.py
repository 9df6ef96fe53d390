"""`tropa channel`: an account is added once, its token lies nowhere in clear, and what is wrong is said in a word."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tropa.cli.run import messenger_accounts

TOKEN = "42:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def tropa(data: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """One command, as an operator's program calls it."""
    return subprocess.run(
        [sys.executable, "-m", "tropa.cli", "channel", *words],
        env={
            "TROPA_DATA": str(data),
            "PATH": "/usr/bin",
            "PYTHONPATH": str(Path(__file__).parents[2] / "src"),
        },
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_an_account_is_added_once_and_its_token_lies_nowhere(data: Path) -> None:
    assert messenger_accounts(data) == []
    added = tropa(data, "add", "telegram", "help", typed=f"{TOKEN}\nhttp://127.0.0.1:1\n")
    assert added.returncode == 0, added.stderr
    assert messenger_accounts(data) == ["help"]
    again = tropa(data, "add", "telegram", "help", typed=f"{TOKEN}\n\n")
    assert (again.returncode, TOKEN in again.stderr) == (1, False)
    files = [path for path in data.rglob("*") if path.is_file()]
    assert [path for path in files if TOKEN.encode() in path.read_bytes()] == []
    assert (data / "credentials" / "gateway.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        (("add", "pigeon", "help"), "x\n"),
        (("add", "telegram", "help"), "no token at all\n\n"),
        (("add", "telegram", "help"), f"{TOKEN}\nhttp://somewhere.example\n"),
        (("add", "telegram", "../help"), f"{TOKEN}\n\n"),
        (("test", "nobody"), ""),
        (("remove", "nobody"), ""),
    ],
    ids=["no such messenger", "no token", "a server without TLS", "a name no file has", "test", "remove"],
)
def test_what_is_wrong_is_refused_with_a_word(data: Path, words: tuple[str, ...], typed: str) -> None:
    refused = tropa(data, *words, typed=typed)
    assert refused.returncode == 1
    assert refused.stderr.startswith("tropa: ")
    assert "Traceback" not in refused.stderr
    assert messenger_accounts(data) == []


def test_another_key_is_not_made_when_the_first_is_missing(data: Path) -> None:
    """A new key would open nothing of what there is."""
    assert tropa(data, "add", "telegram", "help", typed=f"{TOKEN}\n\n").returncode == 0
    key = data / "credentials" / "gateway.key"
    text = key.read_text()
    key.unlink()
    assert tropa(data, "add", "telegram", "more", typed=f"{TOKEN}\n\n").returncode == 1
    lines = text.splitlines()
    wrong = "\n".join([lines[0], lines[2], lines[1]])
    assert tropa(data, "unlock", typed=wrong + "\n").returncode == 1
    assert not key.exists()
    assert tropa(data, "unlock", typed=text).returncode == 0
    assert key.read_text() == text
    assert tropa(data, "add", "telegram", "more", typed=f"{TOKEN}\n\n").returncode == 0
