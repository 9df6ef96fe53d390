"""The facts a case is planned on: saved sealed, version by version, and handed to the planner.

Kept true: nothing is saved that the planner could not use, and two people never overwrite each other
unknowingly. A change of facts voids every plan that was checked against the old ones and withdraws its unread
steps.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from django.db import transaction

from tropa.desk import clock
from tropa.desk.audit.readings import note_reading
from tropa.desk.audit.refusals import refuse
from tropa.desk.by_key import by_key
from tropa.desk.cases.models import Case
from tropa.desk.facts import atlas
from tropa.desk.plans.ended_steps import Ending, write_down
from tropa.desk.plans.errors import ChangedMeanwhile, FactsDoNotOpen, PlannerAway, WrongFacts
from tropa.desk.plans.models import PlanFacts
from tropa.desk.plans.planner import planner
from tropa.desk.plans.sealing import open_row, seal_into
from tropa.desk.plans.voiding import void_plans
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.services import CaseSeed, open_case_seed
from tropa.desk.work.copies import ensure_copy, keep_copy
from tropa.envelope import EnvelopeError
from tropa.planning.errors import BadPerson, PlannerUnavailable
from tropa.planning.person import PersonFacts, check_against
from tropa.planning.plan import PlanSet
from tropa.planning.plan_json import WrongJson, from_json, to_json


@dataclass(frozen=True, slots=True)
class SavedFacts:
    """The facts and the number of their version. `damaged`: what is stored under it does not open, and these
    were put in its place for the page. `elsewhere`: they come from a card that says the person is where no city of
    Russia can stand for them, so the place means nothing and nothing is planned from it.
    """

    person: PersonFacts
    version: int
    damaged: bool = False
    elsewhere: bool = False


def saved_facts(*, reader: Reader, case: Case) -> SavedFacts | None:
    """The facts as last saved; None before the first time. Raises NoGrant, FactsDoNotOpen."""
    opened = open_case_seed(reader=reader, case=case)
    note_reading(reader=reader, held=case)
    row = by_key(PlanFacts, case.pk)
    if row is None:
        return None
    person = person_in(row, opened)
    if person is None:
        refuse(table="plans_planfacts", row=row.pk, day=reader.now.date())
        raise FactsDoNotOpen(row.version)
    ensure_copy(case=case, person=person, version=row.version)
    return SavedFacts(person, row.version)


def person_in(row: PlanFacts, opened: CaseSeed) -> PersonFacts | None:
    """The facts as a holder of the case saved them; None when the row does not open or read."""
    try:
        return from_json(PersonFacts, open_row(row, opened))
    except (EnvelopeError, WrongJson, ValueError):
        return None


def checked(person: PersonFacts) -> PersonFacts:
    """The person, if the atlas knows everything named and every date can be. Raises WrongFacts."""
    try:
        check_against(atlas(), person, clock.facts_day())
    except BadPerson as error:
        raise WrongFacts(error.problems) from None
    return person


def settled(person: PersonFacts) -> PersonFacts:
    """The same facts in one order, so that equal facts are equal however they were entered."""
    return replace(
        person,
        papers=tuple(sorted(person.papers, key=lambda held: held.paper)),
        statuses=tuple(sorted(person.statuses, key=lambda known: known.status.value)),
        wishes=tuple(sorted(person.wishes, key=lambda wish: (wish.kind.value, wish.about))),
    )


def save_facts(*, reader: Reader, case: Case, facts: PersonFacts, version: int) -> SavedFacts:
    """Save `facts` over version `version` (0: the first). Equal facts change nothing; damaged ones are
    replaced.

    Raises NoGrant, WrongFacts, ChangedMeanwhile.
    """
    facts = settled(checked(facts))
    with transaction.atomic():
        saved, ending = _saved(reader, case, facts, version)
    write_down(ending)
    return saved


def _saved(reader: Reader, case: Case, facts: PersonFacts, version: int) -> tuple[SavedFacts, Ending]:
    opened = open_case_seed(reader=reader, case=case)
    row = PlanFacts.objects.select_for_update().filter(case=case).first()
    if (row.version if row else 0) != version:
        raise ChangedMeanwhile
    if row is not None and person_in(row, opened) == facts:
        return SavedFacts(facts, version), Ending()
    row = row or PlanFacts(case=case)
    row.version = version + 1
    seal_into(row, case, opened, to_json(facts).encode()).save()
    keep_copy(case=case, person=facts, version=row.version)
    return SavedFacts(facts, row.version), void_plans(reader=reader, case=case)


def compute(
    *, reader: Reader, case: Case, facts: PersonFacts | None = None, only: Collection[str] | None = None
) -> PlanSet:
    """The planner's answer for the saved facts, or for `facts` where they are only being tried. `only`: of the plans
    nothing beats no more than those shown and those of these ids.

    Raises NoGrant, FactsDoNotOpen, WrongFacts, and PlannerAway when the planner does not answer: what was
    saved stays saved.
    """
    saved = None if facts is not None else saved_facts(reader=reader, case=case)
    person = facts or (saved.person if saved else None)
    if person is None:
        raise WrongFacts(())
    try:
        return planner().plans(checked(person), only)
    except BadPerson as error:
        raise WrongFacts(error.problems) from None
    except PlannerUnavailable:
        raise PlannerAway from None
