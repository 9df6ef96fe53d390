"""The example world starts only when asked for, once, through the real services, and everybody
in it can sign in.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.stores import told_of


def tropa(folder: Path, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TROPA_")}
    environment |= {
        **told_of(folder, example=True),
        "TROPA_DATA": str(folder),
        "TROPA_TESTING": "1",
        "TROPA_PASSPHRASE_PROFILE": "cheap",
        **more,
    }
    command = [sys.executable, "-m", "tropa.cli", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_it_is_refused_unless_asked_for(tmp_path: Path) -> None:
    refused = tropa(tmp_path, "example", "prepare")
    assert refused.returncode == 1
    assert not (tmp_path / "pinned").exists()


def test_it_is_made_once_and_its_people_have_codes(tmp_path: Path) -> None:
    first = tropa(tmp_path, "example", "prepare", TROPA_EXAMPLE="1")
    assert first.returncode == 0, first.stderr
    lines = first.stdout.splitlines()
    assert len(lines) == 5
    assert all(line.startswith("sign-in: ") and "code: tropa example code " in line for line in lines)
    again = tropa(tmp_path, "example", "prepare", TROPA_EXAMPLE="1")
    assert again.stdout == first.stdout
    code = tropa(tmp_path, "example", "code", "lipa")
    assert code.stdout.strip().isdigit()
    assert len(code.stdout.strip()) == 6
    nobody = tropa(tmp_path, "example", "code", "nobody")
    assert nobody.returncode == 1
    assert "lipa" in nobody.stderr


def test_without_an_example_world_there_are_no_codes(tmp_path: Path) -> None:
    assert tropa(tmp_path, "example", "code", "lipa").returncode == 1
