"""A checkpoint is a text a trustee can keep, type again and hold the log against; another text is refused by name."""

from datetime import date
from pathlib import Path

import pytest

from tests.desk.world import ROOT, World
from tropa.desk.audit import checkpoints
from tropa.desk.audit.checkpoints import KeptCheckpoint, read_checkpoint, write_checkpoint
from tropa.desk.audit.errors import CheckpointForged, CheckpointRefused, NotACheckpoint, OtherOrganisation
from tropa.envelope import Checkpoint, Seed

GOLDEN = Path(__file__).parent / "golden" / "checkpoint_1.txt"
KEPT = KeptCheckpoint(Checkpoint(1234, bytes(range(32))), date(2026, 11, 22))


@pytest.fixture
def _known_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "service_seed", lambda: Seed(b"k" * 32))


def test_what_was_written_is_read(world: World) -> None:
    assert read_checkpoint(write_checkpoint(KEPT)) == KEPT


def test_it_may_be_typed_with_other_breaks(world: World) -> None:
    text = write_checkpoint(KEPT)
    assert read_checkpoint("\r\n  " + text.replace("\n", "\r\n\r\n").replace(" ", "   ")) == KEPT


@pytest.mark.usefixtures("_known_key")
def test_the_first_one_ever_written_is_read_for_ever(world: World) -> None:
    assert write_checkpoint(KEPT) == GOLDEN.read_text(encoding="ascii")
    assert read_checkpoint(GOLDEN.read_text(encoding="ascii")) == KEPT


def test_one_changed_letter_anywhere_is_refused(world: World) -> None:
    text = write_checkpoint(KEPT)
    for at, letter in enumerate(text):
        if letter not in "0123456789abcdef":
            continue
        changed = text[:at] + ("0" if letter != "0" else "1") + text[at + 1 :]
        with pytest.raises(CheckpointRefused):
            read_checkpoint(changed)


@pytest.mark.parametrize("text", ["", "tropa audit checkpoint 1", "x" * 5000, "абв"])
def test_other_texts_are_no_checkpoint(world: World, text: str) -> None:
    with pytest.raises(NotACheckpoint):
        read_checkpoint(text)


def test_another_organisations_is_told_apart(world: World) -> None:
    text = write_checkpoint(KEPT)
    with pytest.raises(OtherOrganisation):
        read_checkpoint(text.replace(ROOT.signing().public.raw.hex(), "00" * 32))


def test_another_desks_signature_does_not_hold(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    text = write_checkpoint(KEPT)
    monkeypatch.setattr(checkpoints, "service_seed", lambda: Seed(b"o" * 32))
    with pytest.raises(CheckpointForged):
        read_checkpoint(text)
