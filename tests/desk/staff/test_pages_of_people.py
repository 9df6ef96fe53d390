"""The page of people: everybody sees who works here, only coordinators see and do the rest."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.desk.world import World, signed_in
from tropa.desk.staff.invitations import Applicant, invite, join
from tropa.desk.staff.joining import Secrets
from tropa.desk.staff.models import Gender, Invitation, Member, Role

KEPT = Secrets(password="двенадцать букв", passphrase="очень длинная парольная фраза", totp=b"t" * 20)


def newcomer(world: World) -> Member:
    code = invite(reader=world.anna.reader(), role=Role.ADVISER, team=world.anna.member.team)
    return join(code=code, applicant=Applicant("Ольха", Gender.FEMININE, "ru", KEPT), now=world.now)


@pytest.mark.parametrize("who", ["boris", "vera", "stranger"])
def test_others_see_who_works_here_and_no_newcomer_no_queue_and_no_form(world: World, who: str) -> None:
    member = newcomer(world)
    page = signed_in(getattr(world, who)).get("/people/")
    text = page.content.decode()
    assert page.status_code == 200
    assert all(name in text for name in ("Анна", "Борис", "Вера", "Чужая"))
    assert "Ольха" not in text
    assert member.pk not in text
    assert "/people/invite/" not in text
    assert "/leave/" not in text


@pytest.mark.parametrize("who", ["boris", "vera", "stranger"])
def test_others_can_neither_invite_nor_certify_nor_let_go(world: World, who: str) -> None:
    member, client = newcomer(world), signed_in(getattr(world, who))
    anna = world.anna.member
    assert client.post("/people/invite/", {"role": "adviser", "team": anna.team_id}).status_code == 403
    for act in ("certify", "refuse"):
        answer = client.post(f"/people/{member.pk}/certify/", {"act": act, "fingerprint": "0"})
        assert answer.status_code == 403
    for method in (client.get, client.post):
        assert method(f"/people/{anna.pk}/leave/").status_code == 403
    assert Invitation.objects.count() == 1
    assert Member.objects.get(pk=member.pk).certificate in {b"", memoryview(b"")}
    assert Member.objects.get(pk=anna.pk).active


def test_a_coordinator_lets_somebody_go_and_sees_what_waits(world: World) -> None:
    world.taken()
    client = signed_in(world.anna)
    asked = client.get(f"/people/{world.boris.member.pk}/leave/").content.decode()
    assert "Борис" in asked
    done = client.post(f"/people/{world.boris.member.pk}/leave/", follow=True)
    assert done.status_code == 200
    text = done.content.decode()
    assert "Борис" in text, "as the one who left, beside the case"
    assert client.get(f"/people/{world.boris.member.pk}/leave/").status_code == 404
    assert client.post(f"/people/{world.anna.member.pk}/leave/").status_code == 403


def test_the_page_costs_the_same_for_many_people(
    world: World, clock_stands: datetime, django_assert_max_num_queries: object
) -> None:
    client = signed_in(world.anna)
    client.get("/people/")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get("/people/")
