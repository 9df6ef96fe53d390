"""Somebody stands beside a volunteer and makes them unlock: an empty desk opens, and nothing tells that it is one."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.desk.plans.flow import asked
from tests.desk.world import Person, signed_in
from tropa.desk.audit.acts import Act
from tropa.desk.audit.models import Record
from tropa.desk.audit.queries import checked_log
from tropa.desk.audit.readings import UNUSUAL, Unusual
from tropa.desk.audit.services import record
from tropa.desk.staff import services
from tropa.desk.staff.alarms import MOST_KEPT, MOST_READ, NOTE, alarms, put_aside
from tropa.desk.staff.cookies import VISIT_COOKIE
from tropa.desk.staff.empty_desk import EmptyDesk
from tropa.desk.staff.errors import UnlockRefused
from tropa.desk.staff.models import Member, Visit
from tropa.desk.staff.reader import Reader
from tropa.desk.staff.slots import Door, fresh_slots
from tropa.envelope import Seed

if TYPE_CHECKING:
    from tests.desk.plans.conftest import Planned
    from tests.desk.world import World

DURESS = "the passphrase for a moment of force"
HASH_BYTES = 32  # what is no longer than a hash or a key has no format byte
PLACE = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True, slots=True)
class Forced:
    """A browser in which somebody unlocked under duress."""

    client: Client
    opened: EmptyDesk


def give_duress(person: Person) -> None:
    own = Door(person.seed, person.kept.passphrase)
    other = Door(Seed.generate(secrets.token_bytes), DURESS)
    columns = fresh_slots(member_id=person.member.id, own=own, duress=other)
    Member.objects.filter(pk=person.member.pk).update(**columns)


def unlock(person: Person, passphrase: str) -> tuple[str, Reader | EmptyDesk]:
    now = datetime.now(UTC)
    Member.objects.filter(pk=person.member.pk).update(totp_last_step=0)
    visit, token = services.sign_in(
        pseudonym=person.member.pseudonym, password=person.kept.password, code=person.code(now), now=now
    )
    return token, services.unlock(visit=visit, token=token, passphrase=passphrase, now=now)


def forced(person: Person, passphrase: str = DURESS) -> Forced:
    token, opened = unlock(person, passphrase)
    assert isinstance(opened, EmptyDesk)
    client = Client()
    client.cookies[VISIT_COOKIE] = token
    return Forced(client, opened)


def stored(*, without: frozenset[str] = frozenset()) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but these."""
    return {
        model._meta.label_lower: sorted(
            (tuple(_plain(value) for value in row) for row in model._default_manager.values_list()), key=repr
        )
        for model in apps.get_models()
        if model._meta.label_lower not in without
    }


def shapes(rows: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[str]]:
    """What somebody sees who can open nothing: kinds and lengths, and how sealed bytes begin."""
    return {
        table: sorted(repr([_shape(value) for value in row]) for row in found)
        for table, found in rows.items()
    }


def _shape(value: Any) -> Any:
    if not isinstance(value, bytes):
        return type(value).__name__
    return (len(value), value[:1] if len(value) > HASH_BYTES else b"")


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """Every pattern of the desk, as it is written in the URL configuration."""
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, before + str(one.pattern))
        else:
            yield "/" + before + str(one.pattern)


def filled(planned: Planned, plan_id: str) -> list[str]:
    """Every address of the desk with the ids of what there is; a new kind of id fails here by name."""
    ids = {
        "thread_id": planned.written.thread.pk,
        "case_id": planned.case.pk,
        "plan_id": plan_id,
        "number": "1",
        "member_id": planned.world.vera.member.pk,
        "sequence": "1",
        "fact_id": "ru-kz-road",
        "change_id": "1",
        "source_id": "1",
        "code": "kz",
        "kind": "leg",
    }
    found = list(addresses(get_resolver("tropa.desk.urls").url_patterns))
    assert len(found) > 30
    return [
        PLACE.sub(lambda place: ids.get(place[1]) or str(ids.get(place[1], "x" * 8)), one) for one in found
    ]


NOT_OF_THE_DESK = ("/sign-in/", "/sign-out/", "/lock/", "/unlock/", "/language/", "/join/", "/account/")
"""Open to everybody, or the account's alone, which works in an empty desk as it does anywhere."""
FORM = {
    "text": "чужой ответ", "act": "reply", "token": "0" * 32, "decision": "approve", "words": "нет", "reasons": "other",
    "version": "0", "fingerprint": "0", "role": "adviser", "pseudonym": "Ольха", "reason": "нет",
}  # fmt: skip


