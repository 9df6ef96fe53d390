"""The restore drill: what was backed up stands again on a fresh machine and opens for those it opened for, or nothing
changes and the reason is said.
"""

import json
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.ceremony.driver import at_the_table, environment
from tests.cli.ceremony.trustees import Table
from tests.stores import store_of, told_of
from tropa.desk.append_only import line_of
from tropa.desk.receipts import Destroyed, line
from tropa.desk.staff.kept_slots import FILE, KEPT
from tropa.desk.vault.key_store import KeyStore

PASSPHRASE = "семь тёплых хлебов"
NOTHING: tuple[set[str], set[str]] = ({"example-world"}, set())
CASES = "SELECT id FROM cases_case ORDER BY id"


class Machine:
    """A data directory with its environment."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.data = folder / "data"
        self.data.mkdir(mode=0o700)
        (self.data / "example-world").write_text("synthetic people only\n")
        told_of(self.data, example=True)
        self.told = environment(self.data) | {"TROPA_EXAMPLE": "1"}
        self.passphrase = folder / "passphrase"
        self.passphrase.write_text(f"{PASSPHRASE}\n", encoding="utf-8")

    def run(self, *words: str, typed: str = "", room: int | None = None) -> tuple[int, str]:
        """A command here; its exit code, and all it said. `room`: no file may grow beyond so many bytes."""

        def no_more() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (room or 0, room or 0))

        done = subprocess.run(
            [sys.executable, "-m", *words],
            check=False,
            env=self.told,
            input=typed,
            capture_output=True,
            encoding="utf-8",
            preexec_fn=no_more if room else None,
        )
        return done.returncode, done.stdout + done.stderr

    def tropa(self, *words: str, typed: str = "") -> tuple[int, str]:
        """`tropa WORDS`."""
        return self.run("tropa.cli", *words, typed=typed)

    def backup(self, target: Path) -> tuple[int, str]:
        """`tropa backup` with the passphrase."""
        return self.tropa("backup", str(target), "--passphrase-file", str(self.passphrase))

    def restore(self, archive: Path, *words: str) -> tuple[int, str]:
        """`tropa restore` with the passphrase."""
        return self.tropa("restore", str(archive), "--passphrase-file", str(self.passphrase), *words)

    def opened(self, secrets: Path) -> dict[str, dict[str, str]]:
        """What each person reads here."""
        told = {**self.told, "DJANGO_SETTINGS_MODULE": "tropa.desk.settings"}
        done = subprocess.run(
            [sys.executable, "-m", "tests.cli.opening", str(secrets)],
            check=True,
            env=told,
            stdout=subprocess.PIPE,
        )
        found: dict[str, dict[str, str]] = json.loads(done.stdout)
        return found

    def files(self) -> set[str]:
        """Every file here but the lock of whoever is running, and SQLite's own log."""
        found = {str(path.relative_to(self.data)) for path in self.data.rglob("*") if path.is_file()}
        return found - {"supervisor.lock", "tropa.sqlite3-wal", "tropa.sqlite3-shm"}

    def found(self) -> tuple[set[str], set[str]]:
        """What lies here, as files and as tables."""
        return self.files(), set(store_of(self.data).columns())


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """The machine with the example world."""
    machine = Machine(tmp_path_factory.mktemp("drill") / "home")
    code, said = machine.tropa("example", "prepare")
    assert code == 0, said
    assert machine.tropa("housekeep")[0] == 0
    return machine


@pytest.fixture(scope="module")
def archive(home: Machine) -> Path:
    """Its backup."""
    target = home.data.parent / "backup.tropa"
    code, said = home.backup(target)
    assert code == 0, said
    return target


@pytest.fixture
def fresh(tmp_path: Path) -> Machine:
    """A machine with nothing on it."""
    return Machine(tmp_path / "fresh")


def test_everybody_opens_on_a_fresh_machine_what_they_opened_before(
    home: Machine, archive: Path, fresh: Machine
) -> None:
    secrets = home.data / "example" / "people.json"
    before = home.opened(secrets)
    assert sum(map(len, before.values())) > 5
    (fresh.data / "credentials").mkdir()
    shutil.copy(home.data / "credentials" / "desk.key", fresh.data / "credentials")
    slots = _other_slots_kept(home, fresh)
    code, said = fresh.restore(archive)
    assert (code, said.startswith("Restored: the state of ")) == (0, True), said
    assert not slots.with_name(f"{FILE}.new").exists()
    assert fresh.opened(secrets) == before
    assert fresh.tropa("audit", "verify")[0] == 0
    assert fresh.tropa("housekeep") == (0, "")
    assert not list(fresh.data.glob("tropa-backup-*"))


