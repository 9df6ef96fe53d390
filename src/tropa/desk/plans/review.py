"""Two people look at a plan before anything of it leaves: ask, approve, return.

Kept true: author and approver each sign, for every step, the same digest of case, thread, plan, version,
step, facts and expiry; both digests are computed from what was opened, never taken from a column. The author
never decides, nobody decides without a grant, and what does not match its digests or signatures is refused as
altered.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from django.db import transaction
from django.db.models import Max

from tropa.desk.audit.acts import Act
from tropa.desk.audit.services import record
from tropa.desk.cases.models import Case
from tropa.desk.conf import conf
from tropa.desk.identifiers import new_id
from tropa.desk.plans.content import PlanContent, fresh_salt, read_plan
from tropa.desk.plans.content import step_texts as salted_texts
from tropa.desk.plans.ended_steps import Ending, write_down
from tropa.desk.plans.errors import ChangedMeanwhile, NotThisPlan, Overdue, OwnPlan, WrongState
from tropa.desk.plans.fact_check import require_open
from tropa.desk.plans.fact_tags import names_of, tags_for
from tropa.desk.plans.models import Plan, PlanFacts, PlanState, PlanStep
from tropa.desk.plans.opening import OpenPlan, open_plan, require_reviewer
from tropa.desk.plans.sealing import seal_into, wrap_reason
from tropa.desk.plans.shaken import require_unshaken
from tropa.desk.plans.step_words import text_for
from tropa.desk.plans.voiding import void_plans
from tropa.desk.plans.working_facts import SavedFacts, compute, saved_facts
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.models import Thread
from tropa.desk.vault.services import open_case_seed
from tropa.envelope import ReleaseRole, sign_release
from tropa.planning.person import PersonFacts
from tropa.planning.plan import Plan as Way
from tropa.planning.plan import PlanSet

LONGEST_LIFE = timedelta(days=14)
"""A plan that is not walked within this time is looked at again."""


def ask_review(
    *,
    reader: Reader,
    case: Case,
    thread: Thread,
    plan: Way,
    step_texts: Mapping[int, str] | None = None,
    language: str = "ru",
    expires: datetime | None = None,
) -> Plan:
    """Store `plan` as the case's next version, signed step by step by its author, for somebody else to
    decide.

    The set is computed anew from the saved facts and must hold that very plan. `step_texts` replaces the
    words of steps by number. Earlier versions are void from now on. Nothing is locked while the planner runs.
    Raises NoGrant, NotThisPlan, PlannerAway, WrongFacts, FactsClosed, and ChangedMeanwhile when the facts were
    saved anew in the meantime.
    """
    if thread.case_id != case.pk:
        raise NotThisPlan
    saved = saved_facts(reader=reader, case=case)
    require_reviewer(reader)
    if saved is None:
        raise NotThisPlan
    plans = compute(reader=reader, case=case, facts=saved.person, only=[plan.id])
    chosen = next((one for one in (*plans.plans, *plans.front) if one.id == plan.id), None)
    if chosen is None:
        raise NotThisPlan
    require_open(chosen.facts)
    row = Plan(
        id=new_id(),
        case=case,
        thread=thread,
        expires=expires or last_moment(reader.now, plans, chosen),
        author=reader.member,
    )
    content = _content(plans, chosen, saved.person, step_texts or {}, language, reader.now)
    with transaction.atomic():
        if _facts_locked(reader, case) != saved:
            raise ChangedMeanwhile
        ending = _stored(reader, row, content)
    write_down(ending)
    return row


def _facts_locked(reader: Reader, case: Case) -> SavedFacts | None:
    """The facts as they stand, not to be saved by anybody else before this transaction ends."""
    PlanFacts.objects.select_for_update().filter(case=case).first()
    return saved_facts(reader=reader, case=case)


def _stored(reader: Reader, row: Plan, content: PlanContent) -> Ending:
    """Store the version with its author's signatures; what was before it ends."""
    opened = open_case_seed(reader=reader, case=row.case)
    latest = Plan.objects.filter(case=row.case).aggregate(latest=Max("version"))["latest"] or 0
    row.version, row.facts_digest = latest + 1, content.facts_digest()
    row.fact_tags = tags_for(row.pk, names_of(content))
    seal_into(row, row.case, opened, content.encode()).save(force_insert=True)
    _sign_as_author(reader, OpenPlan(row, content, opened, content.facts_digest()))
    ending = void_plans(reader=reader, case=row.case, but=row)
    detail = {"case": row.case_id, "plan": row.pk}
    record(reader=reader, act=Act.REVIEW_ASKED, detail=detail, now=reader.now)
    return ending


