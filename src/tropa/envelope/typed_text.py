"""What a person typed, made into words as their language writes them.

Forgiven: capitals, accents and stress marks, ё for е, any run of spaces, digits, dashes or other punctuation
between words, invisible characters, look-alike letters of the other alphabet, and a keyboard left in the
other layout. Nothing here is secret or looks anything up; work is bounded by `LONGEST_TEXT`.
"""

import unicodedata
from dataclasses import dataclass

from tropa.envelope.wordlist import Language

LONGEST_TEXT = 400
"""Characters looked at: nine words of eight letters, with room for numbering and separators."""

_LATIN_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
_RUSSIAN_KEYS = "ёйцукенгшщзхъфывапролджэячсмитьбю"
_LATIN_SHIFTED = '~QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>'
_RUSSIAN_SHIFTED = _RUSSIAN_KEYS.upper()
_TO_RUSSIAN_KEYS = str.maketrans(_LATIN_KEYS + _LATIN_SHIFTED, _RUSSIAN_KEYS + _RUSSIAN_SHIFTED)
_TO_LATIN_KEYS = str.maketrans(_RUSSIAN_KEYS + _RUSSIAN_SHIFTED, _LATIN_KEYS + _LATIN_SHIFTED)

_LOOK_ALIKE_LATIN = "aceopxyABCEHKMOPTXY"
_LOOK_ALIKE_CYRILLIC = "асеорхуАВСЕНКМОРТХУ"
_TO_CYRILLIC = str.maketrans(_LOOK_ALIKE_LATIN, _LOOK_ALIKE_CYRILLIC)
_TO_LATIN = str.maketrans(_LOOK_ALIKE_CYRILLIC, _LOOK_ALIKE_LATIN)

_BREVE = "\N{COMBINING BREVE}"


@dataclass(frozen=True, slots=True)
class Hearing:
    """One way to take a typed text: the language it is in and its words."""

    language: Language
    words: tuple[str, ...]


def hearings(text: str) -> tuple[Hearing, Hearing]:
    """The text as typed, and as it would be had the keyboard been in its other layout."""
    text = text[:LONGEST_TEXT]
    if _is_mostly_cyrillic(text):
        return (
            Hearing(Language.RUSSIAN, _words(text.translate(_TO_CYRILLIC))),
            Hearing(Language.ENGLISH, _words(text.translate(_TO_LATIN_KEYS))),
        )
    return (
        Hearing(Language.ENGLISH, _words(text.translate(_TO_LATIN))),
        Hearing(Language.RUSSIAN, _words(text.translate(_TO_RUSSIAN_KEYS))),
    )


def _is_mostly_cyrillic(text: str) -> bool:
    cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in text)
    latin = sum("a" <= letter <= "z" or "A" <= letter <= "Z" for letter in text)
    return cyrillic > latin


def _words(text: str) -> tuple[str, ...]:
    letters = []
    for character in _without_marks(text.casefold()):
        if character.isalpha():
            letters.append(character)
        elif unicodedata.category(character) != "Cf":
            letters.append(" ")
    return tuple("".join(letters).split())


def _without_marks(text: str) -> str:
    """`text` without accents and stress; й, which is a letter of its own, keeps its breve."""
    kept: list[str] = []
    for character in unicodedata.normalize("NFKD", text):
        if not unicodedata.combining(character) or (character == _BREVE and kept[-1:] == ["и"]):
            kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept))