def _other_slots_kept(home: Machine, fresh: Machine) -> Path:
    """As after everybody changed their passphrases since the backup."""
    slots = fresh.data / "pinned" / FILE
    slots.parent.mkdir(mode=0o700)
    people = [one for (one,) in store_of(home.data).ask("SELECT id FROM staff_member")]
    slots.write_bytes(b"".join(line_of(KEPT, one) + b"\n" for one in people))
    assert people
    return slots


def test_nothing_of_it_can_be_read_from_the_archive(home: Machine, archive: Path) -> None:
    content = archive.read_bytes()
    assert b"SQLite format" not in content
    assert all(case.encode() not in content for ((case),) in store_of(home.data).ask(CASES))
    assert archive.stat().st_mode & 0o077 == 0


def test_without_the_service_key_the_operator_is_told(archive: Path, fresh: Machine) -> None:
    code, said = fresh.restore(archive)
    assert (code, "nobody can sign in" in said) == (0, True)


def test_nothing_is_put_over_what_is_there(home: Machine, archive: Path) -> None:
    before = store_of(home.data).ask(CASES)
    code, said = home.restore(archive)
    assert (code, "already" in said) == (1, True)
    assert store_of(home.data).ask(CASES) == before
    code, said = home.backup(archive)
    assert (code, "already" in said) == (1, True)


def _flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize(
    "damage", [_flipped, lambda content: content[:-1], lambda content: content[:100], lambda _all: b""]
)
def test_a_damaged_archive_changes_nothing(
    archive: Path, fresh: Machine, tmp_path: Path, damage: object
) -> None:
    assert callable(damage)
    damaged = tmp_path / "damaged"
    damaged.write_bytes(damage(archive.read_bytes()))
    code, said = fresh.restore(damaged)
    assert (code, "does not open" in said) == (1, True)
    assert fresh.found() == NOTHING


@pytest.mark.parametrize("room", [300, 20_000])
def test_a_disk_that_takes_no_more_leaves_nothing_half_done(
    home: Machine, archive: Path, fresh: Machine, tmp_path: Path, room: int
) -> None:
    target = tmp_path / "target"
    words = ("--passphrase-file", str(fresh.passphrase))
    before = home.files()
    code, said = home.run("tropa.cli", "backup", str(target), *words, room=room)
    assert (code, "disk full" in said) == (1, True), said
    assert not list(tmp_path.glob("target*"))
    assert home.files() == before
    code, said = fresh.run("tropa.cli", "restore", str(archive), *words, room=room)
    assert (code, "Nothing was changed" in said) == (1, True), said
    assert fresh.found() == NOTHING


def test_a_wrong_passphrase_and_a_missing_archive_change_nothing(
    archive: Path, fresh: Machine, tmp_path: Path
) -> None:
    assert fresh.restore(tmp_path / "nowhere")[0] == 1
    fresh.passphrase.write_text("другая фраза\n", encoding="utf-8")
    code, said = fresh.restore(archive)
    assert (code, "does not open" in said) == (1, True)
    assert fresh.found() == NOTHING


def test_a_backup_older_than_a_kept_checkpoint_is_refused_until_it_is_accepted(
    home: Machine, archive: Path, fresh: Machine, tmp_path: Path
) -> None:
    assert home.backup(tmp_path / "later")[0] == 0  # an act, which the first archive does not hold
    kept = tmp_path / "kept"
    kept.write_text(home.tropa("audit", "checkpoint")[1])
    code, said = fresh.restore(archive, "--checkpoint", str(kept))
    assert (code, "TOO OLD" in said) == (1, True)
    assert fresh.found() == NOTHING
    assert fresh.restore(archive, "--checkpoint", str(kept), "--accept-older")[0] == 0
    assert fresh.tropa("housekeep") == (0, "")


