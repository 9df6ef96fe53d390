"""Whoever takes the disk finds no word, name, place, plan or codename, and no key that opens any of them.

The whole path is played with odd words; then every byte of every file and every value of every row is
searched for them in all their shapes, and every key that lies there is tried against everything that is
sealed.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.seizure.attempts import keys_found, opened_with, sealed_blobs, visits_opened
from tests.seizure.scene import WORDS, Scene, played
from tests.seizure.search import everything_written, found, shapes_of_bytes, shapes_of_word
from tropa.desk.audit.models import Record
from tropa.desk.staff.models import Team
from tropa.desk.talk.applicant import delete_everything
from tropa.desk.talk.models import Chunk, Entry
from tropa.desk.vault.models import CaseGrant

KEPT_ELSEWHERE = ("boris's seed", "applicant's seed", "case's seed", "duty seed", "recovery key")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(transactional_db: None) -> Iterator[Scene]:
    with played() as scene:
        yield scene


def test_nothing_anybody_wrote_and_no_key_is_found_in_any_shape(
    scene: Scene, capfd: pytest.CaptureFixture[str]
) -> None:
    printed = capfd.readouterr()
    logs = {"printed": printed.out.encode(), "logged": printed.err.encode()}
    assert found(scene.words, scene.keys, logs) == set()


def test_the_search_finds_what_does_lie_there(scene: Scene) -> None:
    """The control: a word put into a clear column, and a key into a name, are found in files and rows."""
    Team.objects.create(name=WORDS["place"])
    Team.objects.create(name=scene.keys["boris's seed"].hex()[:60])
    hits = found({"place": WORDS["place"]}, {"seed": scene.keys["boris's seed"][:30]})
    assert {(what, shape) for what, shape, _where in hits} >= {
        ("word: place", "as it is"),
        ("key: seed", "hex"),
    }
    assert any(where == "staff_team.name" for *_what, where in hits)
    assert any(where != "staff_team.name" for *_what, where in hits), "found in the rows but in no file"


def test_every_shape_is_found_when_it_is_there() -> None:
    word = WORDS["message"]
    around = "перед этим и после".encode()
    for shape in shapes_of_word(word).values():
        assert shape in around + shape + around
    import base64

    for offset in range(3):
        hidden = base64.b64encode(b"x" * offset + word.encode() + b"tail")
        assert any(
            shape in hidden for name, shape in shapes_of_bytes(word.encode()).items() if "base64" in name
        )


def test_no_key_that_lies_there_opens_anything(scene: Scene) -> None:
    keys = keys_found()
    assert len(keys) > 20, "the pinned root, the service key, hashes and visits at least"
    assert len(list(sealed_blobs())) > 25
    assert opened_with(keys) == set()
    assert visits_opened() == 0


def test_the_attempts_open_what_they_should_with_the_right_keys(scene: Scene) -> None:
    """The control: with the keys people keep in their heads, every kind of blob opens."""
    keep = {scene.keys[name] for name in KEPT_ELSEWHERE}
    columns = {column for column, _context, _blob in sealed_blobs()}
    assert columns - opened_with(keep) == set()


def test_every_sealed_column_was_filled_by_the_scene(scene: Scene) -> None:
    columns = {column for column, _context, _blob in sealed_blobs()}
    assert columns == {
        "talk_entry.sealed",
        "talk_entry.wrapped",
        "talk_entry.sealed_applicant",
        "vault_casekey.recovery",
        "vault_dutyepoch.recovery",
        "vault_casegrant.sealed",
        "vault_casegrant.wrapped",
        "vault_dutygrant.sealed",
        "vault_dutygrant.wrapped",
        "cases_triagecard.sealed",
        "cases_triagecard.wrapped",
        "plans_planfacts.sealed",
        "plans_planfacts.wrapped",
        "plans_plan.sealed",
        "plans_plan.wrapped",
        "plans_plan.sealed_reason",
        "plans_release.sealed",
        "plans_release.wrapped",
        "plans_release.sealed_applicant",
        "talk_draft.sealed",
    }
    assert Chunk.objects.exists()
    assert Record.objects.exists()


def test_after_delete_everything_the_sealed_bytes_themselves_are_gone(scene: Scene) -> None:
    blobs = [bytes(entry.sealed)[20:80] for entry in Entry.objects.filter(thread=scene.written.thread)]
    blobs += [bytes(grant.sealed)[20:80] for grant in CaseGrant.objects.all()]
    assert all(any(blob in content for _where, content in everything_written()) for blob in blobs)
    delete_everything(thread=scene.written.thread, now=scene.world.now)
    left = [where for where, content in everything_written() for blob in blobs if blob in content]
    assert left == []
