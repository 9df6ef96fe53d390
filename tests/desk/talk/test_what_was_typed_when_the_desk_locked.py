"""What somebody wrote while the desk locked itself is not lost, not sent, and opens with their own passphrase alone."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.desk.world import signed_in
from tropa.desk import clock
from tropa.desk.cases.models import Case
from tropa.desk.staff.models import Visit
from tropa.desk.talk.kept_typed import keep_typed, seal_typed
from tropa.desk.talk.models import Draft, Entry, EntryKind
from tropa.desk.talk.queries import open_draft
from tropa.desk.talk.services import save_draft

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

    from tests.desk.world import World, Written

TEXT = "Щегол писал это, пока стол закрывался"
KEPT = re.compile(r'name="kept" value="([^"]+)"')
ADDRESS = re.compile(r'action="(/unlock/[^"]*)"')


@pytest.fixture
def taken(world: World) -> tuple[Written, Case]:
    return world.taken()


def idle(client: Client) -> Client:
    """Their key closes, as it does after fifteen minutes or a night's sleep; the visit still runs."""
    Visit.objects.update(idle_after=clock.now() - timedelta(minutes=1))
    return client


def posted(client: Client, thread_id: str, act: str = "reply") -> HttpResponse:
    found: HttpResponse = client.post(  # type: ignore[assignment]
        f"/threads/{thread_id}/answer/", {"text": TEXT, "act": act, "token": "e" * 32}
    )
    return found


def unlocked_with(client: Client, page: str, passphrase: str) -> HttpResponse:
    kept, address = KEPT.search(page), ADDRESS.search(page)
    assert kept is not None
    assert address is not None
    where = address[1].replace("&amp;", "&")
    found: HttpResponse = client.post(where, {"passphrase": passphrase, "kept": kept[1]})  # type: ignore[assignment]
    return found


@pytest.mark.parametrize("act", ["reply", "draft", "note"])
def test_it_is_the_threads_draft_after_unlocking(world: World, taken: tuple[Written, Case], act: str) -> None:
    thread = taken[0].thread
    before = Entry.objects.count()
    client = idle(signed_in(world.boris))
    page = posted(client, thread.pk, act).content.decode()
    assert TEXT not in page, "an empty chair shows it to nobody"
    assert not Draft.objects.exists(), "nothing is stored that cannot be sealed to the case"
    wrong = unlocked_with(client, page, "something else entirely")
    assert wrong.status_code == 403
    done = unlocked_with(client, wrong.content.decode(), world.boris.kept.passphrase)
    assert done.headers["Location"] == f"/threads/{thread.pk}/?said=typed-kept"
    assert open_draft(reader=world.boris.reader(), thread=thread) == TEXT
    shown = client.get(done.headers["Location"]).content.decode()
    assert TEXT in shown
    assert "ничего не отправлено" in shown
    assert Entry.objects.count() == before
    assert not Entry.objects.filter(kind=EntryKind.REPLY).exists(), "nothing was sent"


def test_it_opens_for_nobody_else(world: World, taken: tuple[Written, Case]) -> None:
    page = posted(idle(signed_in(world.boris)), taken[0].thread.pk).content.decode()
    kept = KEPT.search(page)
    assert kept is not None
    for other in (world.anna, world.vera, world.stranger):
        assert keep_typed(reader=other.reader(), sealed=kept[1]) == ""
    for broken in ("", "@@", kept[1][:-8], kept[1][:40] + "AAAA" + kept[1][44:]):
        assert keep_typed(reader=world.boris.reader(), sealed=broken) == ""
    assert not Draft.objects.exists()


def test_where_it_cannot_be_a_draft_it_is_shown_to_whoever_typed_it(
    world: World, taken: tuple[Written, Case]
) -> None:
    thread = taken[0].thread
    save_draft(reader=world.anna.reader(), thread=thread, text="Черновик Анны")
    client = idle(signed_in(world.boris))
    page = posted(client, thread.pk).content.decode()
    back = unlocked_with(client, page, world.boris.kept.passphrase)
    assert back.status_code == 200
    assert TEXT in back.content.decode()
    assert open_draft(reader=world.anna.reader(), thread=thread) == "Черновик Анны", "hers is not lost either"
    for other in (world.write_in().thread.pk, "0" * 32):
        sealed = seal_typed(member=world.boris.member, thread_id=other, text=TEXT, on=world.now.date())
        assert keep_typed(reader=world.boris.reader(), sealed=sealed) == TEXT


def test_fifty_thousand_letters_and_letters_without_width_come_back_as_they_were(
    world: World, taken: tuple[Written, Case]
) -> None:
    text = "\u202eНаоборот\u2066 и\u200b " + "ж" * 50_000
    sealed = seal_typed(
        member=world.boris.member, thread_id=taken[0].thread.pk, text=text, on=world.now.date()
    )
    assert keep_typed(reader=world.boris.reader(), sealed=sealed) == ""
    assert open_draft(reader=world.boris.reader(), thread=taken[0].thread) == text


def test_the_page_tells_nobody_whether_there_is_such_a_thread(
    world: World, taken: tuple[Written, Case]
) -> None:
    client = idle(signed_in(world.stranger))
    ids = (taken[0].thread.pk, "0" * 32)
    pages = [posted(client, one).content.decode().replace(one, "") for one in ids]
    same = [KEPT.sub("", re.sub(r'csrfmiddlewaretoken" value="[^"]+', "", page)) for page in pages]
    assert same[0] == same[1]
    nothing = client.post(f"/threads/{taken[0].thread.pk}/answer/", {"text": " ", "act": "reply"})
    assert nothing.headers["Location"].startswith("/unlock/")


def test_whoever_was_let_go_or_is_not_signed_in_gets_nothing_of_it(
    world: World, taken: tuple[Written, Case]
) -> None:
    from django.test import Client

    from tropa.desk.staff.leaving import leave

    client = signed_in(world.boris)
    leave(reader=world.anna.reader(), member=world.boris.member)
    for one in (client, Client()):
        assert posted(one, taken[0].thread.pk).headers["Location"].startswith("/sign-in/")
    assert not Draft.objects.exists()
