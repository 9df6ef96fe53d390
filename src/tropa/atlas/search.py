"""Finding facts by words, in Russian and English, the forms of a word included.

Kept true: every word asked for must stand in the fact or in the name of its country; an exact id comes
first. The ending of a longer word is not compared, so «границе» finds «граница» and "flights" finds "flight".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from functools import lru_cache
from typing import Any, Final

from tropa.atlas.basics import Source, Text
from tropa.atlas.kinds import Value
from tropa.atlas.model import Fact
from tropa.atlas.terms import Kind
from tropa.atlas.world import Atlas

_WORD: Final = re.compile(r"[^\W_]+")
_SHORT: Final = 4
"""Shorter words are compared whole."""
_ENDING: Final = 3
"""Letters at the end of a word that may differ between its forms."""


KINDS: Final = {
    Kind.COUNTRY: "страна",
    Kind.PLACE: "место город",
    Kind.LIVING: "жильё стоимость расходы",
    Kind.PAPER: "документ паспорт виза",
    Kind.LEG: "путь дорога рейс",
    Kind.EXIT_CHECK: "выезд проверка",
    Kind.ENTRY_RULE: "въезд правило виза",
    Kind.STAY_RULE: "пребывание срок правило",
    Kind.PAPER_REFUSAL: "отказ непринятие документ",
    Kind.OBTAIN: "получение оформление документ",
    Kind.PROTECTION: "защита убежище",
    Kind.HAZARD: "опасность риск",
    Kind.INCIDENT: "случай происшествие",
    Kind.CLOCK: "срок",
    Kind.PROVISION: "закон статья норма",
    Kind.GAP: "пробел неизвестно",
    Kind.STOP: "стоп остановка",
    Kind.CROSSING: "пункт пропуска граница пост",
    Kind.DECISIONS: "решения убежище статистика",
    Kind.ENTRY_CHECK: "въезд проверка розыск",
    Kind.CONTACT: "контакт партнёр помощь",
    Kind.TREATY: "договор конвенция",
    Kind.EXTRADITION: "выдача экстрадиция договор",
    Kind.FIGURE: "число подсчёт статистика",
    Kind.SETTLING: "обустройство жизнь диплом",
}
"""What a kind is called in Russian; in English by its own name."""


def search(atlas: Atlas, words: str) -> tuple[Fact[Value], ...]:
    """The facts that hold every word, best first: the id itself, then words in the fact, then in its country."""
    asked = _WORD.findall(_folded(words))
    if not asked:
        return ()
    known = _vocabulary(atlas)
    forms = [_forms(word, known) for word in asked]
    found: list[tuple[int, str, Fact[Value]]] = []
    for fact, own, about in _index(atlas):
        if not any(words.isdisjoint(about) for words in forms):
            missing = sum(words.isdisjoint(own) for words in forms)
            found.append((-1 if _folded(fact.id) == _folded(words.strip()) else missing, fact.id, fact))
    return tuple(fact for _rank, _id, fact in sorted(found, key=lambda one: one[:2]))


@lru_cache(maxsize=2)
def _index(atlas: Atlas) -> tuple[tuple[Fact[Value], set[str], set[str]], ...]:
    """Each fact with its own words, and with those of its countries and sources; kept for as long as the atlas is."""
    names = {code: _words([country.value.name]) for code, country in atlas.countries.items()}
    found = []
    for fact in atlas.facts.values():
        own = _words([fact.id, fact.kind, KINDS.get(fact.kind, ""), *_texts(fact.value), *_texts(fact.note)])
        about = own.union(*(names.get(code, set()) for code in countries_of(atlas, fact)))
        found.append((fact, own, about | _words(_texts(fact.sources))))
    return tuple(found)


def countries_of(atlas: Atlas, fact: Fact[Value]) -> tuple[str, ...]:
    """The countries a fact is about, by code: its own, and those of the places and facts it names."""
    found: list[str] = []
    waiting = [fact.id]
    for step in range(3):  # a hazard names an obtain or a leg, which names places, which name a country
        named = [one for fact_id in waiting for one in _names(atlas, fact_id)]
        found.extend(code for code in named if code in atlas.countries)
        if step and not named:
            break
        waiting = [one for one in named if one not in atlas.countries]
    own = [fact.id] if fact.id in atlas.countries else []
    return tuple(dict.fromkeys([*own, *found]))


def _names(atlas: Atlas, fact_id: str) -> Iterator[str]:
    if fact_id not in atlas.facts:
        return
    value = atlas.facts[fact_id].value
    for name in ("country", "origin", "target", "scope", "about"):
        named = getattr(value, name, None)
        if named is not None:
            yield named
    yield from getattr(value, "countries", ())


def _texts(value: Any) -> Iterator[str | Text]:
    if isinstance(value, (str, Text)):
        yield value
    elif isinstance(value, tuple):
        for member in value:
            yield from _texts(member)
    elif isinstance(value, Source):
        yield from (value.id, value.title.en, value.title.ru)
    elif hasattr(value, "__dataclass_fields__"):
        for one in fields(value):
            yield from _texts(getattr(value, one.name))


def _words(texts: Iterable[str | Text]) -> set[str]:
    found: set[str] = set()
    for text in texts:
        for side in (text.en, text.ru) if isinstance(text, Text) else (text,):
            found.update(_WORD.findall(_folded(side)))
    return found


def _forms(asked: str, known: Mapping[str, set[str]]) -> set[str]:
    """Every word of the atlas that answers to this one: itself, a word that begins with it, another form of it."""
    if len(asked) < _SHORT:
        return {asked}
    near = known.get(asked[:_SHORT], set())
    return {asked, *(word for word in near if word.startswith(asked) or _alike(asked, word))}


@lru_cache(maxsize=2)
def _vocabulary(atlas: Atlas) -> Mapping[str, set[str]]:
    """All words by how they begin: two forms of a word have their first letters in common."""
    found: dict[str, set[str]] = defaultdict(set)
    for _fact, _own, about in _index(atlas):
        for word in about:
            found[word[:_SHORT]].add(word)
    return found


def _alike(first: str, second: str) -> bool:
    """Whether two words differ in their last letters only: at most three, after at least four."""
    needed = max(_SHORT, len(first) - _ENDING, len(second) - _ENDING)
    return first[:needed] == second[:needed] and first.isalpha() and len(first) >= needed


def _folded(text: str) -> str:
    return text.casefold().replace("ё", "е")
