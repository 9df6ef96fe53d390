"""Holders let people in and shut them out; two coordinators open a case together, seen by all of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.desk.vault.test_break_glass import REASON, boris_alone, dina
from tests.desk.world import signed_in
from tropa.atlas.day_words import day_words
from tropa.desk.staff.leaving import leave
from tropa.desk.vault.models import CaseGrant, CaseKey
from tropa.desk.vault.services import ask_together

if TYPE_CHECKING:
    from tests.desk.world import Person, World

__all__ = ["dina"]


def test_a_holder_lets_somebody_in_until_a_day_and_without_history(world: World) -> None:
    _written, case = world.taken()
    client = signed_in(world.boris)
    last = world.now.date() + timedelta(days=3)
    form = {"member": world.vera.member.pk, "ends_day": last.isoformat()}
    answer = client.post(f"/cases/{case.pk}/holders/", form)
    assert answer.headers["Location"].endswith("said=granted")
    [grant] = CaseGrant.objects.filter(member=world.vera.member)
    assert (grant.key.epoch, grant.ends_day) == (2, last)
    page = client.get(f"/cases/{case.pk}/holders/").content.decode()
    for word in ("Вера", day_words(last, "ru"), "только написанное после"):
        assert word in page


def test_a_holder_shuts_somebody_out_and_not_the_last(world: World) -> None:
    _written, case = world.taken()
    client = signed_in(world.boris)
    address = f"/cases/{case.pk}/holders"
    assert client.post(f"{address}/{world.anna.member.pk}/revoke/").status_code == 302
    assert CaseKey.objects.count() == 2
    refused = client.post(f"{address}/{world.boris.member.pk}/revoke/")
    assert refused.status_code == 409
    assert "Сначала дайте доступ" in refused.content.decode()


@pytest.mark.parametrize("last", ["2020-01-01", "not a day"])
def test_a_day_that_is_over_or_none_lets_nobody_in(world: World, last: str) -> None:
    _written, case = world.taken()
    form = {"member": world.vera.member.pk, "ends_day": last, "history": "on"}
    assert signed_in(world.boris).post(f"/cases/{case.pk}/holders/", form).status_code == 400
    assert not CaseGrant.objects.filter(member=world.vera.member).exists()


def test_two_coordinators_open_a_case_on_the_pages(world: World, dina: Person) -> None:
    written, case = boris_alone(world)
    leave(reader=world.anna.reader(), member=world.boris.member)
    anna, other = signed_in(world.anna), signed_in(dina)
    assert f"/cases/{case.pk}/together/" in anna.get("/people/").content.decode()
    assert anna.post(f"/cases/{case.pk}/together/", {"reason": REASON}).status_code == 302
    for address in ("/", "/people/"):
        assert REASON in other.get(address).content.decode()
    act = case.break_glass.get()
    assert anna.post(f"/together/{act.pk}/", {"act": "open"}).status_code == 404
    assert other.post(f"/together/{act.pk}/", {"act": "open"}).status_code == 302
    assert "тайна" in other.get(f"/threads/{written.thread.pk}/").content.decode()  # type: ignore[attr-defined]
    assert "Открыто двумя координаторами" in anna.get("/people/").content.decode()


def test_who_asked_takes_it_back(world: World, dina: Person) -> None:
    _written, case = boris_alone(world)
    act = ask_together(reader=world.anna.reader(), case=case, reason=REASON)
    assert signed_in(dina).post(f"/together/{act.pk}/", {"act": "withdraw"}).status_code == 404
    assert signed_in(world.anna).post(f"/together/{act.pk}/", {"act": "withdraw"}).status_code == 302
    assert not case.break_glass.exists()


@pytest.mark.parametrize("who", ["vera", "stranger"])
def test_others_neither_see_holders_nor_open_anything(world: World, dina: Person, who: str) -> None:
    _written, case = boris_alone(world)
    act = ask_together(reader=dina.reader(), case=case, reason=REASON)
    client = signed_in(getattr(world, who))
    assert client.get(f"/cases/{case.pk}/holders/").status_code == 404
    assert client.post(f"/cases/{case.pk}/holders/{world.boris.member.pk}/revoke/").status_code == 404
    assert client.get(f"/cases/{case.pk}/together/").status_code == 403
    assert client.post(f"/together/{act.pk}/").status_code == 403
    for address in ("/", "/people/"):
        assert REASON not in client.get(address).content.decode()
