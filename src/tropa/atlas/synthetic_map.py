"""The map of an invented world: countries, places, and which pairs of places a leg joins. See `synthetic`."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tropa.atlas.dice import Dice

HOME: Final = "RU"
KILOMETRES_A_DEGREE: Final = 111.0
POSTS: Final = 8
FEWEST_PAPERS: Final = 6


@dataclass(frozen=True, slots=True)
class WorldPlan:
    """How large a world is and which of them: equal plans give equal packs. The defaults are the bench's world."""

    countries: int = 250
    places: int = 1_500
    legs: int = 20_000
    papers: int = 12
    seed: int = 1

    def __post_init__(self) -> None:
        if not 2 <= self.countries <= 600:
            raise ValueError("an invented world has 2 to 600 countries")
        if self.places < 2 * self.countries:
            raise ValueError("an invented world has at least two places to a country")
        if self.papers < FEWEST_PAPERS:
            raise ValueError(f"an invented world has at least {FEWEST_PAPERS} papers")
        if self.legs < 8 * self.places:
            raise ValueError("an invented world has at least eight legs to a place")


@dataclass(frozen=True, slots=True)
class Land:
    """A country of the map. `visa`: the paper asked for beside a passport, or empty; `closed`: lets nobody in."""

    code: str
    number: int
    latitude: float
    longitude: float
    size: float
    in_zone: bool
    visa: str
    closed: bool


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the map in degrees."""

    id: str
    land: Land
    latitude: float
    longitude: float
    is_post: bool


class WorldMap:
    """The countries and places of a plan, drawn with the dice handed in; `pairs` goes on for ever."""

    def __init__(self, plan: WorldPlan, visas: tuple[str, ...], dice: Dice) -> None:
        self.plan, self.visas, self.dice = plan, visas, dice
        self.lands = self._lands()
        self.spots = self._spots()
        self.at: dict[str, list[Spot]] = {}
        for spot in self.spots:
            self.at.setdefault(spot.land.code, []).append(spot)

    def _lands(self) -> list[Land]:
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        codes = [a + b for a in letters for b in letters if a + b not in (HOME, "EU")]
        chosen = [HOME, *sorted(self.dice.sample(codes, self.plan.countries - 1))]
        found = []
        for number, code in enumerate(chosen):
            in_zone = 0 < number <= self.plan.countries // 10
            free = self.dice.random() < 0.35
            visa = self.visas[0] if in_zone else "" if free else self.dice.choice(self.visas)
            found.append(
                Land(
                    code=code,
                    number=number,
                    latitude=55.0 if number == 0 else round(self.dice.uniform(-50, 65), 2),
                    longitude=38.0 if number == 0 else round(self.dice.uniform(-120, 150), 2),
                    size=4.0 if number == 0 else self.dice.choice([0.5, 1.0, 1.0, 2.0]),
                    in_zone=in_zone,
                    visa="" if number == 0 else visa,
                    closed=number > 0 and not in_zone and self.dice.random() < 0.06,
                )
            )
        return found

    def _spots(self) -> list[Spot]:
        share = self.plan.places // self.plan.countries
        counts = [share] * self.plan.countries
        counts[0] += self.plan.places - share * self.plan.countries
        for number in range(1, self.plan.countries):  # the home country is four times as rich in places
            if counts[0] < min(4 * share, self.plan.places // 2) and counts[number] > 2 and number % 3 == 0:
                counts[number] -= 1
                counts[0] += 1
        found = []
        for land, count in zip(self.lands, counts, strict=True):
            posts = min(POSTS, count // 3) if land.number == 0 else 0
            for n in range(count):
                angle = self.dice.uniform(0, 2 * math.pi)
                far = 0.0 if n == 0 else self.dice.uniform(0.5, 3) * land.size
                found.append(
                    Spot(
                        id=f"{land.code.lower()}-{'post-' if n >= count - posts else ''}{n}",
                        land=land,
                        latitude=round(max(-89, min(89, land.latitude + far * math.sin(angle))), 3),
                        longitude=round(max(-179, min(179, land.longitude + far * math.cos(angle))), 3),
                        is_post=n >= count - posts,
                    )
                )
        return found

    def pairs(self) -> Iterator[tuple[Spot, Spot, str]]:
        """Pairs of places in both directions; posts are only ever passed on the way out of the home country."""
        for spots in self.at.values():
            for n, spot in enumerate(spots):
                for other in (spots[0], spots[n - 1]):
                    yield other, spot, "domestic"
                    if not spot.is_post:
                        yield spot, other, "domestic"
        yield from self._over_land()
        while True:
            yield from self._by_air()

    def _over_land(self) -> Iterator[tuple[Spot, Spot, str]]:
        for land in self.lands:
            others = [other for other in self.lands if other is not land]
            near = sorted(others, key=lambda other: (degrees_between(land, other), other.code))
            for number, other in enumerate(near[: POSTS if land.number == 0 else 4]):
                posts = [spot for spot in self.at[land.code] if spot.is_post]
                origin = posts[number] if number < len(posts) else self.dice.choice(self.at[land.code])
                target = self.dice.choice([spot for spot in self.at[other.code] if not spot.is_post])
                yield origin, target, self.dice.choice(["road", "rail"])
                if not origin.is_post and other.number > 0:
                    yield target, origin, "road"

    def _by_air(self) -> Iterator[tuple[Spot, Spot, str]]:
        """A few hundred flights: of eight draws the nearest is taken, so that long ones are rarer."""
        for land in self.dice.choices(self.lands, weights=[one.size for one in self.lands], k=400):
            drawn = self.dice.choices(self.lands, weights=[one.size for one in self.lands], k=8)
            other = min(drawn, key=lambda one: (degrees_between(land, one), one.code))
            if other is land:
                continue
            origin, target = (
                self.dice.choice([spot for spot in self.at[one.code] if not spot.is_post][:4])
                for one in (land, other)
            )
            yield origin, target, "air"
            yield target, origin, "air"


def degrees_between(one: Land | Spot, other: Land | Spot) -> float:
    """Rough distance on the map; a world of dice needs no sphere."""
    wide = math.cos(math.radians((one.latitude + other.latitude) / 2))
    return math.hypot(one.latitude - other.latitude, (one.longitude - other.longitude) * wide)
