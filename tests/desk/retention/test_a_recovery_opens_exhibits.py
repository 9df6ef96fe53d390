"""When nobody who read the exhibits is left, a recovery's new coordinator reads them; a spoiled copy keeps nobody from
the rest.
"""

import pytest

from tests.desk.retention.test_exhibits import CONSENT, PHOTO, released
from tests.desk.world import RECOVERY, ROOT, World
from tropa.desk.audit.models import Refusal
from tropa.desk.retention.exhibits import exhibit_file, shown_exhibit
from tropa.desk.retention.models import Exhibit, ExhibitKey
from tropa.desk.staff import services
from tropa.desk.staff.founding import Organisation, OrganisationKeys
from tropa.desk.staff.joining import Secrets
from tropa.desk.staff.models import Gender, Visit
from tropa.desk.staff.reader import Reader
from tropa.desk.staff.recovering import recover
from tropa.desk.vault.errors import NoGrant
from tropa.desk.vault.recovery import Recoverable

KEPT = Secrets(password="password", passphrase="passphrase", totp=bytes(20))  # nobody's


def test_the_new_coordinator_reads_what_was_kept(world: World) -> None:
    _written, _case, spoiled = released(world)
    _written, _case, exhibit = released(world)
    ExhibitKey.objects.all().delete()
    Exhibit.objects.filter(pk=spoiled.pk).update(recovery=exhibit.recovery)
    with pytest.raises(NoGrant):
        shown_exhibit(reader=world.anna.reader(), exhibit=exhibit)
    wanted = Organisation(world.anna.member.team.name, "Новая", Gender.FEMININE, "ru", KEPT)
    done = recover(keys=OrganisationKeys(ROOT, RECOVERY), coordinator=wanted, now=world.now)
    assert done.exhibits == Recoverable(there=2, opened=1)
    assert [(each.table, each.row) for each in Refusal.objects.all()] == [("retention_exhibit", spoiled.pk)]
    visit, token = services.begin_visit(member=done.member, now=world.now)
    assert isinstance(visit, Visit)
    reader = services.unlock(visit=visit, token=token, passphrase=KEPT.passphrase, now=world.now)
    assert isinstance(reader, Reader)
    assert shown_exhibit(reader=reader, exhibit=exhibit).consent == CONSENT
    assert exhibit_file(reader=reader, exhibit=exhibit, number=0) == PHOTO
