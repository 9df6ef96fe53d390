"""Filters of the inbox are kept under a name: sealed, one's own, and lost to nobody else."""

from __future__ import annotations

import re

import pytest

from tests.desk.world import World, signed_in
from tropa.desk.cases.models import Lane, Urgency
from tropa.desk.talk.errors import TooManyViews
from tropa.desk.talk.inbox import InboxFilters, Queue
from tropa.desk.talk.models import SavedView
from tropa.desk.talk.saved_views import MOST_VIEWS, forget_view, save_view, saved_views

FILTERS = InboxFilters(queue=Queue.UNTAKEN, lane=Lane.UNIT, urgency=Urgency.DAY)


def test_a_view_comes_back_to_whoever_saved_it_and_to_nobody_else(world: World) -> None:
    view = save_view(reader=world.boris.reader(), name="  Срочные \n служащие ", filters=FILTERS)
    assert saved_views(reader=world.boris.reader()) == [view]
    assert (view.name, view.filters) == ("Срочные служащие", FILTERS)
    assert saved_views(reader=world.vera.reader()) == []
    forget_view(reader=world.vera.reader(), view_id=view.id)
    assert saved_views(reader=world.boris.reader()) == [view]


def test_the_name_lies_sealed(world: World) -> None:
    save_view(reader=world.boris.reader(), name="Омск", filters=FILTERS)
    stored = SavedView.objects.get()
    assert "Омск".encode() not in bytes(stored.sealed)
    SavedView.objects.update(member=world.vera.member)
    assert saved_views(reader=world.vera.reader()) == [], "moved to somebody else it does not open"


def test_one_name_is_one_view_and_there_is_an_end_to_them(world: World) -> None:
    reader = world.boris.reader()
    for _ in range(2):
        save_view(reader=reader, name="одно", filters=InboxFilters())
    assert SavedView.objects.count() == 1
    for number in range(MOST_VIEWS - 1):
        save_view(reader=reader, name=f"вид {number}", filters=FILTERS)
    with pytest.raises(TooManyViews):
        save_view(reader=reader, name="ещё один", filters=FILTERS)
    save_view(reader=reader, name="ОДНО", filters=FILTERS)
    assert SavedView.objects.count() == MOST_VIEWS


@pytest.mark.parametrize("name", ["", "   ", "д" * 41])
def test_a_view_has_a_name(world: World, name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        save_view(reader=world.boris.reader(), name=name, filters=FILTERS)


def test_the_inbox_lists_keeps_and_forgets_views(world: World) -> None:
    client = signed_in(world.boris)
    posted = {"name": "Служащие", "queue": "untaken", "lane": "unit", "urgency": ""}
    told = client.post("/inbox/views/", posted)
    assert "Служащие" not in told["Location"], "the name stands in no address"
    page = client.get(told["Location"]).content.decode()
    assert page.count("Служащие") >= 1
    view = SavedView.objects.get()
    assert f"/inbox/views/{view.pk}/forget/" in page
    assert "Служащие" not in signed_in(world.anna).get("/inbox/").content.decode()
    said = client.post(f"/inbox/views/{view.pk}/forget/")
    assert not SavedView.objects.exists()
    undone = said.content.decode().partition('role="status"')[2].partition("</form>")[0]
    back = dict(re.findall(r'<input type="hidden" name="((?!csrf)[a-z]+)" value="([^"]*)">', undone))
    assert back == {"name": "Служащие", "queue": "untaken", "lane": "unit"}
    client.post("/inbox/views/", back)
    again = saved_views(reader=world.boris.reader())
    assert [(one.name, one.filters) for one in again] == [
        ("Служащие", InboxFilters(queue=Queue.UNTAKEN, lane=Lane.UNIT))
    ]
    assert client.get(f"/inbox/views/{again[0].id}/forget/")["Location"] == "/inbox/"
    gone = client.post(f"/inbox/views/{'0' * 32}/forget/").content.decode()
    assert "Отменить" not in gone
    assert SavedView.objects.count() == 1
    assert "said=view-refused" in client.post("/inbox/views/", {"name": ""})["Location"]
