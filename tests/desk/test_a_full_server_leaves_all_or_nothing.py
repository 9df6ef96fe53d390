"""The disk of a PostgreSQL server takes no more in the middle of an act, its log or its tables, until the server itself
gives up: a named error, every row as it was, and with room again the act goes through.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.desk.full_server import NAMES, NO_SMALL_DISK

FULL = {"OperationalError", "InterfaceError"}


def test_whatever_finds_no_room_an_act_leaves_all_as_it_was_or_is_done(
    tmp_path: Path, checkout: Path
) -> None:
    told = {name: value for name, value in os.environ.items() if name != "TROPA_DATABASE_URL"}
    played = subprocess.run(
        [sys.executable, "-m", "tests.desk.full_server"],
        env=told | {"TROPA_DATA": str(tmp_path)},
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    if played.returncode == NO_SMALL_DISK:
        pytest.skip("a small disk is mounted by root alone")
    assert played.returncode == 0, played.stderr
    found = json.loads(played.stdout)
    assert found.keys() == set(NAMES)
    for name, one in found.items():
        assert one["refused"], f"{name}: the disk was never full"
        assert set(one["refused"]) <= FULL, name
        assert one["done"], name
