"""Everything the workbench shows for one case: facts, plans, map and the opened step. Reads and arranges;
decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tropa.desk import clock
from tropa.desk.cases.card import Card
from tropa.desk.cases.errors import CardDoesNotOpen
from tropa.desk.cases.models import Case
from tropa.desk.cases.services import open_card
from tropa.desk.plans import wording
from tropa.desk.plans.comparison import Comparison, compared
from tropa.desk.plans.errors import FactsDoNotOpen, PlannerAway, WrongFacts
from tropa.desk.plans.fact_check import closed_facts
from tropa.desk.plans.facts_said import said_of
from tropa.desk.plans.forms import FactsForm
from tropa.desk.plans.map_of_plans import map_of
from tropa.desk.plans.models import LIVING_PLANS
from tropa.desk.plans.models import Plan as PlanRow
from tropa.desk.plans.names import Names, names_in
from tropa.desk.plans.notices import Notice, damaged_facts, place_not_named, planned_anew, shaken_notice
from tropa.desk.plans.plan_card import cards_of
from tropa.desk.plans.prefill import ELSEWHERE, facts_from_card
from tropa.desk.plans.queries import latest_plan, living_plan
from tropa.desk.plans.reasons import sentences_for
from tropa.desk.plans.services import SavedFacts, compute, saved_facts
from tropa.desk.plans.step_panel import stale_line, step_panel
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.models import Thread
from tropa.desk.talk.pseudonyms import name_of
from tropa.desk.vault.services import open_case_seed
from tropa.desk.work.copies import finding_for
from tropa.desk.work.sentinel import sentinel_public
from tropa.planning.person import PersonFacts
from tropa.planning.plan import Plan, PlanSet

MOST_WISHED = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """What of the set the reader looks at: a plan, a step of it, a plan to compare with; `whole`: all that closes
    ways and all that no other plan beats, too.
    """

    plan: str = ""
    step: int = 1
    against: str = ""
    whole: bool = False

    @property
    def only(self) -> list[str] | None:
        """The plans asked for beside those shown; None: all."""
        return None if self.whole else [one for one in (self.plan, self.against) if one]


@dataclass(slots=True)
class Answer:
    """The planner's set, or why there is none."""

    plans: PlanSet | None = None
    away: bool = False
    problems: WrongFacts | None = None
    page: dict[str, Any] = field(default_factory=dict)


def facts_of(*, reader: Reader, case: Case) -> SavedFacts:
    """The saved facts; before the first time those the triage card gives, as version 0; and the same in place of
    damaged ones, to be saved over them.
    """
    try:
        saved = saved_facts(reader=reader, case=case)
    except FactsDoNotOpen as error:
        return _from_card(reader, case, error.version, damaged=True)
    return saved or _from_card(reader, case, 0)


def _from_card(reader: Reader, case: Case, version: int, *, damaged: bool = False) -> SavedFacts:
    try:
        card, _version = open_card(reader=reader, case=case)
    except CardDoesNotOpen:
        card = Card()
    person = facts_from_card(card, clock.facts_day())
    return SavedFacts(person, version, damaged=damaged, elsewhere=card.whereabouts in ELSEWHERE)


def answer_for_saved(*, reader: Reader, case: Case, saved: SavedFacts, choice: Choice) -> Answer:
    """The planner's answer for what is saved; none where the place means nothing."""
    if saved.elsewhere:
        return Answer()
    return answer_for(reader=reader, case=case, person=saved.person, choice=choice)


def answer_for(*, reader: Reader, case: Case, person: PersonFacts, choice: Choice) -> Answer:
    """The planner's answer for these facts, with what the reader looks at; what cannot be answered is told, not
    raised.
    """
    try:
        return Answer(plans=compute(reader=reader, case=case, facts=person, only=choice.only))
    except PlannerAway:
        return Answer(away=True)
    except WrongFacts as error:
        return Answer(problems=error)


def found_meanwhile(*, reader: Reader, case: Case, person: PersonFacts) -> list[Notice]:
    """What unattended planning found for these facts, if there is anything to be said. Raises NoGrant."""
    if sentinel_public() is None:
        return []
    found = finding_for(case=case, person=person, opened=open_case_seed(reader=reader, case=case))
    notice = planned_anew(found) if found is not None else None
    return [notice] if notice else []


