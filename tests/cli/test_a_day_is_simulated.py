"""`tropa simulate` plays a drawn day in a world of its own, says what became of everybody, and touches nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def test_a_small_day_is_played_and_nothing_of_the_caller_is_touched(tmp_path: Path) -> None:
    data = tmp_path / "real"
    environment = os.environ | {
        "TROPA_DATA": str(data),
        "TROPA_DATABASE_URL": "postgres://nowhere/",
        "LANGUAGE": "en",
    }
    words = ["simulate", "--day", "surge", "--people", "3", "--volunteers", "2", "--seed", "4"]
    done = subprocess.run(
        [sys.executable, "-m", "tropa.cli", *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    for line in ("arrived: 3", "told a time: 3", "lost: 0", "answered twice: 0"):
        assert line in said
    assert not data.exists()


def test_nonsense_is_refused(tmp_path: Path) -> None:
    for words in (["--people", "0"], ["--volunteers", "many"], ["--day", "quiet"]):
        done = subprocess.run(
            [sys.executable, "-m", "tropa.cli", "simulate", *words], capture_output=True, check=False
        )
        assert done.returncode == 2
