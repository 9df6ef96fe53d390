"""Archives in the folder of backups go after their days, and nothing else there does."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tropa.desk.conf import conf, read
from tropa.desk.retention.backups import destroy_backups

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def written(path: Path, days: float) -> Path:
    path.write_bytes(b"sealed")
    at = (NOW - timedelta(days=days)).timestamp()
    os.utime(path, (at, at))
    return path


def test_an_archive_goes_when_its_days_are_over_and_not_before(tmp_path: Path) -> None:
    old = written(tmp_path / "old.tropa", conf.backup_days + 0.01)
    fresh = written(tmp_path / "fresh.tropa", conf.backup_days - 0.01)
    other = written(tmp_path / "notes.txt", 500)
    away = written(tmp_path / "away", 500)
    (tmp_path / "link.tropa").symlink_to(away)
    (tmp_path / "folder.tropa").mkdir()
    assert destroy_backups(tmp_path, now=NOW) == 1
    assert not old.exists()
    assert all(path.exists() for path in (fresh, other, away, tmp_path / "folder.tropa"))
    assert (tmp_path / "link.tropa").is_symlink()
    assert destroy_backups(tmp_path, now=NOW) == 0


def test_without_a_folder_nothing_is_looked_for(tmp_path: Path) -> None:
    assert destroy_backups(None, now=NOW) == 0
    assert destroy_backups(tmp_path / "nowhere", now=NOW) == 0
    assert read({}).backup_folder is None
    assert read({"TROPA_BACKUP_FOLDER": str(tmp_path)}).backup_folder == tmp_path
