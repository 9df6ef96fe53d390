"""Finding: the right answer stands first for most questions marked apart, and what no answer fits finds none."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tropa.counsel.asking import FITS, SURELY, Asking
from tropa.counsel.bench import measure, read_bench
from tropa.counsel.finding import Found, Index, Passage
from tropa.counsel.library import SHIPPED_LIBRARY, Library, load_library
from tropa.counsel.marked import SETS
from tropa.counsel.words import lemmas, words


def lines(name: str) -> list[str]:
    texts = (SETS / name).read_text(encoding="utf-8").splitlines()
    return [line for line in texts if line.strip() and not line.startswith("#")]


def marked(name: str) -> list[tuple[str, str]]:
    return [(topic, text) for topic, _, text in (line.partition(" | ") for line in lines(name))]


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(SHIPPED_LIBRARY)


@pytest.fixture(scope="module")
def asking(library: Library) -> Asking:
    return Asking(library)


Answered = list[tuple[str, tuple[Found, ...]]]


@pytest.fixture(scope="module")
def answered(asking: Asking) -> Answered:
    """Every question held out: its topic, and what was found."""
    return [(topic, asking.nearest(text)) for topic, text in marked("questions_held_out.txt")]


def test_of_questions_marked_apart_the_right_topic_is_first_and_among_three(
    library: Library, answered: Answered
) -> None:
    assert len(answered) >= 200
    found = [(topic, [library.answer(one.id).topic.value for one in hits]) for topic, hits in answered]
    assert {topic for topic, _ in answered} == {answer.topic.value for answer in library.answers.values()}
    first = sum(topics[:1] == [topic] for topic, topics in found) / len(found)
    among_three = sum(topic in topics for topic, topics in found) / len(found)
    assert first >= 0.85
    assert among_three >= 0.95


def test_of_the_seed_questions_the_right_topic_is_first_and_among_three(
    library: Library, asking: Asking, shared: Path
) -> None:
    rows = (shared / "facts" / "questions_seed.jsonl").read_text(encoding="utf-8").splitlines()
    seed = [json.loads(row) for row in rows]
    assert len(seed) >= 60
    found = [
        (one["topic"], [library.answer(hit.id).topic.value for hit in asking.nearest(one["text"])])
        for one in seed
    ]
    assert sum(topics[:1] == [topic] for topic, topics in found) / len(found) >= 0.85
    assert sum(topic in topics for topic, topics in found) / len(found) >= 0.95


def test_the_split_is_kept_and_no_answer_was_written_from_a_question_held_out(library: Library) -> None:
    def same_words(text: str) -> tuple[str, ...]:
        return tuple(sorted(lemmas(word)[0] for word in words(text)))

    built = {same_words(text) for _, text in marked("questions_building.txt")}
    asked = {same_words(text) for answer in library.answers.values() for text in answer.asked.ru}
    held = [text for _, text in marked("questions_held_out.txt")]
    assert [text for text in held if same_words(text) in built] == []
    assert [text for text in held if same_words(text) in asked] == []


def test_what_no_answer_fits_finds_none_and_goes_to_a_person(asking: Asking, answered: Answered) -> None:
    unrelated = lines("unrelated.txt")[1::2]
    assert len(unrelated) >= 30
    assert sum(bool(asking.fitting(text)) for text in unrelated) <= 0.1 * len(unrelated)
    assert sum(hits[0].fit >= FITS for _, hits in answered if hits) >= 0.75 * len(answered)


def test_small_talk_is_answered_by_no_machine_and_most_questions_are(asking: Asking) -> None:
    built, _, held = (SETS / "small_talk.txt").read_text(encoding="utf-8").partition("# held out\n")
    texts = [line for line in built.splitlines() if not line.startswith("#")]
    assert len(texts) >= 90
    assert [text for text in texts if asking.surely(text)] == []
    assert len(held.splitlines()) >= 60
    assert sum(bool(asking.surely(text)) for text in held.splitlines()) <= 0.05 * len(held.splitlines())
    questions = [text for _, text in marked("questions_building.txt")]
    assert sum(bool(asking.surely(text)) for text in questions) >= 0.8 * len(questions)


@pytest.mark.parametrize("text", ["", " ", "🙂🙂🙂", "\u200b\u202e", "и что", "这是什么问题", "?!?!", "\x00"])
def test_nothing_to_go_by_finds_nothing(asking: Asking, text: str) -> None:
    assert asking.fitting(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "куда можно уехать по внутреннему паспорту",
        "куда можна уехать по внутренему паспарту",
        "kuda mozhno uehat po vnutrennemu pasportu",
        "КУДА МОЖНО УЕХАТЬ ПО ВНУТРЕННЕМУ ПАСПОРТУ???",
        "куда мож\u200bно уехать по внут\u200bреннему пас\u200bпорту",
        "can I travel with only an internal паспорт",
        "куда можно уехать по внутреннему паспорту. " + "ответьте пожалуйста " * 2_500,
    ],
)
def test_one_question_finds_one_answer_however_it_is_written(asking: Asking, text: str) -> None:
    assert "documents-internal-only" in [found.id for found in asking.nearest(text)]


WORDS = "повестка паспорт граница виза отсрочка суд комиссия выезд реестр штраф загран военкомат".split()


@settings(max_examples=40)
@given(
    st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), min_size=1, max_size=8), st.randoms()
)
def test_the_order_of_passages_changes_nothing_and_scores_fall(
    texts: list[list[str]], chance: random.Random
) -> None:
    passages = [Passage(str(number), " ".join(text)) for number, text in enumerate(texts)]
    found = Index(passages).find("повестка и паспорт на границе", most=8)
    chance.shuffle(passages)
    assert [one.id for one in Index(passages).find("повестка и паспорт на границе", most=8)] == [
        one.id for one in found
    ]
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(0 <= one.share <= 1.000001 for one in found)


def test_what_cannot_fit_is_not_read_and_nothing_that_fits_is_missed(asking: Asking) -> None:
    texts = [text for _, text in marked("questions_held_out.txt")][::5]
    kept = 0
    for text in texts:
        for least in (FITS, SURELY):
            fitting = asking.fitting(text, most=3, least=least)
            assert fitting == tuple(one for one in asking.nearest(text, most=3) if one.fit >= least)
            kept += len(fitting)
    assert kept > len(texts) / 2


def test_no_passages_find_nothing() -> None:
    assert Index(()).find("повестка") == ()


def test_the_sets_say_that_they_are_synthetic() -> None:
    for file in sorted(Path(SETS).glob("*.txt")):
        if file.name not in {"danger_cues.txt", "kindred.txt"}:  # words, not texts of people
            assert "Synthetic" in file.read_text(encoding="utf-8"), file.name


def test_passages_asked_about_in_other_words_are_found() -> None:
    lines = (SETS / "reading_held_out.jsonl").read_text(encoding="utf-8").splitlines()
    measured = measure(*read_bench(lines), clock=lambda: 0.0)
    assert (measured.passages, measured.questions) == (20, 101)
    assert measured.first >= 0.7
    assert measured.first_five >= 0.9


def test_passages_asked_about_close_to_a_sentence_are_found() -> None:
    lines = (SETS / "near_held_out.jsonl").read_text(encoding="utf-8").splitlines()
    measured = measure(*read_bench(lines), clock=lambda: 0.0)
    assert (measured.passages, measured.questions) == (40, 200)
    assert measured.first >= 0.92
    assert measured.first_five >= 0.98


def test_passages_asked_about_without_their_name_are_mostly_found() -> None:
    lines = (SETS / "close_held_out.jsonl").read_text(encoding="utf-8").splitlines()
    measured = measure(*read_bench(lines), clock=lambda: 0.0)
    assert (measured.passages, measured.questions) == (20, 100)
    assert measured.first >= 0.88
    assert measured.first_five >= 0.96


def test_passages_asked_about_by_somebody_who_worded_them_anew_are_mostly_found() -> None:
    lines = (SETS / "apart_held_out.jsonl").read_text(encoding="utf-8").splitlines()
    measured = measure(*read_bench(lines), clock=lambda: 0.0)
    assert (measured.passages, measured.questions) == (30, 150)
    assert measured.first >= 0.88
    assert measured.first_five >= 0.97


def test_a_word_said_often_is_worth_little_more_than_one_said_once() -> None:
    passages = [
        Passage("often", "Сборная выиграла. Сборная ликовала. Сборная уехала. Сборная вернулась."),
        Passage("captain", "Капитан получил кубок, и команда ликовала. Она уехала, потом вернулась домой."),
        Passage("other", "Погода была ясная, зрители пришли рано и ушли поздно."),
    ]
    assert Index(passages).find("кто был капитаном сборной")[0].id == "captain"


def test_the_field_of_a_relative_helps_to_find_and_never_makes_an_answer_sure() -> None:
    passages = [
        Passage("z-far", "Поездка ганзейских городов на север."),
        Passage("neither", "Цвет ганзейских городов серый, камень там тёсаный."),
    ]
    found = Index(passages).find("путешественник ганзейских городов")
    assert [one.id for one in found] == ["z-far", "neither"]
    assert found[0].share == found[1].share


def test_whom_a_sentence_means_may_stand_in_the_one_before() -> None:
    passages = [
        Passage("apart", "Каравелла стояла у берега. Цвет был серый. Камень тёсаный. Погибла зимой."),
        Passage("beside", "Каравелла стояла у берега. Погибла зимой. Цвет был серый. Камень тёсаный."),
    ]
    assert Index(passages).find("когда погибла каравелла")[0].id == "beside"


def test_a_word_of_the_same_field_finds_but_the_word_itself_is_worth_more() -> None:
    passages = [
        Passage("itself", "Протяжённость дороги двадцать вёрст."),
        Passage("kindred", "Длина дороги двадцать вёрст."),
        Passage("neither", "Цвет дороги серый, камень на ней тёсаный."),
    ]
    assert [found.id for found in Index(passages).find("какова протяжённость дороги")] == [
        "itself",
        "kindred",
        "neither",
    ]


def test_a_short_latin_word_is_not_taken_for_a_typing_error_but_may_be_russian() -> None:
    index = Index([Passage("pass", "Перевал Ларс, Lars, открыт.")])
    assert [found.share for found in index.find("large")] == [0.0]
    assert [found.share for found in index.find("pereval lars")] == [1.0]
    assert [found.share for found in index.find("perival")] == [1.0]


def test_a_word_the_dictionary_holds_is_not_taken_for_a_typing_error() -> None:
    index = Index([Passage("knowledge", "Знание языка.")])
    assert [found.share for found in index.find("какое звание")] == [0.0]
    assert [found.share for found in index.find("какое знанее")] == [1.0]


def test_english_questions_marked_apart_find_the_right_topic(library: Library, asking: Asking) -> None:
    questions = marked("questions_english_held_out.txt")
    assert len(questions) >= 40
    found = [
        (topic, [library.answer(hit.id).topic.value for hit in asking.nearest(text)])
        for topic, text in questions
    ]
    assert sum(topics[:1] == [topic] for topic, topics in found) / len(found) >= 0.75
    assert sum(topic in topics for topic, topics in found) / len(found) >= 0.95


@pytest.mark.parametrize(
    "text",
    [
        "пришла повестка на 3 декабря, что будет если не прийти",
        "пришла повестка на 03.12.2026, что будет если не прийти",
        "пришла повестка, мне 47, что будет если не прийти",
    ],
)
def test_a_day_or_a_number_of_ones_own_changes_nothing(asking: Asking, text: str) -> None:
    plain = asking.fitting("пришла повестка, что будет если не прийти")
    assert plain[0].id == "summons-not-coming"
    assert asking.fitting(text) == plain