def test_pinned_files_that_survived_show_an_older_backup_and_stay(
    home: Machine, archive: Path, fresh: Machine
) -> None:
    assert home.tropa("housekeep")[0] == 0
    assert home.backup(home.data.parent / "one more")[0] == 0
    assert home.tropa("housekeep")[0] == 0
    shutil.copytree(home.data / "pinned", fresh.data / "pinned")
    before = {path.name: path.read_bytes() for path in (fresh.data / "pinned").iterdir()}
    code, said = fresh.restore(archive)
    assert (code, "TOO OLD" in said) == (1, True)
    assert {path.name: path.read_bytes() for path in (fresh.data / "pinned").iterdir()} == before
    assert store_of(fresh.data).columns() == {}


def test_what_was_destroyed_since_is_destroyed_again(home: Machine, archive: Path, fresh: Machine) -> None:
    ((case,), *_more) = store_of(home.data).ask(CASES)
    pinned = fresh.data / "pinned"
    pinned.mkdir()
    shutil.copy(home.data / "pinned" / "root.pub", pinned)
    (pinned / "destroyed").write_bytes(b"\n" + line(Destroyed.CASE, case) + b"\n")
    code, said = fresh.restore(archive)
    assert (code, "destroyed again" in said) == (0, True), said
    left = [each for (each,) in store_of(fresh.data).ask(CASES)]
    assert left == [each for (each,) in store_of(home.data).ask(CASES) if each != case]
    assert store_of(fresh.data).ask("SELECT COUNT(*) FROM vault_casekey WHERE case_id = ?", case) == [(0,)]
    assert set(KeyStore(fresh.data / "case-keys").keys([case, *left])) == set(left)


def test_a_case_whose_key_was_destroyed_does_not_come_back_to_life(
    home: Machine, fresh: Machine, tmp_path: Path
) -> None:
    """An archive of the moment between the key's end and the rows'."""
    case, *others = [each for (each,) in store_of(home.data).ask(CASES)]
    keys = home.data / "case-keys"
    whole = keys.read_bytes()
    assert KeyStore(keys).destroy([case]) == 1
    target = tmp_path / "later"
    try:
        assert home.backup(target)[0] == 0
    finally:
        keys.write_bytes(whole)
    code, said = fresh.restore(target)
    assert (code, "The wrapping key of 1 case is neither here" in said) == (0, True), said
    assert set(KeyStore(fresh.data / "case-keys").keys([case, *others])) == set(others)


def test_another_organisations_pinned_root_refuses_it(archive: Path, fresh: Machine) -> None:
    pinned = fresh.data / "pinned"
    pinned.mkdir()
    (pinned / "root.pub").write_text("00" * 32 + "\n")
    code, said = fresh.restore(archive)
    assert (code, "another organisation" in said) == (1, True)
    assert store_of(fresh.data).columns() == {}


def test_trustees_open_it_with_the_shares_of_the_recovery_key(tmp_path: Path) -> None:
    data, other = tmp_path / "founded", tmp_path / "other"
    for folder in (data, other):
        folder.mkdir(mode=0o700)
    table = Table()
    assert at_the_table(table, data) == 0
    told, told_other = environment(data), environment(other)

    def said(environment: dict[str, str], *words: str, typed: str = "") -> tuple[int, str]:
        command = [sys.executable, "-m", "tropa.cli", *words]
        done = subprocess.run(
            command, check=False, env=environment, input=typed, capture_output=True, encoding="utf-8"
        )
        return done.returncode, done.stdout + done.stderr

    target = tmp_path / "backup"
    assert said(told, "backup", str(target)) == (0, f"Written: {target}\n")
    words = {key: " ".join(share) for key, share in table.shares.items()}
    one, two = words["Recovery", 1], words["Recovery", 2]
    code, heard = said(told_other, "restore", str(target), typed=f"{one}\n")
    assert (code, "not complete" in heard) == (1, True)
    assert store_of(other).columns() == {}
    code, heard = said(told_other, "restore", str(target), typed=f"{one}\n{two}\n")
    assert code == 0, heard
    assert store_of(other).ask("SELECT pseudonym FROM staff_member") == store_of(data).ask(
        "SELECT pseudonym FROM staff_member"
    )


def test_an_empty_machine_has_nothing_to_back_up(fresh: Machine, tmp_path: Path) -> None:
    code, said = fresh.backup(tmp_path / "target")
    assert (code, "no organisation" in said) == (1, True)
    assert not (tmp_path / "target").exists()
    assert not (tmp_path / "target.unfinished").exists()
