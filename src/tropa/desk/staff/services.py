"""Signing in, unlocking, locking and leaving.

An unknown pseudonym, a wrong password, a wrong code and a code used before are refused alike and after the
same work. A code of the moment or a recovery code is taken only together with the right password, and then once:
whoever guesses passwords uses up nobody's codes.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from tropa.desk import clock
from tropa.desk.audit.refusals import refuse
from tropa.desk.clock import next_minute
from tropa.desk.conf import conf
from tropa.desk.scrub import scrub
from tropa.desk.staff import visits
from tropa.desk.staff.alarms import record_unlocking
from tropa.desk.staff.empty_desk import EmptyDesk
from tropa.desk.staff.errors import KeysDoNotMatch, SignInRefused, UnlockRefused
from tropa.desk.staff.kept_slots import count_if_changed, note_first
from tropa.desk.staff.models import Member, Visit
from tropa.desk.staff.reader import Reader
from tropa.desk.staff.recovery_codes import NO_CODES, kept_codes, spend
from tropa.desk.staff.service_key import open_totp
from tropa.desk.staff.slots import is_vouched, open_slots
from tropa.desk.staff.slow_hash import QUEUE, nobodys_password, password_fits
from tropa.desk.vault.trust import verified_row
from tropa.envelope import EnvelopeError, Seed, totp_matches

NOBODYS_TOTP = bytes(20)


def sign_in(
    *, pseudonym: str, password: str, code: str, now: datetime, instead_of: Visit | None = None
) -> tuple[Visit, str]:
    """A new, locked visit and its token for the cookie. Raises SignInRefused or SignInBusy.

    `instead_of` is the visit the browser had before: it ends, whoever's it was.
    """
    member = Member.objects.select_related("team").filter(pseudonym=pseudonym.strip(), active=True).first()
    stored = member.password if member else nobodys_password()
    with QUEUE.turn():
        fits = password_fits(password, stored)
    step = totp_matches(_totp_secret(member), code[:16], now)
    kept = kept_codes(member) if member else NO_CODES
    place = kept.place_of(code, member.id if member else "")
    if member is None or not fits:
        raise SignInRefused
    with transaction.atomic():
        if not _second_factor(member, step, place, now):
            raise SignInRefused
        visit, token = begin_visit(member=member, now=now)
    if instead_of is not None:
        sign_out(visit=instead_of)
    return visit, token


def begin_visit(*, member: Member, now: datetime) -> tuple[Visit, str]:
    """A locked visit and its token, for somebody who has shown who they are."""
    token = visits.new_token()
    visit = Visit.objects.create(
        id=visits.visit_id(token),
        member=member,
        idle_after=_idle(now),
        ends_after=next_minute(now + timedelta(hours=conf.visit_hours)),
    )
    return visit, token


def unlock(*, visit: Visit, token: str, passphrase: str, now: datetime) -> Reader | EmptyDesk:
    """Open the person's key for this visit, or under duress their empty desk; the same is written for both.

    Slots that are not what was last written are counted and open nothing: after the same work and in the same words as
    with a mistyped passphrase, whichever passphrase it was. Raises UnlockRefused or SignInBusy; the visit is unchanged
    then.
    """
    member = Member.objects.select_related("team", "issuer").get(pk=visit.member_id)
    changed = count_if_changed(member=member, on=now.date())
    with QUEUE.turn():
        found = open_slots(member, passphrase)
    if found is None or changed:
        raise UnlockRefused
    opened = opened_by(member=member, seed=found.seed, now=now)
    if isinstance(opened, Reader):
        _check_sealing_key(opened)
    note_first(member=member)
    with transaction.atomic():
        Visit.objects.filter(pk=visit.pk).update(
            sealed_seed=visits.seal_seed(found.seed, token), idle_after=_idle(now)
        )
        record_unlocking(opened)
    return opened


def lock(*, visit: Visit) -> None:
    """Close the key; the person stays signed in. The sealed key leaves SQLite's log too, if nobody reads just
    now.
    """
    Visit.objects.filter(pk=visit.pk).update(sealed_seed=None)
    scrub()


def sign_out(*, visit: Visit) -> None:
    """End the visit, as `lock` does."""
    Visit.objects.filter(pk=visit.pk).delete()
    scrub()


def touch(*, visit: Visit, now: datetime) -> None:
    """Put the idle lock off, at most once a minute: reading pages is then no stream of writes."""
    idle = _idle(now)
    if idle > visit.idle_after and Visit.objects.filter(pk=visit.pk, idle_after__gt=now).update(
        idle_after=idle
    ):
        visit.idle_after = idle


def seconds_until_locked(*, visit: Visit, now: datetime) -> int:
    """How long this visit stays open if nothing is done any more."""
    return max(0, int((min(visit.idle_after, visit.ends_after) - now).total_seconds()))


def opened_by(*, member: Member, seed: Seed, now: datetime) -> Reader | EmptyDesk:
    """What this open seed is to the member: their certified key, or the seed they vouched for as that of their empty
    desk. For every request: quick. Raises KeysDoNotMatch.
    """
    try:
        verified_row(member, now.date())
    except EnvelopeError:
        raise KeysDoNotMatch from None
    if seed.signing().public.raw == bytes(member.sign_public):
        return Reader(member=member, seed=seed, now=now)
    if is_vouched(member, seed):
        return EmptyDesk(member=member, seed=seed, now=now)
    raise KeysDoNotMatch


def _idle(now: datetime) -> datetime:
    return next_minute(now + timedelta(minutes=conf.idle_minutes))


def _second_factor(member: Member, step: int | None, place: int | None, now: datetime) -> bool:
    """Use up the digits of the moment, or a recovery code; whether either was good."""
    if step is not None:
        fresh = Member.objects.filter(pk=member.pk, totp_last_step__lt=step)
        return bool(fresh.update(totp_last_step=step))
    return place is not None and spend(member=member, place=place, now=now)


def _totp_secret(member: Member | None) -> bytes:
    if member is None:
        return NOBODYS_TOTP
    try:
        return open_totp(bytes(member.totp_sealed), member.id)
    except EnvelopeError:  # the row was changed: nobody signs in on it
        refuse(table="staff_member", row=member.pk, day=clock.now().date())
        raise SignInRefused from None


def _check_sealing_key(reader: Reader) -> None:
    """Refuse to work with a key pair other than the one certified for this person, up to the pinned root."""
    if reader.seed.sealing().public.raw != bytes(reader.member.seal_public):
        raise KeysDoNotMatch