def last_moment(now: datetime, plans: PlanSet, way: Way) -> datetime:
    """Midnight (UTC) at which the plan runs out: two weeks, or earlier when a fact it rests on falls due.

    With a pinned day facts do not age, so only the two weeks count.
    """
    last = now.date() + LONGEST_LIFE
    if conf.as_of is None:
        rests_on = set(way.facts)
        last = min(
            [last, *(note.review_by + timedelta(days=1) for note in plans.facts if note.id in rests_on)]
        )
    return datetime.combine(last, time.min, UTC)


@transaction.atomic
def approve(*, reader: Reader, plan: Plan) -> Plan:
    """Sign every step as approver, after checking the author's signatures and all digests from the sealed
    content.

    Raises OwnPlan, NoGrant, WrongState, Altered, Overdue, FactsClosed, FactsChanged.
    """
    row = _locked(plan)
    if row.author_id == reader.member.pk:
        raise OwnPlan
    if row.state != PlanState.IN_REVIEW:
        raise WrongState
    found = open_plan(reader=reader, plan=row)
    require_reviewer(reader)
    if reader.now >= row.expires:
        raise Overdue
    require_open(found.content.plan.facts)
    require_unshaken(row)
    _sign_as_approver(reader, found)
    row.approver, row.state = reader.member, PlanState.APPROVED
    row.save(update_fields=["approver", "state"])
    record(reader=reader, act=Act.APPROVED, detail={"case": row.case_id, "plan": row.pk}, now=reader.now)
    return row


def return_plan(*, reader: Reader, plan: Plan, reasons: tuple[str, ...], words: str) -> Plan:
    """Give the plan back to its author with reasons (codes of `ReturnReason`) and words.

    Raises OwnPlan, NoGrant, WrongState.
    """
    with transaction.atomic():
        row = _locked(plan)
        if row.author_id == reader.member.pk:
            raise OwnPlan
        if row.state != PlanState.IN_REVIEW:
            raise WrongState
        opened = open_case_seed(reader=reader, case=row.case)
        said = {
            "by": reader.member.pk,
            "reasons": list(reasons),
            "words": words,
            "at": reader.now.isoformat(),
        }
        body = json.dumps(said, ensure_ascii=False).encode()
        row.state = PlanState.RETURNED
        wrap_reason(row, opened, body)
        row.save(update_fields=["state", "sealed_reason", "reason_epoch"])
        detail = {"case": row.case_id, "plan": row.pk}
        record(reader=reader, act=Act.RETURNED, detail=detail, now=reader.now)
    write_down(Ending(over=(row.pk,)))
    return row


def _content(
    plans: PlanSet, way: Way, person: PersonFacts, words: Mapping[int, str], language: str, now: datetime
) -> PlanContent:
    rests_on = set(way.facts)
    shown = [one.id for one in plans.plans]
    content = PlanContent(
        plan=way,
        letter=str(shown.index(way.id) + 1) if way.id in shown else "",
        person=person,
        on=plans.on,
        atlas_version=plans.atlas_version,
        facts=tuple(note for note in plans.facts if note.id in rests_on),
        places=plans.places,
        papers=plans.papers,
        countries=plans.countries,
        steps=(),
        salt=fresh_salt(),
        step_salt=fresh_salt(),
        written=now.isoformat(),
    )
    content = read_plan(content.encode())  # numbers as they will be read back: 80 and 80.0 have two digests
    texts = [(step.number, words.get(step.number) or text_for(step, plans, language)) for step in way.steps]
    return replace(content, steps=salted_texts(content, texts, language))


def _sign_as_author(reader: Reader, found: OpenPlan) -> None:
    key = reader.seed.signing()
    PlanStep.objects.bulk_create(
        PlanStep(
            id=new_id(),
            plan=found.plan,
            number=text.number,
            step_digest=text.digest(),
            author_signature=sign_release(key, found.statement(text.number), ReleaseRole.AUTHOR),
        )
        for text in found.content.steps
    )


def _sign_as_approver(reader: Reader, found: OpenPlan) -> None:
    key = reader.seed.signing()
    for row in found.plan.steps.all():
        row.approver_signature = sign_release(key, found.statement(row.number), ReleaseRole.APPROVER)
        row.save(update_fields=["approver_signature"])


def _locked(plan: Plan) -> Plan:
    return (
        Plan.objects.select_for_update(of=("self",)).select_related("author__issuer", "case").get(pk=plan.pk)
    )
