"""Whatever goes wrong in the middle of an act: a named error, every row as it was, nothing half sealed; tried again, it
goes through. A disk that is full at any moment, a clock set back, wrong and used-up secrets.

The disk is full for SQLite itself: it may not take one page more, then one, two and so on, until the act fits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import OperationalError, connection

from tests.desk.world import World, build_world
from tropa.desk.audit import readings
from tropa.desk.audit.queries import checked_log
from tropa.desk.cases.card import Card, Danger
from tropa.desk.cases.models import TriageCard
from tropa.desk.cases.services import save_card
from tropa.desk.staff import invitations
from tropa.desk.staff.errors import (
    InvitationExpired,
    InvitationUsed,
    SignInRefused,
    UnknownInvitation,
    UnlockRefused,
)
from tropa.desk.staff.joining import Secrets
from tropa.desk.staff.leaving import leave
from tropa.desk.staff.models import Gender, Role
from tropa.desk.staff.services import begin_visit, sign_in, unlock
from tropa.desk.talk.arrivals import receive_more
from tropa.desk.talk.body import EntryBody
from tropa.desk.talk.queries import thread_entries
from tropa.desk.talk.services import note, reply, save_draft, take
from tropa.desk.vault.errors import ClockSetBack
from tropa.desk.vault.services import grant_case, open_duty_epoch, revoke_case, rotate_case

MOST_TIMES = 60
AGAIN = frozenset({"read", "card", "invite", "unlock"})
"""Acts small enough to find room in pages that are there, and that can be done again and again."""
UNTOUCHED = {"django_migrations", "django_content_type"}
FULL = "full"
Act = Callable[[], object]


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Every row there is."""
    return {
        model._meta.db_table: sorted(model._default_manager.values_list(), key=repr)
        for model in apps.get_models()
        if model._meta.db_table not in UNTOUCHED
    }


