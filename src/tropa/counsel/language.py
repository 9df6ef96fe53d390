"""The language of one entry: Russian, Ukrainian, English, Kazakh, or another one; told by letters and small words.

Kept true: what cannot be told is `other`, and a language that was guessed is said not to be sure, so that no machine
answers in it. Russian in Latin letters is Russian. A few words of another language within a text do not change it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from tropa.counsel.spelling import russian
from tropa.counsel.words import is_cyrillic, known, words

_READ: Final = 300
"""Words of an entry that are looked at."""
_SMALL: Final = 3.0
"""What a small word of a language weighs, beside one for a word that only could be of it."""
_KNOWN: Final = 0.7
"""What a word of the Russian dictionary weighs: its neighbours share many."""
_UNKNOWN: Final = 0.4
"""What a word no dictionary here holds tells: that it is of another language, or mistyped."""
_LETTER: Final = 2.0
"""What a letter no other of our languages has weighs."""
_SURE: Final = 0.6
"""Share of all weight the first language must have to be sure."""


class Language(StrEnum):
    """What an entry may be written in; `OTHER` is also what cannot be told."""

    RUSSIAN = "ru"
    UKRAINIAN = "uk"
    ENGLISH = "en"
    KAZAKH = "kk"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Told:
    """The likeliest language, and whether it is clear enough to answer in."""

    language: Language
    sure: bool


_RUSSIAN: Final = frozenset(
    """и в не на что я с как а то это по но он мы вы они она к у из за от так же бы если или уже когда для чтобы
    только еще нет да есть мне меня мой его ее их где куда можно нужно надо сколько какие какой подскажите
    здравствуйте привет спасибо пожалуйста сейчас очень был была были будет ли без до после при тоже хочу
    могу жить ya ne na chto kak mne menya eto ili esli mozhno nado gde kuda kogda skolko uzhe tolko hochu
    mogu pomogite podskazhite spasibo privet zdravstvuite net moi syna muzh muzha brat brata""".split()
)
_UKRAINIAN: Final = frozenset(
    """і та що як це він вона вони ми ви я не на в у з із до від за по але або чи якщо коли тільки вже ще є немає
    мені мене мій його її їх де куди можна треба потрібно скільки який які підкажіть привіт дякую будь ласка
    зараз дуже був була були буде без після також хочу можу чоловік сина повістка кордон щоб про доброго дня""".split()
)
_KAZAKH: Final = frozenset(
    """мен сен ол біз сіз және бен пен үшін емес бар жоқ керек қалай қанша қайда қашан неге бұл сол осы да де ба бе
    ма ме па пе ғой еді екен болады бола алады менің сіздің маған сізге рахмет сәлем сәлеметсіз туралы дейін
    кейін бойынша""".split()
)
_ENGLISH: Final = frozenset(
    """the a an i you he she it we they my your his her our their me him us them is are am was were be been have
    has had do does did will would can could should may must not no yes and or but if so because when where
    what which who how why this that these those there here to of in on at for from with without about by as
    into out up now today tomorrow please thanks thank hello hi help need want know get go going leave long
    many much any some only just still already passport visa border army war summons draft country people
    russian russia son husband brother wife""".split()
)
_FOREIGN: Final = frozenset(
    """und der die das ist nicht ich wir sie ein eine mit auf für le la les des est une je nous vous dans pour avec
    que el los las una por para con pas ve bir bu için değil ben mi mı jest się że съм със това който има не
    је су сам није jak som oder aber wie kann muss salom yordam kerak""".split()
)
_LETTERS: Final = {
    Language.RUSSIAN: frozenset("ыэъ"),
    Language.UKRAINIAN: frozenset("їєґ"),
    Language.KAZAKH: frozenset("әғқұһ"),
    Language.OTHER: frozenset("ўҗђјљњћџäöüßçñğşıłąężśćčšžőűăâêîôûøåæ"),
}
_SHARED: Final = {
    "і": (Language.UKRAINIAN, Language.KAZAKH),
    "ң": (Language.KAZAKH,),
    "ө": (Language.KAZAKH,),
}
_TELLING: Final = frozenset(_SHARED) | frozenset("їєґәғқұһў")
"""Letters no Russian word has."""
_SMALL_WORDS: Final = (
    (Language.RUSSIAN, _RUSSIAN),
    (Language.UKRAINIAN, _UKRAINIAN),
    (Language.KAZAKH, _KAZAKH),
    (Language.ENGLISH, _ENGLISH),
    (Language.OTHER, _FOREIGN - _ENGLISH - _RUSSIAN - _UKRAINIAN),
)


def language_of(text: str) -> Told:
    """The language of a text; `OTHER`, and not sure, when there is nothing to tell it by."""
    weights: defaultdict[Language, float] = defaultdict(float)
    for word in words(text)[:_READ]:
        if not word.isdigit():
            for language, weight in _told_by(word):
                weights[language] += weight
    if not weights:
        return Told(Language.OTHER, sure=False)
    first = max(Language, key=lambda language: weights[language])
    share = weights[first] / sum(weights.values())
    return Told(first, sure=first is not Language.OTHER and share >= _SURE)


@lru_cache(maxsize=4_000)
def _told_by(word: str) -> tuple[tuple[Language, float], ...]:
    """What one word tells: each language with a weight; a word several languages have is shared among them."""
    small = [language for language, held in _SMALL_WORDS if word in held]
    told = [(language, _SMALL / len(small)) for language in small]
    letters = set(word)
    told += [(language, _LETTER * len(letters & own)) for language, own in _LETTERS.items() if letters & own]
    told += [
        (language, _LETTER / len(languages))
        for letter, languages in _SHARED.items()
        if letter in letters
        for language in languages
    ]
    if not small and not letters & _TELLING:
        told.append(_by_the_dictionary(word))
    return tuple(told)


def _by_the_dictionary(word: str) -> tuple[Language, float]:
    if is_cyrillic(word):
        return (Language.RUSSIAN, _KNOWN) if known(word) else (Language.OTHER, _UNKNOWN)
    if not word.isascii():
        return Language.OTHER, 1.0
    is_russian = len(word) > 2 and any(known(attempt) for attempt in russian(word))
    return (Language.RUSSIAN, _KNOWN) if is_russian else (Language.OTHER, _UNKNOWN)