def workbench_context(
    *,
    case: Case,
    saved: SavedFacts,
    choice: Choice,
    answer: Answer,
    form: FactsForm | None = None,
    tried: PersonFacts | None = None,
) -> dict[str, Any]:
    """The page's context. `form`: the one that is asked for, or that a browser has just sent; without, the facts are
    read out. `tried`: the facts the answer is for, if not the saved ones.
    """
    thread = Thread.objects.filter(case=case).only("name").order_by("id").first()
    person = tried or saved.person
    if answer.problems is not None and form is not None and form.is_bound:
        form.add_problems(answer.problems.problems)
    latest = latest_plan(case=case)
    # the newest is nearly always the living one, too
    living = latest if latest is None or latest.state in LIVING_PLANS else living_plan(case=case)
    context: dict[str, Any] = {
        "section": "plans",
        "case": case,
        "thread": thread,
        "name": name_of(thread) if thread else None,
        "form": form,
        "said": said_of(person, placed=not saved.elsewhere) if form is None else (),
        "saved": saved,
        "living": living,
        "latest": latest,
        "latest_state": wording.plan_state(latest.state) if latest else "",
        "draft": (latest.version if latest else 0) + 1,
        "away": answer.away,
        "problems": answer.problems,
        "notices": _notices(saved, latest),
    }
    if answer.plans is not None:
        context |= plans_context(answer.plans, person, choice)
    return context


def _notices(saved: SavedFacts, latest: PlanRow | None) -> list[Notice]:
    """What is to be known before the plans are read."""
    shaken = shaken_notice(latest) if latest is not None else None
    return [
        *([damaged_facts()] if saved.damaged else []),
        *([place_not_named()] if saved.elsewhere else []),
        *([shaken] if shaken else []),
    ]


def plans_context(plans: PlanSet, person: PersonFacts, choice: Choice) -> dict[str, Any]:
    """Plans, map and opened step of a set."""
    names, say = names_in(plans.places, plans.papers), sentences_for(plans)
    shown = {plan.id: plan for plan in (*plans.front, *plans.plans)}
    chosen = shown.get(choice.plan) or next(iter(plans.plans), None)
    listed = list(plans.plans)
    if chosen is not None and chosen.id not in {plan.id for plan in listed}:
        listed.append(chosen)
    held = frozenset(paper.paper for paper in person.papers)
    cards = cards_of(listed, names, held, say, opened=choice.step, chosen=chosen.id if chosen else "")
    letters = {card.id: card.letter for card in cards}
    return {
        "set": plans,
        "found": wording.plans_found(plans),
        "cards": cards,
        "front": [(one, letters.get(one.id, ""), _figures(one)) for one in plans.front]
        if choice.whole
        else [],
        "front_count": len(plans.front) + plans.unlisted,
        "chosen": next((card for card in cards if chosen and card.id == chosen.id), None),
        "closed_list": [
            (say.one(c.reason), wording.ways_closed(c.actions), say.one(c.relaxed) if c.relaxed else "")
            for c in (plans.closed if choice.whole or not plans.plans else ())
        ],
        "closed_count": len(plans.closed),
        "changes": say.all(plans.changes),
        "begin_by": say.one(plans.begin_by) if plans.begin_by is not None else "",
        "ends": say.all(plans.ends),
        "no_plan": _no_plan(plans, say),
        "cut_off": say.one(plans.cut_off) if plans.cut_off is not None else "",
        "trimmed": say.one(plans.trimmed) if plans.trimmed is not None else "",
        "withheld": [
            (say.words.name(one.country), say.one(one.reason), say.all(one.would_open))
            for one in plans.withheld
        ],
        "map": map_of(listed, chosen, names, person, plans.on),
        **_opened(plans, chosen, person, names, choice),
        "comparison": _compared(chosen, shown.get(choice.against), names, letters),
    }


def _opened(
    plans: PlanSet, chosen: Plan | None, person: PersonFacts, names: Names, choice: Choice
) -> dict[str, Any]:
    if chosen is None:
        return {"step": None, "stale": []}
    numbers = [step.number for step in chosen.steps]
    number = choice.step if choice.step in numbers else numbers[0]
    step = next(step for step in chosen.steps if step.number == number)
    panel = step_panel(
        step,
        chosen,
        names=names,
        say=sentences_for(plans),
        notes=plans.facts,
        person=person,
        on=plans.on,
    )
    return {
        "step": panel,
        "stale": [stale_line(one) for one in closed_facts(chosen.facts, plans.on)],
        "earlier": number - 1 if number - 1 in numbers else 0,
        "later": number + 1 if number + 1 in numbers else 0,
    }


def _compared(
    chosen: Plan | None, other: Plan | None, names: Names, letters: dict[str, str]
) -> Comparison | None:
    if chosen is None or other is None or other is chosen:
        return None
    return compared(chosen, other, names, letters)


def _no_plan(plans: PlanSet, say: Any) -> dict[str, Any] | None:
    if plans.no_plan is None:
        return None
    return {"closed_by": say.all(plans.no_plan.closed_by), "would_open": say.all(plans.no_plan.would_open)}


def _figures(plan: Plan) -> str:
    cost = plan.cost
    return f"{wording.percents(cost.risk)}, {wording.days(cost.days)}, {wording.euros(cost.euros)}"


def wished_in(plans: PlanSet | None) -> list[str]:
    """Countries the shown plans lead through or to: those one may want to pin or forbid."""
    if plans is None:
        return []
    country = {place.id: place.country for place in plans.places}
    passed = [country.get(step.target, "") for plan in plans.plans for step in plan.steps]
    return list(dict.fromkeys(code for code in passed if code))[:MOST_WISHED]
