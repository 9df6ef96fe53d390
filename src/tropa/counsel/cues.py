"""Cues: words that stand near each other in a text and mean something together; read from a text file.

The file's own head explains how a cue is written. Kept true: a faulty line is refused with its number when the file is
read, never skipped; a text is looked through once, however many cues there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tropa.counsel.errors import BadCue
from tropa.counsel.sounds import sound
from tropa.counsel.spelling import russian
from tropa.counsel.words import is_cyrillic, known, lemmas, words

NEAR: Final = 9
"""Words between the first and the last of a cue, at most."""
_NOT: Final = frozenset({"не", "ни", "нет", "без", "not", "no", "never", "dont", "don't", "isn't"})
_IN_FULL: Final = 1_000
"""Words of a text that are brought to their dictionary forms; later ones are taken as they are written, so that nobody
keeps a machine busy with words that are none."""
_TEENS: Final = frozenset(str(age) for age in range(11, 18))
_TEEN: Final = "#teen"


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: as written, and how it and its dictionary forms sound; `denied` when «не» stands before it."""

    written: str
    sounds: frozenset[str]
    denied: bool


@dataclass(frozen=True, slots=True)
class _Part:
    """One word of an alternative: what is looked up, and how."""

    said: str
    prefix: bool = False
    exact: bool = False
    asserted: bool = False

    def fits(self, token: Token) -> bool:
        if self.asserted and token.denied:
            return False
        if self.said == _TEEN:
            return token.written in _TEENS
        if self.exact:
            return token.written == self.said
        if self.prefix:
            return any(heard.startswith(self.said) for heard in token.sounds)
        return self.said in token.sounds


_Alternative = tuple[_Part, ...]
_Slot = tuple[int, int]
"""A cue and one of its slots, by number; the slot -1 is what undoes the cue."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Slots that must all be filled near each other; `unless` near them undoes it."""

    kind: str
    line: str
    slots: tuple[tuple[_Alternative, ...], ...]
    unless: tuple[_Alternative, ...]


class Cues:
    """Every cue of a file, to be looked for at once."""

    def __init__(self, cues: Iterable[Cue]) -> None:
        self.all: Final = tuple(cues)
        self._whole: defaultdict[str, list[tuple[_Alternative, _Slot]]] = defaultdict(list)
        self._beginning: defaultdict[str, list[tuple[_Alternative, _Slot]]] = defaultdict(list)
        for number, cue in enumerate(self.all):
            for place, slot in enumerate(cue.slots):
                self._keep(slot, (number, place))
            self._keep(cue.unless, (number, -1))
        lengths = [len(beginning) for beginning in self._beginning]
        self._shortest, self._longest = min(lengths, default=1), max(lengths, default=0)
        self._begun: Final = lru_cache(maxsize=4_000)(self._begun_by)

    def _keep(self, alternatives: tuple[_Alternative, ...], slot: _Slot) -> None:
        for alternative in alternatives:
            first = alternative[0]
            where = self._beginning if first.prefix else self._whole
            where[first.said].append((alternative, slot))

    def within(self, tokens: Sequence[Token]) -> tuple[Cue, ...]:
        """The cues that stand in the words of a text, in the file's order."""
        filled: defaultdict[int, defaultdict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for at, token in enumerate(tokens):
            said, begun = self._begun(token.written, token.sounds, token.denied)
            if begun:
                said = said | {slot for alternative, slot in begun if _stands(alternative, tokens, at)}
            for number, place in said:
                filled[number][place].append(at)
        return tuple(self.all[number] for number in sorted(filled) if _near(self.all[number], filled[number]))

    def _begun_by(
        self, written: str, sounds: frozenset[str], denied: bool
    ) -> tuple[frozenset[_Slot], tuple[tuple[_Alternative, _Slot], ...]]:
        """The slots a word fills by itself, and what it may begin that further words have to end."""
        begun = list(self._whole.get(_TEEN, ())) if written in _TEENS else []
        for heard in {*sounds, written}:
            begun += self._whole.get(heard, ())
            for end in range(self._shortest, min(len(heard), self._longest) + 1):
                begun += self._beginning.get(heard[:end], ())
        token = Token(written, sounds, denied)
        fitting = [(alternative, slot) for alternative, slot in begun if alternative[0].fits(token)]
        return (
            frozenset(slot for alternative, slot in fitting if len(alternative) == 1),
            tuple((alternative, slot) for alternative, slot in fitting if len(alternative) > 1),
        )


def read_cues(lines: Iterable[str]) -> Cues:
    """The cues of a file. Raises BadCue for a line that is none."""
    cues = []
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith("#"):
            kind, colon, rest = line.strip().partition(": ")
            wanted, _, unless = rest.partition(" - ")
            slots = tuple(_alternatives(slot) for slot in wanted.split())
            if not colon or not slots or not all(slots):
                raise BadCue(number, line.strip())
            cues.append(Cue(kind, line.strip(), slots, _alternatives(unless)))
    return Cues(cues)


def tokens_of(text: str) -> tuple[Token, ...]:
    """The words of a text, Latin ones also as Russian."""
    tokens, before = [], ""
    for place, word in enumerate(words(text)):
        tokens.append(_token(word, before in _NOT, place < _IN_FULL))
        before = word
    return tuple(tokens)


@lru_cache(maxsize=4_000)
def _token(word: str, denied: bool, whole: bool) -> Token:
    return Token(word, _sounds_of_forms(word) if whole else frozenset({sound(word)}), denied)


def forget_words() -> None:
    """What is remembered of single words goes: after a start that is every word of the answers and marked texts."""
    for remembered in (_token, lemmas, known, russian):
        remembered.cache_clear()


def _sounds_of_forms(word: str) -> frozenset[str]:
    forms = {word, *lemmas(word)}
    if not word.isdigit() and not is_cyrillic(word):
        for attempt in russian(word):
            forms.update((attempt, *lemmas(attempt)))
    return frozenset(sound(form) for form in forms)


def _alternatives(slot: str) -> tuple[_Alternative, ...]:
    return tuple(
        tuple(_part(word) for word in alternative.split("_"))
        for alternative in slot.split("|")
        if alternative
    )


def _part(word: str) -> _Part:
    asserted, word = word.startswith("^"), word.removeprefix("^")
    exact, word = word.startswith("="), word.removeprefix("=")
    prefix, word = word.endswith("*"), word.removesuffix("*")
    said = word if exact or word == _TEEN else sound(word)
    return _Part(said, prefix=prefix, exact=exact, asserted=asserted)


def _stands(alternative: _Alternative, tokens: Sequence[Token], at: int) -> bool:
    return at + len(alternative) <= len(tokens) and all(
        part.fits(tokens[at + offset]) for offset, part in enumerate(alternative)
    )


def _near(cue: Cue, filled: dict[int, list[int]]) -> bool:
    """Whether every slot is filled near one place of the first, and nothing near it undoes the cue."""
    if any(place not in filled for place in range(len(cue.slots))):
        return False
    others = [filled[place] for place in range(1, len(cue.slots))]
    undone = filled.get(-1, [])
    return any(
        all(_one_near(first, more) for more in others) and not _one_near(first, undone) for first in filled[0]
    )


def _one_near(place: int, others: Sequence[int]) -> bool:
    return any(abs(place - other) <= NEAR for other in others)