@pytest.mark.parametrize("who", ["boris", "anna"])
def test_no_address_shows_or_does_anything_there(planned: Planned, who: str) -> None:
    """Boris leads the case and Anna holds it too and coordinates; neither's empty desk knows of it."""
    world, person = planned.world, getattr(planned.world, who)
    world.write_in("Чиж ждёт на ветке канарейкиной")
    plan = asked(planned)
    give_duress(person)
    desk = forced(person)
    Visit.objects.update(idle_after=datetime(2100, 1, 1, tzinfo=UTC))
    before = stored()
    others = {one.member.pseudonym for one in (world.anna, world.boris, world.vera, world.stranger)} - {
        person.member.pseudonym
    }
    secret = {
        "Пришла повестка",
        "канарейкиной",
        str(planned.written.thread.pk),
        planned.case.pk,
        plan.pk,
        *others,
    }
    shown = 0
    for address in filled(planned, plan.pk):
        if address.startswith(NOT_OF_THE_DESK):
            continue
        for method in ("get", "post"):
            answer = getattr(desk.client, method)(address, FORM if method == "post" else {})
            page = answer.content.decode()
            assert answer.status_code in {200, 302, 404, 405}, address
            assert not [word for word in secret if word in page and word not in address], address
            shown += answer.status_code == 200
    assert shown >= 5
    assert stored() == before


def test_the_sections_are_there_and_empty_and_the_account_works(planned: Planned) -> None:
    world = planned.world
    world.write_in("Чиж ждёт")
    give_duress(world.boris)
    desk = forced(world.boris)
    for address in ("/", "/inbox/", "/review/", "/atlas/", "/people/", "/account/"):
        page = desk.client.get(address)
        assert page.status_code == 200, address
        text = page.content.decode()
        assert "Закрыть на ключ" in text
        assert 'class="count"' not in text
    assert "Борис" in desk.client.get("/people/").content.decode()
    made = desk.client.post("/account/codes/", {"codes-password": world.boris.kept.password})
    assert made.content.decode().count("<li><code") == 10
    assert desk.client.post("/lock/").status_code == 302
    assert desk.client.get("/").headers["Location"].startswith("/unlock/")


def test_the_disk_looks_alike_after_either_unlocking(world: World) -> None:
    give_duress(world.boris)
    seen = []
    for passphrase in (world.boris.kept.passphrase, DURESS, world.boris.kept.passphrase, DURESS):
        Visit.objects.all().delete()
        Record.objects.filter(sequence__gt=1).delete()
        unlock(world.boris, passphrase)
        seen.append(shapes(stored()))
    assert seen[0] == seen[1] == seen[2] == seen[3]
    assert checked_log().sequence == Record.objects.count()


def test_the_members_rows_look_alike_with_and_without_a_duress_passphrase(world: World) -> None:
    without = shapes(stored())["staff.member"]
    for person in (world.anna, world.boris, world.vera, world.stranger):
        give_duress(person)
        assert shapes(stored())["staff.member"] == without


def test_coordinators_alone_are_told_and_only_of_duress(world: World) -> None:
    give_duress(world.boris)
    unlock(world.vera, world.vera.kept.passphrase)
    unlock(world.boris, world.boris.kept.passphrase)
    anna = signed_in(world.anna)
    assert "под принуждением" not in anna.get("/").content.decode()
    forced(world.boris)
    page = anna.get("/").content.decode()
    assert page.count("Борис: ключ открыт под принуждением") == 1
    for person in (world.boris, world.vera, world.stranger):
        assert "под принуждением" not in signed_in(person).get("/").content.decode()
        assert not alarms(reader=person.reader())


def test_an_alarm_stays_until_a_coordinator_puts_it_aside_and_nobody_else_can(world: World) -> None:
    give_duress(world.boris)
    desk = forced(world.boris)
    anna = signed_in(world.anna)
    (alarm,) = alarms(reader=world.anna.reader())
    address = f"/alarms/{alarm.sequence}/aside/"
    assert signed_in(world.vera).post(address).status_code == 403
    assert desk.client.post(address).status_code == 404
    assert "под принуждением" in anna.get("/").content.decode()
    assert anna.post(address).headers["Location"] == "/"
    assert "под принуждением" not in anna.get("/").content.decode()


def test_what_a_coordinator_keeps_of_alarms_has_one_form(world: World) -> None:
    give_duress(world.boris)
    kept = []
    for _ in range(3):
        alarms(reader=world.anna.reader())
        kept.append(bytes(Member.objects.get(pk=world.anna.member.pk).alarms_sealed))
        forced(world.boris)
    put_aside(reader=world.anna.reader(), sequence=1)
    kept.append(bytes(Member.objects.get(pk=world.anna.member.pk).alarms_sealed))
    assert len(set(kept)) == 4
    assert {(len(one), one[:1]) for one in kept} == {(len(kept[0]), b"\x01")}


