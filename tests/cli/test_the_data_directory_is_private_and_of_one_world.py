"""The data directory is closed to others and never holds both real people and the example world."""

import stat
from pathlib import Path

import pytest

from tropa.cli.directory import DirectoryRefused, check_database, lock_directory, open_directory


def test_it_is_made_readable_by_its_owner_alone(tmp_path: Path) -> None:
    open_directory(tmp_path / "a" / "data", example=False)
    assert stat.S_IMODE((tmp_path / "a" / "data").stat().st_mode) == 0o700


def test_a_directory_open_to_others_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    open_directory(tmp_path, example=False)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


def test_a_real_desk_does_not_start_on_the_example_world(tmp_path: Path) -> None:
    open_directory(tmp_path, example=True)
    with pytest.raises(DirectoryRefused, match="holds the example world"):
        open_directory(tmp_path, example=False)


def test_the_example_world_does_not_start_on_a_real_desk(tmp_path: Path) -> None:
    open_directory(tmp_path, example=False)
    (tmp_path / "tropa.sqlite3").touch()
    with pytest.raises(DirectoryRefused, match="no example world"):
        open_directory(tmp_path, example=True)
    assert [entry.name for entry in tmp_path.iterdir()] == ["tropa.sqlite3"]


def test_each_world_starts_again_on_its_own(tmp_path: Path) -> None:
    for _again in range(2):
        open_directory(tmp_path / "example", example=True)
        open_directory(tmp_path / "real", example=False)


def test_two_supervisors_never_share_a_directory(tmp_path: Path) -> None:
    with lock_directory(tmp_path), pytest.raises(DirectoryRefused, match="another"):
        lock_directory(tmp_path)
    lock_directory(tmp_path).close()


def test_a_database_on_a_server_tells_its_world_by_its_name() -> None:
    check_database(None, example=True)
    check_database("postgresql://tropa@/tropa_example?host=/run", example=True)
    check_database("postgresql://tropa@/tropa?host=/run", example=False)
    with pytest.raises(DirectoryRefused, match="ends in"):
        check_database("postgresql://tropa@/tropa?host=/run/example", example=True)
    with pytest.raises(DirectoryRefused, match="kept for the example world"):
        check_database("postgresql://tropa@/example", example=False)
