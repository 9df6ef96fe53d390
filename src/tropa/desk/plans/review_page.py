"""The review as a second reader sees it, and the release as the holders see it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tropa.desk import clock
from tropa.desk.audit.refusals import refuse
from tropa.desk.plans import wording
from tropa.desk.plans.check_ins import expected_check_ins
from tropa.desk.plans.differences import differences
from tropa.desk.plans.errors import Altered
from tropa.desk.plans.fact_check import closed_facts
from tropa.desk.plans.models import Plan, PlanState, PlanStep, Release, ReleaseState
from tropa.desk.plans.names import Names, names_in
from tropa.desk.plans.opening import OpenPlan, open_plan
from tropa.desk.plans.plan_card import LETTERS, card_of
from tropa.desk.plans.queries import held_plans, version_before, waiting_for_review
from tropa.desk.plans.reasons import stored_sentences
from tropa.desk.plans.releasing import TAKEN_UP
from tropa.desk.plans.sealing import open_reason
from tropa.desk.plans.step_panel import source_line, stale_line, step_panel
from tropa.desk.staff.models import Member
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.pseudonyms import name_of
from tropa.envelope import EnvelopeError


def list_context(reader: Reader) -> dict[str, Any]:
    """Everything the list shows; a constant number of queries."""
    approved = held_plans(reader=reader).filter(state=PlanState.APPROVED).order_by("expires", "id")
    returned = held_plans(reader=reader).filter(state=PlanState.RETURNED, author=reader.member)
    return {
        "section": "review",
        "waiting": [_line(plan, reader) for plan in waiting_for_review(reader=reader)],
        "approved": [_line(plan, reader) for plan in approved],
        "returned": [_line(plan, reader) for plan in returned.order_by("-version", "id")[:20]],
    }


def _line(plan: Plan, reader: Reader) -> dict[str, Any]:
    return {"plan": plan, "name": name_of(plan.thread), "own": plan.author_id == reader.member.pk}


def review_context(reader: Reader, plan: Plan) -> dict[str, Any]:
    """One plan version. An altered one shows nothing but that it was altered."""
    context: dict[str, Any] = {
        "section": "review",
        "plan": plan,
        "case": plan.case,
        "name": name_of(plan.thread),
        "state": wording.plan_state(plan.state),
        "own": plan.author_id == reader.member.pk,
        "in_review": plan.state == PlanState.IN_REVIEW,
        "overdue": reader.now >= plan.expires,
        "reasons": return_reasons(),
    }
    try:
        found = open_plan(reader=reader, plan=plan)
    except Altered:
        return context | {"altered": True}
    return context | _opened(reader, plan, found)


def return_reasons() -> list[tuple[str, str]]:
    """Why a plan goes back, as codes and words."""
    return [
        ("no_fallback", _("a fallback is missing")),
        ("doubtful_fact", _("a fact is doubtful")),
        ("danger_to_companion", _("dangerous for a companion")),
        ("unclear_text", _("the text to the person is unclear")),
        ("other", _("something else")),
    ]


def _opened(reader: Reader, plan: Plan, found: OpenPlan) -> dict[str, Any]:
    content = found.content
    way, names = content.plan, names_in(content.places, content.papers)
    letters = LETTERS["ru" if wording.russian() else "en"]
    letter = letters[int(content.letter) - 1] if content.letter else "·"
    scale = (way.cost.risk.high, way.cost.days.high, way.cost.euros.high)
    held = frozenset(paper.paper for paper in content.person.papers)
    before = version_before(reader=reader, plan=plan)
    on = clock.facts_day(reader.now)
    return {
        "letter": letter,
        "card": card_of(way, names, held, stored_sentences(content), letter=letter, scale=scale),
        "worst": f"{wording.grouped(way.worst_euros)}{wording.NBSP}€",
        "written": datetime.fromisoformat(content.written),
        "before": before,
        "changes": differences(before.found.content, content, names) if before and before.found else (),
        "sources": [source_line(note, on) for note in content.facts],
        "stale": [stale_line(one) for one in closed_facts(way.facts, on)],
        "checks": checks(found),
        "steps": _steps(reader, plan, found, names),
        "returned": _returned(plan, found),
    }


def checks(found: OpenPlan) -> list[tuple[bool, str]]:
    """What a second reader would check first: whether it holds, and the sentence."""
    way, person = found.content.plan, found.content.person
    ends = [one for step in way.steps for one in step.fallbacks if not one.steps]
    fragile = [step.number for step in way.steps if step.fragile]
    enough = way.worst_euros <= person.money_euros
    lines = [
        (not ends, _("Every fork has a way on") if not ends else _("A fork has no way on")),
        (
            enough,
            _("The money lasts in the worst branch too")
            if enough
            else _("The worst branch costs more than there is"),
        ),
        (True, _("Open crossings, regular carriers and own papers only")),
    ]
    if fragile or way.fragile:
        steps = ", ".join(map(str, fragile))
        lines.append((False, _("Fragile: step %(steps)s") % {"steps": steps} if steps else _("Fragile")))
    return lines


def _steps(reader: Reader, plan: Plan, found: OpenPlan, names: Names) -> list[dict[str, Any]]:
    content = found.content
    rows: dict[int, PlanStep] = {row.number: row for row in plan.steps.select_related("release")}
    awaited = {one.release.pk: one for one in expected_check_ins(reader=reader, plan=plan)}
    say = stored_sentences(content)
    releases = {number: getattr(row, "release", None) for number, row in rows.items()}
    following = _following(releases)
    lines = []
    for step, text in zip(content.plan.steps, content.steps, strict=True):
        panel = step_panel(
            step,
            content.plan,
            names=names,
            say=say,
            notes=content.facts,
            person=content.person,
            on=content.on,
        )
        release = releases[step.number]
        check_in = awaited.get(release.pk) if release else None
        lines.append(
            {
                "panel": panel,
                "text": text.text,
                "language": text.language,
                "release": release,
                "release_state": wording.release_state(release.state) if release else "",
                "unread": release is not None and release.state == ReleaseState.RELEASED,
                "due": check_in.due if check_in else None,
                "missed": check_in is not None and check_in.is_missed(reader.now),
                "unreadable": check_in is not None and check_in.unreadable,
                "may_send": release is None or release.state == ReleaseState.WITHDRAWN,
                "is_next": step.number == following,
            }
        )
    return lines


def _following(releases: dict[int, Release | None]) -> int:
    """The number of the step whose turn it is; 0 when an earlier one is still unread or all are out."""
    for number in sorted(releases):
        release = releases[number]
        if release is None or release.state == ReleaseState.WITHDRAWN:
            return number
        if release.state not in TAKEN_UP:
            return 0
    return 0


def _returned(plan: Plan, found: OpenPlan) -> dict[str, Any] | None:
    """Who returned it and why; `unreadable` where the row says so and no holder of the case gave a reason."""
    if plan.state != PlanState.RETURNED:
        return None
    try:
        said = json.loads(open_reason(plan, found.opened))
    except (EnvelopeError, ValueError):
        refuse(table="plans_plan", row=plan.pk, day=clock.now().date())
        return {"unreadable": True}
    words = dict(return_reasons())
    by = Member.objects.filter(pk=said["by"]).first()
    reasons: Sequence[str] = [words[code] for code in said["reasons"] if code in words]
    return {"by": by.pseudonym if by else "", "reasons": reasons, "words": said["words"]}
