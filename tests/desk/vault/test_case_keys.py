"""A case opens for those it was granted to, until their grant ends; keys nobody on staff signed
are never used.
"""

from datetime import date, timedelta

import pytest

from tests.desk.world import Person, World
from tropa.desk.cases.models import Case
from tropa.desk.identifiers import new_id
from tropa.desk.talk.services import take
from tropa.desk.vault.errors import NoGrant, NotCommitted
from tropa.desk.vault.models import CaseGrant, CaseKey
from tropa.desk.vault.services import case_public, grant_case, grant_duty, open_case_seed, open_case_seeds
from tropa.desk.vault.statements import case_grant_context, case_key_context, case_key_statement
from tropa.envelope import Seed, seal, sign

PLANTED = Seed(b"planted key of an attacker 12345")


def test_the_two_holders_open_the_case_and_nobody_else_does(world: World) -> None:
    _written, case = world.taken()
    seeds = [open_case_seed(reader=person.reader(), case=case).seed for person in (world.boris, world.anna)]
    assert seeds[0] == seeds[1]
    assert seeds[0].sealing().public == case_public(case).public
    for person in (world.vera, world.stranger):
        with pytest.raises(NoGrant):
            open_case_seed(reader=person.reader(), case=case)


def test_a_holder_may_grant_and_nobody_else_may(world: World) -> None:
    _written, case = world.taken()
    with pytest.raises(NoGrant):
        grant_case(reader=world.vera.reader(), case=case, member=world.vera.member)
    grant_case(reader=world.boris.reader(), case=case, member=world.vera.member)
    open_case_seed(reader=world.vera.reader(), case=case)


def test_a_grant_ends_with_its_day(world: World) -> None:
    _written, case = world.taken()
    today = world.now.date()
    grant_case(reader=world.boris.reader(world.now), case=case, member=world.vera.member, ends_day=today)
    open_case_seed(reader=world.vera.reader(world.now), case=case)
    with pytest.raises(NoGrant):
        open_case_seed(reader=world.vera.reader(world.now + timedelta(days=1)), case=case)


def test_a_grant_is_not_stretched_by_whoever_writes_to_the_database(world: World) -> None:
    _written, case = world.taken()
    today = world.now.date()
    grant = grant_case(
        reader=world.boris.reader(world.now), case=case, member=world.vera.member, ends_day=today
    )
    CaseGrant.objects.filter(pk=grant.pk).update(ends_day=None)
    with pytest.raises(NoGrant):
        open_case_seed(reader=world.vera.reader(world.now), case=case)


def test_many_cases_open_in_one_query(world: World, django_assert_num_queries: object) -> None:
    cases = [world.taken()[1] for _ in range(3)]
    reader = world.boris.reader()
    ids = [case.pk for case in cases]
    open_case_seeds(reader=reader, case_ids=ids)  # the first opening keeps each wrapped
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert set(open_case_seeds(reader=reader, case_ids=ids)) == set(ids)


def test_a_planted_case_key_is_not_sealed_to(world: World) -> None:
    _written, case = world.taken()
    CaseKey.objects.update(seal_public=PLANTED.sealing().public.raw)
    with pytest.raises(NotCommitted):
        case_public(case)


def planted_key(case: Case, epoch: int, signer: Person, day: date) -> CaseKey:
    """A key of the attacker's under a case, signed by somebody on staff."""
    public = PLANTED.sealing().public.raw
    key = CaseKey(id=new_id(), case=case, epoch=epoch, seal_public=public, signer=signer.member, day=day)
    key.signature = sign(signer.seed.signing(), case_key_context(key.id), case_key_statement(key))
    key.save(force_insert=True)
    return key


@pytest.mark.parametrize("who", ["boris", "vera", "stranger"])
def test_a_later_key_is_passed_over_whoever_signed_it(world: World, who: str) -> None:
    _written, case = world.taken()
    before = case_public(case)
    planted_key(case, 2, getattr(world, who), world.now.date())
    assert case_public(case) == before
    grant_case(reader=world.boris.reader(), case=case, member=world.vera.member)
    assert open_case_seed(reader=world.vera.reader(), case=case).epoch == before.epoch


def test_a_first_key_signed_by_a_researcher_is_not_sealed_to(world: World) -> None:
    _written, case = world.taken()
    CaseKey.objects.all().delete()
    planted_key(case, 1, world.stranger, world.now.date())
    with pytest.raises(NotCommitted):
        case_public(case)


def test_a_researcher_on_the_roster_makes_no_case(world: World) -> None:
    written = world.write_in()
    grant_duty(reader=world.boris.reader(), epoch=world.epoch, member=world.stranger.member)
    with pytest.raises(NoGrant):
        take(reader=world.stranger.reader(), thread=written.thread)
    assert not Case.objects.exists()


def test_a_grants_end_is_not_moved_after_it_was_used(world: World) -> None:
    _written, case = world.taken()
    today = world.now.date()
    grant_case(reader=world.boris.reader(), case=case, member=world.vera.member, ends_day=today)
    open_case_seed(reader=world.vera.reader(), case=case)
    mine = CaseGrant.objects.filter(member=world.vera.member)
    for changed in ({"ends_day": today + timedelta(days=9)}, {"ends_day": None, "wrapped": None}):
        mine.update(**changed)
        with pytest.raises(NoGrant):
            open_case_seed(reader=world.vera.reader(), case=case)


def test_a_signed_key_moved_to_another_case_is_not_used(world: World) -> None:
    _one, case = world.taken()
    _two, other = world.taken()
    CaseKey.objects.filter(case=other).delete()
    CaseKey.objects.filter(case=case).update(case=other)
    with pytest.raises(NotCommitted):
        case_public(other)
    with pytest.raises(NoGrant):
        open_case_seed(reader=world.boris.reader(), case=other)


def test_a_planted_grant_with_a_key_of_the_attackers_is_not_used(world: World) -> None:
    _written, case = world.taken()
    grant = CaseGrant.objects.select_related("key").get(member=world.anna.member)
    planted = seal(world.anna.seed.sealing().public, case_grant_context(grant, "sealed"), PLANTED.raw)
    CaseGrant.objects.filter(pk=grant.pk).update(sealed=planted)
    with pytest.raises(NoGrant):
        open_case_seed(reader=world.anna.reader(), case=case)
    CaseKey.objects.update(seal_public=PLANTED.sealing().public.raw)
    with pytest.raises(NoGrant):
        open_case_seed(reader=world.anna.reader(), case=case)


def test_a_wrapping_moved_to_another_case_does_not_open(world: World) -> None:
    _one, case = world.taken()
    _two, other = world.taken()
    reader = world.boris.reader()
    for each in (case, other):
        open_case_seed(reader=reader, case=each)
    mine = CaseGrant.objects.get(member=world.boris.member, key__case=case)
    CaseGrant.objects.filter(member=world.boris.member, key__case=other).update(wrapped=mine.wrapped)
    with pytest.raises(NoGrant):
        open_case_seed(reader=reader, case=other)
