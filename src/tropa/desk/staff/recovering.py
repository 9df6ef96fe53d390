"""Recovery: k trustees' shares make a new coordinator, who is granted every case, duty epoch and exhibit the
recovery key opens.

All of it or nothing: one transaction, in the log, at the machine itself. The root key certifies the newcomer, so the
two seeds have to be the pinned ones. A copy that does not open, because somebody spoiled its row, is counted and keeps
nobody from the rest; a case led by somebody who no longer works here is led by the new coordinator.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tropa.desk.audit.acts import Act
from tropa.desk.audit.services import record
from tropa.desk.cases.models import Case
from tropa.desk.retention.recovered_exhibits import grant_exhibits
from tropa.desk.staff.certifying import roster
from tropa.desk.staff.errors import OtherKeys, PseudonymTaken
from tropa.desk.staff.founding import Organisation, OrganisationKeys
from tropa.desk.staff.joining import Certifier, Joined, Newcomer, prepare_member
from tropa.desk.staff.kept_slots import note_first
from tropa.desk.staff.models import Member, Role, Team
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.case_grants import seal_grant
from tropa.desk.vault.duty import grant_recovered, open_duty_epoch
from tropa.desk.vault.models import CaseGrant, CaseKey, DutyEpoch, DutyGrant
from tropa.desk.vault.pinned import recovery_public, root_public
from tropa.desk.vault.recovery import (
    Recoverable,
    count_unopened,
    opened_case_keys,
    opened_duty_epochs,
)


@dataclass(frozen=True, slots=True)
class Recovered:
    """The new coordinator, and how many keys of each kind there are and were granted."""

    member: Member
    case_keys: Recoverable
    duty_epochs: Recoverable
    exhibits: Recoverable


def recover(*, keys: OrganisationKeys, coordinator: Organisation, now: datetime) -> Recovered:
    """Make `coordinator` one and grant them everything. Changes nothing on any error.

    Raises OtherKeys when a seed is not the pinned one, PseudonymTaken.
    """
    if keys.root.signing().public != root_public() or keys.recovery.sealing().public != recovery_public():
        raise OtherKeys
    if Member.objects.filter(pseudonym=coordinator.pseudonym).exists():
        raise PseudonymTaken
    with transaction.atomic():
        joined = _joined(keys, coordinator, now)
        reader = Reader(member=joined.member, seed=joined.seed, now=now)
        record(reader=reader, act=Act.RECOVERED, detail={"member": reader.member.id}, now=now)
        cases = _grant_cases(reader, keys)
        epochs = _grant_epochs(reader, keys)
        exhibits = grant_exhibits(reader=reader, key=keys.recovery.sealing())
        held = CaseGrant.objects.filter(member=reader.member).values_list("key_id", flat=True)
        duty = DutyGrant.objects.filter(member=reader.member).values_list("epoch_id", flat=True)
        count_unopened(case_keys=held, duty_epochs=duty, on=now.date())
        open_duty_epoch(reader=reader, roster=roster(now.date()))
    return Recovered(reader.member, cases, epochs, exhibits)


def team_of_coordinators() -> str:
    """The name of the team a recovered coordinator joins: where coordinators were, else any there is."""
    coordinating = Team.objects.filter(members__role=Role.COORDINATOR).order_by("name")
    team = coordinating.first() or Team.objects.order_by("name").first()
    return team.name if team else "—"


def _joined(keys: OrganisationKeys, wanted: Organisation, now: datetime) -> Joined:
    team = Team.objects.filter(name=wanted.team).first() or Team.objects.create(name=wanted.team)
    newcomer = Newcomer(wanted.pseudonym, wanted.gender, Role.COORDINATOR, team, wanted.language)
    joined = prepare_member(
        newcomer=newcomer, kept=wanted.kept, certifier=Certifier(keys.root.signing()), on=now.date()
    )
    joined.member.save(force_insert=True)
    note_first(member=joined.member)
    return joined


def _grant_cases(reader: Reader, keys: OrganisationKeys) -> Recoverable:
    opened = list(opened_case_keys(keys.recovery.sealing()))
    for key, seed in opened:
        seal_grant(reader=reader, key=key, seed=seed, member=reader.member)
    held = {key.case_id for key, _seed in opened}
    CaseGrant.objects.filter(key__case_id__in=held, member__active=False).delete()
    Case.objects.filter(pk__in=held, second__active=False).update(second=None)
    Case.objects.filter(pk__in=held, lead__active=False).update(lead=reader.member)
    return Recoverable(CaseKey.objects.count(), len(opened))


def _grant_epochs(reader: Reader, keys: OrganisationKeys) -> Recoverable:
    opened = list(opened_duty_epochs(keys.recovery.sealing()))
    for epoch, seed in opened:
        grant_recovered(reader=reader, epoch=epoch, seed=seed)
    return Recoverable(DutyEpoch.objects.filter(destroyed=False).count(), len(opened))
