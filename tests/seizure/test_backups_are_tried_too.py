"""A backup beside a seized disk is tried with every key that lies there, and opens with the right one alone."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from tropa.envelope import ArchiveWriter, PassphraseProfile, Recipients, Seed
from tropa.seizure.archives import archives_opened

HOLDER, OTHER = Seed(bytes(range(32))), Seed(bytes(32))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with (tmp_path / "a.tropa").open("wb") as file:
        writer = ArchiveWriter(
            file,
            Recipients(HOLDER.sealing().public, "слово", PassphraseProfile.CHEAP),
            random=secrets.token_bytes,
        )
        writer.write(b"everything")
        writer.finish()
    (tmp_path / "no archive").write_bytes(b"something else")
    return tmp_path


def test_no_other_key_opens_it(folder: Path) -> None:
    assert archives_opened([folder], {OTHER.raw, b"x" * 32}) == []


def test_the_holders_key_opens_it(folder: Path) -> None:
    assert archives_opened([folder], {OTHER.raw, HOLDER.raw}) == [f"{folder.name}/a.tropa"]
