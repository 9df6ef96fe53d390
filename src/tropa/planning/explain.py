"""Says why: why each step, what closed the other ways, what would change the choice, and why there is no plan.

Kept true: every statement is the result of a search with one thing changed, never a guess; what cannot be worked out is
left unsaid. Compared is always the surest way (least danger, a refusal weighing a tenth of being caught). Facts
that are overdue are asked about together: the answer names those that the better way would rest on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tropa.planning.building import build
from tropa.planning.compiling import Compilations
from tropa.planning.graph import SafetyGraph
from tropa.planning.moves import MOST_DOUBT
from tropa.planning.person import PersonFacts, Wish, WishKind, WishVerdict
from tropa.planning.plan import Closed, NoPlan, Plan, Reason, Step, StepKind
from tropa.planning.search import Search, Way, by_money, surest
from tropa.planning.setting import Setting
from tropa.planning.standing import FactBook
from tropa.planning.units import World, chance, nats

MOST_CHANGES = 8
FACT_CODES = ("fact_overdue", "fact_unverified")
DUST_DIGITS = 9
"""Figures alike to so many digits are the same: sums in another order differ by floating dust."""


class Explainer:
    """Explains one person's answer; each changed setting is compiled and searched once."""

    def __init__(
        self,
        compilations: Compilations,
        person: PersonFacts,
        on: date,
        graph: SafetyGraph,
        search: Search,
    ) -> None:
        self.compilations, self.atlas, self.person, self.on = compilations, graph.atlas, person, on
        self.graph, self.search = graph, search
        self._surest: dict[Setting, Way | None] = {}
        self._without: dict[str, Way | None] = {}

    # --- one thing changed ------------------------------------------------------------------------------------------

    def surest(self, setting: Setting) -> Way | None:
        """The surest way in a changed setting."""
        if setting not in self._surest:
            self._surest[setting] = self._search(setting)
        return self._surest[setting]

    def _search(self, setting: Setting) -> Way | None:
        if replace(setting, any_money=False) == Setting():
            search = self.search
        else:
            search = Search(build(self.compilations, self.person, self.on, setting), stop=self.search.stop)
        start = search.graph.start
        assert start is not None
        budget = None if setting.any_money else self.person.money_euros
        return search.best(start, budget=budget)

    def surest_to(self, country: str, setting: Setting) -> Way | None:
        """The surest way that ends in a country, in a changed setting."""
        elsewhere = frozenset(fact.id for fact in self.atlas.protections if fact.value.country != country)
        # lower bounds that end states elsewhere draw near would let the search wander for minutes
        graph = build(self.compilations, self.person, self.on, replace(setting, without=elsewhere))
        assert graph.start is not None
        budget = None if setting.any_money else self.person.money_euros
        return Search(graph, stop=self.search.stop).best(graph.start, budget=budget)

    def better(self, setting: Setting) -> Way | None:
        """The surest way of a changed setting, if it is surer than today's or there is none today."""
        today, changed = self.surest(Setting()), self.surest(setting)
        if changed is None or (today is not None and surest(changed.cost) >= surest(today.cost)):
            return None
        return changed

    # --- steps ------------------------------------------------------------------------------------------------------

    def explained(self, plan: Plan) -> Plan:
        """The plan with a reason for each step that could be left out or done otherwise."""
        return replace(plan, steps=tuple(self._explained(step, plan) for step in plan.steps))

    def _explained(self, step: Step, plan: Plan) -> Step:
        if step.kind is StepKind.WAIT:
            return step
        return replace(step, reasons=(*step.reasons, self._without_step(step.action, plan)))

    def _without_step(self, action: str, plan: Plan) -> Reason:
        way = self._surest_without(action)
        if way is None:
            return Reason("without_step_none")
        more_euros = way.euros - round(plan.cost.euros.high)
        more_days = way.days - plan.cost.days.high
        return Reason(
            "without_step",
            (
                ("risk", danger_of(way)),
                ("was", percent(plan.cost.risk.high)),
                ("sure", sureness_of(way)),
                (
                    "sure_was",
                    percent(math.prod(step.chance.low if step.chance else 1.0 for step in plan.steps)),
                ),
                ("euros", f"{more_euros:+d}"),
                ("days", f"{round(more_days):+d}"),
                ("country", self.ends_in(way)),
            ),
        )

    def _surest_without(self, action: str) -> Way | None:
        """The surest way that does without an action; where today's surest does not use it, that one."""
        today = self.surest(Setting())
        if today is not None and action not in today.action_ids:
            return today
        if today is not None and action == today.action_ids[-1]:
            # an end state draws the lower bounds near: without it they have to be found anew
            return self.surest(Setting(without=frozenset({action})))
        if action not in self._without:
            start = self.graph.start
            assert start is not None
            self._without[action] = self.search.best(
                start, budget=self.person.money_euros, without=frozenset({action})
            )
        return self._without[action]

    def contested(self, ways: Sequence[Way]) -> list[tuple[Reason, ...]]:
        """For each way whether another of these beats it once all figures are at their better end."""
        costs = [_figures_at_best(self.graph, way) for way in ways]
        return [
            (Reason("contested"),)
            if any(
                other.rank >= way.rank
                and (theirs, other.rank) != (mine, way.rank)
                and all(one <= own for one, own in zip(theirs, mine, strict=True))
                for other, theirs in zip(ways, costs, strict=True)
            )
            else ()
            for way, mine in zip(ways, costs, strict=True)
        ]

    # --- what closed ways -------------------------------------------------------------------------------------------

    def closed(self) -> tuple[Closed, ...]:
        """Every reason that closed actions, with how many, and what relaxing it would bring."""
        found = [
            Closed(reason, count, self._relaxed(reason))
            for reason, count in self.graph.closures.counts.items()
        ]
        return tuple(
            sorted(
                found, key=lambda one: (one.relaxed is None, -one.actions, one.reason.code, one.reason.values)
            )
        )

    def _relaxed(self, reason: Reason) -> Reason | None:
        setting = self._relaxing(reason)
        way = self.better(setting) if setting else None
        if way is None:
            return None
        if reason.code in FACT_CODES and dict(reason.values)["fact"] not in self._overdue_facts(way):
            return None
        return Reason("relaxed", self.figures(way))

    def _relaxing(self, reason: Reason) -> Setting | None:
        values = dict(reason.values)
        if reason.code == "wish_never":
            wish = Wish(WishKind(values["wish"]), values["about"], WishVerdict.NEVER)
            return Setting(waived=frozenset({wish}))
        if reason.code == "status_unknown":
            return Setting(no_bars=True)
        if reason.code == "haven_rank":
            return Setting(any_haven=True)
        if reason.code in FACT_CODES:
            return Setting(confirmed=True)
        return None

    # --- what would change the choice -------------------------------------------------------------------------------

    def changes(self) -> tuple[Reason, ...]:
        """What would bring a surer way, the greatest gain first."""
        gains: list[tuple[tuple[int, ...], Reason]] = []
        for code, values, setting in self._questions():
            way = self.better(setting)
            if way is not None:
                extra = self.extra_values(code, way)
                gains.append((surest(way.cost), Reason(code, (*values, *extra, *self.figures(way)))))
        gains.sort(key=lambda gain: (gain[0], gain[1].code, gain[1].values))
        return tuple(reason for _, reason in gains[:MOST_CHANGES])

    def _questions(self) -> list[tuple[str, tuple[tuple[str, str], ...], Setting]]:
        asked: list[tuple[str, tuple[tuple[str, str], ...], Setting]] = []
        for wish in self.person.wishes:
            if wish.verdict is not WishVerdict.ALLOW:
                values = (("verdict", wish.verdict.value), ("wish", wish.kind.value), ("about", wish.about))
                asked.append(("change_wish", values, Setting(waived=frozenset({wish}))))
        closed = {reason.code for reason in self.graph.closures.counts}
        if "status_unknown" in closed:
            asked.append(("change_status_known", (), Setting(no_bars=True)))
        if closed & set(FACT_CODES):
            asked.append(("change_confirm", (), Setting(confirmed=True)))
        if self.person.least_haven:
            asked.append(("change_haven", (), Setting(any_haven=True)))
        asked.append(("change_money", (), Setting(any_money=True)))
        if self.person.deadline:
            asked.append(("change_deadline", (), Setting(any_day=True)))
        papers = self._papers_worth_having()
        if papers and self.better(Setting(given_papers=frozenset(papers))) is not None:
            asked.extend(
                ("change_paper", (("paper", paper),), Setting(given_papers=frozenset({paper})))
                for paper in papers
            )
        return asked

    def _papers_worth_having(self) -> tuple[str, ...]:
        """Papers somebody lacks and some open border, office or end state asks for."""
        held = [{one.paper for one in member.papers} for member in self.person.members]
        wanted = self.graph.papers_asked
        return tuple(
            id_
            for number, id_ in enumerate(self.graph.paper_ids)
            if wanted >> number & 1 and any(id_ not in papers for papers in held)
        )

    def extra_values(self, code: str, way: Way) -> tuple[tuple[str, str], ...]:
        """The facts to be confirmed, and who keeps them, where that is what a way needs."""
        if code == "change_confirm":
            facts = self._overdue_facts(way)
            owners = sorted({self.atlas.fact(fact).owner for fact in facts})
            return (("facts", " ".join(facts)), ("owners", " ".join(owners)))
        return ()

    def _overdue_facts(self, way: Way) -> tuple[str, ...]:
        """Facts a way rests on that nobody has confirmed in time."""
        book = FactBook(self.atlas, self.on, confirmed=False)
        facts = dict.fromkeys(
            fact
            for move in way.moves
            for fact in (
                *move.action.facts,
                *(one for a in move.admissions for one in (*a.facts, *a.stay_facts)),
            )
        )
        overdue = []
        for id_ in facts:
            fact = self.atlas.fact(id_)
            if book.is_permission(fact) and isinstance(book.permission(fact), Reason):
                overdue.append(id_)
        return tuple(overdue)

    def figures(self, way: Way) -> tuple[tuple[str, str], ...]:
        """What a sentence about a way may name."""
        return (
            ("risk", danger_of(way)),
            ("days", str(round(way.days))),
            ("euros", str(way.euros)),
            ("sure", sureness_of(way)),
            ("country", self.ends_in(way)),
        )

    def ends_in(self, way: Way) -> str:
        """The country a way ends in."""
        return self.graph.spots[way.moves[-1].action.origin].country

    # --- no plan ----------------------------------------------------------------------------------------------------

    def no_plan(self) -> NoPlan:
        """Which single constraint closed the last way, and what would open one; if no single one, all together."""
        closed_by: list[Reason] = []
        would_open: list[Reason] = []
        if (cheapest := self._cheapest()) is not None:
            closed_by.append(Reason("none_money", (("euros", str(self.person.money_euros)),)))
            would_open.append(
                Reason("open_money", (("needed", str(cheapest.euros)), *self.figures(cheapest)))
            )
        for code, values, setting in self.obstacles():
            way = self.surest(setting)
            if way is not None:
                closed_by.append(Reason(f"none_{code}", values))
                would_open.append(
                    Reason(
                        f"open_{code}",
                        (*values, *self.extra_values(f"change_{code}", way), *self.figures(way)),
                    )
                )
        if not closed_by:
            closed_by, would_open = self._together()
        return NoPlan((*self._stops(), *closed_by), tuple(would_open))

    def _stops(self) -> tuple[Reason, ...]:
        """Emergency stops that closed some way for this person, each once."""
        stopped = [dict(one.values) for one in self.graph.closures.counts if one.code == "fact_stopped"]
        named = dict.fromkeys((told["stop"], told["scope"]) for told in stopped)
        return tuple(Reason("stop_in_force", (("stop", stop), ("scope", scope))) for stop, scope in named)

    def _cheapest(self) -> Way | None:
        start = self.graph.start
        assert start is not None
        return Search(self.graph, money_unit=1, stop=self.search.stop).best(
            start, budget=None, order=by_money
        )

    def obstacles(self) -> list[tuple[str, tuple[tuple[str, str], ...], Setting]]:
        """Every single thing that might be otherwise, money apart."""
        asked = [
            (code.removeprefix("change_"), values, setting)
            for code, values, setting in self._questions()
            if code != "change_money"
        ]
        barred = [reason for reason in self.graph.closures.counts if reason.code == "status_bars"]
        if barred:
            statuses = " ".join(dict(reason.values)["status"] for reason in barred)
            asked.append(("bars", (("statuses", statuses),), Setting(no_bars=True, lifted=True)))
        return asked

    def _together(self) -> tuple[list[Reason], list[Reason]]:
        """Several constraints closed the last way together: name all that stand in the way of the freest world."""
        free = Setting(
            waived=frozenset(wish for wish in self.person.wishes if wish.verdict is not WishVerdict.ALLOW),
            confirmed=True,
            no_bars=True,
            lifted=True,
            any_money=True,
            any_day=True,
            any_haven=True,
        )
        way = self.surest(free)
        if way is None:
            return [Reason("none_known", (("place", self.person.place),))], []
        needed = [reason for reason, _ in self._needed(free)]
        opened = Reason("open_together", self.figures(way))
        return needed or [Reason("none_together")], [opened]

    def _needed(self, free: Setting) -> list[tuple[Reason, Setting]]:
        """Freedoms without which even the freest world has no way."""
        tried = [
            (Reason("none_confirm"), replace(free, confirmed=False)),
            (Reason("none_status_known"), replace(free, no_bars=False, lifted=False)),
            (
                Reason("none_money", (("euros", str(self.person.money_euros)),)),
                replace(free, any_money=False),
            ),
            (Reason("none_deadline"), replace(free, any_day=False)),
            (Reason("none_haven"), replace(free, any_haven=False)),
            (Reason("none_wishes"), replace(free, waived=frozenset())),
        ]
        return [(reason, setting) for reason, setting in tried if self.surest(setting) is None]


