"""From a training world nothing can leave: no account is added, read or run there, whatever anybody sets or plants."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from tropa.cli.directory import TRAINING_MARK, DirectoryRefused, open_directory
from tropa.cli.onion_service import OnionPlace
from tropa.cli.run import Ports, messenger_accounts, refuse_onion_in_training
from tropa.desk import training
from tropa.desk.conf import conf

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def marked() -> Iterator[Path]:
    """This test's own data directory, marked."""
    path = conf.data / training.TRAINING_MARK
    path.write_text("nothing leaves from here\n")
    yield path
    path.unlink()


def tropa(data: Path, *words: str, typed: str = "", **told: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TROPA_")}
    return subprocess.run(
        [sys.executable, "-m", "tropa.cli", *words],
        env={**clean, "TROPA_DATA": str(data), **told},
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_mark_is_set_first_and_stays(tmp_path: Path) -> None:
    open_directory(tmp_path / "a", example=True, training=True)
    assert TRAINING_MARK == training.TRAINING_MARK
    assert training.is_training(tmp_path / "a")
    open_directory(tmp_path / "a", example=True)
    assert training.is_training(tmp_path / "a"), "started as an example, it stays a training world"
    with pytest.raises(DirectoryRefused):
        open_directory(tmp_path / "a", example=False)


def test_no_other_directory_becomes_one(tmp_path: Path) -> None:
    open_directory(tmp_path / "example", example=True)
    open_directory(tmp_path / "real", example=False)
    (tmp_path / "real" / "something").touch()
    for name in ("example", "real"):
        with pytest.raises(DirectoryRefused):
            open_directory(tmp_path / name, example=True, training=True)
        assert not training.is_training(tmp_path / name)


@pytest.mark.parametrize("told", [{}, {"TROPA_EXAMPLE": "1", "TROPA_TESTING": "1"}])
def test_no_command_adds_or_runs_an_account(tmp_path: Path, told: dict[str, str]) -> None:
    (tmp_path / TRAINING_MARK).touch()
    done = tropa(
        tmp_path, "channel", "add", "telegram", "help", typed="123:secret\nhttp://127.0.0.1:9\n", **told
    )
    assert done.returncode == 1
    assert "training world" in done.stderr
    assert not (tmp_path / "channels").exists()


def test_an_account_that_was_planted_is_not_started_and_not_read(marked: Path) -> None:
    from tropa.channels.catalogue import about
    from tropa.channels.protocol import Channel
    from tropa.gateway import accounts
    from tropa.gateway.credential import GatewayKeys
    from tropa.gateway.errors import TrainingWorld
    from tropa.gateway.process import Gateway, Surroundings

    keys = GatewayKeys.generate()
    account = accounts.Account("planted", "telegram", {})
    marked.unlink()
    accounts.add_account(account, keys)
    try:
        assert "planted" in messenger_accounts(conf.data)
        marked.touch()
        assert messenger_accounts(conf.data) == []
        with pytest.raises(TrainingWorld):
            accounts.read_account("planted", keys)
        with pytest.raises(TrainingWorld):
            accounts.add_account(accounts.Account("more", "telegram", {}), keys)
        around = Surroundings(lambda: datetime.now(UTC), conf.data)
        with pytest.raises(TrainingWorld):
            Gateway(account, about("telegram"), cast("Channel", None), keys, around)
    finally:
        accounts.remove_account("planted")


def test_it_is_never_published(tmp_path: Path) -> None:
    ports = Ports(drop=1, desk=2, live=3, onion=cast("OnionPlace", object()))
    refuse_onion_in_training(tmp_path, ports)
    (tmp_path / TRAINING_MARK).touch()
    with pytest.raises(DirectoryRefused):
        refuse_onion_in_training(tmp_path, ports)
    refuse_onion_in_training(tmp_path, Ports(drop=1, desk=2, live=3))
