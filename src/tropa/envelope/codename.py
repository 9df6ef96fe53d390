"""The codename of somebody who writes through the drop: nine listed words, 96 random bits and 3 check bits.

Nine words of 2048 carry 99 bits: the entropy, big-endian, then the check. The keys follow from the entropy
alone, so the same codename in another language opens the same thread. With 96 random bits no slow hash is
needed, and none of this depends on a secret: reading a typed text does the same steps, in the same bounded
number, whether any such codename was ever issued or not.

A mistyped word is replaced by the listed words one slip away; a typed text may therefore be read in several
ways. Three check bits throw out seven wrong readings of eight, the rest is for the look-up: see
`Codename.readings`.
"""

import hashlib
from itertools import chain, islice, product, repeat
from typing import Self

from tropa.envelope.errors import UnknownCodename
from tropa.envelope.secret import Random, Secret, draw
from tropa.envelope.typed_text import Hearing, hearings
from tropa.envelope.wordlist import WORDS, Language, word_list

WORDS_IN_CODENAME = 9
ENTROPY_BYTES = 12
CHECK_BITS = 3
WORD_BITS = 11
MOST_TRIED = 32
"""Spellings checked for one hearing of a text: always this many."""
MOST_READINGS = 8
"""Readings given back at most."""

_CHECK_LABEL = b"tropa codename check 1"


def _check_bits(entropy: bytes) -> int:
    return hashlib.sha256(_CHECK_LABEL + entropy).digest()[0] >> (8 - CHECK_BITS)


def _entropy_of(places: tuple[int, ...]) -> bytes | None:
    """The entropy in nine words' places, or None if their check bits do not fit."""
    number = 0
    for place in places:
        number = number << WORD_BITS | place
    entropy = (number >> CHECK_BITS).to_bytes(ENTROPY_BYTES, "big")
    return entropy if number & (1 << CHECK_BITS) - 1 == _check_bits(entropy) else None


def _spellings(hearing: Hearing) -> tuple[bool, list[tuple[int, ...]]]:
    """Whether every word is listed, and the places of the spellings to try, the likeliest first.

    Listed words: as they stand, then with one of them a slip away. Otherwise each unlisted word a slip away,
    the listed ones as they stand. Every word is looked up, whatever the others are.
    """
    words = (hearing.words + ("",) * WORDS_IN_CODENAME)[:WORDS_IN_CODENAME]
    listing = word_list(hearing.language)
    as_typed = [listing.places.get(word) for word in words]
    near = [listing.near(word) for word in words]
    if len(hearing.words) != WORDS_IN_CODENAME:
        return False, []
    listed = tuple(place for place in as_typed if place is not None)
    if len(listed) < WORDS_IN_CODENAME:
        choices = [near[at] if place is None else (place,) for at, place in enumerate(as_typed)]
        return False, list(islice(product(*choices), MOST_TRIED))
    changed = [
        (*listed[:at], place, *listed[at + 1 :]) for at in range(WORDS_IN_CODENAME) for place in near[at]
    ]
    return True, [listed, *changed][:MOST_TRIED]


def _entropies_of(hearing: Hearing) -> tuple[bool, list[bytes | None]]:
    """Whether every word is listed, and the entropy of each spelling, None where check bits do not fit.

    Always checks `MOST_TRIED` spellings, so that the time taken does not grow with what was typed.
    """
    listed, spellings = _spellings(hearing)
    surplus = repeat((0,) * WORDS_IN_CODENAME, MOST_TRIED - len(spellings))
    entropies = [_entropy_of(places) for places in chain(spellings, surplus)]
    return listed, entropies[: len(spellings)]


class Codename(Secret):
    """96 secret bits and the language their words are shown in. Equal codenames have equal entropy."""

    __slots__ = ("_language",)
    length = ENTROPY_BYTES
    _language: Language

    def __init__(self, entropy: bytes, language: Language) -> None:
        super().__init__(entropy)
        object.__setattr__(self, "_language", Language(language))

    @classmethod
    def generate(cls, random: Random, language: Language) -> Self:
        """A new codename with 96 bits from `random`."""
        return cls(draw(random, ENTROPY_BYTES), language)

    @classmethod
    def from_entropy(cls, entropy: bytes, language: Language) -> Self:
        """The codename of 12 bytes of entropy."""
        return cls(entropy, language)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The codename `text` means: as it stands if its check bits fit, else the only one a slip away.

        UnknownCodename if there is none, or more than one that only a look-up could tell apart.
        """
        exact, readings = cls._read(text)
        if exact or len(readings) == 1:
            return readings[0]
        raise UnknownCodename

    @classmethod
    def readings(cls, text: str) -> tuple[Self, ...]:
        """Every codename `text` may mean, likeliest first, at most `MOST_READINGS`; UnknownCodename if none.

        For a look-up that tries all of them at once: only one was ever issued.
        """
        _, readings = cls._read(text)
        if not readings:
            raise UnknownCodename
        return readings

    @classmethod
    def _read(cls, text: str) -> tuple[bool, tuple[Self, ...]]:
        """Whether the text is a codename as it stands, and all its readings."""
        exact = False
        readings: list[Self] = []
        for hearing in hearings(text):
            listed, entropies = _entropies_of(hearing)
            exact = exact or (listed and entropies[0] is not None)
            readings += [cls(entropy, hearing.language) for entropy in entropies if entropy is not None]
        return exact, tuple(readings[:MOST_READINGS])

    @property
    def entropy(self) -> bytes:
        """The 12 bytes, to be derived from at once and never stored."""
        return self.raw

    @property
    def language(self) -> Language:
        """The language of `words`."""
        return self._language

    @property
    def words(self) -> tuple[str, ...]:
        """The nine words."""
        number = int.from_bytes(self.raw, "big") << CHECK_BITS | _check_bits(self.raw)
        listed = word_list(self._language).words
        shifts = range(WORD_BITS * (WORDS_IN_CODENAME - 1), -1, -WORD_BITS)
        return tuple(listed[number >> shift & WORDS - 1] for shift in shifts)
