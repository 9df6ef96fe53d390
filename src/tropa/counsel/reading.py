"""How hard a text is to read: the school years it asks for, and its longest sentences.

Sources: Flesch, Kincaid 1975 for English; for Russian the same measure with the weights of I. V. Oborneva 2006, whose
words are longer. Kept true: a text with no words has level 0; the measure judges words and sentences, never sense.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tropa.counsel.language import Language
from tropa.counsel.words import clean

_SENTENCE: Final = re.compile(r"[.!?…:;]+(?=\s|$)|\n+")
_WORD: Final = re.compile(r"[^\W\d_]+")
_VOWELS: Final = {Language.RUSSIAN: re.compile(r"[аеиоуыэюя]"), Language.ENGLISH: re.compile(r"[aeiouy]+")}
_WEIGHTS: Final = {Language.RUSSIAN: (0.5, 8.4, 15.59), Language.ENGLISH: (0.39, 11.8, 15.59)}


@dataclass(frozen=True, slots=True)
class Reading:
    """`grade` is the years of school a reader needs; `longest` the words of the longest sentence."""

    grade: float
    words_a_sentence: float
    syllables_a_word: float
    longest: int


def reading_of(text: str, language: Language) -> Reading:
    """How hard a Russian or English text is. Raises ValueError for another language."""
    if language not in _WEIGHTS:
        raise ValueError(f"no measure for {language}")
    sentences = [found for part in _SENTENCE.split(clean(text)) if (found := _WORD.findall(part))]
    if not sentences:
        return Reading(0.0, 0.0, 0.0, 0)
    every = [word for sentence in sentences for word in sentence]
    syllables = sum(_syllables(word, language) for word in every)
    length, weight = len(every) / len(sentences), syllables / len(every)
    by_length, by_weight, less = _WEIGHTS[language]
    grade = max(0.0, by_length * length + by_weight * weight - less)
    return Reading(grade, length, weight, max(len(sentence) for sentence in sentences))


def _syllables(word: str, language: Language) -> int:
    """Vowels that are spoken; in English a run of vowels is one, and a silent «e» at the end none."""
    number = len(_VOWELS[language].findall(word))
    if language is Language.ENGLISH and word.endswith("e") and not word.endswith("le") and number > 1:
        number -= 1
    return max(1, number)
