"""Urgency and lane follow from the ten answers, each with its reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tropa.desk.cases.card import (
    AskingFor,
    Ban,
    Card,
    Danger,
    Deadline,
    Dependants,
    OtherReaders,
    PaperInHand,
    Situation,
    Whereabouts,
    Wish,
    decode,
    encode,
)
from tropa.desk.cases.card import BadCard as BadCardError
from tropa.desk.cases.models import Lane, Urgency
from tropa.desk.cases.triage import Why, urgency_and_lane
from tropa.desk.talk.urgency import rank_of

CARDS = st.builds(
    Card,
    asking_for=st.none() | st.sampled_from(AskingFor),
    situation=st.none() | st.sampled_from(Situation),
    whereabouts=st.none() | st.sampled_from(Whereabouts),
    deadline=st.none() | st.sampled_from(Deadline),
    danger=st.none() | st.sampled_from(Danger),
    papers=st.frozensets(st.sampled_from(PaperInHand)),
    bans=st.frozensets(st.sampled_from(Ban)),
    dependants=st.none() | st.sampled_from(Dependants),
    other_readers=st.none() | st.sampled_from(OtherReaders),
    wishes=st.frozensets(st.sampled_from(Wish)),
)


@pytest.mark.parametrize(
    ("card", "urgency", "why"),
    [
        (Card(danger=Danger.YES), Urgency.NOW, Why.DANGER),
        (Card(deadline=Deadline.TODAY), Urgency.NOW, Why.TODAY),
        (Card(situation=Situation.COLLECTION_POINT), Urgency.NOW, Why.HELD),
        (Card(situation=Situation.PIT), Urgency.NOW, Why.HELD),
        (Card(deadline=Deadline.THREE_DAYS), Urgency.DAY, Why.THREE_DAYS),
        (Card(situation=Situation.MOBILISED), Urgency.DAY, Why.SERVING),
        (Card(other_readers=OtherReaders.COMMANDER_OR_POLICE), Urgency.DAY, Why.OTHERS_READ),
        (Card(bans=frozenset({Ban.WANTED})), Urgency.DAY, Why.WANTED),
        (Card(deadline=Deadline.TWO_WEEKS), Urgency.WEEK, Why.TWO_WEEKS),
        (Card(situation=Situation.SUMMONS, deadline=Deadline.TWO_MONTHS), Urgency.WEEK, Why.SUMMONS),
        (Card(asking_for=AskingFor.SELF, deadline=Deadline.NONE), Urgency.INFO, Why.NOTHING_PRESSES),
        (Card(), Urgency.UNSORTED, Why.NOTHING_ANSWERED),
    ],
)
def test_urgency_follows_from_an_answer(card: Card, urgency: Urgency, why: Why) -> None:
    verdict = urgency_and_lane(card)
    assert verdict.urgency == urgency
    assert why in verdict.reasons


@pytest.mark.parametrize(
    ("card", "lane"),
    [
        (Card(wishes=frozenset({Wish.LAW})), Lane.LAW),
        (Card(wishes=frozenset({Wish.LAW, Wish.LEAVE})), Lane.LEAVING),
        (Card(wishes=frozenset({Wish.LEAVE, Wish.LEAVE_UNIT})), Lane.UNIT),
        (Card(wishes=frozenset({Wish.FIND})), Lane.FAMILY),
        (Card(situation=Situation.CONTRACT), Lane.UNIT),
        (Card(situation=Situation.ABROAD), Lane.SETTLING),
        (Card(situation=Situation.NO_SUMMONS), Lane.LAW),
        (Card(), Lane.UNSORTED),
    ],
)
def test_the_lane_follows_from_what_is_wanted_and_else_from_what_happens(card: Card, lane: Lane) -> None:
    assert urgency_and_lane(card).lane == lane


@given(CARDS)
def test_every_card_has_an_urgency_with_a_reason(card: Card) -> None:
    verdict = urgency_and_lane(card)
    assert verdict.reasons
    assert verdict.urgency in Urgency


@given(CARDS)
def test_danger_is_never_lowered_by_another_answer(card: Card) -> None:
    from dataclasses import replace

    assert urgency_and_lane(replace(card, danger=Danger.YES)).urgency == Urgency.NOW


@given(CARDS)
def test_a_card_reads_back_as_it_was(card: Card) -> None:
    assert decode(encode(card)) == card


@given(st.binary(max_size=100))
def test_anything_else_is_no_card(stored: bytes) -> None:
    with pytest.raises(BadCardError):
        decode(stored)


def test_format_one_reads_for_ever() -> None:
    golden = (
        b'\x01{"danger":"yes","papers":["foreign-passport-10","internal-passport"],"situation":"summons"}'
    )
    card = decode(golden)
    assert card == Card(
        danger=Danger.YES,
        situation=Situation.SUMMONS,
        papers=frozenset({PaperInHand.INTERNAL, PaperInHand.FOREIGN_10}),
    )
    assert encode(card) == golden


def test_ranks_order_danger_first() -> None:
    ordered = sorted(Urgency, key=rank_of)
    assert ordered == [Urgency.NOW, Urgency.DAY, Urgency.UNSORTED, Urgency.WEEK, Urgency.INFO]
