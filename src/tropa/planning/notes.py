"""Names and dates an answer needs to be read without the atlas: facts with age, places, papers, countries.

Kept true: every id in a plan, a reason or a closed list has its note, and nothing else of the atlas travels along.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from tropa.atlas import Atlas
from tropa.planning.person import PersonFacts
from tropa.planning.plan import Cost, CountryNote, FactNote, Outlook, PaperNote, PlaceNote, PlanSet, Span


def notes_of(atlas: Atlas, person: PersonFacts, answer: PlanSet) -> PlanSet:
    """The answer with its notes filled in."""
    words = (
        set(_texts(answer)) | {person.place} | {held.paper for one in person.members for held in one.papers}
    )
    places = [fact for id_, fact in atlas.places.items() if id_ in words]
    countries = {fact.value.country for fact in places} | {code for code in atlas.countries if code in words}
    return replace(
        answer,
        facts=tuple(fact_note(atlas, id_, answer.on) for id_ in atlas.facts if id_ in words),
        places=tuple(
            PlaceNote(
                fact.id,
                fact.value.country,
                fact.value.name.en,
                fact.value.name.ru,
                fact.value.latitude,
                fact.value.longitude,
            )
            for fact in places
        ),
        papers=tuple(
            PaperNote(id_, fact.value.name.en, fact.value.name.ru)
            for id_, fact in atlas.papers.items()
            if id_ in words
        ),
        countries=tuple(
            CountryNote(code, fact.value.name.en, fact.value.name.ru)
            for code, fact in atlas.countries.items()
            if code in countries
        ),
    )


def narrowed(answer: PlanSet, only: Collection[str]) -> PlanSet:
    """The answer for somebody who looks at the plans shown and at those of these ids: `front` holds what of it is
    wanted and not among `plans`, `unlisted` counts the rest, and facts have notes where the first plan or a wanted one
    names them. Everything else takes the reader longer to read than to draw.
    """
    among = {plan.id for plan in answer.plans}
    front = tuple(plan for plan in answer.front if plan.id in only and plan.id not in among)
    looked_at = (*answer.plans[:1], *(plan for plan in answer.plans if plan.id in only), *front)
    words = set(_texts(replace(answer, plans=looked_at, front=(), facts=())))
    return replace(
        answer,
        front=front,
        unlisted=len(answer.front) - len(front),
        facts=tuple(note for note in answer.facts if note.id in words),
    )


def fact_note(atlas: Atlas, id_: str, on: date) -> FactNote:
    """One fact as it stood on a day; the age counts from the first day its date may mean."""
    fact = atlas.fact(id_)
    return FactNote(
        id=id_,
        as_of=fact.as_of.text,
        review_by=fact.review_by,
        confidence=fact.confidence.value,
        sources=tuple(source.cited.en for source in fact.sources),
        sources_ru=tuple(source.cited.ru for source in fact.sources),
        age_days=max(0, (on - fact.as_of.earliest).days),
        judgement=fact.is_judgement,
    )


def _texts(answer: PlanSet) -> Iterator[str]:
    """Every text of an answer; what stands in several places is looked at once."""
    waiting: list[Any] = [answer]
    seen: set[int] = set()
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            waiting.extend(value)
        elif (names := _field_names(value.__class__)) and id(value) not in seen:
            seen.add(id(value))
            waiting.extend(getattr(value, name) for name in names)


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    """The fields of an answer's type that may hold text; figures hold none."""
    if not is_dataclass(kind) or issubclass(kind, Span | Cost | Outlook):
        return ()
    return tuple(field.name for field in fields(kind))
