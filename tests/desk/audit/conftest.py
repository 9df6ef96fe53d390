"""A pinned directory of each test's own: what is kept outside the database outlives the database of one test."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest


@pytest.fixture
def pinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test's log end and alarm lie."""
    from tropa.desk.audit import log_end  # this file may be read before Django is ready
    from tropa.desk.conf import conf

    folder = tmp_path / "pinned"
    folder.mkdir()
    monkeypatch.setattr(log_end, "conf", dataclasses.replace(conf, pinned=folder))
    return folder
