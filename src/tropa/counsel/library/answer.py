"""What a library holds: answers in pairs of Russian and English, each with the facts it rests on.

Kept true: every answer has both languages, a topic, an owner, a day it speaks of and a day by which somebody must
look again; ids are found once in a library. Immutable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from tropa.atlas.basics import Text
from tropa.counsel.library.errors import UnknownAnswer


class Topic(StrEnum):
    """What people ask about; the words are those of the marked questions."""

    SUMMONS = "summons"
    EXIT_BAN = "exit_ban"
    DOCUMENTS = "documents"
    ALT_SERVICE = "alt_service"
    MOBILISED = "mobilised"
    CONTRACT = "contract"
    AWOL = "awol"
    CHARGED = "charged"
    WANTED = "wanted"
    COUNTRY = "country"
    ASYLUM = "asylum"
    TRUST = "trust"
    COMMS = "comms"
    FAMILY = "family"
    ABUSE = "abuse"
    SETTLING = "settling"
    MONEY = "money"


class Length(StrEnum):
    """A short answer fits on a phone; a guide is read in steps."""

    SHORT = "short"
    GUIDE = "guide"


class Language(StrEnum):
    """The languages answers come in."""

    RU = "ru"
    EN = "en"


class Lawyer(StrEnum):
    """Whether a lawyer has read the text."""

    NEEDED = "needed"
    REVIEWED = "reviewed"


class Deed(StrEnum):
    """What was done with an answer."""

    WRITTEN = "written"
    CHANGED = "changed"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class Event:
    """A line of an answer's history; `why` in a few words, None where the deed says it all."""

    on: date
    what: Deed
    why: Text | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Ways people ask for this answer; helps finding, is never shown."""

    ru: tuple[str, ...]
    en: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `says`: a digest of what each fact said when somebody last read the text beside it, by fact id."""

    id: str
    topic: Topic
    length: Length
    title: Text
    asked: Asked
    text: Text
    facts: tuple[str, ...]
    says: Mapping[str, str] = field(repr=False)
    owner: str
    as_of: date
    review_by: date
    lawyer: Lawyer
    history: tuple[Event, ...]

    def in_language(self, language: Language) -> tuple[str, str]:
        """Title and text."""
        if language is Language.RU:
            return self.title.ru, self.text.ru
        return self.title.en, self.text.en


class Library:
    """Answers by id, in the order of topics and files."""

    def __init__(self, name: Text, answers: Iterable[Answer]) -> None:
        self.name = name
        self.answers: Mapping[str, Answer] = MappingProxyType({answer.id: answer for answer in answers})

    def answer(self, answer_id: str) -> Answer:
        """The answer with this id, or `UnknownAnswer`."""
        try:
            return self.answers[answer_id]
        except KeyError:
            raise UnknownAnswer(answer_id) from None

    def about(self, topic: Topic) -> tuple[Answer, ...]:
        """The answers of a topic."""
        return tuple(answer for answer in self.answers.values() if answer.topic is topic)

    def resting_on(self, fact_id: str) -> tuple[Answer, ...]:
        """The answers that cite a fact."""
        return tuple(answer for answer in self.answers.values() if fact_id in answer.facts)
