"""Small drawn worlds with refusals, and every policy in them, tried one after another: the oracle of exact plans.

Shares nothing with the planner: a world is a handful of tuples, written out as facts for the planner on one side and
walked as tuples here. Danger is a probability all along, branches are combined as products, dominance is compared
pairwise; no state is come to twice between two decisions. After a refused visa nobody applies for it again, a country
that turned back is entered by no other leg, a refused claim is not made again, and two refusals are planned for.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, replace
from typing import Any

from tests.planning.tiny import HOME, asks, calm, entry, haven, leg, obtain, paper, place, stay, world
from tropa.atlas import Atlas, Range

Figures = tuple[float, float, float]
COUNTRIES = ("AA", "BB", "CC")
VISAS = ("v1", "v2")
REFUSALS = 2
DUST = 1e-9


@dataclass(frozen=True)
class Leg:
    id: str
    origin: str
    target: str
    days: int
    euros: int
    risk: float


@dataclass(frozen=True)
class Visa:
    paper: str
    at: str
    days: int
    euros: int
    refusal: float


@dataclass(frozen=True)
class Claim:
    country: str
    risk: float
    days: int
    euros: int
    refusal: float


@dataclass(frozen=True)
class Drawn:
    legs: tuple[Leg, ...]
    visas: tuple[Visa, ...]
    claims: tuple[Claim, ...]
    asked: dict[str, str]  # country: the visa it asks for, or ""
    turned_back: dict[str, float]

    def with_chances(self, chance: float) -> Drawn:
        """The same world in which every refusal has this chance."""
        return replace(
            self,
            visas=tuple(replace(one, refusal=chance) for one in self.visas),
            claims=tuple(replace(one, refusal=chance) for one in self.claims),
            turned_back=dict.fromkeys(self.turned_back, chance),
        )

    def without_uncertain(self) -> Drawn:
        """The same world without any act that may be refused."""
        closed = {country for country, chance in self.turned_back.items() if chance}
        return Drawn(
            tuple(one for one in self.legs if one.target == "h" or one.target.upper() * 2 not in closed),
            tuple(one for one in self.visas if not one.refusal),
            tuple(one for one in self.claims if not one.refusal),
            self.asked,
            dict.fromkeys(self.turned_back, 0.0),
        )


def draw(seed: int) -> Drawn:
    dice = random.Random(seed)  # noqa: S311 - dice for a test
    places = ["h", *(code[0].lower() for code in COUNTRIES)]
    legs = []
    for number in range(dice.randint(5, 9)):
        origin, target = dice.sample(places, 2)
        if target != "h":
            risk = dice.choice([0.0, 0.02, 0.1, 0.3])
            legs.append(
                Leg(f"leg{number}", origin, target, dice.choice([1, 2, 5]), dice.choice([25, 50, 200]), risk)
            )
    visas = tuple(
        Visa(
            one,
            dice.choice(["h", "h", "a"]),
            dice.choice([3, 10]),
            dice.choice([0, 75]),
            dice.choice([0, 0.2, 0.5]),
        )
        for one in VISAS
    )
    claims = tuple(
        Claim(
            code,
            dice.choice([0.0, 0.05, 0.2]),
            dice.choice([2, 8]),
            dice.choice([0, 100]),
            dice.choice([0, 0, 0.25, 0.5]),
        )
        for code in COUNTRIES
        if dice.random() < 0.8
    )
    asked = {code: dice.choice(["", "", *VISAS]) for code in COUNTRIES}
    return Drawn(
        tuple(legs), visas, claims, asked, {code: dice.choice([0, 0, 0.1, 0.4]) for code in COUNTRIES}
    )


def atlas_of(drawn: Drawn) -> Atlas:
    facts: list[Any] = [*calm(HOME), place("h", HOME), *(paper(one, travel=False) for one in VISAS)]
    for code in COUNTRIES:
        chance = drawn.turned_back[code]
        rule = asks(drawn.asked[code]) if drawn.asked[code] else asks("fp")
        facts += [*calm(code), place(code[0].lower(), code), stay(code, 300)]
        facts.append(entry(code, rule, turned_back=Range(chance, chance, chance) if chance else None))
    for one in drawn.legs:
        facts += leg(one.origin, one.target, id_=one.id, days=one.days, euros=one.euros, risk=one.risk)
    for visa in drawn.visas:
        code = HOME if visa.at == "h" else visa.at.upper() * 2
        facts += obtain(visa.paper, code, days=visa.days, euros=visa.euros, refusal=visa.refusal or None)
    for claim in drawn.claims:
        share = 1 - claim.refusal if claim.refusal else None
        facts += haven(claim.country, risk=claim.risk, days=claim.days, euros=claim.euros, share=share)
    return world(*facts)


@dataclass(frozen=True)
class Stand:
    place: str
    papers: frozenset[str]
    closed: frozenset[str]
    left: int
    been: frozenset[tuple[str, frozenset[str]]]


class Enumeration:
    """The undominated policies of a drawn world, from home with a passport."""

    def __init__(self, drawn: Drawn) -> None:
        self.drawn = drawn

    def front(self) -> set[Figures]:
        first = Stand("h", frozenset(), frozenset(), REFUSALS, frozenset())
        return undominated(self.policies(first))

    def policies(self, stand: Stand) -> list[Figures]:
        """What every policy from here comes to."""
        here = (stand.place, stand.papers)
        if here in stand.been:
            return []
        stand = replace(stand, been=stand.been | {here})
        found: list[Figures] = []
        for leg_ in self.drawn.legs:
            found += self.by_leg(stand, leg_)
        for visa in self.drawn.visas:
            found += self.by_visa(stand, visa)
        for claim in self.drawn.claims:
            if claim.country[0].lower() == stand.place and claim.country not in stand.closed:
                no = self.refused(stand, claim.country)
                found += combined(claim.risk, claim.days, claim.euros, claim.refusal, [(0.0, 0.0, 0.0)], no)
        return list(undominated(found))

    def by_leg(self, stand: Stand, leg_: Leg) -> list[Figures]:
        code = leg_.target.upper() * 2
        visa = self.drawn.asked[code]
        if (
            leg_.origin != stand.place
            or f"entry {code}" in stand.closed
            or (visa and visa not in stand.papers)
        ):
            return []
        yes = self.policies(replace(stand, place=leg_.target))
        chance = self.drawn.turned_back[code]
        no = self.refused(stand, f"entry {code}") if chance else []
        return combined(leg_.risk, leg_.days, leg_.euros, chance, yes, no)

    def by_visa(self, stand: Stand, visa: Visa) -> list[Figures]:
        if visa.at != stand.place or visa.paper in stand.papers or f"paper {visa.paper}" in stand.closed:
            return []
        if len(stand.papers) + sum(one.startswith("paper") for one in stand.closed) >= len(VISAS):
            return []
        yes = self.policies(replace(stand, papers=stand.papers | {visa.paper}))
        no = self.refused(stand, f"paper {visa.paper}") if visa.refusal else []
        if (
            visa.refusal
            and no == [FAILED]
            and not (stand.left == 0 and self.known(stand, f"paper {visa.paper}"))
        ):
            return []
        return combined(0.0, visa.days, visa.euros, visa.refusal, yes, no)

    def refused(self, stand: Stand, what: str) -> list[Figures]:
        if stand.left == 0:
            return [FAILED]
        after = replace(stand, closed=stand.closed | {what}, left=stand.left - 1, been=frozenset())
        return self.policies(after) or [FAILED]

    def known(self, stand: Stand, what: str) -> bool:
        """Whether any way on exists if everybody says yes."""
        kind = Enumeration(self.drawn.with_chances(0.0))
        return bool(kind.policies(replace(stand, closed=stand.closed | {what}, been=frozenset())))


FAILED: Figures = (1.0, 0.0, 0.0)


def combined(
    risk: float, days: float, euros: float, p: float, yes: list[Figures], no: list[Figures]
) -> list[Figures]:
    found = []
    for granted, refused in itertools.product(yes, no if p else [FAILED]):
        failed, later, paid = ((1 - p) * a + p * b for a, b in zip(granted, refused, strict=True))
        found.append((1 - (1 - risk) * (1 - failed), days + later, euros + paid))
    return found


def undominated(values: list[Figures]) -> set[Figures]:
    found: list[Figures] = []
    for value in sorted({(round(a, 11), round(b, 9), round(c, 9)) for a, b, c in values}):
        if not any(all(x <= y + DUST for x, y in zip(one, value, strict=True)) for one in found):
            found.append(value)
    return set(found)
