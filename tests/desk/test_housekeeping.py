"""What is due goes and nothing else: read answers, idle keys, lapsed claims, answered threads,
closed cases.
"""

from datetime import UTC, datetime, timedelta

import pytest

from tests.desk.world import World
from tropa.desk.cases.models import Case, Phase
from tropa.desk.cases.services import set_phase
from tropa.desk.conf import conf
from tropa.desk.housekeeping import Swept, keep_house
from tropa.desk.staff import services as staff
from tropa.desk.staff.errors import SignInRefused
from tropa.desk.staff.models import Claim, Member, Visit
from tropa.desk.talk.applicant import keep, mark_seen
from tropa.desk.talk.arrivals import receive_more
from tropa.desk.talk.body import EntryBody
from tropa.desk.talk.models import Entry, Thread
from tropa.desk.talk.services import claim, release_to_duty, reply

NOTHING = Swept(
    read_answers=0,
    visits=0,
    sign_ins=0,
    claims=0,
    snoozes=0,
    hand_overs=0,
    threads=0,
    cases=0,
    asked_together=0,
    duty_epochs=0,
    unfinished_files=0,
    planned=0,
    backups=0,
    evidence=0,
    receipts=0,
    ended=0,
    move_codes=0,
    changed_slots=0,
    changed_copies=0,
)


def test_a_quiet_house_stays_as_it_is(world: World) -> None:
    written, _case = world.taken()
    reply(reader=world.boris.reader(), thread=written.thread, text="ответ")
    world.write_in(at=world.now - timedelta(days=400))
    assert keep_house(now=world.now) == NOTHING
    assert Thread.objects.count() == 2


def test_copies_of_read_answers_go_and_kept_and_unseen_ones_stay(world: World) -> None:
    written, _case = world.taken()
    for text in ("прочитан", "сохранён", "не показан"):
        reply(reader=world.boris.reader(), thread=written.thread, text=text)
    read, kept, unseen = Entry.objects.filter(kind="reply")
    mark_seen(thread=written.thread, ids=[read.pk, kept.pk], now=world.now)
    keep(thread=written.thread, entry_id=kept.pk)
    assert keep_house(now=world.now + timedelta(days=2)).read_answers == 1
    left = Entry.objects.exclude(sealed_applicant=None)
    assert {entry.pk for entry in left} == {kept.pk, unseen.pk}
    assert not Entry.objects.exclude(gone_after=None).exists()


def test_the_moment_of_a_sign_in_goes_once_its_code_is_past_and_not_before(world: World) -> None:
    now = datetime.now(UTC)
    boris, code = world.boris, world.boris.code(now)

    def sign_in(at: datetime) -> None:
        staff.sign_in(pseudonym="Борис", password=boris.kept.password, code=code, now=at)

    sign_in(now)
    for seconds in (0, 30, 60, 600):
        at = now + timedelta(seconds=seconds)
        assert keep_house(now=at).sign_ins == 0
        with pytest.raises(SignInRefused):
            sign_in(at)
    later = now + timedelta(hours=2)
    assert keep_house(now=later).sign_ins == 1
    assert Member.objects.get(pk=boris.member.pk).totp_last_step == 0
    with pytest.raises(SignInRefused):
        sign_in(later)


def test_an_idle_visit_loses_its_key_and_an_old_one_goes(world: World) -> None:
    now = datetime.now(UTC)
    boris = world.boris
    visit, token = staff.sign_in(
        pseudonym="Борис", password=boris.kept.password, code=boris.code(now), now=now
    )
    staff.unlock(visit=visit, token=token, passphrase=boris.kept.passphrase, now=now)
    keep_house(now=now)
    assert Visit.objects.get().sealed_seed is not None
    keep_house(now=now + timedelta(minutes=conf.idle_minutes + 1))
    assert Visit.objects.get().sealed_seed is None
    assert keep_house(now=now + timedelta(hours=conf.visit_hours + 1)).visits == 1


def test_a_claim_nobody_renewed_goes(world: World) -> None:
    claim(reader=world.boris.reader(world.now), thread=world.write_in().thread)
    assert keep_house(now=world.now + timedelta(hours=1)).claims == 1
    assert not Claim.objects.exists()


def test_an_answered_thread_given_back_goes_after_its_days(world: World) -> None:
    written, case = world.taken()
    reply(reader=world.boris.reader(world.now), thread=written.thread, text="ответ")
    release_to_duty(reader=world.boris.reader(world.now), thread=written.thread)
    Case.objects.filter(pk=case.pk).delete()
    keep_house(now=world.now + timedelta(days=conf.answered_days))
    assert Thread.objects.exists()
    assert keep_house(now=world.now + timedelta(days=conf.answered_days + 1)).threads == 1


def test_who_wrote_again_is_not_destroyed(world: World) -> None:
    written, _case = world.taken()
    reply(reader=world.boris.reader(world.now), thread=written.thread, text="ответ")
    release_to_duty(reader=world.boris.reader(world.now), thread=written.thread)
    written.thread.refresh_from_db()
    receive_more(
        thread=written.thread,
        signing=written.signing,
        body=EntryBody(text="я снова тут", at=world.now),
        dedupe_tag="a" * 32,
        now=world.now,
    )
    keep_house(now=world.now + timedelta(days=4000))
    assert Thread.objects.get() == written.thread


def test_a_closed_case_goes_after_its_days_but_not_while_somebody_waits_in_it(world: World) -> None:
    quiet, case = world.taken()
    waiting, other = world.taken()
    reply(reader=world.boris.reader(world.now), thread=quiet.thread, text="ответ")
    for each in (case, other):
        set_phase(reader=world.boris.reader(world.now), case=each, phase=Phase.CLOSED)
    keep_house(now=world.now + timedelta(days=conf.closed_days))
    assert Case.objects.count() == 2
    assert keep_house(now=world.now + timedelta(days=conf.closed_days + 1)).cases == 1
    assert [found.pk for found in Case.objects.all()] == [other.pk]
    assert [found.pk for found in Thread.objects.all()] == [waiting.thread.pk]
