"""A copied cookie of the desk after its owner locked, left, went idle or was sent away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone

from tests.desk.plans.flow import asked
from tests.desk.world import signed_in
from tropa.desk.staff.cookies import VISIT_COOKIE
from tropa.desk.staff.models import Member, Visit
from tropa.desk.talk.models import Draft, Entry, EntryKind

if TYPE_CHECKING:
    from tests.desk.plans.conftest import Planned

TYPED = "Щегол пишет с чужого компьютера"


def locked(owner: Client) -> None:
    owner.post("/lock/")


def left(owner: Client) -> None:
    owner.post("/sign-out/")


def idle(_owner: Client) -> None:
    Visit.objects.update(idle_after=timezone.now() - timedelta(minutes=1))


def lapsed(_owner: Client) -> None:
    Visit.objects.update(ends_after=timezone.now() - timedelta(minutes=1))


def sent_away(_owner: Client) -> None:
    Member.objects.filter(pseudonym="Борис").update(active=False)


@pytest.mark.parametrize("end", [locked, left, idle, lapsed, sent_away])
def test_it_opens_no_page_and_does_nothing(planned: Planned, end: Callable[[Client], None]) -> None:
    plan = asked(planned)
    owner = signed_in(planned.world.boris)
    thief = Client()
    thief.cookies[VISIT_COOKIE] = owner.cookies[VISIT_COOKIE].value
    thread, case = planned.written.thread.pk, planned.case.pk
    assert "Пришла повестка" in thief.get(f"/threads/{thread}/").content.decode()
    end(owner)
    for path in (
        "/",
        "/inbox/",
        f"/threads/{thread}/",
        f"/cases/{case}/plan/",
        f"/review/{plan.pk}/",
        "/atlas/",
    ):
        answer = thief.get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(("/sign-in/", "/unlock/"))
    for path in (f"/threads/{thread}/answer/", f"/review/{plan.pk}/return/", f"/cases/{case}/plan/facts/"):
        answer = thief.post(path, {"text": TYPED, "act": "reply", "token": "0" * 32})
        page = answer.content.decode()
        # what is typed at a locked desk comes back sealed to its owner, in the page that asks for the passphrase
        assert answer.status_code == 302 or (end in {locked, idle} and 'name="passphrase"' in page), path
        assert TYPED not in page
        assert "Пришла повестка" not in page
    assert not Draft.objects.exists()
    assert not Entry.objects.filter(kind=EntryKind.REPLY).exists()
    assert Visit.objects.exclude(sealed_seed=None).count() == (1 if end in {lapsed, sent_away} else 0)


def test_signing_in_anew_ends_what_this_browser_had_before(planned: Planned) -> None:
    owner = signed_in(planned.world.boris)
    old = Client()
    old.cookies[VISIT_COOKIE] = owner.cookies[VISIT_COOKIE].value
    Member.objects.update(totp_last_step=0)
    boris = planned.world.boris
    form = {"pseudonym": "Борис", "password": boris.kept.password, "code": boris.code()}
    assert owner.post("/sign-in/", form).status_code == 302
    assert old.get("/").status_code == 302
