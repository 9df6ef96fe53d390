"""An organisation comes into being whole, or not at all: pinned keys, first team, first coordinator, first duty
epoch.

The root and recovery seeds pass through here in memory and are never written. The pinned keys come first,
marked unfinished; then one transaction puts everything else into the database; then the mark goes. Killed at
any moment this leaves either an organisation in which somebody can sign in, or keys marked unfinished that
nobody's row rests on, which `settle` takes away. Keys without that mark are never touched: a missing database
is a reason to restore a backup, not to found anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from tropa.desk.audit.acts import Act
from tropa.desk.audit.services import record
from tropa.desk.conf import conf
from tropa.desk.identifiers import new_id
from tropa.desk.staff.errors import AlreadyFounded
from tropa.desk.staff.joining import Certifier, Joined, Newcomer, Secrets, prepare_member
from tropa.desk.staff.kept_slots import note_first
from tropa.desk.staff.models import Gender, Member, Role, Team
from tropa.desk.staff.reader import Reader
from tropa.desk.staff.service_key import make_service_key
from tropa.desk.vault import pinned
from tropa.desk.vault.duty import current_duty_epoch, open_duty_epoch
from tropa.desk.vault.errors import NoPinnedRoot
from tropa.desk.vault.highest import note_opened
from tropa.envelope import Seed


class Standing(StrEnum):
    """What a data directory and its database hold of an organisation."""

    NOTHING = "nothing"
    FOUNDED = "founded"
    CUT_SHORT = "cut short"  # keys of a ceremony that founded nothing
    KEYS_WITHOUT_PEOPLE = "keys without people"
    PEOPLE_WITHOUT_KEYS = "people without keys"


@dataclass(frozen=True, slots=True)
class Organisation:
    """What is to be founded; the secrets are the first coordinator's."""

    team: str
    pseudonym: str
    gender: Gender
    language: str
    kept: Secrets = field(repr=False)


@dataclass(frozen=True, slots=True)
class OrganisationKeys:
    """The two seeds that live on in shares alone."""

    root: Seed = field(repr=False)
    recovery: Seed = field(repr=False)


def standing() -> Standing:
    """What there is now. Changes nothing; the database is up to date."""
    people = Member.objects.exists()
    try:
        pinned.root_public()
    except NoPinnedRoot:
        if pinned.pinning_is_unfinished():
            return Standing.CUT_SHORT
        return Standing.PEOPLE_WITHOUT_KEYS if people else Standing.NOTHING
    if people:
        return Standing.FOUNDED
    return Standing.CUT_SHORT if pinned.pinning_is_unfinished() else Standing.KEYS_WITHOUT_PEOPLE


def settle() -> Standing:
    """Finish or take away what a ceremony that was cut short left; what stood before is returned."""
    found = standing()
    if found is Standing.CUT_SHORT:
        pinned.unpin_unfinished()
    elif found is Standing.FOUNDED and pinned.pinning_is_unfinished():
        note_opened(current_duty_epoch().number)  # comes after the commit, and so may not have come
        for member in Member.objects.all():
            note_first(member=member)
        pinned.finish_pinning()
    return found


def found(*, organisation: Organisation, keys: OrganisationKeys, now: datetime) -> Member:
    """Found the organisation; returns its first coordinator.

    Raises AlreadyFounded unless nothing stands here. On any error everything is as it was, but for a service
    key, which belongs to the installation.
    """
    if standing() is not Standing.NOTHING:
        raise AlreadyFounded
    make_service_key(conf.service_key)
    root = keys.root.signing()
    team = Team(id=new_id(), name=organisation.team)
    newcomer = Newcomer(
        organisation.pseudonym, organisation.gender, Role.COORDINATOR, team, organisation.language
    )
    joined = prepare_member(
        newcomer=newcomer, kept=organisation.kept, certifier=Certifier(root), on=now.date()
    )
    pinned.pin_organisation(root=root, recovery=keys.recovery.sealing().public)
    try:
        _store(team, joined, now)
    except BaseException:
        if (
            not Member.objects.exists()
        ):  # what follows a commit may fail too, and then the organisation stands
            pinned.unpin_unfinished()
        raise
    note_first(member=joined.member)
    pinned.finish_pinning()
    return joined.member


@transaction.atomic
def _store(team: Team, joined: Joined, now: datetime) -> None:
    team.save(force_insert=True)
    joined.member.save(force_insert=True)
    reader = Reader(member=joined.member, seed=joined.seed, now=now)
    record(reader=reader, act=Act.FOUNDED, detail={"member": joined.member.id}, now=now)
    open_duty_epoch(reader=reader, roster=[joined.member])
