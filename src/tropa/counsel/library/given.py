"""An answer as a person gets it: title, text, and the day it speaks of. Only a sound one is ever given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tropa.atlas.day_words import day_words
from tropa.counsel.library.answer import Answer, Language
from tropa.counsel.library.errors import AnswerRefused
from tropa.counsel.library.state import Judged, State


@dataclass(frozen=True, slots=True)
class Given:
    """What may be sent: the answer's id, its title, and its text with the day."""

    answer_id: str
    language: Language
    title: str
    text: str
    dated: str

    @property
    def whole(self) -> str:
        """Text and day, as one message."""
        return f"{self.text}\n\n{self.dated}"


def given(judged: Judged, language: Language) -> Given:
    """The answer in a language, as it was judged. Raises `AnswerRefused` with every reason when it is not sound."""
    answer = judged.answer
    if judged.state is not State.SOUND:
        raise AnswerRefused(answer.id, judged.reasons)
    title, text = answer.in_language(language)
    return Given(answer.id, language, title, text, _dated(answer, judged.earliest, language))


def _dated(answer: Answer, due: date, language: Language) -> str:
    now, then = in_words(answer.as_of, language), in_words(due, language)
    if language is Language.RU:
        return f"Это по фактам на {now} года. Проверить их снова надо до {then} года."
    return f"By the facts as of {now}. They must be checked again by {then}."


def in_words(day: date, language: Language) -> str:
    """A day with the month in words, in the form used after «на» and «до» in Russian."""
    return day_words(day, language.value)
