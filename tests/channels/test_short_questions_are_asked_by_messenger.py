"""The short questions by messenger: numbered answers, nothing stored, and never on when somebody may be in danger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.channels.rig import Desk
from tests.channels.scenes import read_as_boris
from tests.channels.test_answers_are_given_at_arrival import answering, sent
from tests.channels.test_the_contract_in_memory import FakeRig
from tests.desk.world import World
from tropa.counsel.interview import read_book
from tropa.desk.cases.models import Urgency
from tropa.desk.messengers.models import Outgoing
from tropa.desk.talk.models import Entry, Thread
from tropa.gateway.questions import FOR_A_PERSON, LASTS, MOST_PEOPLE, Questions

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def rig() -> FakeRig:
    return FakeRig()


class Person:
    """Somebody who is asked, message by message."""

    def __init__(self, questions: Questions, language: str = "ru") -> None:
        self.questions, self.number = questions, 0
        self.said = questions.begin("7", "k0", language, NOW)

    def answer(self, text: str) -> str | None:
        """What is told to an answer; None when the text is an ordinary message."""
        self.number += 1
        key = f"k{self.number}"
        if not self.questions.asks("7", key, text, NOW):
            return None
        self.said = self.questions.go_on("7", key, text, NOW)
        return self.said.text


def number_of(question: str, words: str) -> str:
    """The number before an answer of the question in a message."""
    return next(line.split(".")[0] for line in question.splitlines() if line.endswith(words))


def test_a_conversation_asks_by_number_and_ends_with_dated_conclusions() -> None:
    person = Person(Questions())
    assert "О ком вы спрашиваете?" in person.said.text
    for words in ("О себе", "Призыв, повестка", "Не в армии"):
        said = person.said.text
        while words not in said:
            said = person.answer("-") or ""
        person.answer(number_of(said, words))
    assert person.said.to_a_person == ""
    end = person.answer("стоп")
    assert end is not None
    assert "22\u00a0ноября 2026" in end
    assert "человек" in end.lower()
    assert person.answer("1") is None


def test_skipping_not_knowing_and_typing_lead_to_the_next_question() -> None:
    person, seen = Person(Questions()), set[str]()
    for text in ("пропустить", "-", "?", "не знаю", "25", "-", "-", "-", "-"):
        said = person.answer(text)
        assert said is not None
        seen.add(said)
    assert len(seen) > 5


def test_what_is_no_answer_is_asked_again_or_goes_to_a_person() -> None:
    person = Person(Questions())
    again = person.answer("99")
    assert again is not None
    assert "О ком вы спрашиваете?" in again
    assert person.answer("помогите, мне страшно, что мне теперь делать") is None
    assert person.answer("1") is None  # the questions are over: a person reads this


@pytest.mark.parametrize("text", ["", " ", "🙂🙂", "х" * 50_000, "/delete"])
def test_bad_input_is_no_answer(text: str) -> None:
    assert Person(Questions()).answer(text) is None


def test_a_message_that_comes_again_is_told_the_same() -> None:
    questions = Questions()
    first = questions.begin("7", "k0", "ru", NOW)
    assert questions.begin("7", "k0", "ru", NOW) == first
    second = questions.go_on("7", "k1", "1", NOW)
    assert questions.asks("7", "k1", "1", NOW)
    assert questions.go_on("7", "k1", "1", NOW) == second


def test_who_was_asked_is_forgotten_after_an_hour_and_when_many_ask() -> None:
    questions = Questions()
    questions.begin("7", "k", "en", NOW)
    assert not questions.asks("7", "k1", "1", NOW + LASTS)
    for number in range(MOST_PEOPLE + 1):
        questions.begin(str(number), "k", "en", NOW + timedelta(seconds=number))
    assert not questions.asks("0", "k1", "1", NOW + timedelta(seconds=MOST_PEOPLE))
    assert questions.asks("9", "k1", "1", NOW + timedelta(seconds=MOST_PEOPLE))


def test_answers_for_a_person_stand_in_the_rules() -> None:
    book = read_book()
    assert "age" in book.questions
    for question, answers in FOR_A_PERSON.items():
        known = {one.id for one in book.questions[question].options} or {"yes", "no"}
        assert answers <= known


def test_an_age_below_eighteen_is_for_a_person() -> None:
    person = Person(Questions())
    for _step in range(12):
        if "лет" in person.said.text and "Сколько" in person.said.text:
            break
        person.answer("-")
    assert "Сколько вам полных лет?" in person.said.text
    person.answer("16")
    assert "16" in person.said.to_a_person
    assert person.answer("1") is None


async def talk(desk: Desk, rig: FakeRig, texts: list[str]) -> None:
    """One life of the gateway in which a person writes, text after text."""
    from tests.channels.test_the_contract_in_memory import FakeRig as Rig

    assert isinstance(rig, Rig)
    gateway = desk.gateway()
    try:
        await gateway._channel.start(gateway.state)
        await gateway.database.do(gateway.answering.make_ready)
        for text in texts:
            await rig.write("7", text)
        while await gateway.take_in_once(0.05) is not None or rig.on_its_way():
            pass
    finally:
        await gateway._end()


def test_nothing_of_the_answers_is_stored_and_the_next_words_reach_a_person(
    rig: FakeRig, world: World
) -> None:
    from tests.channels.scenes import run

    desk = answering(rig)
    run(talk(desk, rig, ["/questions", "1", "1", "/stop"]))
    assert not Entry.objects.exists()
    assert not Thread.objects.exists()
    told = sent(desk, rig)
    assert len(told) == 4
    assert told[0].startswith("Это автоматическая беседа")
    run(talk(desk, rig, ["/questions", "1", "Мне нужен человек, у меня вопрос о повестке"]))
    assert [entry.text for entry in read_as_boris(world)] == ["Мне нужен человек, у меня вопрос о повестке"]


def test_whoever_says_that_they_serve_is_asked_no_more_and_a_person_is_called(
    rig: FakeRig, world: World
) -> None:
    from tests.channels.scenes import run

    desk = answering(rig)
    run(talk(desk, rig, ["/questions", "1", "-", "Служба по мобилизации", "/questions"]))
    (entry,) = read_as_boris(world)
    assert "мобилизации" in entry.text
    assert any(code.startswith("danger.") for code in entry.remarks)
    assert Thread.objects.get().urgency in {Urgency.NOW, Urgency.DAY}
    assert "отвечает человек" in sent(desk, rig)[-1]
    assert not Outgoing.objects.exists()
