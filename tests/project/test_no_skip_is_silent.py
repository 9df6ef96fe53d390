"""A test that is skipped without standing in `tests/skips.py` fails the run, and a name there that is gone is told."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.skips import FILES_ON_SQLITE_ALONE, ON_SQLITE_ALONE, may_skip, missing

NAME, REASON = next(iter(ON_SQLITE_ALONE.items()))
CONFTEST = """
from tests.telling import Telling

def pytest_configure(config):
    config.pluginmanager.register(Telling("sqlite"), "telling")
"""
SKIPS = {
    "in its body": "import pytest\ndef test_it():\n    pytest.skip('busy')\n",
    "by a mark": "import pytest\n@pytest.mark.skip(reason='busy')\ndef test_it(): pass\n",
    "by a fixture": (
        "import pytest\n@pytest.fixture\ndef it():\n    pytest.skip('busy')\ndef test_it(it): pass\n"
    ),
    "with its whole file": "import pytest\npytest.importorskip('no_such_module', reason='busy')\ndef test_it(): pass\n",
}


def run(folder: Path, checkout: Path, text: str) -> subprocess.CompletedProcess[str]:
    """pytest on a file of its own, with what tells at the end."""
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_one.py").write_text(text + "def test_other(): pass\n")
    command = [sys.executable, "-m", "pytest", "-c", "/dev/null", "--rootdir", str(folder), str(folder)]
    command += ["-p", "no:cacheprovider", "-p", "no:django"]
    return subprocess.run(
        command, env={"PYTHONPATH": str(checkout)}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("how", SKIPS)
def test_a_skip_nobody_allowed_fails_the_run(how: str, tmp_path: Path, checkout: Path) -> None:
    ended = run(tmp_path, checkout, SKIPS[how])
    assert "SKIPPED AND NOT ALLOWED" in ended.stdout, ended.stdout + ended.stderr
    assert ended.returncode == 1


def test_a_skip_for_want_of_something_allowed_is_counted(tmp_path: Path, checkout: Path) -> None:
    ended = run(
        tmp_path, checkout, SKIPS["in its body"].replace("busy", "test data x not found: set TROPA_SHARED")
    )
    assert "skipped: 1," in ended.stdout, ended.stdout + ended.stderr
    assert ended.returncode == 0


def test_a_test_of_one_engine_is_skipped_on_the_other_alone() -> None:
    assert may_skip(NAME, REASON, engine="postgres")
    assert not may_skip(NAME, REASON, engine="sqlite")
    assert not may_skip(NAME, "another reason", engine="postgres")


def test_a_name_that_leads_to_no_test_is_told() -> None:
    file = NAME.partition("::")[0]
    assert NAME in missing([f"{file}::test_of_another_name"])
    assert NAME not in missing([NAME])
    assert missing(["tests/nowhere.py::test_x"]) == []


def test_a_file_of_one_engine_is_there_and_a_missing_server_fails_ci(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file, reason in FILES_ON_SQLITE_ALONE.items():
        assert (checkout / file).is_file()
        assert may_skip(f"{file}::test_x", reason, engine="postgres")
        assert not may_skip(f"{file}::test_x", reason, engine="sqlite")
        wanting = "no Matrix server on this machine, and it could not be installed"
        monkeypatch.delenv("CI", raising=False)
        assert may_skip(f"{file}::test_x", wanting, engine="sqlite")
        monkeypatch.setenv("CI", "true")
        assert not may_skip(f"{file}::test_x", wanting, engine="sqlite")
