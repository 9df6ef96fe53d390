"""`tropa rehearse` as an operator runs it: green on a sound installation, red on the first promise broken."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tropa.rehearsal.path import DEFAULT_TEXT

pytestmark = pytest.mark.enable_socket
PATIENCE = 1200


def rehearse(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tropa.cli", "rehearse", "--language", "en", *words]
    return subprocess.run(
        command, env=dict(os.environ), capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def test_every_promise_holds_and_one_that_does_not_is_named(tmp_path: Path) -> None:
    data = tmp_path / "kept"
    played = rehearse("--data", str(data))
    lines = played.stdout.splitlines()
    assert played.returncode == 0, played.stdout + played.stderr
    assert lines[-1].startswith("Every promise of the path held")
    assert len(lines) > 30
    assert all(line.startswith("holds") for line in lines[:-1])
    assert data.is_dir()
    assert (data / "tropa.sqlite3").exists() is ("TROPA_DATABASE_URL" not in os.environ)
    # somebody left what was written lying readable beside the database: the same directory, played again
    (data / "leak.txt").write_text(f"… {DEFAULT_TEXT} …")
    played = rehearse("--data", str(data))
    assert played.returncode == 1
    last = played.stdout.splitlines()[-1]
    assert last.startswith("BROKEN  Nothing of it lies readable anywhere in data directory and database")
    assert "leak.txt" in last


def test_a_directory_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine")
    played = rehearse("--data", str(tmp_path))
    assert played.returncode == 1
    assert "did not start" in played.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letters.txt"]
