"""What `tropa onion make` tells a real tor: verified by that tor, made once, and refused when it promises less."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tropa.cli.onion_service import ADDRESS, OnionPlace, OnionRefused, check, make, place_of


@pytest.fixture
def place(tmp_path: Path) -> OnionPlace:
    return place_of({}, tmp_path)


def test_an_address_is_made_without_a_network_and_never_exchanged(place: OnionPlace) -> None:
    address = make(place)
    assert ADDRESS.fullmatch(address)
    assert make(place) == address == place.address
    assert place.url == f"http://{address}/"


def test_everything_of_it_is_its_owners_alone(place: OnionPlace, tmp_path: Path) -> None:
    make(place)
    open_to_others = [
        path for path in (tmp_path / "credentials").rglob("*") if stat.S_IMODE(path.lstat().st_mode) & 0o077
    ]
    assert open_to_others == []


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("HiddenServicePoWDefensesEnabled 1", "HiddenServicePoWDefensesEnabled 0"),
        ("HiddenServiceEnableIntroDoSDefense 1", ""),
        ("SafeLogging 1", "SafeLogging 0"),
        ("SocksPort 0", "SocksPort 9050"),
        ("HiddenServiceMaxStreams 64", "HiddenServiceMaxStreams many"),
        ("HiddenServiceMaxStreams 64", "NoSuchOption 1"),
        ("HiddenServiceMaxStreams 64", "HiddenServicePort 22 127.0.0.1:22"),
        ("HiddenServiceMaxStreams 64", "ControlPort 9051"),
        ("HiddenServicePort 80 unix:", "HiddenServicePort 80 127.0.0.1:8400 #"),
    ],
)
def test_less_than_promised_is_refused(place: OnionPlace, line: str, instead: str) -> None:
    make(place)
    check(place)
    text = place.torrc.read_text()
    assert line in text
    place.torrc.write_text(text.replace(line, instead))
    with pytest.raises(OnionRefused):
        check(place)


@pytest.mark.parametrize("folder", ["with a space", "x" * 120])
def test_a_place_tor_or_the_system_cannot_take_is_refused_before_anything_is_made(
    tmp_path: Path, folder: str
) -> None:
    place = place_of({"TROPA_ONION": str(tmp_path / folder)}, tmp_path)
    with pytest.raises(OnionRefused):
        make(place)
    assert not place.folder.exists()


def test_the_command_says_the_address_and_what_is_wrong(tmp_path: Path) -> None:
    environment = {**os.environ, "TROPA_DATA": str(tmp_path), "LANGUAGE": "en"}

    def tropa(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tropa.cli", "onion", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert tropa("check").returncode == 1
    assert "no onion service was made here" in tropa("address").stderr
    made = tropa("make")
    assert (made.returncode, made.stdout) == (0, tropa("address").stdout)
    assert tropa("check").returncode == 0
    shutil.rmtree(tmp_path / "credentials" / "onion" / "service")
    assert tropa("address").returncode == 1