def _figures_at_best(graph: SafetyGraph, way: Way) -> tuple[float, ...]:
    """Danger in nats, quarters of a day, euros and doubt of a way with every figure at its better end, exactly."""
    from tropa.planning.steps import steps_of  # noqa: PLC0415 - steps read ways; a cycle at import time otherwise

    assert graph.start is not None
    _, charges = steps_of(graph, graph.start, way)
    best = World.OPTIMISTIC
    refusals = (one for move in way.moves for one in move.refusals)
    return (
        round(sum(charge.nats[best] for charge in charges), DUST_DIGITS),
        sum(charge.ticks[best] for charge in charges),
        round(sum(charge.euros[best] for charge in charges), DUST_DIGITS),
        round(sum(nats(min(one.low, MOST_DOUBT)) for one in refusals), DUST_DIGITS),
    )


def danger_of(way: Way) -> str:
    """What a way comes to in danger, exactly: the units of the search round every act up."""
    return percent(chance(sum(move.nats for move in way.moves)))


def sureness_of(way: Way) -> str:
    """The chance that nobody refuses on a way, exactly."""
    return percent(math.prod(1 - refusal.high for move in way.moves for refusal in move.refusals))


def percent(probability: float) -> str:
    """A chance in percent with as many digits as an estimate bears."""
    percent = probability * 100
    return f"{percent:.0f}" if percent >= 10 else f"{percent:.1f}"
