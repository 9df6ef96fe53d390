"""Every address of the desk, met by a passer-by, by somebody whose key is closed, and by people without a grant."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.desk.world import World, signed_in

OPEN_TO_ALL = {"sign-in", "sign-in-by-passkey", "language", "join"}
FOR_THE_LOCKED = {"unlock", "lock", "sign-out"}
IDS = {
    "thread_id": "0" * 32,
    "case_id": "0" * 32,
    "fact_id": "nothing",
    "answer_id": "nothing",
    "change_id": "0" * 32,
    "source_id": "nothing",
    "code": "XX",
    "kind": "nothing",
    "plan_id": "0" * 32,
    "release_id": "0" * 32,
    "member_id": "0" * 32,
    "act_id": "0" * 32,
    "shift_id": "0" * 32,
    "view_id": "0" * 32,
    "reply_id": "0" * 32,
}


def _patterns(resolver: URLResolver) -> list[URLPattern]:
    found: list[URLPattern] = []
    for one in resolver.url_patterns:
        found += _patterns(one) if isinstance(one, URLResolver) else [one]
    return found


def _addresses() -> dict[str, str]:
    """Every named address with made-up ids in it."""
    addresses = {}
    for pattern in _patterns(get_resolver()):
        route = str(pattern.pattern)
        for name, kind in pattern.pattern.converters.items():
            value = IDS.get(name, "1" if kind.regex == "[0-9]+" else "x" * 8)
            route = (
                route.replace(f"<str:{name}>", value)
                .replace(f"<int:{name}>", value)
                .replace(f"<{name}>", value)
            )
            route = route.replace(f"<slug:{name}>", value)
        assert "<" not in route, f"this test does not know how to make the address {route}"
        addresses[pattern.name or route] = f"/{route}"
    return addresses


def test_the_list_of_addresses_is_not_empty() -> None:
    assert {"today", "inbox", "thread", "take", "reply", "triage", "atlas", "fact"} <= _addresses().keys()


def test_every_address_has_a_name_of_its_own() -> None:
    """Of two with one name, links to the first would lead to the second."""
    names = [pattern.name for pattern in _patterns(get_resolver()) if pattern.name]
    assert [name for name in names if names.count(name) > 1] == []


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_passer_by_reaches_nothing_but_the_sign_in_page(method: str) -> None:
    client = Client()
    for name, address in _addresses().items():
        if name in OPEN_TO_ALL:
            continue
        response = getattr(client, method)(address)
        assert response.status_code in {302, 405}, (name, response.status_code)
        if response.status_code == 302:
            assert response["Location"].startswith("/sign-in/"), name


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_closed_key_reaches_nothing_but_unlocking(world: World, method: str) -> None:
    client = signed_in(world.anna, unlocked=False)
    for name, address in _addresses().items():
        if name in OPEN_TO_ALL | FOR_THE_LOCKED:
            continue
        response = getattr(client, method)(address)
        assert response.status_code in {302, 405}, (name, response.status_code)
        if response.status_code == 302:
            assert response["Location"].startswith("/unlock/"), name


@pytest.mark.parametrize("who", ["vera", "stranger"])
def test_people_without_a_grant_see_neither_text_nor_card(world: World, who: str) -> None:
    canary = "КАНАРЕЙКА в подвале на Садовой"
    written, case = world.taken(canary)
    client = signed_in(getattr(world, who))
    for address in (f"/threads/{written.thread.pk}/", f"/cases/{case.pk}/card/", "/inbox/", "/"):
        response = client.get(address, follow=True)
        assert canary not in response.content.decode(), address
    assert client.get(f"/threads/{written.thread.pk}/").status_code == 403
    assert str(case.pk) not in client.get("/inbox/").content.decode()


@pytest.mark.parametrize("who", ["vera", "stranger"])
def test_people_without_a_grant_cannot_answer_or_fill_in_the_card(world: World, who: str) -> None:
    written, case = world.taken("Пришла повестка")
    client = signed_in(getattr(world, who))
    entries = written.thread.entries.count()
    answer = {"text": "Идите туда-то", "act": "reply", "token": "a" * 32}
    assert client.post(f"/threads/{written.thread.pk}/answer/", answer).status_code == 403
    client.post(f"/cases/{case.pk}/card/", {"danger": "no", "version": "0"})
    assert written.thread.entries.count() == entries
    assert not hasattr(type(case).objects.get(pk=case.pk), "card")


def test_the_stranger_cannot_take_a_thread(world: World) -> None:
    written = world.write_in("Помогите")
    response = signed_in(world.stranger).post(f"/threads/{written.thread.pk}/take/")
    assert response.status_code == 403
    written.thread.refresh_from_db()
    assert written.thread.case_id is None
