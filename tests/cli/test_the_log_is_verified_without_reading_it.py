"""`tropa audit` tells whoever runs the server whether the log holds, and nothing of what is in it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.ceremony.driver import environment
from tests.stores import store_of
from tropa.cli.main import main as tropa

COMMANDS = (("audit", "checkpoint"), ("audit", "verify"))


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The example world, prepared and standing still, as the environment of its commands."""
    data = tmp_path_factory.mktemp("audited") / "data"
    told = environment(data) | {"TROPA_EXAMPLE": "1"}
    data.mkdir(mode=0o700)
    (data / "example-world").write_text("synthetic people only\n")
    done = subprocess.run(
        [sys.executable, "-m", "tropa.cli", "example", "prepare"], check=False, env=told, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
    return told


def said(told: dict[str, str], *words: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "tropa.cli", *words],
        check=False,
        env=told,
        capture_output=True,
        encoding="utf-8",
    )
    return done.returncode, done.stdout + done.stderr


def test_a_log_that_holds_is_said_to_hold_and_nothing_is_opened(
    example: dict[str, str], tmp_path: Path
) -> None:
    without_key = example | {"TROPA_SERVICE_KEY": str(tmp_path / "nowhere")}
    code, words = said(without_key, "audit", "verify")
    assert code == 0
    assert words.startswith("The log holds: ")
    assert not any(letter in words.casefold() for letter in ("анна", "member", "taken"))


def test_a_kept_checkpoint_shows_a_log_that_was_cut_or_rewritten(
    example: dict[str, str], tmp_path: Path
) -> None:
    code, text = said(example, "audit", "checkpoint")
    assert code == 0
    kept = tmp_path / "kept.txt"
    kept.write_text(text)
    assert said(example, "audit", "verify", "--checkpoint", str(kept))[0] == 0
    store = store_of(Path(example["TROPA_DATA"]))
    ((last,),) = store.ask("SELECT MAX(sequence) FROM audit_record")
    ((sealed, previous, entry_hash),) = store.ask(
        "SELECT sealed, previous, hash FROM audit_record WHERE sequence = ?", last
    )
    store.change("DELETE FROM audit_record WHERE sequence = ?", last)
    try:
        assert said(example, "audit", "verify")[0] == 0, "without what was kept a cut log joins"
        code, words = said(example, "audit", "verify", "--checkpoint", str(kept))
        assert (code, f"ends at record {last - 1}" in words) == (1, True)
    finally:
        store.change("INSERT INTO audit_record VALUES (?, ?, ?, ?)", last, sealed, previous, entry_hash)


def test_the_first_record_that_was_changed_is_named(example: dict[str, str]) -> None:
    store = store_of(Path(example["TROPA_DATA"]))
    ((sealed,),) = store.ask("SELECT sealed FROM audit_record WHERE sequence = 2")
    store.change("UPDATE audit_record SET sealed = ? WHERE sequence = 2", b"another")
    try:
        code, words = said(example, "audit", "verify")
        assert (code, "record 2 was changed" in words) == (1, True)
    finally:
        store.change("UPDATE audit_record SET sealed = ? WHERE sequence = 2", sealed)


@pytest.mark.parametrize("text", [None, "", "nothing of the kind"])
def test_a_file_that_is_no_checkpoint_is_refused_by_name(
    example: dict[str, str], tmp_path: Path, text: str | None
) -> None:
    path = tmp_path / "kept.txt"
    if text is not None:
        path.write_text(text)
    code, words = said(example, "audit", "verify", "--checkpoint", str(path))
    assert (code, "kept.txt" in words) == (1, True)


def test_housekeeping_says_aloud_what_it_found(example: dict[str, str]) -> None:
    assert said(example, "housekeep") == (0, "")
    pinned = Path(example["TROPA_DATA"]) / "pinned"
    end = pinned / "audit-end"
    right = end.read_text()
    sequence, entry_hash, day = right.split()
    end.write_text(f"{int(sequence) + 1} {entry_hash} {day}\n")
    try:
        code, words = said(example, "housekeep")
        assert (code, "cut or rolled back" in words) == (1, True)
    finally:
        end.write_text(right)
    assert said(example, "housekeep") == (0, "")


def test_the_command_names_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        tropa(["audit"])
    assert "audit" in capsys.readouterr().err
