"""Somebody who can write any row, alone or with one volunteer's key, tries to read what is written later."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.utils import timezone

from tests.desk.world import join, signed_in
from tropa.desk.audit.acts import Act
from tropa.desk.audit.queries import latest_acts
from tropa.desk.audit.services import record
from tropa.desk.cases.models import Case
from tropa.desk.clock import next_minute
from tropa.desk.identifiers import new_id
from tropa.desk.staff import visits
from tropa.desk.staff.cookies import VISIT_COOKIE
from tropa.desk.staff.joining import Certifier
from tropa.desk.staff.models import Member, Role, Visit
from tropa.desk.talk.arrivals import receive_first, receive_more
from tropa.desk.talk.body import EntryBody
from tropa.desk.talk.errors import TalkError
from tropa.desk.talk.models import Entry, Thread
from tropa.desk.talk.queries import thread_entries
from tropa.desk.talk.seals import open_entry, open_for_applicant
from tropa.desk.talk.services import release_to_duty, reply, take
from tropa.desk.vault.begun_epochs import note_begun, note_given_back
from tropa.desk.vault.errors import NoGrant, NotCommitted, VaultError
from tropa.desk.vault.models import CaseGrant, CaseKey, DutyEpoch
from tropa.desk.vault.services import (
    TakenFrom,
    current_duty_epoch,
    grant_case,
    make_case_key,
    open_case_seed,
    open_duty_epoch,
    open_duty_seed,
    revoke_case,
)
from tropa.desk.vault.statements import case_key_context, case_key_statement
from tropa.envelope import ApplicantPublic, CannotOpen, Seed, sign

if TYPE_CHECKING:
    from django.test import Client

    from tests.desk.world import Person, World, Written

ATTACKER = Seed(bytes(range(32)))


def writes_again(written: Written, world: World) -> Entry:
    """The applicant writes once more."""
    return receive_more(
        thread=written.thread,
        signing=written.signing,
        body=EntryBody(text="Меня ищут", at=world.now),
        dedupe_tag=secrets.token_hex(16),
        now=world.now,
    ).entry


def test_an_answer_is_not_sealed_to_a_planted_applicants_key(world: World) -> None:
    written, _case = world.taken()
    Thread.objects.filter(pk=written.thread.pk).update(applicant_public=ApplicantPublic.of(ATTACKER).raw)
    try:
        entry = reply(reader=world.boris.reader(), thread=written.thread, text="Идите на вокзал в 9")
    except TalkError:
        return
    with pytest.raises(CannotOpen):
        open_for_applicant(entry, ATTACKER.sealing())


def test_a_colleague_without_the_case_cannot_plant_its_next_key(world: World) -> None:
    written, case = world.taken()
    key = CaseKey(
        id=new_id(),
        case=case,
        epoch=2,
        seal_public=ATTACKER.sealing().public.raw,
        signer=world.stranger.member,
        day=world.now.date(),
    )
    key.signature = sign(world.stranger.seed.signing(), case_key_context(key.id), case_key_statement(key))
    key.save(force_insert=True)
    try:
        entry = writes_again(written, world)
    except VaultError:
        return
    with pytest.raises(CannotOpen):
        open_entry(entry, ATTACKER.sealing())


def test_a_thread_pointed_at_another_case_is_not_sealed_to_its_holders(world: World) -> None:
    written, _case = world.taken()
    _other, veras = world.taken("Другой", by=world.vera)
    Thread.objects.filter(pk=written.thread.pk).update(case=veras)
    try:
        entry = writes_again(written, world)
    except VaultError:
        return
    seed = open_case_seed(reader=world.vera.reader(), case=veras).seed
    with pytest.raises(CannotOpen):
        open_entry(entry, seed.sealing())


def test_a_colleague_who_was_not_on_duty_cannot_make_a_case_of_a_taken_thread(world: World) -> None:
    """Stranger's key and any row: a case of theirs, whose first key names the thread and its duty epoch."""
    certifier = Certifier(world.anna.seed.signing(), world.anna.member)
    galina = join("Галина", Role.ADVISER, world.vera.member.team, certifier, now=world.now)
    written, case = world.taken()
    other = Case.objects.create(team=case.team, lead=galina.member, opened_day=world.now.date())
    taken = TakenFrom(written.thread.pk, world.epoch, ATTACKER)
    make_case_key(reader=galina.reader(), case=other, taken=taken)
    Thread.objects.filter(pk=written.thread.pk).update(case=other)
    written.thread.refresh_from_db()
    with pytest.raises(NotCommitted):
        writes_again(written, world)


