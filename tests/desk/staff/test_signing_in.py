"""Signing in takes pseudonym, password and a fresh code, and says of a refusal nothing but that it is one."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.desk.world import World
from tropa.desk.staff import services, slow_hash
from tropa.desk.staff.errors import SignInBusy, SignInRefused
from tropa.desk.staff.models import Member, Visit
from tropa.desk.staff.queries import visit_of

NOW = datetime(2026, 11, 22, 12, 0, 5, tzinfo=UTC)


def sign_in(world: World, **changed: object) -> tuple[Visit, str]:
    boris = world.boris
    values = {
        "pseudonym": "Борис",
        "password": boris.kept.password,
        "code": boris.code(NOW),
        "now": NOW,
    }
    return services.sign_in(**(values | changed))  # type: ignore[arg-type]


def test_the_right_three_open_a_locked_visit(world: World) -> None:
    visit, token = sign_in(world)
    assert visit.member.pseudonym == "Борис"
    assert visit.sealed_seed is None
    assert visit_of(token, NOW) == visit


def test_a_visit_is_found_by_nothing_that_stands_in_the_database(world: World) -> None:
    visit, token = sign_in(world)
    assert token not in visit.id
    assert visit_of(visit.id, NOW) is None


@pytest.mark.parametrize(
    "changed",
    [{"pseudonym": "Никто"}, {"password": "wrong"}, {"code": "000000"}, {"code": ""}, {"password": ""}],
)
def test_one_wrong_part_is_refused_without_a_word(world: World, changed: dict[str, str]) -> None:
    with pytest.raises(SignInRefused) as refused:
        sign_in(world, **changed)
    assert str(refused.value) == ""


def test_an_unknown_person_costs_the_same_slow_hash(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    real = services.password_fits
    monkeypatch.setattr(
        services, "password_fits", lambda given, stored: tried.append(stored) or real(given, stored)
    )
    for pseudonym in ("Борис", "Никто"):
        with pytest.raises(SignInRefused):
            sign_in(world, pseudonym=pseudonym, password="wrong")
    costs = [stored.split("$")[1:4] for stored in tried]
    assert costs[0] == costs[1]
    assert len(tried) == 2


def test_a_code_is_good_once(world: World) -> None:
    sign_in(world)
    with pytest.raises(SignInRefused):
        sign_in(world)


def test_an_earlier_code_is_refused_after_a_later_one(world: World) -> None:
    later = NOW + timedelta(seconds=30)
    sign_in(world, code=world.boris.code(later))
    with pytest.raises(SignInRefused):
        sign_in(world)


def test_guessing_passwords_uses_up_nobodys_code(world: World) -> None:
    with pytest.raises(SignInRefused):
        sign_in(world, password="wrong")
    sign_in(world)


def test_somebody_who_has_left_is_refused(world: World) -> None:
    Member.objects.filter(pk=world.boris.member.pk).update(active=False)
    with pytest.raises(SignInRefused):
        sign_in(world)


def test_a_one_time_secret_moved_from_another_row_signs_nobody_in(world: World) -> None:
    Member.objects.filter(pk=world.boris.member.pk).update(totp_sealed=world.vera.member.totp_sealed)
    with pytest.raises(SignInRefused):
        sign_in(world, code=world.vera.code(NOW))


def test_a_visit_ends_after_its_hours(world: World) -> None:
    visit, token = sign_in(world)
    assert visit_of(token, visit.ends_after) is None


def test_a_full_queue_refuses_at_once_and_tries_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = slow_hash.SlowQueue(0)
    monkeypatch.setattr(services, "QUEUE", queue)
    with queue.turn(), pytest.raises(SignInBusy):
        sign_in(world)
    sign_in(world)
