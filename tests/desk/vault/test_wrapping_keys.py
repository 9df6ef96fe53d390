"""What is sealed to people, to recovery and to coordinators opens no case whose wrapping key is gone."""

import pytest

from tests.desk.vault.test_break_glass import REASON, boris_alone, dina
from tests.desk.world import RECOVERY, Person, World
from tropa.desk.vault.break_glass import ask_together, open_together
from tropa.desk.vault.errors import NoGrant, NotTogether
from tropa.desk.vault.models import CaseGrant, CaseKey, StandbyShare
from tropa.desk.vault.recovery import Recoverable, reach_of
from tropa.desk.vault.services import grant_case, open_case_seed, rotate_case
from tropa.desk.vault.wrapping_keys import destroy_wrapping_keys, make_wrapping_key, wrapping_key
from tropa.envelope import CannotOpen
from tropa.seizure.attempts import Keys, opened_with

__all__ = ["dina"]


def test_a_holder_with_every_row_opens_nothing_without_it(world: World) -> None:
    _written, case = world.taken()
    reader = world.boris.reader()
    open_case_seed(reader=reader, case=case)  # anna has never opened hers
    rotate_case(reader=reader, case=case)
    open_case_seed(reader=reader, case=case)
    rows = list(CaseGrant.objects.values_list("pk", "sealed", "wrapped"))
    assert destroy_wrapping_keys([case.pk]) == 1
    for person in (world.boris, world.anna):
        with pytest.raises(NoGrant):
            open_case_seed(reader=person.reader(), case=case)
    assert list(CaseGrant.objects.values_list("pk", "sealed", "wrapped")) == rows
    with pytest.raises(CannotOpen):
        wrapping_key(case.pk)


def test_recovery_opens_nothing_without_it(world: World) -> None:
    _written, case = world.taken()
    world.taken()
    destroy_wrapping_keys([case.pk])
    assert reach_of(RECOVERY.sealing()).case_keys == Recoverable(there=2, opened=1)


def test_two_coordinators_open_nothing_without_it(world: World, dina: Person) -> None:
    _written, case = boris_alone(world)
    act = ask_together(reader=world.anna.reader(), case=case, reason=REASON)
    assert StandbyShare.objects.filter(key__case=case).exists()
    destroy_wrapping_keys([case.pk])
    with pytest.raises(NotTogether):
        open_together(reader=dina.reader(), act_id=act.pk)


def test_another_key_in_its_place_opens_nothing(world: World) -> None:
    _written, case = world.taken()
    destroy_wrapping_keys([case.pk])
    make_wrapping_key(case.pk)
    for person in (world.boris, world.anna):
        with pytest.raises(NoGrant):
            open_case_seed(reader=person.reader(), case=case)


def test_the_wrapping_key_alone_opens_nothing(world: World) -> None:
    _written, case = world.taken()
    open_case_seed(reader=world.boris.reader(), case=case)
    assert opened_with(Keys(secret={wrapping_key(case.pk).raw})) == set()


def test_all_keys_of_a_case_lie_under_one_and_cases_under_their_own(world: World) -> None:
    _written, case = world.taken()
    _other_written, other = world.taken()
    reader = world.boris.reader()
    rotate_case(reader=reader, case=case)
    grant_case(reader=reader, case=case, member=world.vera.member)
    assert CaseKey.objects.filter(case=case).count() == 2
    destroy_wrapping_keys([other.pk])
    assert len(open_case_seed(reader=world.vera.reader(), case=case).each()) == 2
