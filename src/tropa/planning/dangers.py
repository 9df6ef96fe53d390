"""How dangerous an act is for a party: hazard facts of each member's class, added up in nats, in the three worlds.

Kept true: missing is not zero. Where the atlas has no hazard for a class, the act is closed and the gap is named. The
most particular scope counts (leg, then place, then country). Several people: the sum over members (somebody is caught)
is the pessimistic figure, the most endangered member's the optimistic one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tropa.atlas import Atlas, Fact, Hazard, HazardSubject, ProfileClass
from tropa.planning.units import World, nats, read

Figures = tuple[float, float, float]
NO_DANGER: Figures = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Danger:
    """Nats in the optimistic, point and pessimistic world, with the facts they come from."""

    nats: Figures
    facts: tuple[str, ...]
    judged: tuple[str, ...]  # facts without known exposure: somebody's judgement


NOTHING = Danger(NO_DANGER, (), ())


@dataclass(frozen=True, slots=True)
class UnknownDanger:
    """No hazard fact for this class: the act is closed."""

    subject: HazardSubject
    scope: str
    profile: ProfileClass


class Dangers:
    """Looks hazards up for one party on one day and remembers what it found."""

    def __init__(self, atlas: Atlas, profiles: Sequence[ProfileClass], on: date) -> None:
        self._atlas = atlas
        self._profiles = tuple(profiles)
        self._on = on
        self._found: dict[tuple[HazardSubject, tuple[str, ...]], Danger | UnknownDanger] = {}
        self._named = atlas.hazard_scopes

    def carry_over(self, earlier: Dangers, changed: frozenset[tuple[HazardSubject, str]]) -> None:
        """Remember what was found for the same party on the same day before these subjects and scopes changed."""
        self._found = {
            (subject, scopes): found
            for (subject, scopes), found in earlier._found.items()
            if not any((subject, scope) in changed for scope in scopes)
        }

    def of(self, subject: HazardSubject, *scopes: str) -> Danger | UnknownDanger:
        """The party's danger; `scopes` from the most particular to the most general."""
        scopes = (*(scope for scope in scopes[:-1] if scope in self._named[subject]), scopes[-1])
        key = (subject, scopes)
        if key not in self._found:
            self._found[key] = self._look_up(subject, scopes)
        return self._found[key]

    def _look_up(self, subject: HazardSubject, scopes: tuple[str, ...]) -> Danger | UnknownDanger:
        facts: list[Fact[Hazard]] = []
        for profile in self._profiles:
            fact = self._most_particular(subject, scopes, profile)
            if fact is None:
                return UnknownDanger(subject, scopes[-1], profile)
            facts.append(fact)
        ranges = [self._atlas.chance(fact, self._on) for fact in facts]
        by_world = [[nats(read(range_, world)) for range_ in ranges] for world in World]
        ids = tuple(dict.fromkeys(fact.id for fact in facts))
        judged = tuple(
            dict.fromkeys(fact.id for fact in facts if fact.is_judgement or fact.value.exposure is None)
        )
        return Danger((max(by_world[0]), sum(by_world[1]), sum(by_world[2])), ids, judged)

    def _most_particular(
        self, subject: HazardSubject, scopes: tuple[str, ...], profile: ProfileClass
    ) -> Fact[Hazard] | None:
        for scope in scopes:
            facts = self._atlas.hazards(subject, scope, profile, self._on)
            if facts:
                return facts[0]
        return None


def added(*dangers: Danger) -> Danger:
    """Independent dangers of one act together."""
    sums = [sum(danger.nats[world] for danger in dangers) for world in World]
    return Danger(
        (sums[0], sums[1], sums[2]),
        tuple(dict.fromkeys(fact for danger in dangers for fact in danger.facts)),
        tuple(dict.fromkeys(fact for danger in dangers for fact in danger.judged)),
    )
