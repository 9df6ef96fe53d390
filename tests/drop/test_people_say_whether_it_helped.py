"""Whether an answer helped: asked under what is made of library answers, counted once, and of nobody."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.desk.world import World
from tests.drop.applicant import Applicant, notice, text_of
from tropa.desk.library.counting import Counts, counts
from tropa.desk.library.models import AnswerUse
from tropa.desk.talk.models import Entry, EntryKind, Thread
from tropa.desk.talk.services import reply, take

ANSWER = "summons-age"


def answered(applicant: Applicant, world: World, *answers: str) -> str:
    """Somebody wrote, was answered and came back; the id of the reply."""
    applicant.write("zxqv")
    thread = Thread.objects.latest("day")
    take(reader=world.boris.reader(), thread=thread, second=world.anna.member)
    thread.refresh_from_db()
    sent = reply(reader=world.boris.reader(), thread=thread, text="До тридцати.", answers=answers)
    applicant.come_back()
    return sent.pk


@pytest.mark.parametrize(
    ("act", "wanted"),
    [("helped", Counts(sent=1, helped=1)), ("not_helped", Counts(sent=1, not_helped=1))],
)
def test_what_somebody_says_is_counted_once_and_of_nobody(
    applicant: Applicant, world: World, act: str, wanted: Counts
) -> None:
    sent = answered(applicant, world, ANSWER)
    assert 'value="not_helped"' in text_of(applicant.answers())
    for _each in range(3):
        applicant.press(act, id=sent)
        assert notice(applicant.answers()) == "Спасибо, учтено"
    assert counts() == {ANSWER: wanted}
    assert {field.name for field in AnswerUse._meta.fields} == {
        "id", "answer", "week", "sent", "shown", "helped", "not_helped",
    }  # fmt: skip
    assert Entry.objects.filter(kind=EntryKind.REPLY).count() == 1


def test_a_reply_in_ones_own_words_asks_and_counts_nothing(applicant: Applicant, world: World) -> None:
    sent = answered(applicant, world)
    assert 'value="helped"' not in text_of(applicant.answers())
    applicant.press("helped", id=sent)
    assert counts() == {}


def test_a_reply_to_somebody_else_counts_nothing(applicant: Applicant, world: World) -> None:
    sent = answered(applicant, world, ANSWER)
    other = Applicant(client=Client())
    other.write("wvut")
    other.come_back()
    for given in (sent, "0" * 32, ""):
        other.press("helped", id=given)
    assert counts() == {ANSWER: Counts(sent=1)}
