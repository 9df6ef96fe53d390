"""The page of one's own account: password, codes and visits; whoever is not unlocked sees none of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tests.desk.world import Person, signed_in
from tropa.desk.audit.queries import latest_acts
from tropa.desk.staff.models import Member, Visit
from tropa.desk.staff.recovery_codes import kept_codes
from tropa.desk.staff.slow_hash import password_fits

if TYPE_CHECKING:
    from tests.desk.world import World

CODE = re.compile(r"\b(?:\d{4} ){5}\d{4}\b")
ADDRESSES = ("/account/", "/account/password/", "/account/codes/", "/account/visits/")


def change(client: Client, person: Person, new: str, again: str | None = None, password: str = "") -> object:
    typed = {
        "password": password or person.kept.password,
        "new_password": new,
        "new_password_again": new if again is None else again,
    }
    return client.post("/account/password/", typed)


def test_nobody_else_comes_near_it(world: World) -> None:
    locked = signed_in(world.boris, unlocked=False)
    for address in ADDRESSES:
        method = "get" if address == "/account/" else "post"
        assert getattr(Client(), method)(address).headers["Location"] == "/sign-in/"
        assert getattr(locked, method)(address).headers["Location"].startswith("/unlock/")


@pytest.mark.parametrize("who", ["anna", "boris", "vera", "stranger"])
def test_everybody_sees_their_own_pseudonym_and_visits_alone(world: World, who: str) -> None:
    client = signed_in(getattr(world, who))
    for name in ("anna", "boris", "vera", "stranger"):
        signed_in(getattr(world, name))
    page = client.get("/account/").content.decode()
    assert f"Вы — {getattr(world, who).member.pseudonym}" in page
    assert page.count("Другой браузер") == 1
    assert page.count("Этот браузер") == 1


def test_the_codes_are_shown_once_and_on_no_other_page(world: World) -> None:
    client = signed_in(world.boris)
    page = client.post("/account/codes/", {"codes-password": world.boris.kept.password}).content.decode()
    assert len(set(CODE.findall(page))) == 10
    for address in ("/account/", "/", "/account/?said=password-changed"):
        assert not CODE.search(client.get(address).content.decode())
    assert "осталось 10" in client.get("/account/").content.decode()


def test_a_wrong_password_makes_no_codes_and_changes_no_password(world: World) -> None:
    client = signed_in(world.boris)
    assert client.post("/account/codes/", {"codes-password": "wrong"}).status_code == 403
    assert change(client, world.boris, "совсем новый пароль", password="wrong").status_code == 403  # type: ignore[attr-defined]
    member = Member.objects.get(pk=world.boris.member.pk)
    assert kept_codes(member).left == 0
    assert password_fits(world.boris.kept.password, member.password)


def test_another_password_ends_every_other_visit_and_no_colleagues(world: World) -> None:
    client, other, vera = signed_in(world.boris), signed_in(world.boris), signed_in(world.vera)
    answer = change(client, world.boris, "совсем новый пароль")
    assert answer.headers["Location"] == "/account/?said=password-changed"  # type: ignore[attr-defined]
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").headers["Location"].endswith("/sign-in/")
    assert vera.get("/account/").status_code == 200
    assert password_fits("совсем новый пароль", Member.objects.get(pk=world.boris.member.pk).password)
    act = latest_acts(reader=world.anna.reader(), count=1)[0]
    assert (act.act, act.detail) == ("password-changed", {"member": world.boris.member.id})


@pytest.mark.parametrize(("new", "again"), [("short", "short"), ("long enough it is", "long enough it was")])
def test_a_short_or_mistyped_password_changes_nothing(world: World, new: str, again: str) -> None:
    client = signed_in(world.boris)
    assert change(client, world.boris, new, again).status_code == 403  # type: ignore[attr-defined]
    assert password_fits(world.boris.kept.password, Member.objects.get(pk=world.boris.member.pk).password)


def test_all_others_end_and_this_one_stays(world: World) -> None:
    client, _other, _third = (signed_in(world.boris) for _ in range(3))
    vera = signed_in(world.vera)
    assert client.post("/account/visits/").headers["Location"] == "/account/?said=visits-ended"
    assert Visit.objects.filter(member=world.boris.member).count() == 1
    assert client.get("/").status_code == vera.get("/").status_code == 200


def test_today_tells_that_a_code_was_used(world: World) -> None:
    client = signed_in(world.boris)
    page = client.post("/account/codes/", {"codes-password": world.boris.kept.password}).content.decode()
    typed = {"pseudonym": "Борис", "password": world.boris.kept.password, "code": CODE.findall(page)[0]}
    assert Client().post("/sign-in/", typed).headers["Location"] == "/unlock/"
    said = client.get("/").content.decode()
    assert "Вход по резервному коду" in said
    assert "Осталось 9 кодов" in said
    assert "Вход по резервному коду" not in signed_in(world.vera).get("/").content.decode()
