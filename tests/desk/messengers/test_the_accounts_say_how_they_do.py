"""One page and one command say how every account does, and nothing about people; only coordinators see the page."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.desk.world import signed_in
from tropa.cli.main import main
from tropa.desk.messengers.accounts import SILENT_AFTER, Doing, account_healths, outbox
from tropa.desk.messengers.channel_state import forget_health, note_traffic, say_health
from tropa.desk.messengers.delivery import waiting_count
from tropa.desk.messengers.models import ChannelHealth, Outgoing, OutgoingKind, OutgoingState, Standing

if TYPE_CHECKING:
    from tests.desk.world import World

NOW = datetime(2026, 11, 22, 12, 34, 56, tzinfo=UTC)


def says(
    standing: Standing = Standing.OK,
    *,
    account: str = "help",
    code: str = "",
    at: datetime | None = None,
    held: timedelta | None = None,
) -> None:
    """An account's process says how it does (now)."""
    now = at or datetime.now(UTC)
    held_until = now + held if held else None
    say_health(
        account=account, channel="telegram", standing=standing, code=code, waiting_out=3, now=now,
        held_until=held_until,
    )  # fmt: skip


def ended(state: OutgoingState, *, settled: bool = False) -> None:
    kind = OutgoingKind.AUTOMATIC
    Outgoing.objects.create(key=secrets.token_hex(16), kind=kind, state=state, settled=settled)


@pytest.mark.parametrize(
    ("standing", "doing"),
    [
        (Standing.OK, Doing.CONNECTED),
        (Standing.DEGRADED, Doing.IN_PART),
        (Standing.DOWN, Doing.CUT_OFF),
        (Standing.NEEDS_PERSON, Doing.NEEDS_PERSON),
    ],
)
def test_an_account_does_as_it_last_said(world: World, standing: Standing, doing: Doing) -> None:
    says(standing, at=NOW)
    [health] = account_healths(now=NOW)
    assert health.doing is doing
    assert health.well is (standing is Standing.OK)


def test_a_process_that_says_nothing_is_silent_whatever_it_said_last(world: World) -> None:
    says(at=NOW)
    beat = NOW.replace(second=0, microsecond=0)
    assert account_healths(now=beat + SILENT_AFTER)[0].doing is Doing.CONNECTED
    assert account_healths(now=beat + SILENT_AFTER + timedelta(seconds=1))[0].doing is Doing.SILENT


def test_times_are_kept_by_hour_and_minute_alone(world: World) -> None:
    says(at=NOW, held=timedelta(seconds=90))
    note_traffic(account="help", came=True, now=NOW)
    row = ChannelHealth.objects.get()
    assert row.last_in == NOW.replace(minute=0, second=0)
    assert row.beat == NOW.replace(second=0)
    assert row.held_until == NOW.replace(minute=37, second=0)


def test_a_wait_that_is_over_is_not_shown_any_more(world: World) -> None:
    says(at=NOW, held=timedelta(seconds=90))
    assert account_healths(now=NOW)[0].held_until is not None
    assert account_healths(now=NOW + timedelta(minutes=3))[0].held_until is None


def test_what_ended_unknown_is_counted_until_somebody_has_looked(world: World) -> None:
    for state in (OutgoingState.QUEUED, OutgoingState.SENDING, OutgoingState.SENT, OutgoingState.WITHDRAWN):
        ended(state)
    for state in (OutgoingState.UNKNOWN, OutgoingState.FAILED, OutgoingState.EXPIRED, OutgoingState.REFUSED):
        ended(state)
        ended(state, settled=True)
    found = outbox()
    assert (found.waiting, found.unknown, found.undelivered) == (2, 1, 3)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", ("на связи", "нет связи; нужен человек", "ещё ни разу", "служба просит подождать", "relink")),
        ("en", ("connected", "not connected; needs somebody", "never", "told to wait", "relink")),
    ],
)
def test_coordinators_read_it_in_their_language(world: World, language: str, words: tuple[str, ...]) -> None:
    says(held=timedelta(minutes=5))
    says(Standing.NEEDS_PERSON, account="second", code="relink")
    client = signed_in(world.anna)
    client.post("/language/", {"language": language, "next": "/messengers/"})
    shown = client.get("/messengers/").content.decode()
    assert all(each in shown for each in words), [each for each in words if each not in shown]
    assert "<script" not in shown.split("<main", 1)[1]


def test_nobody_else_sees_the_page_and_it_says_nothing_about_people(world: World) -> None:
    written = world.write_in("Пришла повестка", channel="telegram")
    says()
    for person in (world.boris, world.vera, world.stranger):
        assert signed_in(person).get("/messengers/").status_code == 403
    shown = signed_in(world.anna).get("/messengers/").content.decode()
    assert "help" in shown
    assert written.thread.pk not in shown
    assert signed_in(world.anna).post("/messengers/").status_code == 405


def test_today_tells_coordinators_alone_which_accounts_need_a_look(world: World) -> None:
    says(account="well")
    client = signed_in(world.anna)
    assert "надо взглянуть" not in client.get("/").content.decode()
    says(Standing.DOWN, account="broken", code="unreachable")
    assert "надо взглянуть: broken" in client.get("/").content.decode()
    assert "broken" not in signed_in(world.boris).get("/").content.decode()


def test_the_page_costs_the_same_for_many_accounts(
    world: World, django_assert_max_num_queries: object
) -> None:
    for number in range(20):
        says(account=f"help{number}")
    client = signed_in(world.anna)
    client.get("/messengers/")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get("/messengers/")


def test_the_command_fails_while_somebody_has_to_look(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    says(held=timedelta(minutes=5))
    assert main(["channel", "health"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("help telegram ok code=- in=- out=- waiting=3 held=")
    assert said.endswith("outbox waiting=0 unknown=0 undelivered=0\n")
    ended(OutgoingState.UNKNOWN)
    assert main(["channel", "health"]) == 1
    Outgoing.objects.all().delete()
    says(Standing.DOWN, code="unreachable")
    assert main(["channel", "health"]) == 1
    assert "down code=unreachable" in capsys.readouterr().out


def test_what_an_account_knows_to_be_others_is_not_its_own_queue(world: World) -> None:
    for state in (OutgoingState.QUEUED, OutgoingState.QUEUED, OutgoingState.SENT):
        ended(state)
    other = Outgoing.objects.order_by("pk").values_list("pk", flat=True)[0]
    assert (waiting_count(), waiting_count(but={other}), waiting_count(but={0})) == (2, 1, 2)


def test_a_removed_account_is_no_longer_looked_after(world: World) -> None:
    says(Standing.DOWN)
    says(account="other")
    forget_health(account="help")
    assert [one.account for one in account_healths(now=datetime.now(UTC))] == ["other"]