def test_a_later_key_that_was_deleted_has_nothing_sealed_to_the_one_before(world: World) -> None:
    """Vera was shut out; whoever deletes the key made then does not bring hers back."""
    written, case = world.taken()
    grant_case(reader=world.boris.reader(), case=case, member=world.vera.member)
    with transaction.atomic():
        revoke_case(reader=world.boris.reader(), case=case, member=world.vera.member)
    note_begun(case.pk, 2)  # follows the commit, which a test has none of
    CaseGrant.objects.filter(key__epoch=2).delete()
    CaseKey.objects.filter(epoch=2).delete()
    with pytest.raises(NotCommitted):
        writes_again(written, world)


def test_a_thread_pointed_back_at_a_case_that_gave_it_back_is_not_sealed_to_it(world: World) -> None:
    written, case = world.taken()
    release_to_duty(reader=world.boris.reader(), thread=written.thread)
    note_given_back(case.pk)
    Thread.objects.filter(pk=written.thread.pk).update(case=case, duty_epoch=None)
    written.thread.refresh_from_db()
    with pytest.raises(NotCommitted):
        writes_again(written, world)


def test_a_closed_duty_epoch_is_not_sealed_to_again(world: World) -> None:
    """Vera left the roster; the coordinator opened a new epoch without her."""
    open_duty_epoch(reader=world.anna.reader(), roster=[world.anna.member, world.boris.member])
    assert current_duty_epoch().pk != world.epoch.pk
    DutyEpoch.objects.exclude(pk=world.epoch.pk).update(closed_day=world.now.date())
    DutyEpoch.objects.filter(pk=world.epoch.pk).update(closed_day=None)
    try:
        written = world.write_in("Только для новой смены")
    except VaultError:
        return
    seed = open_duty_seed(reader=world.vera.reader(), epoch=world.epoch)
    with pytest.raises(CannotOpen):
        open_entry(written.entry, seed.sealing())


def test_a_researcher_called_a_coordinator_is_not_made_a_holder(world: World) -> None:
    Member.objects.filter(pk=world.anna.member.pk).update(team=world.vera.member.team)
    Member.objects.filter(pk=world.stranger.member.pk).update(
        role=Role.COORDINATOR, team=world.boris.member.team
    )
    written = world.write_in()
    case = take(reader=world.boris.reader(), thread=written.thread)
    with pytest.raises(NoGrant):
        open_case_seed(reader=world.stranger.reader(), case=case)


def test_an_adviser_called_a_coordinator_reads_no_log(world: World) -> None:
    Member.objects.filter(pk=world.vera.member.pk).update(role=Role.COORDINATOR)
    record(reader=world.boris.reader(), act=Act.TAKEN, detail={}, now=world.now)
    assert latest_acts(reader=world.vera.reader(), count=1) == []


def test_an_ended_grant_that_was_used_before_is_not_stretched(world: World) -> None:
    _written, case = world.taken()
    today = world.now.date()
    grant = grant_case(reader=world.boris.reader(), case=case, member=world.vera.member, ends_day=today)
    assert open_case_seed(reader=world.vera.reader(), case=case)
    later = world.vera.reader(world.now + timedelta(days=3))
    CaseGrant.objects.filter(pk=grant.pk).update(ends_day=None)
    with pytest.raises(NoGrant):
        open_case_seed(reader=later, case=case)


