"""What tests of the atlas do again and again: somebody reviews, stops or proposes, in one call."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tests.desk.world import Person
from tropa.atlas import Standing
from tropa.atlas.overlay import Act, seen
from tropa.desk.atlas.content import Content, Seen
from tropa.desk.atlas.in_force import in_force, look_again
from tropa.desk.atlas.services import Done, change_fact, review_facts

REAL_DAY = date(2027, 3, 1)
"""A day after the pack's, on which nothing counts as reviewed by itself."""


def as_seen(fact_ids: Iterable[str], act: Act = Act.REVIEWED) -> tuple[Seen, ...]:
    """The facts with the wording they have now."""
    state = in_force().overlaid
    return tuple(Seen(fact_id, seen(state, act, fact_id)) for fact_id in fact_ids)


def reviewed(person: Person, *fact_ids: str, reason: str = "Сверено с текстом источника.") -> Done:
    """Somebody says that these facts still hold."""
    return review_facts(reader=person.reader(), facts=as_seen(fact_ids), reason=reason)


def proposed(person: Person, fact_id: str, **keys: object) -> Done:
    """Somebody gives a fact other values."""
    content = Content(as_seen([fact_id], Act.SET), "Источник говорит иначе.", record=keys)
    return change_fact(reader=person.reader(), act=Act.SET, content=content)


def standing(fact_id: str, on: date) -> Standing:
    """Whether a fact may be used, as the next request sees it."""
    world = look_again().atlas
    return world.standing(world.fact(fact_id), on)
