"""The recovery key opens every case and duty epoch, and nothing else opens what is sealed to it."""

from tests.desk.world import RECOVERY, ROOT, World
from tropa.desk.audit.models import Refusal
from tropa.desk.staff.founding import Organisation, OrganisationKeys
from tropa.desk.staff.joining import Secrets
from tropa.desk.staff.models import Gender
from tropa.desk.staff.recovering import recover
from tropa.desk.vault.models import CaseKey, DutyEpoch
from tropa.desk.vault.recovery import Recoverable, reach_of
from tropa.desk.vault.services import open_case_seed, open_duty_epoch
from tropa.desk.vault.statements import duty_recovery_context, recovery_context
from tropa.desk.vault.wrapping_keys import unwrap_seed, wrap_seed, wrapping_key
from tropa.envelope import Seed, open_sealed, seal

OTHER = Seed(b"planted key of an attacker 12345")


def test_recovery_opens_the_seed_the_holders_hold(world: World) -> None:
    _written, case = world.taken()
    key = CaseKey.objects.get(case=case)
    inner = open_sealed(RECOVERY.sealing(), recovery_context(key.id), bytes(key.recovery))
    opened = unwrap_seed(wrapping_key(case.pk), key.id, inner)
    assert opened == open_case_seed(reader=world.boris.reader(), case=case).seed


def test_recovery_opens_each_duty_epoch(world: World) -> None:
    open_duty_epoch(reader=world.anna.reader(), roster=[world.boris.member])
    for epoch in DutyEpoch.objects.all():
        place = duty_recovery_context(epoch.id)
        opened = Seed(open_sealed(RECOVERY.sealing(), place, bytes(epoch.recovery)))
        assert opened.sealing().public.raw == bytes(epoch.seal_public)


def test_everything_there_is_within_reach(world: World) -> None:
    world.taken()
    world.taken()
    reach = reach_of(RECOVERY.sealing())
    assert (reach.case_keys, reach.duty_epochs) == (Recoverable(2, 2), Recoverable(1, 1))
    assert reach.case_keys.complete


def test_another_key_reaches_nothing(world: World) -> None:
    world.taken()
    for key in (OTHER, world.boris.seed):
        reach = reach_of(key.sealing())
        assert (reach.case_keys, reach.duty_epochs) == (Recoverable(1, 0), Recoverable(1, 0))


def test_a_copy_that_was_lost_moved_or_planted_is_not_counted_as_opened(world: World) -> None:
    keys = [CaseKey.objects.get(case=world.taken()[1]) for _ in range(4)]
    lost, moved, planted, _whole = keys
    inner = wrap_seed(wrapping_key(planted.case_id), planted.id, OTHER)
    to_recovery = seal(RECOVERY.sealing().public, recovery_context(planted.id), inner)
    CaseKey.objects.filter(pk=lost.pk).update(recovery=None)
    CaseKey.objects.filter(pk=moved.pk).update(recovery=planted.recovery)
    CaseKey.objects.filter(pk=planted.pk).update(recovery=to_recovery)
    reach = reach_of(RECOVERY.sealing())
    assert reach.case_keys == Recoverable(there=4, opened=1)
    assert not reach.case_keys.complete


def test_a_recovery_counts_the_copies_that_did_not_open_and_no_others(world: World) -> None:
    keys = [CaseKey.objects.get(case=world.taken()[1]) for _ in range(4)]
    lost, moved, flipped, whole = keys
    blob = bytes(flipped.recovery)
    CaseKey.objects.filter(pk=lost.pk).update(recovery=None)
    CaseKey.objects.filter(pk=moved.pk).update(recovery=whole.recovery)
    CaseKey.objects.filter(pk=flipped.pk).update(recovery=blob[:-1] + bytes([blob[-1] ^ 1]))
    DutyEpoch.objects.filter(pk=world.epoch.pk).update(recovery=b"\x01" + bytes(1300))
    kept = Secrets(password="password", passphrase="passphrase", totp=bytes(20))  # nobody's
    coordinator = Organisation(world.anna.member.team.name, "Новая", Gender.FEMININE, "ru", kept)
    recovered = recover(keys=OrganisationKeys(ROOT, RECOVERY), coordinator=coordinator, now=world.now)
    assert recovered.case_keys == Recoverable(there=4, opened=1)
    told = {(each.table, each.row, each.times) for each in Refusal.objects.all()}
    assert told == {
        *(("vault_casekey", key.pk, 1) for key in (lost, moved, flipped)),
        ("vault_dutyepoch", world.epoch.pk, 1),
    }
