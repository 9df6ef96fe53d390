"""Whoever takes the disk finds no word, name, place, plan or codename, and no key that opens any of them.

The whole path is played with odd words; then every byte of every file and every value of every row is
searched for them in all their shapes, and every key that lies there is tried against everything that is
sealed.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.seizure.scene import Scene, played
from tests.stores import store_of_this_test
from tropa.desk.audit.models import Record
from tropa.desk.staff.models import Team
from tropa.desk.talk.applicant import delete_everything
from tropa.desk.talk.models import Chunk, Entry
from tropa.desk.vault.models import CaseGrant
from tropa.seizure.attempts import Keys, blobs, keys_found, opened_with, visits_opened
from tropa.seizure.examination import Seized
from tropa.seizure.places import Place, everything_written
from tropa.seizure.search import Hit, search
from tropa.seizure.shapes import sought

# of no other test: a server keeps in its log what a test wrote
PLANTED = "чечётка-посаженная-в-открытую"
KEPT_ELSEWHERE = ("boris's seed", "applicant's seed", "case's seed", "duty seed", "recovery key")

pytestmark = pytest.mark.django_db(transaction=True)


def written() -> list[Place]:
    """Every byte of the test's own installation, the server's files too where there is a server."""
    return list(Seized(store_of_this_test()).places())


def found(words: dict[str, str], keys: dict[str, bytes], *also: Place) -> set[Hit]:
    return set(search([*written(), *also], sought(words, keys)).hits)


@pytest.fixture
def scene(transactional_db: None) -> Iterator[Scene]:
    with played() as scene:
        yield scene


def test_nothing_anybody_wrote_and_no_key_is_found_in_any_shape(
    scene: Scene, capfd: pytest.CaptureFixture[str]
) -> None:
    printed = capfd.readouterr()
    logs = [("printed", printed.out.encode()), ("logged", printed.err.encode())]
    assert found(scene.words, scene.keys, *logs) == set()


def test_the_search_finds_what_does_lie_there(scene: Scene) -> None:
    """The control: a word put into a clear column, and a key into a name, are found in files and rows."""
    Team.objects.create(name=PLANTED)
    Team.objects.create(name=scene.keys["boris's seed"].hex()[:60])
    hits = found({"planted": PLANTED}, {"seed": scene.keys["boris's seed"][:30]})
    assert {(hit.what, hit.shape) for hit in hits} >= {("planted", "as it is"), ("seed", "hex")}
    assert any(hit.where == "staff_team.name" for hit in hits)
    assert any(hit.where != "staff_team.name" for hit in hits), "found in the rows but in no file"


def test_no_key_that_lies_there_opens_anything(scene: Scene) -> None:
    keys = keys_found(everything_written(store_of_this_test()))
    assert len(keys.secret) + len(keys.public) > 20, (
        "the pinned root, the service key, hashes and visits at least"
    )
    assert len(list(blobs())) > 25
    assert opened_with(keys) == set()
    assert visits_opened() == 0


def test_the_attempts_open_what_they_should_with_the_right_keys(scene: Scene) -> None:
    """The control: with the keys people keep in their heads, every kind of blob opens."""
    keep = {scene.keys[name] for name in KEPT_ELSEWHERE}
    columns = {blob.column for blob in blobs()}
    # the log is sealed to Anna's key alone, which this scene's people keep too
    keep.add(scene.keys["anna's seed"])
    assert columns - opened_with(Keys(secret=keep)) == {"talk_chunk.sealed"}, (
        "a file's key stands in its entry"
    )


def test_every_sealed_column_was_filled_by_the_scene(scene: Scene) -> None:
    columns = {blob.column for blob in blobs()}
    assert columns == {
        "talk_chunk.sealed",
        "audit_record.sealed",
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
    assert all(any(blob in content for _where, content in written()) for blob in blobs)
    delete_everything(thread=scene.written.thread, now=scene.world.now)
    left = [where for where, content in written() for blob in blobs if blob in content]
    assert left == []
