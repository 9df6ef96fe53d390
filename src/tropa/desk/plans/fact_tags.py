"""What a plan rests on, as keyed tags beside its row: so that a stop finds it without opening anything.

A tag is 128 bits of HMAC-SHA256 under the desk's service key over the plan's own id and a name: a fact, or a country
or paper the plan goes by. Two plans over the same country have no tag in common, and whoever has the database alone
learns nothing but about how many facts there are: tags are made up to a multiple of `STEP` with random ones. A plan
without tags counts as resting on everything.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256

from tropa.desk.plans.content import PlanContent
from tropa.desk.staff.service_key import service_seed
from tropa.planning.plan import Step

TAG_BYTES = 16
STEP = 32


def country_name(code: str) -> str:
    """What a country is called among tags; a fact about it may have the same code for an id."""
    return f"country {code}"


def paper_name(paper: str) -> str:
    """What a paper is called among tags."""
    return f"paper {paper}"


def names_of(content: PlanContent) -> frozenset[str]:
    """Everything a plan rests on: its facts, and the countries and papers of its steps and their fallbacks."""
    home = {place.id: place.country for place in content.places}
    names = set(content.plan.facts)
    for step in _steps(content.plan.steps):
        names.update(country_name(home[place]) for place in (step.origin, step.target) if place in home)
        names.update(paper_name(paper) for paper in (*step.papers_used, *step.papers_gained))
    return frozenset(names)


def tags_for(plan_id: str, names: Iterable[str]) -> bytes:
    """The tags as they are stored, sorted, made up with random ones. Raises NoServiceKey."""
    key = _key()
    tags = {_tag(key, plan_id, name) for name in names}
    while not tags or len(tags) % STEP:
        tags.add(secrets.token_bytes(TAG_BYTES))
    return b"".join(sorted(tags))


def hold(plan_id: str, stored: bytes, names: Iterable[str]) -> bool:
    """Whether every one of these names is among the stored tags. Raises NoServiceKey."""
    key, tags = _key(), _parts(stored)
    return all(_tag(key, plan_id, name) in tags for name in names)


def touched(plan_id: str, stored: bytes, groups: Iterable[frozenset[str]]) -> bool:
    """Whether the plan rests on all names of at least one of the groups; without tags it rests on all of them."""
    key, tags = _key(), _parts(stored)
    return not tags or any(all(_tag(key, plan_id, name) in tags for name in group) for group in groups)


def _steps(steps: Iterable[Step]) -> Iterator[Step]:
    for step in steps:
        yield step
        for fallback in step.fallbacks:
            yield from _steps(fallback.steps)


@cache
def _key() -> bytes:
    return service_seed().subkey("plan fact tags").raw


def _tag(key: bytes, plan_id: str, name: str) -> bytes:
    return hmac.digest(key, f"{plan_id} {name}".encode(), sha256)[:TAG_BYTES]


def _parts(stored: bytes) -> frozenset[bytes]:
    return frozenset(stored[at : at + TAG_BYTES] for at in range(0, len(stored), TAG_BYTES))
