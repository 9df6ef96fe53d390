"""Walks a plan day by day against the atlas, sharing no code with the planner but its result types.

It knows the law of the model in its own words: where one is each quarter of a day, what one may show, which rule
admits, how long one may stay, what everything costs at the pessimistic end. `faults(...)` lists what is wrong with
a plan.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta

from tropa.atlas import Answer, Atlas, Effect, Fact, HazardSubject, Standing, StayKind
from tropa.planning.person import PersonFacts, answer_of
from tropa.planning.plan import Plan, Step, StepKind

QUARTERS = 4


class Walk:
    """One party on one plan."""

    def __init__(self, atlas: Atlas, person: PersonFacts, on: date) -> None:
        self.atlas, self.person, self.on = atlas, person, on
        self.place = person.place
        self.quarter = 0
        self.spent = 0.0
        self.nats = 0.0
        self.got: list[set[str]] = [set() for _ in person.members]
        self.days_in: dict[str, set[date]] = {}
        self.entered: date | None = person.entered
        self.entry_papers: list[set[str]] = [self.shown(number, on) for number in range(len(person.members))]
        for stay in person.past_stays:
            self._note(self.zone(stay.country), stay.first, stay.last)
        if person.entered and not self.home(self.country):
            self._note(self.zone(self.country), person.entered, on)

    # where and when

    @property
    def country(self) -> str:
        return self.atlas.places[self.place].value.country

    @property
    def today(self) -> date:
        return self.on + timedelta(days=self.quarter // QUARTERS)

    def zone(self, country: str) -> str:
        return self.atlas.countries[country].value.zone

    def home(self, country: str) -> bool:
        return country == self.person.citizenship

    def _note(self, zone: str, first: date, last: date) -> None:
        self.days_in.setdefault(zone, set()).update(
            first + timedelta(days=number) for number in range((last - first).days + 1)
        )

    def shown(self, member: int, day: date) -> set[str]:
        held = {
            one.paper
            for one in self.person.members[member].papers
            if (one.valid_from is None or one.valid_from <= day)
            and (one.valid_until is None or day <= one.valid_until)
        }
        return held | self.got[member]

    # what is wrong

    def step(self, step: Step) -> Iterator[str]:
        if step.origin != self.place:
            yield f"step {step.number} begins at {step.origin}, the party is at {self.place}"
        if step.starts != self.today:
            yield f"step {step.number} starts {step.starts}, it is {self.today}"
        match step.kind:
            case StepKind.WAIT:
                yield from self._wait(step)
            case StepKind.LEG:
                yield from self._leg(step)
            case StepKind.OBTAIN:
                yield from self._obtain(step)
            case StepKind.PROTECTION:
                yield from self._protection(step)
        if step.ends != self.today:
            yield f"step {step.number} ends {step.ends}, it is {self.today}"

    def _wait(self, step: Step) -> Iterator[str]:
        quarters = round(step.cost.days.high * QUARTERS)
        yield from self._live(quarters)
        yield from self._costs(step, self._day_nats(quarters), self._living(quarters))

    def _leg(self, step: Step) -> Iterator[str]:
        fact = self.atlas.fact(step.action)
        leg = fact.value
        if (leg.origin, leg.target) != (step.origin, step.target):  # type: ignore[union-attr]
            yield f"{step.action} leads elsewhere"
        yield from self._usable(fact)
        before = math.ceil(leg.wait_days.high * QUARTERS - 1e-9)  # type: ignore[union-attr]
        whole = math.ceil(leg.wait_days.high * QUARTERS + leg.hours.high / 6 - 1e-9)  # type: ignore[union-attr]
        nats, euros = self._day_nats(whole), self._living(whole)
        euros += leg.euros.high * len(self.person.members)  # type: ignore[union-attr]
        yield from self._live(before)
        left = self.country
        crossing = self.zone(left) != self.zone(self.atlas.places[step.target].value.country)
        if crossing:
            yield from self._exit(left, leg.mode)  # type: ignore[union-attr]
        nats += self._hazard(HazardSubject.LEG, step.action, step.origin, left, needed=not crossing)
        start = self.place
        self.quarter += whole - before
        if not crossing:
            yield from self._count_days(before_move=True)
            self.place = step.target
        else:
            self.place = step.target
            nats += self._hazard(HazardSubject.EXIT_CHECK, step.action, start, left)
            nats += self._hazard(HazardSubject.ENTRY_CHECK, step.action, step.target, self.country)
            yield from self._enter(leg.mode, leg.papers)  # type: ignore[union-attr]
        yield from self._costs(step, nats, euros)

    def _obtain(self, step: Step) -> Iterator[str]:
        fact = self.atlas.fact(step.action)
        offer = fact.value
        yield from self._usable(fact)
        if self.country not in offer.countries:  # type: ignore[union-attr]
            yield f"{step.action} is not offered in {self.country}"
        quarters = math.ceil(offer.days.high * QUARTERS - 1e-9)  # type: ignore[union-attr]
        applicants = [n for n in range(len(self.got)) if offer.paper not in self.shown(n, self.today)]  # type: ignore[union-attr]
        for member in applicants:
            if not offer.requires.met_by(self.shown(member, self.today)):  # type: ignore[union-attr]
                yield f"{step.action}: member {member} lacks what the office asks for"
        nats = self._day_nats(quarters) + self._hazard(
            HazardSubject.OFFICE, step.action, self.place, self.country
        )
        euros = self._living(quarters) + offer.euros.high * len(applicants)  # type: ignore[union-attr]
        yield from self._live(quarters)
        for member in applicants:
            self.got[member].add(offer.paper)  # type: ignore[union-attr]
        yield from self._costs(step, nats, euros)

    def _protection(self, step: Step) -> Iterator[str]:
        fact = self.atlas.fact(step.action)
        haven = fact.value
        yield from self._usable(fact)
        if haven.country != self.country:  # type: ignore[union-attr]
            yield f"{step.action} is not in {self.country}"
        for member in range(len(self.got)):
            if not haven.needs.met_by(self.shown(member, self.today)):  # type: ignore[union-attr]
                yield f"{step.action}: member {member} lacks papers"
        yield from self._count_days()
        nats = self._hazard(HazardSubject.RESIDUAL, step.action, self.place, self.country)
        self.quarter += math.ceil(haven.days.high * QUARTERS - 1e-9)  # type: ignore[union-attr]
        yield from self._costs(step, nats, haven.euros.high * len(self.got))  # type: ignore[union-attr]

    def _usable(self, fact: Fact) -> Iterator[str]:  # type: ignore[type-arg]
        if self.atlas.standing(fact, self.on) not in (Standing.USABLE, Standing.NOT_YET_VALID):
            yield f"{fact.id} may not be used"
        if not fact.in_force(self.today):
            yield f"{fact.id} is not in force on {self.today}"

    def _live(self, quarters: int) -> Iterator[str]:
        for _ in range(quarters):
            self.quarter += 1
            yield from self._count_days()

    def _count_days(self, *, before_move: bool = False) -> Iterator[str]:
        if self.home(self.country) or self.entered is None:
            return
        zone = self.zone(self.country)
        days = self.days_in.setdefault(zone, set())
        if self.today in days and not before_move:
            return
        self._note(zone, max(days, default=self.today), self.today)
        rules = self.atlas.stay_rules(self.country)
        bound = [
            rule for rule in rules if any(rule.value.papers.met_by(papers) for papers in self.entry_papers)
        ]
        if not bound and self.today > self.entered:
            yield f"{self.country}: no rule allows a stay on {self.today}"
        for rule in bound:
            used = self._used(rule.value.counts, days, rule.value.window)
            if rule.value.counts is StayKind.NOT_RECORDED and self.today > self.entered:
                yield f"{self.country}: no stay is recorded"
            if rule.value.days is not None and used > rule.value.days:
                yield f"{self.country}: {used} days on {self.today}, {rule.value.days} allowed"

    def _used(self, counts: StayKind, days: set[date], window: int | None) -> int:
        assert self.entered is not None
        if counts is StayKind.SLIDING:
            assert window is not None
            return sum(1 for day in days if 0 <= (self.today - day).days < window)
        if counts is StayKind.CALENDAR_YEAR:
            return sum(1 for day in days if day.year == self.today.year)
        return (self.today - self.entered).days + 1

    def _exit(self, country: str, mode: object) -> Iterator[str]:
        first = self.atlas.places[self.person.place].value.country
        if self.person.deadline and country == first and self.today > self.person.deadline:
            yield f"leaves on {self.today}, after the deadline"
        for check in self.atlas.exit_checks(country):
            if check.value.modes and mode not in check.value.modes:
                continue
            for member in self.person.members:
                for status in check.value.stops:
                    if answer_of(member, status) is not Answer.NO:
                        yield f"{check.id} stops a member: {status}"

    def _enter(self, mode: object, asked: object) -> Iterator[str]:
        self.entered = self.today
        if self.home(self.country):
            return
        zone = self.zone(self.country)
        self.days_in.setdefault(zone, set())
        for number, member in enumerate(self.person.members):
            shown = self.shown(number, self.today)
            admitted = [
                set(alternative)
                for rule in self.atlas.entry_rules(self.country)
                if rule.effect is Effect.PERMISSION
                and rule.value.citizenship == member.citizenship
                and (not rule.value.modes or mode in rule.value.modes)
                and self.atlas.standing(rule, self.on) is Standing.USABLE
                and rule.in_force(self.today)
                for alternative in rule.value.papers.alternatives
                if alternative <= shown
                and not self._refused(set(alternative), mode, member.citizenship)
                and self._valid_long(number, set(alternative), rule.value.passport_days or 0)
            ]
            if not admitted or not asked.met_by(shown):  # type: ignore[attr-defined]
                yield f"{self.country} does not admit member {number}"
            else:
                self.entry_papers[number] = admitted[0]
        self.days_in[zone].discard(self.today)
        self.days_in[zone].add(self.today)

    def _valid_long(self, member: int, papers: set[str], days: int) -> bool:
        travel = {one for one in papers if self.atlas.papers[one].value.travel_document}
        return travel <= self.shown(member, self.today + timedelta(days=days))

    def _refused(self, papers: set[str], mode: object, citizenship: str) -> bool:
        for refusal in self.atlas.refusals(self.country):
            begun = refusal.valid_from is None or refusal.valid_from <= self.today
            if refusal.value.paper in papers and begun:
                return True
        return any(
            rule.effect is Effect.PROHIBITION
            and rule.value.citizenship == citizenship
            and (not rule.value.modes or mode in rule.value.modes)
            and (rule.valid_from is None or rule.valid_from <= self.today)
            and rule.value.papers.met_by(papers)
            for rule in self.atlas.entry_rules(self.country)
        )

    # costs

    def _hazard(self, subject: HazardSubject, *scopes: str, needed: bool = True) -> float:
        whole = 0.0
        for member in self.person.members:
            for scope in scopes:
                found = self.atlas.hazards(subject, scope, member.profile, self.on)
                if found:
                    whole -= math.log(1 - self.atlas.chance(found[0], self.on).high)
                    break
            else:
                assert not needed, f"no {subject} for {scopes}"
        return whole

    def _day_nats(self, quarters: int) -> float:
        if not quarters:
            return 0.0
        return self._hazard(HazardSubject.DAY_OF_STAY, self.place, self.country) * quarters / QUARTERS

    def _living(self, quarters: int) -> float:
        fact = self.atlas.living.get(self.country)
        rate = fact.value.euros_per_day.high if fact else 0.0
        return rate * len(self.person.members) * quarters / QUARTERS

    def _costs(self, step: Step, nats: float, euros: float) -> Iterator[str]:
        self.nats += nats
        if not math.isclose(step.cost.risk.high, 1 - math.exp(-nats), rel_tol=1e-9, abs_tol=1e-12):
            yield f"step {step.number}: danger {step.cost.risk.high}, by the facts {1 - math.exp(-nats)}"
        if not 0 <= step.cost.euros.high - euros < 2:
            yield f"step {step.number}: {step.cost.euros.high} euros, by the facts {euros}"
        self.spent += step.cost.euros.high
        months = (self.today - self.on).days // 30
        if self.spent > self.person.money_euros + months * self.person.income_euros:
            yield f"step {step.number}: {self.spent} euros spent, more than there is"


def faults(atlas: Atlas, person: PersonFacts, on: date, plan: Plan) -> list[str]:
    """Everything wrong with a plan; nothing if it may be walked as it stands."""
    walk = Walk(atlas, person, on)
    found = [fault for step in plan.steps for fault in walk.step(step)]
    if plan.steps[-1].kind is not StepKind.PROTECTION:
        found.append("the plan does not end in safety")
    survive = math.prod(1 - step.cost.risk.high for step in plan.steps)
    if not math.isclose(1 - survive, plan.cost.risk.high, abs_tol=1e-9):
        found.append("the danger of the steps does not make that of the plan")
    for name in ("low", "point", "high"):
        for part in ("days", "euros"):
            whole = sum(getattr(getattr(step.cost, part), name) for step in plan.steps)
            if not math.isclose(whole, getattr(getattr(plan.cost, part), name), abs_tol=1e-6):
                found.append(f"{part} of the steps ({name}) do not add up")
    return found
