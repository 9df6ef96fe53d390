"""The atlas: one immutable set of facts with typed look-ups, and one version that names its whole content.

Kept true: look-ups are built once and are plain dictionary reads afterwards; iteration is in the order of
ids, whatever the order of files; two atlases with equal content have equal versions. Rules are returned
whether or not they may be used: callers ask `usable` with the day they plan for, so that what was closed by
age can be named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeVar

from tropa.atlas.basics import PartialDate, Range, Text
from tropa.atlas.digest import digest
from tropa.atlas.errors import UnknownFactError
from tropa.atlas.informing import Contact, Decisions, Extradition, Figure, Settling, Treaty
from tropa.atlas.kinds import (
    Clock,
    Country,
    Crossing,
    EntryCheck,
    EntryRule,
    ExitCheck,
    Gap,
    Hazard,
    Incident,
    Leg,
    Living,
    Obtain,
    Paper,
    PaperRefusal,
    Place,
    Protection,
    Provision,
    StayRule,
    Stop,
    Value,
)
from tropa.atlas.model import Effect, Fact, Review, Standing
from tropa.atlas.stops import closed_offices, closures
from tropa.atlas.terms import HazardSubject, ProfileClass

T = TypeVar("T", bound=Value)


@dataclass(frozen=True, slots=True)
class PackMeta:
    """What `pack.yaml` says. `version` is the publisher's label; `Atlas.version` is the digest of the
    content. `synthetic`: an invented world, whose countries have codes nobody assigned.
    """

    name: Text
    format: int
    version: str
    published: date
    review: Review
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Superseded:
    """A version of a fact that stood from the day it was recorded until, and without, the day `until`."""

    fact: Fact[Value]
    recorded: date
    until: date


@dataclass(frozen=True, slots=True)
class Doubts:
    """Hazards that something known since speaks against: `doubted` count at their upper end until somebody looks,
    `refuted` are closed as if unknown, because even their upper end is too low for what was counted.
    """

    doubted: tuple[str, ...] = ()
    refuted: tuple[str, ...] = ()


NO_DOUBTS = Doubts()


class Atlas:
    """Facts by id and by what they are about. Immutable; build it with `tropa.atlas.load_pack`."""

    def __init__(
        self,
        *,
        meta: PackMeta,
        facts: Iterable[Fact[Value]],
        version: str | None = None,
        reviewed_as_of: date | None = None,
        history: tuple[Superseded, ...] = (),
        doubts: Doubts = NO_DOUBTS,
    ) -> None:
        self._meta = meta
        self._facts = MappingProxyType({fact.id: fact for fact in sorted(facts, key=lambda fact: fact.id)})
        self._version = version
        self._reviewed_as_of = reviewed_as_of
        self._history = history
        self._doubts = doubts
        self._doubted = frozenset(doubts.doubted)

    @property
    def meta(self) -> PackMeta:
        """The pack's own description."""
        return self._meta

    @property
    def version(self) -> str:
        """Digest of the content, 64 hex digits; equal for equal facts, whatever files they came from. Worked out when
        first asked for.
        """
        if self._version is None:
            self._version = digest(self._meta, self._facts.values())
        return self._version

    @property
    def facts(self) -> Mapping[str, Fact[Value]]:
        """Every fact by id, in the order of ids."""
        return self._facts

    @property
    def reviewed_as_of(self) -> date | None:
        """The day on which unverified facts count as reviewed (example world, rehearsal, tests); None in
        earnest.
        """
        return self._reviewed_as_of

    @property
    def history(self) -> tuple[Superseded, ...]:
        """Versions of facts that stood before; `tropa.atlas.history` answers what was believed on a day."""
        return self._history

    def fact(self, fact_id: str) -> Fact[Value]:
        """The fact with this id, or `UnknownFactError`."""
        try:
            return self._facts[fact_id]
        except KeyError:
            raise UnknownFactError(fact_id) from None

    def standing(self, fact: Fact[Value], on: date) -> Standing:
        """Whether the fact may be used on a day, and if not, why. An emergency stop beats everything."""
        if fact.id in self._closures:
            return Standing.STOPPED
        return fact.standing(on, reviewed_as_of=self._reviewed_as_of)

    def usable(self, fact: Fact[Value], on: date) -> bool:
        """Whether it may be used on a day. Permissions fail closed; prohibitions, once begun, always bind."""
        return self.standing(fact, on) is Standing.USABLE

    def stops_on(self, fact: Fact[Value]) -> tuple[Fact[Stop], ...]:
        """The emergency stops that close this fact; none for a fact that is not stopped."""
        return self._closures.get(fact.id, ())

    def chance(self, fact: Fact[Hazard], on: date) -> Range:
        """The hazard's range on a day: as stated while the fact is usable and nothing that happened since speaks
        against it, closed at its upper end otherwise.
        """
        stands = fact.id not in self._doubted and self.usable(fact, on)
        return fact.value.chance if stands else fact.value.chance.pessimistic

    @cached_property
    def countries(self) -> Mapping[str, Fact[Country]]:
        """By ISO code."""
        return {fact.value.iso2: fact for fact in self._of(Country)}

    @cached_property
    def places(self) -> Mapping[str, Fact[Place]]:
        """By id."""
        return {fact.id: fact for fact in self._of(Place)}

    @cached_property
    def papers(self) -> Mapping[str, Fact[Paper]]:
        """By id."""
        return {fact.id: fact for fact in self._of(Paper)}

    @cached_property
    def living(self) -> Mapping[str, Fact[Living]]:
        """By country."""
        return {fact.value.country: fact for fact in self._of(Living)}

    @cached_property
    def legs(self) -> tuple[Fact[Leg], ...]:
        """Every leg."""
        return self._of(Leg)

    @cached_property
    def obtains(self) -> tuple[Fact[Obtain], ...]:
        """Every way to a paper, closed programmes included, among them those an emergency stop closes."""
        known = self._of(Obtain)
        return (*known, *closed_offices(known, self._facts))

    @cached_property
    def provisions(self) -> tuple[Fact[Provision], ...]:
        """Every provision of law."""
        return self._of(Provision)

    @cached_property
    def clocks(self) -> tuple[Fact[Clock], ...]:
        """Every deadline."""
        return self._of(Clock)

    @cached_property
    def stops(self) -> tuple[Fact[Stop], ...]:
        """Every emergency stop in force."""
        return self._of(Stop)

    @cached_property
    def _closures(self) -> Mapping[str, tuple[Fact[Stop], ...]]:
        return closures(self._facts)

    @property
    def doubts(self) -> Doubts:
        """Hazards that something known since speaks against, and that nobody has looked at."""
        return self._doubts

    @cached_property
    def gaps(self) -> tuple[Fact[Gap], ...]:
        """Everything no source gives."""
        return self._of(Gap)

    @cached_property
    def incidents(self) -> tuple[Fact[Incident], ...]:
        """Every incident, latest first, undated ones last."""
        return tuple(sorted(self._of(Incident), key=_latest_first, reverse=True))

    @cached_property
    def protections(self) -> tuple[Fact[Protection], ...]:
        """Every end state."""
        return self._of(Protection)

    def protections_in(self, country: str) -> tuple[Fact[Protection], ...]:
        """The end states of a country."""
        return tuple(fact for fact in self.protections if fact.value.country == country)

    def decisions_in(self, country: str) -> tuple[Fact[Decisions], ...]:
        """What a country decided on Russian applicants, by year."""
        found = [fact for fact in self._of(Decisions) if fact.value.country == country]
        return tuple(sorted(found, key=lambda fact: fact.value.year))

    @cached_property
    def crossings(self) -> tuple[Fact[Crossing], ...]:
        """Every border post on record, closed ones included."""
        return self._of(Crossing)

    @cached_property
    def entry_checks(self) -> tuple[Fact[EntryCheck], ...]:
        """Which lists are looked into on entering a country."""
        return self._of(EntryCheck)

    @cached_property
    def contacts(self) -> tuple[Fact[Contact], ...]:
        """Where partner organisations can be reached."""
        return self._of(Contact)

    @cached_property
    def treaties(self) -> tuple[Fact[Treaty], ...]:
        """How countries stand to treaties."""
        return self._of(Treaty)

    @cached_property
    def extraditions(self) -> Mapping[str, Fact[Extradition]]:
        """On what surrender to Russia rests, by country."""
        return {fact.value.country: fact for fact in self._of(Extradition)}

    @cached_property
    def figures(self) -> tuple[Fact[Figure], ...]:
        """Numbers others published."""
        return self._of(Figure)

    @cached_property
    def settling(self) -> tuple[Fact[Settling], ...]:
        """What is to be known for life after arrival."""
        return self._of(Settling)

    def exit_checks(self, country: str) -> tuple[Fact[ExitCheck], ...]:
        """Who is stopped on leaving a country."""
        return self._exit_checks.get(country, ())

    def entry_rules(self, country: str) -> tuple[Fact[EntryRule], ...]:
        """Who may enter a country: alternatives, where a prohibition beats every permission."""
        return self._entry_rules.get(country, ())

    def stay_rules(self, country: str) -> tuple[Fact[StayRule], ...]:
        """How long one may stay: all of them hold together."""
        return self._stay_rules.get(country, ())

    def refusals(self, country: str) -> tuple[Fact[PaperRefusal], ...]:
        """Papers a country does not accept."""
        return self._refusals.get(country, ())

    @cached_property
    def hazard_scopes(self) -> Mapping[HazardSubject, frozenset[str]]:
        """For each subject what any hazard is about, in force or not."""
        found: dict[HazardSubject, set[str]] = {subject: set() for subject in HazardSubject}
        for fact in self._of(Hazard):
            found[fact.value.subject].add(fact.value.scope)
        return {subject: frozenset(scopes) for subject, scopes in found.items()}

    def hazards(
        self, subject: HazardSubject, scope: str, profile: ProfileClass, on: date
    ) -> tuple[Fact[Hazard], ...]:
        """Hazards in force on a day for this subject, scope (country, place or leg) and class. The validator
        keeps them from overlapping, so there is at most one; none means: not known, and the way is closed.
        """
        candidates = self._hazards.get((subject, scope, profile), ())
        refuted = self._doubts.refuted
        return tuple(fact for fact in candidates if fact.in_force(on) and fact.id not in refuted)

    @cached_property
    def _exit_checks(self) -> Mapping[str, tuple[Fact[ExitCheck], ...]]:
        return _by_country(self._of(ExitCheck))

    @cached_property
    def _entry_rules(self) -> Mapping[str, tuple[Fact[EntryRule], ...]]:
        return _by_country(self._of(EntryRule))

    @cached_property
    def _stay_rules(self) -> Mapping[str, tuple[Fact[StayRule], ...]]:
        return _by_country(self._of(StayRule))

    @cached_property
    def _refusals(self) -> Mapping[str, tuple[Fact[PaperRefusal], ...]]:
        return _by_country(self._of(PaperRefusal))

    @cached_property
    def _hazards(self) -> Mapping[tuple[HazardSubject, str, ProfileClass], tuple[Fact[Hazard], ...]]:
        found: dict[tuple[HazardSubject, str, ProfileClass], list[Fact[Hazard]]] = defaultdict(list)
        for fact in self._of(Hazard):
            for profile in fact.value.classes:
                found[fact.value.subject, fact.value.scope, profile].append(fact)
        return {key: tuple(facts) for key, facts in found.items()}

    def _of(self, shape: type[T]) -> tuple[Fact[T], ...]:
        return self._by_shape.get(shape, ())

    @cached_property
    def _by_shape(self) -> Mapping[type[Any], tuple[Fact[Any], ...]]:
        """One walk over all facts instead of one for each kind: a changed atlas is indexed anew within a request."""
        found: dict[type[Any], list[Fact[Any]]] = defaultdict(list)
        for fact in self._facts.values():
            found[type(fact.value)].append(fact)
        return {shape: tuple(facts) for shape, facts in found.items()}

    def closed_permissions(self, on: date) -> tuple[tuple[Fact[Value], Standing], ...]:
        """Every permission that may not be used on a day, with the reason: what the answer lost by age."""
        return tuple(
            (fact, standing)
            for fact in self._facts.values()
            if fact.effect is Effect.PERMISSION
            and (standing := self.standing(fact, on)) is not Standing.USABLE
        )


R = TypeVar("R", ExitCheck, EntryRule, StayRule, PaperRefusal)


def _by_country(facts: Iterable[Fact[R]]) -> Mapping[str, tuple[Fact[R], ...]]:
    found: dict[str, list[Fact[R]]] = defaultdict(list)
    for fact in facts:
        found[fact.value.country].append(fact)
    return {country: tuple(rules) for country, rules in found.items()}


def _latest_first(fact: Fact[Incident]) -> tuple[bool, date, str]:
    happened: PartialDate | None = fact.value.happened
    return happened is not None, happened.latest if happened else date.min, fact.id
