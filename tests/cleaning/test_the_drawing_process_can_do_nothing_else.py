"""Bytes that take over the drawing process find no file to write, little memory, and no way out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PATIENCE = 300.0
TRIES = {
    "a file": "import pathlib; pathlib.Path('kept').write_bytes(b'x')",
    "memory": "bytearray(2_000_000_000)",
    "many files": "[open('/dev/null') for _number in range(100)]",
}


def tried(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    whole = f"from tropa.cleaning.confined import confine\nconfine()\n{code}\nprint('done')"
    return subprocess.run(
        [sys.executable, "-B", "-c", whole],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_what_does_no_harm_is_done(tmp_path: Path) -> None:
    assert tried("pass", tmp_path).stdout == "done\n"


@pytest.mark.parametrize("what", TRIES)
def test_it_is_kept_from(what: str, tmp_path: Path) -> None:
    ended = tried(TRIES[what], tmp_path)
    assert (ended.returncode != 0, ended.stdout) == (True, "")
    assert [path.stat().st_size for path in tmp_path.iterdir()] in ([], [0])


def test_it_reaches_nobody_where_the_kernel_lets_it_be_alone(tmp_path: Path) -> None:
    code = (
        "from tropa.cleaning.confined import without_network\n"
        "alone = without_network()\n"
        "import socket\n"
        "reached = True\n"
        "try:\n"
        "    socket.create_connection(('127.0.0.1', 9), timeout=1)\n"
        "except ConnectionRefusedError:\n"
        "    reached = True\n"
        "except OSError:\n"
        "    reached = False\n"
        "print(alone, reached)"
    )
    ended = subprocess.run(
        [sys.executable, "-B", "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    assert ended.stdout in {"True False\n", "False True\n"}