def test_nobody_raises_an_alarm_in_a_colleagues_name(world: World) -> None:
    """Neither with a key of one's own, nor with the note of an alarm that a coordinator has read."""
    give_duress(world.boris)
    forced(world.boris)
    assert len(alarms(reader=world.anna.reader())) == 1
    from tropa.desk.audit.queries import latest_acts

    (act,) = latest_acts(reader=world.anna.reader(), count=1)
    for note in (act.detail[NOTE], secrets.token_hex(97), "", "zz"):
        planted = Reader(member=world.boris.member, seed=Seed(bytes(32)), now=world.now)
        record(reader=planted, act=Act.UNLOCKED, detail={NOTE: note}, now=world.now)
    assert len(alarms(reader=world.anna.reader())) == 1


def test_alarms_are_found_behind_many_other_acts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_READ >= 1000
    monkeypatch.setattr("tropa.desk.staff.alarms.MOST_READ", 3)
    give_duress(world.boris)
    assert not alarms(reader=world.anna.reader())
    forced(world.boris)
    for _ in range(7):
        unlock(world.vera, world.vera.kept.passphrase)
    assert [one.pseudonym for one in alarms(reader=world.anna.reader())] == ["Борис"]
    for _ in range(4):
        assert len(alarms(reader=world.anna.reader())) == 1


def change(client: Client, passphrase: str, new: str = "", duress: str = "") -> int:
    typed = {"passphrase": passphrase, "new": new, "new_again": new, "duress": duress, "duress_again": duress}
    return client.post("/account/passphrases/", typed).status_code


def test_both_passphrases_are_set_on_the_account_page(world: World) -> None:
    client, other = signed_in(world.boris), signed_in(world.boris)
    assert change(client, world.boris.kept.passphrase, "a new passphrase of twenty", DURESS) == 302
    assert other.get("/").headers["Location"].endswith("/sign-in/")
    assert isinstance(unlock(world.boris, DURESS)[1], EmptyDesk)
    assert isinstance(unlock(world.boris, "a new passphrase of twenty")[1], Reader)
    with pytest.raises(UnlockRefused):
        unlock(world.boris, world.boris.kept.passphrase)
    assert change(client, "a new passphrase of twenty") == 302, "none under duress from now on"
    with pytest.raises(UnlockRefused):
        unlock(world.boris, DURESS)
    assert isinstance(unlock(world.boris, "a new passphrase of twenty")[1], Reader)


@pytest.mark.parametrize(
    ("passphrase", "new", "duress"),
    [
        ("wrong", "a new passphrase of twenty", DURESS),
        ("passphrase of Борис", "short", ""),
        ("passphrase of Борис", "", "short"),
        ("passphrase of Борис", DURESS, DURESS),
        ("passphrase of Борис", "", "passphrase of Борис"),
        ("passphrase of Вера", "a new passphrase of twenty", ""),
        (DURESS, "a new passphrase of twenty", ""),
    ],
)
def test_wrong_short_or_equal_passphrases_change_nothing(
    world: World, passphrase: str, new: str, duress: str
) -> None:
    give_duress(world.boris)
    client = signed_in(world.boris)
    before = stored()["staff.member"]
    assert change(client, passphrase, new, duress) == 403
    assert stored()["staff.member"] == before


def test_a_change_in_the_empty_desk_works_there_and_leaves_the_persons_key_alone(world: World) -> None:
    give_duress(world.boris)
    desk = forced(world.boris)
    assert change(desk.client, DURESS, "what they made me choose", "and one more of theirs") == 302
    assert isinstance(unlock(world.boris, "what they made me choose")[1], EmptyDesk)
    assert isinstance(unlock(world.boris, world.boris.kept.passphrase)[1], Reader)
    with pytest.raises(UnlockRefused):
        unlock(world.boris, DURESS)


def test_the_act_of_setting_them_tells_nobody_which(world: World) -> None:
    seen = []
    for duress in ("", DURESS):
        client = signed_in(world.boris)
        assert change(client, world.boris.kept.passphrase, "", duress) == 302
        seen.append(shapes(stored(without=frozenset({"audit.record"}))))
        last = Record.objects.latest("sequence")
        seen.append(len(last.sealed))
    assert seen[0] == seen[2]
    assert seen[1] == seen[3]


def test_unusual_reading_never_pushes_an_alarm_of_duress_out(world: World) -> None:
    give_duress(world.boris)
    forced(world.boris)
    for _ in range(MOST_KEPT + 4):
        detail = {UNUSUAL: Unusual.MANY}
        record(reader=world.vera.reader(), act=Act.OPENED, detail=detail, now=datetime.now(UTC))
    for _look in range(2):
        shown = alarms(reader=world.anna.reader())
        assert len(shown) == MOST_KEPT
        assert [alarm.pseudonym for alarm in shown if alarm.duress] == ["Борис"]
