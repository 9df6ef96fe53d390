"""A party that parts, on request only: each group planned as separate people, and which of their plans go together.

Kept true: nobody is parted unless the groups are named. From the place of parting each group stands on its own papers,
statuses and lawful stay, under the deadline and the wishes of all; it is planned as anybody else is. The purse is
one: plans go together only if what each may cost at worst is in it in sum. Income is not counted, for it would reach
only some of them. Danger is told as the chance that it goes wrong for anybody, and as that of the group it is worst
for; time as that of the last to arrive. Given are all choices that no other beats on these and on money, among the
plans offered to each group; first those that end in one country for all, where they can be together again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tropa.atlas import Protection
from tropa.planning.answer import Planner
from tropa.planning.errors import BadPerson, PersonProblem
from tropa.planning.person import PersonFacts
from tropa.planning.plan import Plan, PlanSet, Span

Groups = tuple[tuple[int, ...], ...]
"""Members of the party by number, the person being 0, as they travel together."""

MOST_GROUPS = 4


@dataclass(frozen=True, slots=True)
class PartedGroup:
    """One group and everything found for it, as if it had the whole purse."""

    members: tuple[int, ...]
    plans: PlanSet


@dataclass(frozen=True, slots=True)
class Split:
    """One plan for each group, by id. `country`: where all of them end, "" if in different ones. `anybody`: the chance
    that it goes wrong for somebody, refusals counted; `worst`: for the group it is worst for; `days`: until the last
    has arrived, if nobody refuses; `euros`: what each group has to have with it when they part, at worst."""

    plans: tuple[str, ...]
    country: str
    anybody: Span
    worst: Span
    days: Span
    euros: tuple[int, ...]

    @property
    def purse(self) -> int:
        """What they need together."""
        return sum(self.euros)


@dataclass(frozen=True, slots=True)
class Apart:
    """The answer for a party that may part. `together`: the answer for those who do not; `splits`: those that end in
    one country first, then the surest first; none if some group has no plan, or if the purse is short by
    `short_euros`."""

    together: PlanSet
    groups: tuple[PartedGroup, ...]
    splits: tuple[Split, ...]
    short_euros: int = 0


def plans_apart(planner: Planner, person: PersonFacts, on: date, groups: Groups) -> Apart:
    """Plans of the groups of a party, and which go together. Raises BadPerson for groups that are not the party, each
    member once, and for what the atlas does not know."""
    _check(person, groups)
    together = planner.plans(person, on)
    parted = tuple(PartedGroup(group, planner.plans(group_of(person, group), on)) for group in groups)
    every = [_options(planner, one.plans.front) for one in parted]
    fitting = _best(_joined(every, person.money_euros))
    shared = set.intersection(*({one.country for one in options} for options in every))
    meeting = [
        split
        for country in sorted(shared)
        for split in _best(
            _joined([[o for o in options if o.country == country] for options in every], person.money_euros)
        )
    ]
    met = _best(meeting)
    splits = (*met, *(one for one in fitting if not any(_covers(other, one) for other in met)))
    short = 0
    if not splits and all(every):
        short = sum(min(option.euros for option in options) for options in every) - person.money_euros
    return Apart(together, parted, splits, short)


def group_of(person: PersonFacts, members: Sequence[int]) -> PersonFacts:
    """A group of the party as people of their own."""
    first, *others = (person.members[number] for number in members)
    return replace(
        person,
        profile=first.profile,
        papers=first.papers,
        statuses=first.statuses,
        citizenship=first.citizenship,
        companions=tuple(others),
        income_euros=0,
    )


def _check(person: PersonFacts, groups: Groups) -> None:
    told = sorted(number for group in groups for number in group)
    if told != list(range(len(person.members))) or not all(groups) or not 2 <= len(groups) <= MOST_GROUPS:
        found = " / ".join(",".join(str(number + 1) for number in group) for group in groups)
        expected = f"2 to {MOST_GROUPS} groups in which each of 1 to {len(person.members)} stands once"
        raise BadPerson((PersonProblem("apart", found, expected),))


@dataclass(frozen=True, slots=True)
class _Option:
    """A plan of one group, or plans of several groups: ids, where they end, what they cost."""

    plans: tuple[str, ...]
    country: str
    safe: tuple[
        float, float, float
    ]  # the chance that it goes wrong for nobody: at the worse end, point, better
    worst: Span
    days: Span
    each: tuple[int, ...]

    @property
    def euros(self) -> int:
        return sum(self.each)

    @property
    def cost(self) -> tuple[float, float, float, float]:
        """What is compared, each the less the better."""
        return -self.safe[0], self.worst.high, self.days.high, float(self.euros)


def _options(planner: Planner, front: Iterable[Plan]) -> list[_Option]:
    return [_option(planner, plan) for plan in front]


def _option(planner: Planner, plan: Plan) -> _Option:
    haven = planner.atlas.fact(plan.haven).value
    assert isinstance(haven, Protection)
    failure = plan.outlook.failure if plan.outlook is not None else plan.cost.risk
    safe = (1 - failure.high, 1 - failure.point, 1 - failure.low)
    return _Option((plan.id,), haven.country, safe, failure, plan.cost.days, (math.ceil(plan.worst_euros),))


def _joined(every: Sequence[Sequence[_Option]], purse: int) -> list[_Option]:
    """One option of each group, within the purse. Options that others beat go after each group: whatever is added to
    both of two, the beaten one stays beaten."""
    joined = [option for option in every[0] if option.euros <= purse]
    for options in every[1:]:
        pairs = (_with(one, other) for one in joined for other in options)
        joined = _unbeaten(pair for pair in pairs if pair.euros <= purse)
    return joined


def _with(one: _Option, other: _Option) -> _Option:
    low, point, high = (a * b for a, b in zip(one.safe, other.safe, strict=True))
    return _Option(
        plans=(*one.plans, *other.plans),
        country=one.country if one.country == other.country else "",
        safe=(low, point, high),
        worst=_worse(one.worst, other.worst),
        days=_worse(one.days, other.days),
        each=(*one.each, *other.each),
    )


def _worse(one: Span, other: Span) -> Span:
    return Span(max(one.low, other.low), max(one.point, other.point), max(one.high, other.high))


def _unbeaten(options: Iterable[_Option]) -> list[_Option]:
    kept: list[_Option] = []
    for option in sorted(options, key=lambda one: (one.cost, one.plans)):
        if not any(all(a <= b for a, b in zip(other.cost, option.cost, strict=True)) for other in kept):
            kept.append(option)
    return kept


def _best(options: Iterable[_Option | Split]) -> list[Split]:
    """The unbeaten ones as splits, the surest first."""
    splits = [option if isinstance(option, Split) else _split(option) for option in options]
    kept: list[Split] = []
    for split in sorted(splits, key=lambda one: (_cost(one), one.plans)):
        if not any(_covers(other, split) for other in kept):
            kept.append(split)
    return kept


def _split(option: _Option) -> Split:
    worse, point, better = (max(0.0, 1 - safe) for safe in option.safe)
    anybody = Span(min(better, point), point, max(worse, point))
    return Split(option.plans, option.country, anybody, option.worst, option.days, option.each)


def _cost(split: Split) -> tuple[float, float, float, float]:
    return split.anybody.high, split.worst.high, split.days.high, float(split.purse)


def _covers(one: Split, other: Split) -> bool:
    return all(a <= b for a, b in zip(_cost(one), _cost(other), strict=True))
