"""The other forms of a word, for looking for it in texts that are not taken apart: «повестка» gives «повестку» too.

Kept true: a word nobody wrote whole (the dictionary does not hold it) has no other forms than itself, so the beginning
of a word is never widened. English forms are made by rule; a rule may give one nobody uses, which then finds nothing.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from tropa.counsel.words import is_cyrillic, known, readings_of

MOST: Final = 160
"""A Russian verb with its participles has about so many forms."""
_SHORTEST: Final = 3
"""Letters that have to stay of an English word when its ending is taken away."""
_VOWELS: Final = frozenset("aeiouy")
_STRONG: Final = (
    "be am is are was were been being", "go goes went gone going", "flee flees fled fleeing",
    "leave leaves left leaving", "write writes wrote written writing", "child children", "man men", "woman women",
    "person people", "buy buys bought buying", "pay pays paid paying", "send sends sent sending",
    "catch catches caught catching", "find finds found finding", "hold holds held holding",
    "keep keeps kept keeping", "lose loses lost losing", "run runs ran running", "see sees saw seen seeing",
    "take takes took taken taking", "tell tells told telling", "wife wives", "life lives", "say says said saying",
    "come comes came coming", "drive drives drove driven driving", "fly flies flew flown flying",
    "get gets got getting", "give gives gave given giving", "hide hides hid hidden hiding",
    "know knows knew known knowing", "meet meets met meeting", "speak speaks spoke spoken speaking",
    "bring brings brought bringing", "forbid forbids forbade forbidden", "serve serves served serving",
)  # fmt: skip


@lru_cache(maxsize=2_000)
def forms_of(word: str) -> tuple[str, ...]:
    """The word (in small letters, е for ё) and its other forms, each once, the word first."""
    if word.isdigit():
        return (word,)
    found = _russian(word) if is_cyrillic(word) else _english(word)
    return tuple(dict.fromkeys((word, *found)))[:MOST]


def _russian(word: str) -> tuple[str, ...]:
    if not known(word):
        return ()
    return tuple(form for reading in readings_of(word) for form in reading)


def _english(word: str) -> tuple[str, ...]:
    for line in _STRONG:
        if word in line.split():
            return tuple(line.split())
    return tuple(form for base in _bases(word) for form in _made_from(base))


def _bases(word: str) -> tuple[str, ...]:
    """What the word may be a form of, itself among them."""
    bases = [word]
    if word.endswith("ies"):
        bases.append(f"{word[:-3]}y")
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        bases.append(word[:-1])
    if word.endswith("es"):
        bases.append(word[:-2])
    for ending in ("ed", "ing"):
        if word.endswith(ending):
            cut = word[: -len(ending)]
            doubled = len(cut) > _SHORTEST and cut[-1] == cut[-2] and cut[-1] not in "ls"
            bases += [cut[:-1] if doubled else cut, f"{cut}e"]
            if cut.endswith("i"):
                bases.append(f"{cut[:-1]}y")
    return tuple(
        dict.fromkeys(base for base in bases if len(base) >= _SHORTEST and not _VOWELS.isdisjoint(base))
    )


def _made_from(base: str) -> tuple[str, ...]:
    """A base with every ending it may take."""
    if base.endswith("y") and base[-2] not in _VOWELS:
        stem = base[:-1]
        return (base, f"{stem}ies", f"{stem}ied", f"{base}ing")
    if base.endswith("e"):
        return (base, f"{base}s", f"{base}d", f"{base[:-1]}ing")
    plural = f"{base}es" if base.endswith(("s", "x", "z", "ch", "sh")) else f"{base}s"
    made = (base, plural, f"{base}ed", f"{base}ing")
    if len(base) >= _SHORTEST and base[-1] not in _VOWELS | set("wx") and base[-2] in _VOWELS:
        return (*made, f"{base}{base[-1]}ed", f"{base}{base[-1]}ing")
    return made
