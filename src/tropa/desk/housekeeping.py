"""What is due goes: read answers, lapsed visits and claims, exact hours and minutes, and what
retention no longer allows. What nobody opens every day is looked at here every day.

Each kind is one short transaction, so that nobody waits for it, and one that fails does not keep the others
from running. A thread nobody has answered never goes: it has no retention day.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tropa.desk.audit.errors import EndDamaged
from tropa.desk.audit.log_end import kept_end
from tropa.desk.conf import conf
from tropa.desk.messengers.moving import forget_old_codes
from tropa.desk.plans.applicant import forget_shown
from tropa.desk.retention.backups import destroy_backups
from tropa.desk.retention.destroying import end_what_was_begun
from tropa.desk.retention.evidence import destroy_evidence
from tropa.desk.retention.house import destroy_cases, destroy_planned, destroy_threads
from tropa.desk.retention.recovered_exhibits import count_unsigned_exhibits
from tropa.desk.retention.writing_receipts import sign_receipts
from tropa.desk.scrub import BY_THE_HOUSE, scrub
from tropa.desk.staff.kept_slots import count_changed
from tropa.desk.staff.models import Claim, Invitation, Member, Visit
from tropa.desk.talk.files import sweep_unfinished
from tropa.desk.talk.hand_over import forget_hand_overs
from tropa.desk.talk.models import Entry, Snooze
from tropa.desk.vault.duty_links import destroy_idle_epochs
from tropa.desk.vault.errors import NoDutyEpoch
from tropa.desk.vault.recovery import count_unsigned
from tropa.desk.vault.services import forget_asking

SECONDS_OF_A_CODE = 30  # RFC 6238, and what `totp_last_step` counts
CODES_ARE_PAST = timedelta(hours=1)  # a code fits for a minute and a half; the rest is for clocks set back
SPENT_INVITATION = timedelta(days=7)  # until then whoever comes with one is told that it ran out


@dataclass(frozen=True, slots=True)
class Swept:
    """How many of each kind went."""

    read_answers: int
    visits: int
    sign_ins: int
    claims: int
    snoozes: int  # whose hour has come
    hand_overs: int  # notes of shifts a week ago
    threads: int
    cases: int
    planned: int  # cases whose plan facts and plans went
    backups: int  # archives past their days
    evidence: int  # messages that showed who somebody is
    receipts: int  # that were signed
    ended: int  # destroyed before, and cut short
    asked_together: int
    duty_epochs: int
    unfinished_files: int
    move_codes: int  # nobody used
    changed_slots: int  # accounts whose slots are not what was last written
    changed_copies: int  # for recovery, that are not what was signed; looked at once a day


def keep_house(*, now: datetime) -> Swept:
    """Do everything that is due, and let the engine give up what went."""
    swept = Swept(
        read_answers=_forget_read(now),
        visits=_end_visits(now),
        sign_ins=_forget_sign_ins(now),
        claims=Claim.objects.filter(lapses__lte=now).delete()[0],
        snoozes=Snooze.objects.filter(until__lte=now).delete()[0],
        hand_overs=forget_hand_overs(on=now.date()),
        threads=destroy_threads(now=now),
        cases=destroy_cases(now=now),
        planned=destroy_planned(now=now),
        backups=destroy_backups(conf.backup_folder, now=now),
        evidence=destroy_evidence(now=now),
        ended=end_what_was_begun(now=now),
        receipts=sign_receipts(),
        asked_together=forget_asking(on=now.date()),
        duty_epochs=_destroy_idle_epochs(),
        unfinished_files=sweep_unfinished(today=now.date()),
        move_codes=forget_old_codes(now=now),
        changed_slots=count_changed(on=now.date()),
        changed_copies=_count_copies(now.date()),
    )
    scrub(longest=BY_THE_HOUSE)
    return swept


def _forget_read(now: datetime) -> int:
    """Copies of answers and steps for the applicant that were shown a day ago and not kept, and the hour of it."""
    answers = Entry.objects.filter(gone_after__lte=now, kept=False)
    return answers.update(sealed_applicant=None, gone_after=None) + forget_shown(now=now)


def _forget_sign_ins(now: datetime) -> int:
    """The half minute of each person's last sign-in, once its code could not be used again anyway."""
    past = int((now - CODES_ARE_PAST).timestamp()) // SECONDS_OF_A_CODE
    return Member.objects.filter(totp_last_step__gt=0, totp_last_step__lt=past).update(totp_last_step=0)


def _end_visits(now: datetime) -> int:
    """Visits that are over go, and invitations a week after; visits left idle lose their open key."""
    Invitation.objects.filter(ends_after__lte=now - SPENT_INVITATION).delete()
    Visit.objects.filter(idle_after__lte=now, sealed_seed__isnull=False).update(sealed_seed=None)
    return Visit.objects.filter(ends_after__lte=now).delete()[0]


def _destroy_idle_epochs() -> int:
    """Seeds of duty epochs nothing rests on; none where no epoch verifies, which is for people to look at."""
    try:
        return destroy_idle_epochs()
    except NoDutyEpoch:
        return 0


def _count_copies(on: date) -> int:
    """On the first round of a day, before the log is verified whole."""
    with suppress(EndDamaged):
        end = kept_end()
        if end is not None and end.whole_on == on:
            return 0
    return count_unsigned(on=on) + count_unsigned_exhibits(on=on)
