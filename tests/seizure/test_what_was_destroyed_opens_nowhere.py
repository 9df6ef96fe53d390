"""A case that was destroyed: none of its bytes lie anywhere, and an older copy of the database does not open it, with
every key people keep and every key that lies on the disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

import pytest

from tests.desk.world import RECOVERY
from tests.seizure.scene import Scene, played
from tests.stores import store_of_this_test
from tropa.desk.cases.models import Case
from tropa.desk.conf import conf
from tropa.desk.housekeeping import keep_house
from tropa.desk.retention.services import close_case
from tropa.desk.talk.models import Entry
from tropa.desk.talk.services import reply
from tropa.desk.vault.models import CaseGrant, CaseKey
from tropa.desk.vault.statements import case_grant_context, recovery_context
from tropa.desk.vault.wrapping_keys import unwrap_seed
from tropa.envelope import CannotOpen, Seed, SymmetricKey, open_sealed
from tropa.seizure.attempts import keys_found
from tropa.seizure.examination import Seized
from tropa.seizure.places import Place, everything_written
from tropa.seizure.search import search
from tropa.seizure.shapes import sought

WHY = "закрыто: щегол-канарейкин долетел"
pytestmark = pytest.mark.django_db(transaction=True)


def written() -> list[Place]:
    return list(Seized(store_of_this_test()).places())


@pytest.fixture
def scene(transactional_db: None) -> Iterator[Scene]:
    with played() as scene:
        yield scene


def inner_seeds(scene: Scene) -> list[tuple[str, bytes]]:
    """What a holder and recovery take out of an older copy of the rows: the key's id, and the wrapped seed."""
    found = []
    for grant in CaseGrant.objects.select_related("key"):
        person = next(
            one for one in (scene.world.boris, scene.world.anna) if one.member.pk == grant.member_id
        )
        place = case_grant_context(grant, "sealed")
        found.append((grant.key_id, open_sealed(person.seed.sealing(), place, bytes(grant.sealed))))
    for key in CaseKey.objects.all():
        inner = open_sealed(RECOVERY.sealing(), recovery_context(key.pk), bytes(key.recovery or b""))
        found.append((key.pk, inner))
    return found


def opened(seeds: Iterable[tuple[str, bytes]]) -> list[Seed]:
    """The seeds that open with any key that lies on the disk now."""
    keys, seeds = keys_found(everything_written(store_of_this_test())), list(seeds)
    found = []
    for raw in keys.secret | keys.public:
        for key_id, wrapped in seeds:
            try:
                found.append(unwrap_seed(SymmetricKey(raw), key_id, wrapped))
            except CannotOpen:
                continue
    return found


def closed(scene: Scene) -> None:
    reader = scene.world.boris.reader()
    reply(reader=reader, thread=scene.written.thread, text=scene.words["answer"])
    close_case(reader=reader, case=scene.case, safe=True, reason=WHY)


def gone(scene: Scene) -> None:
    keep_house(now=scene.world.now + timedelta(days=conf.closed_days + 30))
    assert not Case.objects.exists()


def test_its_sealed_bytes_lie_nowhere_any_more(scene: Scene) -> None:
    closed(scene)
    sealed = [bytes(entry.sealed)[20:80] for entry in Entry.objects.filter(thread=scene.written.thread)]
    sealed += [bytes(grant.sealed)[20:80] for grant in CaseGrant.objects.all()]
    gone(scene)
    assert [where for where, content in written() for blob in sealed if blob in content] == []


def test_an_older_copy_with_every_key_tells_nothing(scene: Scene) -> None:
    closed(scene)
    older = inner_seeds(scene)
    assert len(opened(older)) == len(older) >= 3, "before, the key store opens them"
    gone(scene)
    assert opened(older) == []
    assert search(written(), sought({"why it was closed": WHY, **scene.words}, scene.keys)).hits == ()