def planted_visit(person: Person) -> Client:
    """A browser with a visit somebody wrote into the database, open with a seed of theirs."""
    from django.test import Client

    token = visits.new_token()
    soon = next_minute(timezone.now() + timedelta(minutes=10))
    Visit.objects.create(
        id=visits.visit_id(token),
        member=person.member,
        sealed_seed=visits.seal_seed(ATTACKER, token),
        idle_after=soon,
        ends_after=soon,
    )
    client = Client()
    client.cookies[VISIT_COOKIE] = token
    return client


def test_a_planted_visit_with_a_seed_of_ones_own_reads_and_takes_nothing(world: World) -> None:
    written, case = world.taken("Секретные слова")
    waiting = world.write_in("Другие секретные слова")
    client = planted_visit(world.boris)
    for address in ("/", "/inbox/", f"/threads/{written.thread.pk}/", f"/threads/{waiting.thread.pk}/"):
        assert "екретные слова" not in client.get(address).content.decode()
    assert client.get(f"/cases/{case.pk}/plan/").status_code in {302, 403, 404}
    assert client.post(f"/threads/{waiting.thread.pk}/take/").status_code in {302, 403}
    waiting.thread.refresh_from_db()
    assert waiting.thread.case_id is None


def test_a_planted_visit_is_not_an_unlocked_person(world: World) -> None:
    assert planted_visit(world.boris).get("/").status_code == 302


def test_a_case_grant_row_without_its_seal_lists_no_words(world: World) -> None:
    written, case = world.taken("Секретные слова")
    CaseGrant.objects.create(
        key=case.keys.get(),
        member=world.stranger.member,
        sealed=b"\x01" + bytes(1300),
        granted_by=world.boris.member,
        signature=b"\x01" + bytes(64),
        day=world.now.date(),
    )
    client = signed_in(world.stranger)
    for address in ("/", "/inbox/?queue=mine", f"/threads/{written.thread.pk}/"):
        assert "Секретные слова" not in client.get(address).content.decode()


def test_a_grant_of_one_case_hung_on_anothers_key_opens_nothing(world: World) -> None:
    _one, boris_case = world.taken("Первый")
    _two, veras = world.taken("Второй", by=world.vera)
    CaseGrant.objects.filter(key__case=boris_case, member=world.anna.member).update(
        member=world.vera.member, wrapped=None
    )
    with pytest.raises(NoGrant):
        open_case_seed(reader=world.vera.reader(), case=boris_case)
    assert open_case_seed(reader=world.vera.reader(), case=veras)


def test_words_moved_into_a_thread_of_ones_own_do_not_open(world: World) -> None:
    written, case = world.taken("Секретные слова")
    mine, veras = world.taken("Моё", by=world.vera)
    Entry.objects.filter(thread=mine.thread).delete()
    Entry.objects.filter(thread=written.thread).update(thread=mine.thread)
    read = thread_entries(reader=world.vera.reader(), thread=mine.thread)
    assert all(not entry.text for entry in read)
    Thread.objects.filter(pk=written.thread.pk).update(case=veras)
    written.thread.refresh_from_db()
    assert all(not one.text for one in thread_entries(reader=world.vera.reader(), thread=written.thread))
    assert Case.objects.filter(pk=case.pk).exists()


def test_an_applicant_key_planted_before_the_first_message_gets_a_thread_of_its_own(world: World) -> None:
    """The first message is sealed to duty whatever key it names; a planted row with that tag is a refusal."""
    from tropa.envelope import Codename, Language, applicant_keys

    keys = applicant_keys(Codename.generate(secrets.token_bytes, Language.RUSSIAN))
    received = receive_first(
        public=keys.public,
        signing=keys.seed.signing(),
        look_up_tag=keys.look_up_tag,
        body=EntryBody(text="Помогите", at=world.now),
        dedupe_tag=secrets.token_hex(16),
        now=world.now,
    )
    with pytest.raises(CannotOpen):
        open_entry(received.entry, ATTACKER.sealing())
