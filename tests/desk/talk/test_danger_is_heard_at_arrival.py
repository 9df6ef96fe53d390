"""Danger in a text raises the urgency, never lowers it, and is told in codes to whoever reads."""

import pytest

from tropa.counsel.marked import Danger
from tropa.desk.cases.models import Urgency
from tropa.desk.messengers.delivery_words import remark_words
from tropa.desk.talk.recognised import Heard, heard_in, more_urgent
from tropa.desk.talk.urgency import rank_of


def test_a_harmless_text_is_as_urgent_as_its_writer_says() -> None:
    for said in Urgency:
        assert heard_in("можно ли в Китай без визы", said) == Heard(said, ())


@pytest.mark.parametrize("said", list(Urgency))
def test_danger_is_at_least_a_day_and_never_less_than_was_said(said: Urgency) -> None:
    heard = heard_in("держат в подвале, бьют", said)
    assert heard.dangerous
    assert heard.urgency == Urgency.NOW
    assert rank_of(heard.urgency) <= rank_of(said)
    assert more_urgent(said, Urgency.INFO) == said


@pytest.mark.django_db
def test_every_code_can_be_said() -> None:
    unknown = remark_words("nobody-wrote-this")
    codes = [
        *(f"danger.{kind.value}" for kind in Danger),
        "danger.alike",
        "nothing-fits",
        "shown.summons-age",
    ]
    words = [remark_words(code) for code in codes]
    assert unknown not in words
    assert len(set(words)) == len(codes)
