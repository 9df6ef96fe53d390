"""The middleware knows who asks from the cookie alone, and locks what was left idle."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from tests.desk.world import Person, World
from tropa.desk.staff import services, visits
from tropa.desk.staff.access import UnlockedRequest, unlocked
from tropa.desk.staff.cookies import VISIT_COOKIE
from tropa.desk.staff.errors import SignInRefused
from tropa.desk.staff.middleware import StaffMiddleware
from tropa.desk.staff.models import Member, Visit
from tropa.envelope import Seed


def browser_of(person: Person) -> str:
    now = datetime.now(UTC)
    visit, token = services.sign_in(
        pseudonym=person.member.pseudonym, password=person.kept.password, code=person.code(now), now=now
    )
    services.unlock(visit=visit, token=token, passphrase=person.kept.passphrase, now=now)
    return token


def asked(token: str) -> HttpRequest:
    """A request as a view gets it."""
    seen: list[HttpRequest] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse()

    request = RequestFactory().get("/inbox/")
    request.COOKIES[VISIT_COOKIE] = token
    StaffMiddleware(view)(request)
    return seen[0]


def test_an_unlocked_visit_has_a_reader(world: World) -> None:
    request = asked(browser_of(world.boris))
    assert request.member == world.boris.member  # type: ignore[attr-defined]
    assert request.reader.seed == world.boris.seed  # type: ignore[attr-defined]


def test_an_unknown_or_endless_token_is_nobody(world: World) -> None:
    assert asked("no such token").member is None  # type: ignore[attr-defined]
    assert asked("x" * 10_000).member is None  # type: ignore[attr-defined]


@pytest.mark.parametrize("columns", [("sealed_seed",), ("sealed_seed", "sign_public")])
def test_a_visit_open_with_another_key_is_locked(world: World, columns: tuple[str, ...]) -> None:
    """Whoever writes to the database plants a visit with a key of their own, and that key in the member's row."""
    token, planted = browser_of(world.boris), Seed(b"planted key of an attacker 12345")
    Visit.objects.update(sealed_seed=visits.seal_seed(planted, token))
    if "sign_public" in columns:
        Member.objects.filter(pk=world.boris.member.pk).update(sign_public=planted.signing().public.raw)
    assert asked(token).reader is None  # type: ignore[attr-defined]
    assert Visit.objects.get().sealed_seed is None


def test_signing_in_instead_of_another_visit_ends_it(world: World) -> None:
    token = browser_of(world.boris)
    before = Visit.objects.get()
    now = datetime.now(UTC)
    services.sign_in(
        pseudonym="Вера",
        password=world.vera.kept.password,
        code=world.vera.code(now),
        now=now,
        instead_of=before,
    )
    assert asked(token).member is None  # type: ignore[attr-defined]
    assert Visit.objects.get().member == world.vera.member


def test_a_refused_sign_in_ends_nothing(world: World) -> None:
    token = browser_of(world.boris)
    now = datetime.now(UTC)
    with pytest.raises(SignInRefused):
        services.sign_in(
            pseudonym="Вера",
            password="wrong",
            code=world.vera.code(now),
            now=now,
            instead_of=Visit.objects.get(),
        )
    assert asked(token).reader is not None  # type: ignore[attr-defined]


def test_an_idle_visit_is_locked_but_stays_signed_in(world: World) -> None:
    token = browser_of(world.boris)
    Visit.objects.update(idle_after=datetime.now(UTC) - timedelta(minutes=1))
    request = asked(token)
    assert request.member is not None  # type: ignore[attr-defined]
    assert request.reader is None  # type: ignore[attr-defined]
    assert Visit.objects.get().sealed_seed is None


def test_somebody_who_has_left_is_nobody_at_once(world: World) -> None:
    token = browser_of(world.boris)
    Member.objects.filter(pk=world.boris.member.pk).update(active=False)
    assert asked(token).member is None  # type: ignore[attr-defined]


def test_a_seed_moved_from_another_visit_does_not_open(world: World) -> None:
    vera, boris = browser_of(world.vera), browser_of(world.boris)
    visit_of_vera = Visit.objects.get(member=world.vera.member)
    Visit.objects.filter(member=world.boris.member).update(sealed_seed=visit_of_vera.sealed_seed)
    assert asked(boris).reader is None  # type: ignore[attr-defined]
    assert asked(vera).reader is not None  # type: ignore[attr-defined]


def test_who_is_asking_costs_one_query(
    world: World, clock_stands: datetime, django_assert_num_queries: object
) -> None:
    token = browser_of(world.boris)
    asked(token)
    with django_assert_num_queries(1):  # type: ignore[operator]
        asked(token)


@unlocked
def guarded(request: UnlockedRequest) -> HttpResponse:
    return HttpResponse("inside")


def test_a_view_behind_unlocked_sends_others_to_sign_in(world: World) -> None:
    assert guarded(asked("nobody")).headers["Location"] == "/sign-in/"


def test_a_part_of_a_page_sends_the_whole_page_there(world: World) -> None:
    request = asked("nobody")
    request.META["HTTP_X_PART"] = "1"
    assert guarded(request).headers["X-Elsewhere"] == "/sign-in/"
