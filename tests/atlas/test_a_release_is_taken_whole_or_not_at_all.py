"""Publishing and taking releases by the command: signed, numbered, expiring, atomic, and checked again when read."""

import getpass
import json
import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.atlas.small_pack import FILES, spoiled, write_pack
from tropa.atlas import SHIPPED_PACK
from tropa.atlas.adoption import load_in_force, pack_in_force
from tropa.atlas.errors import AdoptionBroken, ReleaseFilesDiffer
from tropa.cli.main import main


class World:
    """A publisher with a key, and an organisation with a data directory."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        self.data = folder / "data"
        self.key = folder / "key.pem"
        _, told, _ = self.say("key", "--to", self.key)
        self.public = told.split()[-1]

    def say(self, *words: object) -> tuple[int, str, str]:
        code = main(["atlas", "release", *map(str, words)])
        captured = self.capsys.readouterr()
        return code, captured.out, captured.err

    def release(self, number: int, *, expires: str = "2026-12-31", **changed: str) -> Path:
        pack = write_pack(self.folder / f"pack-{number}-{len(changed)}", **changed)
        to = self.folder / f"release-{number}-{len(changed)}"
        words = ("--number", number, "--expires", expires, "--key", self.key, "--on", "2026-11-23")
        code, _, err = self.say("make", pack, "--to", to, *words)
        assert (code, err) == (0, "")
        return to

    def adopt(self, release: Path, on: str = "2026-11-24") -> tuple[int, str, str]:
        return self.say("adopt", release, "--on", on)

    def kept(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.data)): path.read_bytes()
            for path in sorted((self.data / "atlas").rglob("*"))
            if path.is_file()
        }


@pytest.fixture
def world(tmp_path, capsys, monkeypatch) -> World:
    monkeypatch.setenv("TROPA_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("TROPA_PINNED", str(tmp_path / "pinned"))
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: "a long enough passphrase")
    made = World(tmp_path, capsys)
    made.say("trust", made.public)
    return made


def test_a_key_lies_sealed_and_readable_by_its_owner_alone(world):
    assert world.key.stat().st_mode & 0o777 == 0o600
    assert world.key.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert world.say("key", "--to", world.key)[0] == 1


def test_without_a_release_the_pack_that_comes_with_tropa_is_in_force(world):
    assert pack_in_force(world.data) == SHIPPED_PACK
    assert "comes with Tropa" in world.say("show")[1]


def test_a_release_is_taken_and_is_in_force(world):
    code, told, _ = world.adopt(world.release(3))
    assert code == 0
    assert told.startswith("Small, release 3: published 2026-11-23, expires 2026-12-31")
    assert load_in_force(world.data).meta.name.en == "Small"
    assert "release 3" in world.say("show", "--on", "2026-11-24")[1]
    assert "expired on 2026-12-31" in world.say("show", "--on", "2027-01-01")[1]


def test_an_old_release_replayed_is_refused_and_nothing_changes(world):
    old, new = world.release(3), world.release(4, **spoiled("legs", "[20, 30, 60]", "[20, 30, 61]"))
    assert world.adopt(new)[0] == 0
    before = world.kept()
    code, out, err = world.adopt(old)
    assert (code, out) == (1, "")
    assert err.startswith("ReleaseRolledBack")
    assert world.kept() == before


def test_another_release_of_the_same_number_is_refused(world):
    assert world.adopt(world.release(3))[0] == 0
    other = world.release(3, **spoiled("legs", "[20, 30, 60]", "[20, 30, 61]"))
    assert world.adopt(other)[2].startswith("ReleaseRolledBack")


def test_a_frozen_release_is_refused(world):
    assert world.adopt(world.release(3), on="2027-01-01")[2].startswith("ReleaseExpired")
    assert not (world.data / "atlas").exists()


def test_a_release_of_an_unknown_key_is_refused(world):
    release = world.release(3)
    world.say("trust", "ab" * 32)
    assert world.adopt(release)[2].startswith("ReleaseUnsigned")


def test_two_keys_may_be_asked_for(world):
    second = world.folder / "second.pem"
    public = world.say("key", "--to", second)[1].split()[-1]
    world.say("trust", world.public, public, "--threshold", "2")
    assert world.adopt(world.release(3))[2].startswith("ReleaseUnsigned")


def test_files_of_two_releases_do_not_mix(world):
    first, second = world.release(3), world.release(4, **spoiled("legs", "[20, 30, 60]", "[20, 30, 61]"))
    shutil.copy(first / "legs.yaml", second / "legs.yaml")
    assert world.adopt(second)[2].startswith("ReleaseFilesDiffer")
    shutil.copy(first / "legs.yaml", first / "more.yaml")
    assert world.say("verify", first, "--on", "2026-11-24")[2].startswith("ReleaseFilesDiffer")


def test_nobody_trusted_means_nothing_taken(world, tmp_path):
    release = world.release(3)
    (tmp_path / "pinned" / "atlas-publishers.json").unlink()
    assert "no publisher is trusted yet" in world.adopt(release)[2]
    (tmp_path / "pinned" / "atlas-publishers.json").write_text("[]")
    assert "cannot be read" in world.adopt(release)[2]


def test_a_faulty_pack_is_not_released(world, tmp_path):
    pack = write_pack(tmp_path / "faulty", **spoiled("legs", "    to: kirkenes\n", ""))
    words = ("--number", 1, "--expires", "2026-12-31", "--key", world.key)
    code, _, err = world.say("make", pack, "--to", tmp_path / "out", *words)
    assert (code, "legs.yaml:3" in err, (tmp_path / "out").exists()) == (1, True, False)


@pytest.mark.parametrize("words", [("--number", "0"), ("--number", "1", "--on", "2027-06-01")])
def test_a_release_nobody_could_take_is_not_made(world, tmp_path, words):
    pack = write_pack(tmp_path / "pack")
    more = ("--expires", "2026-12-31", "--key", world.key)
    assert world.say("make", pack, "--to", tmp_path / "out", *words, *more)[0] == 1


def test_what_was_taken_is_refused_once_somebody_changed_it(world):
    world.adopt(world.release(3))
    file = pack_in_force(world.data) / "legs.yaml"
    file.write_text(FILES["legs.yaml"].replace("[20, 30, 60]", "[0, 0, 1]"), encoding="utf-8")
    with pytest.raises(ReleaseFilesDiffer):
        load_in_force(world.data)
    assert world.say("show")[2].startswith("ReleaseFilesDiffer")


@pytest.mark.parametrize(
    "text", ["{}", "[1]", "no json", json.dumps({"version": 3, "statement": "0", "folder": "gone"})]
)
def test_a_broken_note_of_what_is_in_force_never_falls_back_to_older_facts(world, text):
    world.adopt(world.release(3))
    (world.data / "atlas" / "adopted.json").write_text(text)
    with pytest.raises(AdoptionBroken):
        pack_in_force(world.data)


@contextmanager
def disk_that_takes(size: int) -> Iterator[None]:
    """No file gets larger than so many bytes: the system refuses what is written beyond."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_the_release_in_force_and_nothing_half_laid_down(world):
    world.adopt(world.release(3))
    before, release = world.kept(), world.release(4)
    largest = max(path.stat().st_size for path in release.rglob("*") if path.is_file())
    for size in (0, 1, 100, 700, largest // 2, largest - 1):
        with disk_that_takes(size):
            code = main(["atlas", "release", "adopt", str(release), "--on", "2026-11-24"])
        assert (code, world.kept()) == (1, before), size
        assert "release 3" in world.say("show", "--on", "2026-11-24")[1]
    with disk_that_takes(largest):
        code = main(["atlas", "release", "adopt", str(release), "--on", "2026-11-24"])
    assert code == 0
    assert "release 4" in world.say("show", "--on", "2026-11-24")[1]


def test_a_full_disk_before_the_pointer_turns_leaves_the_release_in_force(world):
    """The new release lies there whole, as after a crash; only what says that it is in force does not fit."""
    world.adopt(world.release(3))
    release = world.release(4)
    pointer = world.data / "atlas" / "adopted.json"
    said = pointer.read_bytes()
    assert world.adopt(release)[0] == 0
    pointer.write_bytes(said)
    before = world.kept()
    for size in (0, 1, len(said) - 1):
        with disk_that_takes(size):
            code = main(["atlas", "release", "adopt", str(release), "--on", "2026-11-24"])
        assert (code, world.kept()) == (1, before), size
        assert "release 3" in world.say("show", "--on", "2026-11-24")[1]
    assert world.adopt(release)[0] == 0
    assert "release 4" in world.say("show", "--on", "2026-11-24")[1]
