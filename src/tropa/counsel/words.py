"""The words of a text as they are compared: cleaned, in their dictionary form, and cut to what relatives share.

Kept true: a text of any length and any bytes gives words; nobody changes what is found by writing invisible marks, by
mixing Latin letters into a Russian word, or by leaving out the dots of «ё». Russian forms come from pymorphy3 and the
OpenCorpora dictionary, loaded (0.1 s) at the first Russian word and never before (`dictionary`).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from tropa.counsel.dictionary import dictionary

LONGEST: Final = 100_000
"""Characters of a text that are looked at: more than any site or messenger takes."""

_WORD: Final = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)?")
_CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")
_LATIN: Final = re.compile(r"[a-z]")
_KEPT: Final = {"\n", "\t", " "}
_NOTHING_UNSEEN: Final = re.compile(
    "[\n\t -~\xa0-\xac\xae-\u02ff\u0400-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e№€₽]*"
)
"""Latin and Cyrillic texts as they are mostly written: no letter of them is a mark nobody sees."""
_TO_CYRILLIC: Final = str.maketrans("aeopcyxkmtbhi3", "аеорсухкмтвніз")
_TO_LATIN: Final = str.maketrans("аеорсухкмті", "aeopcyxkmti")
_PLAIN: Final = (("ё", "е"), ("’", "'"), ("ʼ", "'"))
_FAIR_SHARE: Final = 0.3
"""A second reading of a word counts when the dictionary holds it at least this likely."""

_ENGLISH_ENDINGS: Final = (
    "ational", "ations", "ation", "ements", "ement", "ments", "ment", "ings", "ness", "ities", "ity", "ing",
    "ies", "ied", "ers", "er", "ed", "es", "ly", "s", "y", "e",
)  # fmt: skip
_RUSSIAN_ENDINGS: Final = tuple(
    sorted(
        "ирование ировать ованный ование овать еваться ывать ивать ение ание ание яние ость ность тельный тель ция"
        " ический ский нный енный анный ный ной ник ница щик чик ец ка ок изм ист ать ять ить еть уть ться тись ти"
        " аться иться еться ия ие ий ый ой ая ое а я о е ь й ы и у".split(),
        key=len,
        reverse=True,
    )
)
_SHORTEST_STEM: Final = 4
_LONGEST_STEM: Final = 6


def clean(text: str) -> str:
    """The text in small letters, without marks nobody sees, at most `LONGEST` characters of it."""
    folded = _plain(unicodedata.normalize("NFKC", text[:LONGEST]).casefold())
    if folded.isascii() or _NOTHING_UNSEEN.fullmatch(folded):
        return folded
    # й is two characters in some keyboards' text; NFKC has joined it, other accents are left out
    return "".join(
        letter for letter in folded if letter in _KEPT or unicodedata.category(letter)[0] not in {"C", "M"}
    )


def words(text: str) -> tuple[str, ...]:
    """Every word and number of a text, cleaned, in their order."""
    return tuple(map(_of_one_script, _WORD.findall(clean(text))))


def is_cyrillic(word: str) -> bool:
    return _CYRILLIC.search(word) is not None


@lru_cache(maxsize=4_000)
def _of_one_script(word: str) -> str:
    """A word that mixes Latin into Cyrillic (or the other way round) in the script most of its letters have."""
    if word.isascii():
        return word
    if _LATIN.search(word) is None:
        return word
    latin = len(_LATIN.findall(word))
    return word.translate(_TO_CYRILLIC if len(_CYRILLIC.findall(word)) >= latin else _TO_LATIN)


@lru_cache(maxsize=50_000)
def lemmas(word: str) -> tuple[str, ...]:
    """The dictionary forms a cleaned word may have, the likeliest first; numbers stay as they are."""
    if word.isdigit():
        return (word,)
    if not is_cyrillic(word):
        return (_english(word),)
    readings = dictionary().parse(word)
    found = [_plain(readings[0].normal_form)]
    for reading in readings[1:]:
        form = _plain(reading.normal_form)
        if reading.score >= _FAIR_SHARE and form not in found:
            found.append(form)
    return tuple(found)


@lru_cache(maxsize=2_000)
def readings_of(word: str) -> tuple[tuple[str, ...], ...]:
    """Every form of each word that this cleaned Russian one is fairly likely to be a form of."""
    found = dictionary().parse(word)
    likely = [one for one in found if one is found[0] or one.score >= _FAIR_SHARE]
    return tuple(tuple(dict.fromkeys(_plain(form.word) for form in one.lexeme)) for one in likely)


@lru_cache(maxsize=50_000)
def known(word: str) -> bool:
    """Whether the Russian dictionary holds this cleaned word."""
    return bool(dictionary().word_is_known(word))


@lru_cache(maxsize=50_000)
def stem(lemma: str) -> str:
    """What related words share: «призыв», «призывать» and «призывник» have one stem."""
    if lemma.isdigit() or len(lemma) <= _SHORTEST_STEM:
        return lemma
    if is_cyrillic(lemma):
        for ending in _RUSSIAN_ENDINGS:
            if lemma.endswith(ending) and len(lemma) - len(ending) >= _SHORTEST_STEM:
                lemma = lemma[: -len(ending)]
                break
    return lemma[:_LONGEST_STEM]


def _plain(text: str) -> str:
    for letter, plain in _PLAIN:
        text = text.replace(letter, plain)
    return text


def _english(word: str) -> str:
    for ending in _ENGLISH_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM - 1:
            return word[: -len(ending)]
    return word
