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
from tropa.planning.plan import Plan, PlanSet, Reason, Span
from tropa.planning.time_allowed import Stop, part_of

Groups = tuple[tuple[int, ...], ...]
"""Members of the party by number, the person being 0, as they travel together."""

MOST_GROUPS = 4
WHOLE_FRONT = frozenset({"cut_off_reasons", "cut_off_none"})
"""Where only explanations are missing."""


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
    `short_euros`. `cut_off`: the time was over before every plan of every group was found, and what is proven of what
    is missing then; nothing is said of the purse."""

    together: PlanSet
    groups: tuple[PartedGroup, ...]
    splits: tuple[Split, ...]
    short_euros: int = 0
    cut_off: Reason | None = None


def plans_apart(
    planner: Planner, person: PersonFacts, on: date, groups: Groups, *, stop: Stop | None = None
) -> Apart:
    """Plans of the groups of a party, and which go together. `stop` as for `Planner.plans`: all together and each group
    have the same share of the time, and what one leaves over is there for the next. Raises BadPerson for groups that
    are not the party, each member once, and for what the atlas does not know."""
    _check(person, groups)
    parts = len(groups) + 1
    shares = [part_of(stop, number, parts) if stop else None for number in range(parts)]
    together = planner.plans(person, on, stop=shares[0])
    parted = tuple(
        PartedGroup(group, planner.plans(group_of(person, group), on, stop=share))
        for group, share in zip(groups, shares[1:], strict=True)
    )
    cut_off = _proven([one.plans.cut_off for one in parted])
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
    if not splits and all(every) and cut_off is None:
        short = sum(min(option.euros for option in options) for options in every) - person.money_euros
    return Apart(together, parted, splits, short, cut_off)


def _proven(ends: Sequence[Reason | None]) -> Reason | None:
    """What is proven where the search of some group was stopped: whatever choice is missing holds a way that one of
    them did not find."""
    open_ = [one for one in ends if one is not None and one.code not in WHOLE_FRONT]
    if not open_:
        return None
    if any(one.code != "cut_off_below" for one in open_):
        return Reason("apart_cut_off")
    least = min((dict(one.values)["risk"] for one in open_), key=float)
    return Reason("apart_cut_off_below", (("risk", least),))


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
