"""Rooms of tests that `make test` runs once, not on each engine, reach no database: neither Django's (pytest-django
refuses it to a test without a mark or a fixture for it) nor that of an installation they start.
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.skips import FILES_STORING_NOTHING, ON_BOTH_BY_POSTGRES, STORING_NOTHING, left_out, room_of

REACHING_IMPORTS = (
    "django.db.connection", "django.test", "psycopg", "sqlite3",
    "tests.desk", "tests.running", "tests.stores", "tropa.gateway", "tropa.rehearsal", "tropa.seizure",
)  # fmt: skip
REACHING_NAMES = {"admin_client", "db", "django_db", "transactional_db"}
"""Fixtures and marks by which a test is let at Django's database."""


def reaching(text: str) -> set[str]:
    """Everything in a file of tests by which it could reach a database."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Import(names=names):
                found |= {name.name for name in names}
            case ast.ImportFrom(module=str(module), names=names):
                found |= {f"{module}.{name.name}" for name in names}
            case ast.FunctionDef(args=arguments) | ast.AsyncFunctionDef(args=arguments):
                found |= {one.arg for one in arguments.args + arguments.kwonlyargs} & REACHING_NAMES
            case ast.Attribute(attr=name) if name in REACHING_NAMES:
                found.add(name)
            case ast.Call(func=ast.Attribute(attr="usefixtures"), args=asked):
                found |= {one.value for one in asked if isinstance(one, ast.Constant)} & REACHING_NAMES
    return {
        name
        for name in found
        if name in REACHING_NAMES or any(f"{name}.".startswith(f"{one}.") for one in REACHING_IMPORTS)
    }


@pytest.mark.parametrize("room", sorted(STORING_NOTHING))
def test_nothing_in_the_room_reaches_a_database(room: str, checkout: Path) -> None:
    files = sorted((checkout / "tests" / room).rglob("*.py"))
    assert files
    assert {file.name: names for file in files if (names := reaching(file.read_text()))} == {}


@pytest.mark.parametrize("file", sorted(FILES_STORING_NOTHING))
def test_nothing_in_the_file_reaches_a_database(file: str, checkout: Path) -> None:
    assert reaching((checkout / file).read_text()) == set()


@pytest.mark.parametrize(
    "text",
    [
        "import sqlite3",
        "from django.db import connection",
        "from tests.stores import address_for",
        "def test_x():\n    from tests.running import Installation",
        "from tropa.seizure.store import Store",
        "def test_x(db): pass",
        "@pytest.mark.django_db\ndef test_x(): pass",
        "pytestmark = pytest.mark.usefixtures('db')",
    ],
)
def test_what_reaches_one_is_seen(text: str) -> None:
    assert reaching(text)


def test_a_room_is_the_folder_beneath_tests() -> None:
    assert room_of("tests/planning/policy/test_x.py::test_y[a/b::c]") == "planning"
    assert room_of("tests/test_x.py::test_y") == "tests"


def test_every_suite_together_runs_all_that_stores_on_both_engines_and_the_rest_once() -> None:
    from tools.suites import TESTS

    options = sorted(" ".join(suite.command[2:]) for suite in TESTS)
    stored = [
        f"--rooms {rooms}{engine}"
        for rooms in ("waiting", "working")
        for engine in ("", " --database postgres")
    ]
    assert options == sorted(["--rooms unstored", *stored])


@pytest.mark.parametrize(
    ("rooms", "run"),
    [
        ("all", {"planning", "desk", "browser"}),
        ("stored", {"desk", "browser"}),
        ("waiting", {"browser"}),
        ("working", {"desk"}),
        ("unstored", {"planning"}),
    ],
)
def test_a_room_is_left_out_only_when_told(rooms: str, run: set[str], tmp_path: Path, checkout: Path) -> None:
    (tmp_path / "conftest.py").write_text(
        "from tests.telling import Telling\n"
        f"def pytest_configure(config):\n    config.pluginmanager.register(Telling('sqlite', '{rooms}'), 'telling')\n"
    )
    every = ("planning", "desk", "browser")
    for room in every:
        (tmp_path / "tests" / room).mkdir(parents=True)
        (tmp_path / "tests" / room / f"test_{room}.py").write_text("def test_it(): pass\n")
    command = [sys.executable, "-m", "pytest", "-c", "/dev/null", "--rootdir", str(tmp_path), str(tmp_path)]
    command += ["-p", "no:cacheprovider", "-p", "no:django", "-v"]
    ended = subprocess.run(
        command, env={"PYTHONPATH": str(checkout)}, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert {
        room for room in ("planning", "desk", "browser") if f"test_{room}.py::test_it PASSED" in ended.stdout
    } == run


@pytest.mark.parametrize("name", sorted(ON_BOTH_BY_POSTGRES))
def test_what_tries_both_engines_by_itself_is_left_to_the_run_that_names_a_server(name: str) -> None:
    for rooms in ("stored", "waiting", "working", "unstored"):
        assert left_out(name, engine="sqlite", rooms=rooms)
    assert not left_out(name, engine="postgres", rooms="stored")
    assert not left_out(name, engine="sqlite", rooms="all")
    assert [left_out(name, engine="postgres", rooms=rooms) for rooms in ("waiting", "working")].count(
        False
    ) == 1