@contextmanager
def room_for(pages: int) -> Iterator[None]:
    """Let the database grow by so many pages and no more."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count")
        usual = cursor.fetchone()[0]
        cursor.execute("PRAGMA page_count")
        here = cursor.fetchone()[0]
        cursor.execute("PRAGMA freelist_count")
        assert cursor.fetchone()[0] == 0, "free pages would be taken first"
        cursor.execute(f"PRAGMA max_page_count = {here + pages}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA max_page_count = {usual}")


class Scene:
    """A desk with a case Boris leads, a thread nobody has taken, and everything an act needs."""

    def __init__(self) -> None:
        self.world: World = build_world()
        self.written, self.case = self.world.taken()
        self.untaken = self.world.write_in()
        self.boris, self.anna = self.world.boris.reader(), self.world.anna.reader()
        self.code = invitations.invite(reader=self.anna, role=Role.ADVISER, team=self.world.vera.member.team)
        self.visit, self.token = begin_visit(member=self.world.vera.member, now=self.world.now)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")

    def acts(self) -> dict[str, Act]:
        """What people do at a desk, by name."""
        world, boris, anna, thread = self.world, self.boris, self.anna, self.written.thread
        vera = world.vera.member
        return {
            "take": lambda: take(reader=boris, thread=self.untaken.thread),
            "reply": lambda: reply(reader=boris, thread=thread, text="ответ " * 900),
            "note": lambda: note(reader=boris, thread=thread, text="заметка " * 900),
            "draft": lambda: save_draft(reader=boris, thread=thread, text="черновик " * 900),
            "read": self._read_anew,
            "card": self._save_card_again,
            "grant": lambda: grant_case(reader=boris, case=self.case, member=vera),
            "grant without history": lambda: grant_case(
                reader=boris, case=self.case, member=vera, history=False
            ),
            "revoke": lambda: revoke_case(reader=boris, case=self.case, member=world.anna.member),
            "rotate": lambda: rotate_case(reader=boris, case=self.case),
            "open a duty epoch": lambda: open_duty_epoch(reader=anna, roster=[world.anna.member, vera]),
            "invite": lambda: invitations.invite(reader=anna, role=Role.ADVISER, team=vera.team),
            "join": lambda: invitations.join(code=self.code, applicant=newcomer(), now=world.now),
            "unlock": lambda: unlock(
                visit=self.visit, token=self.token, passphrase=world.vera.kept.passphrase, now=world.now
            ),
            "leave": lambda: leave(reader=anna, member=vera),
            "write more": lambda: receive_more(
                thread=thread,
                signing=self.written.signing,
                body=EntryBody(text="ещё " * 900, at=world.now),
                dedupe_tag="d" * 32,
                now=world.now,
            ),
        }

    def _read_anew(self) -> None:
        readings._hours.clear()
        thread_entries(reader=self.anna, thread=self.written.thread)

    def _save_card_again(self) -> None:
        stored = TriageCard.objects.filter(case=self.case).first()
        version = stored.version if stored else 0
        save_card(reader=self.boris, case=self.case, card=Card(danger=Danger.YES), version=version)


def newcomer() -> invitations.Applicant:
    kept = Secrets(password="пароль новичка", passphrase="фраза новичка", totp=bytes(20))
    return invitations.Applicant("Галка", Gender.FEMININE, "ru", kept)


NAMES = (
    "take", "reply", "note", "draft", "read", "card", "grant", "grant without history", "revoke", "rotate",
    "open a duty epoch", "invite", "join", "unlock", "leave", "write more",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_disk_that_is_full_at_any_moment_leaves_everything_as_it_was(
    transactional_db: None, name: str
) -> None:
    scene = Scene()
    assert set(scene.acts()) == set(NAMES)
    act, before = scene.acts()[name], rows()
    for _again in range(MOST_TIMES if name in AGAIN else 0):  # small acts fit into what is left of a page
        if is_refused(act, 0):
            break
        before = rows()
    refused = 0
    while is_refused(act, refused):
        assert rows() == before, (name, refused)
        refused += 1
    assert refused > 0, "the disk was never full"
    assert rows() != before
    assert checked_log().sequence > 0


def is_refused(act: Act, pages: int) -> bool:
    """Whether the act finds no room; only a full disk may keep it."""
    try:
        with room_for(pages):
            act()
    except OperationalError as error:
        if FULL not in str(error):
            raise
        return True
    return False


def test_a_clock_set_back_refuses_every_act_of_a_person_and_changes_nothing(world: World) -> None:
    from tropa.desk.vault.last_act import note_act

    written, case = world.taken()
    untaken = world.write_in()
    note_act(world.now)
    early = world.now - timedelta(days=2)
    boris, anna = world.boris.reader(early), world.anna.reader(early)
    before = rows()
    acts: dict[str, Act] = {
        "take": lambda: take(reader=boris, thread=untaken.thread),
        "reply": lambda: reply(reader=boris, thread=written.thread, text="ответ"),
        "read": lambda: thread_entries(reader=boris, thread=written.thread),
        "grant": lambda: grant_case(reader=boris, case=case, member=world.vera.member),
        "revoke": lambda: revoke_case(reader=boris, case=case, member=world.anna.member),
        "leave": lambda: leave(reader=anna, member=world.vera.member),
        "invite": lambda: invitations.invite(reader=anna, role=Role.ADVISER, team=world.vera.member.team),
    }
    for name, act in acts.items():
        with pytest.raises(ClockSetBack):
            act()
        assert rows() == before, name


def test_wrong_and_used_up_secrets_are_named_and_change_nothing(world: World) -> None:
    now, vera = world.now, world.vera
    visit, token = begin_visit(member=vera.member, now=now)
    code = invitations.invite(reader=world.anna.reader(), role=Role.ADVISER, team=vera.member.team)
    used = invitations.invite(reader=world.anna.reader(), role=Role.ADVISER, team=vera.member.team)
    invitations.join(code=used, applicant=newcomer(), now=now)
    late = now + timedelta(days=2)
    before = rows()
    wrong: dict[type[Exception], Act] = {
        UnlockRefused: lambda: unlock(visit=visit, token=token, passphrase="другая фраза", now=now),
        SignInRefused: lambda: sign_in(
            pseudonym="Вера", password=vera.kept.password, code="000000x", now=now
        ),
        UnknownInvitation: lambda: invitations.join(code="AAAA-BBBB", applicant=newcomer(), now=now),
        InvitationUsed: lambda: invitations.join(code=used, applicant=newcomer(), now=now),
        InvitationExpired: lambda: invitations.join(code=code, applicant=newcomer(), now=late),
    }
    for error, act in wrong.items():
        with pytest.raises(error):
            act()
        assert rows() == before, error


def test_the_rest_of_the_line_is_walked_elsewhere() -> None:
    """Recovery words, backups and a lost passkey have tests of their own; they have to be there."""
    from pathlib import Path

    tests = Path(__file__).resolve().parents[1]
    for name, of in {
        "cli/ceremony/test_recovery_makes_a_coordinator.py": "def test_too_few_papers_change_nothing",
        "cli/ceremony/test_what_trustees_type_is_checked.py": "def test_an_unknown_word_is_named",
        "cli/test_a_backup_comes_back.py": "def test_a_backup_older_than_a_kept_checkpoint_is_refused",
        "desk/staff/test_recovery_codes.py": "def test_",
    }.items():
        assert of in (tests / name).read_text(encoding="utf-8"), name
