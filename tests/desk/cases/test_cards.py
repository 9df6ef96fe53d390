"""A card is kept for the holders of its case, never overwritten unseen, and never put back to
an older one.
"""

import pytest

from tests.desk.world import World
from tropa.desk.cases.card import Card, Danger, Situation, decode
from tropa.desk.cases.errors import CardChanged, CardDoesNotOpen
from tropa.desk.cases.models import Case, Lane, Phase, TriageCard, Urgency
from tropa.desk.cases.queries import held_cases
from tropa.desk.cases.services import _context, open_card, save_card, set_phase
from tropa.desk.vault.errors import NoGrant
from tropa.desk.vault.services import open_case_seed
from tropa.envelope import open_sealed

HELD = Card(situation=Situation.COLLECTION_POINT)


def test_both_holders_read_what_one_saved(world: World) -> None:
    _written, case = world.taken()
    assert open_card(reader=world.boris.reader(), case=case) == (Card(), 0)
    save_card(reader=world.boris.reader(), case=case, card=HELD, version=0)
    assert open_card(reader=world.anna.reader(), case=case) == (HELD, 1)


def test_nobody_else_reads_or_writes_it(world: World) -> None:
    _written, case = world.taken()
    save_card(reader=world.boris.reader(), case=case, card=HELD, version=0)
    for person in (world.vera, world.stranger):
        with pytest.raises(NoGrant):
            open_card(reader=person.reader(), case=case)
        with pytest.raises(NoGrant):
            save_card(reader=person.reader(), case=case, card=Card(), version=1)


def test_case_and_thread_are_sorted_by_it(world: World) -> None:
    written, case = world.taken()
    save_card(reader=world.boris.reader(), case=case, card=HELD, version=0)
    written.thread.refresh_from_db()
    case.refresh_from_db()
    assert (case.urgency, case.phase) == (Urgency.NOW, Phase.TRIAGED)
    assert (written.thread.urgency, written.thread.urgency_rank) == (Urgency.NOW, 0)
    save_card(reader=world.boris.reader(), case=case, card=Card(situation=Situation.ABROAD), version=1)
    written.thread.refresh_from_db()
    assert (written.thread.urgency, written.thread.lane) == (Urgency.INFO, Lane.SETTLING)


def test_of_two_who_save_at_once_the_second_is_told(world: World) -> None:
    _written, case = world.taken()
    save_card(reader=world.boris.reader(), case=case, card=HELD, version=0)
    with pytest.raises(CardChanged):
        save_card(reader=world.anna.reader(), case=case, card=Card(danger=Danger.NO), version=0)
    save_card(reader=world.boris.reader(), case=case, card=HELD, version=1)
    with pytest.raises(CardChanged):
        save_card(reader=world.anna.reader(), case=case, card=Card(danger=Danger.NO), version=1)
    assert open_card(reader=world.anna.reader(), case=case) == (HELD, 2)


def test_an_older_card_put_back_does_not_open(world: World) -> None:
    _written, case = world.taken()
    save_card(reader=world.boris.reader(), case=case, card=HELD, version=0)
    old = TriageCard.objects.get()
    save_card(reader=world.boris.reader(), case=case, card=Card(danger=Danger.NO), version=1)
    TriageCard.objects.update(sealed=old.sealed, wrapped=old.wrapped)
    with pytest.raises(CardDoesNotOpen):
        open_card(reader=world.boris.reader(), case=case)


def test_a_card_without_its_wrapping_is_not_believed(world: World) -> None:
    """What is left, anybody could have sealed."""
    _written, case = world.taken()
    save_card(reader=world.boris.reader(), case=case, card=HELD, version=0)
    for wrapped in (b"\x01 damaged", None):
        TriageCard.objects.update(wrapped=wrapped)
        with pytest.raises(CardDoesNotOpen):
            open_card(reader=world.boris.reader(), case=case)


def test_recovery_opens_a_card_with_the_cases_key_pair(world: World) -> None:
    _written, case = world.taken()
    save_card(reader=world.boris.reader(), case=case, card=HELD, version=0)
    seed = open_case_seed(reader=world.boris.reader(), case=case).seed
    sealed = bytes(TriageCard.objects.get().sealed)
    assert decode(open_sealed(seed.sealing(), _context(case.pk, "sealed", 1), sealed)) == HELD


def test_a_card_moved_to_another_case_does_not_open(world: World) -> None:
    _one, case = world.taken()
    _two, other = world.taken()
    save_card(reader=world.boris.reader(), case=case, card=HELD, version=0)
    TriageCard.objects.filter(case=case).update(case=other)
    with pytest.raises(CardDoesNotOpen):
        open_card(reader=world.boris.reader(), case=other)


def test_a_phase_is_set_by_holders_and_closing_is_dated(world: World) -> None:
    _written, case = world.taken()
    with pytest.raises(NoGrant):
        set_phase(reader=world.vera.reader(), case=case, phase=Phase.CLOSED)
    set_phase(reader=world.boris.reader(world.now), case=case, phase=Phase.CLOSED)
    assert Case.objects.get().closed_day == world.now.date()
    set_phase(reader=world.boris.reader(world.now), case=case, phase=Phase.MOVING)
    assert Case.objects.get().closed_day is None


def test_each_person_finds_the_cases_they_hold(world: World) -> None:
    _written, case = world.taken()
    assert [found.pk for found in held_cases(reader=world.anna.reader())] == [case.pk]
    assert list(held_cases(reader=world.vera.reader())) == []
