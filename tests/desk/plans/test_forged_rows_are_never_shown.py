"""Property: whatever somebody who can write to the database changes, the applicant sees the genuine step
or none.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.desk.plans.flow import TEXT, approved, released, seen
from tropa.desk.audit.models import Refusal
from tropa.desk.plans.applicant import current_step
from tropa.desk.plans.models import Plan, PlanState, PlanStep, Release, ReleaseState
from tropa.desk.plans.services import release_step
from tropa.desk.staff.models import Member
from tropa.envelope import Seed, seal

if TYPE_CHECKING:
    from tests.desk.plans.conftest import Planned


def targets(planned: Planned) -> list[tuple[type[models.Model], str]]:
    release = Release.objects.select_related("step__plan").get(thread=planned.written.thread)
    plan = release.step.plan
    rows: list[models.Model] = [
        release,
        release.step,
        plan,
        plan.author,
        plan.approver,
        planned.written.thread,
    ]  # type: ignore[list-item]
    return [(type(row), str(row.pk)) for row in rows]


@st.composite
def changes(draw: st.DrawFn) -> tuple[int, int, bytes, int]:
    return (
        draw(st.integers(0, 5)),
        draw(st.integers(0, 40)),
        draw(st.binary(min_size=1, max_size=40)),
        draw(st.integers(1, 2**20)),
    )


def other_value(
    field: models.Field[Any, Any], now: Any, noise: bytes, number: int, others: dict[str, str]
) -> Any:
    if isinstance(field, models.ForeignKey):
        return others.get(field.related_model._meta.model_name or "")
    match field:
        case models.BinaryField():
            old = bytes(now or b"")
            where = number % (len(old) or 1)
            return old[:where] + bytes([old[where] ^ (noise[0] or 1)]) + old[where + 1 :] if old else noise
        case models.DateTimeField():  # before DateField, whose child it is
            return (now or field.to_python("2026-12-01T00:00:00+00:00")) + timedelta(days=number % 999 + 1)
        case models.DateField():
            return (now or field.to_python("2026-12-01")) + timedelta(days=number % 999 + 1)
        case models.BooleanField():
            return not now
        case models.IntegerField():
            return (now or 0) + number % 1000 + 1
        case _:
            return {"approved": "in_review", "released": "done"}.get(
                str(now), f"x{number}"[: field.max_length or 8]
            )


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(change=changes())
def test_a_changed_column_hides_the_step_or_changes_nothing_of_it(
    planned: Planned, change: tuple[int, int, bytes, int]
) -> None:
    if not Release.objects.exists():
        released(planned)
    which, column, noise, number = change
    model, key = targets(planned)[which]
    columns = [field for field in model._meta.concrete_fields if not field.primary_key]
    field = columns[column % len(columns)]
    others = {
        "member": planned.world.vera.member.pk,
        "case": planned.world.taken("другой")[1].pk if field.name == "case" else "",
        "thread": planned.world.write_in("другой").thread.pk if field.name == "thread" else "",
    }
    now = model._default_manager.values_list(field.attname, flat=True).get(pk=key)
    value = other_value(field, now, noise, number, others)
    if (value is None and not field.null) or value == now:
        return
    try:
        with transaction.atomic():
            model._default_manager.filter(pk=key).update(**{field.attname: value})
            shown = seen(planned)
            transaction.set_rollback(True)
    except IntegrityError:
        shown = None  # the database itself refuses it
    assert shown is None or (shown.text, shown.number) == (TEXT, 1), (model.__name__, field.name)


@pytest.mark.parametrize("column", ["sealed_applicant", "sequence", "releaser", "step", "thread"])
def test_a_column_of_a_release_that_is_signed_hides_it(planned: Planned, column: str) -> None:
    plan = approved(planned)
    released(planned, plan)
    values: dict[str, Any] = {
        "sealed_applicant": b"\x01" + bytes(1200),
        "sequence": 7,
        "releaser": planned.world.vera.member,
        "step": plan.steps.get(number=2),
        "thread": planned.world.write_in("другой").thread,
    }
    Release.objects.update(**{column: values[column]})
    assert seen(planned) is None


@pytest.mark.parametrize("column", ["state", "version", "facts_digest", "expires", "author", "approver"])
def test_a_column_of_a_plan_that_is_signed_hides_it(planned: Planned, column: str) -> None:
    plan = approved(planned)
    released(planned, plan)
    assert seen(planned) is not None
    values: dict[str, Any] = {
        "state": PlanState.VOID,
        "version": 9,
        "facts_digest": bytes(32),
        "expires": plan.expires + timedelta(days=30),
        "author": planned.world.vera.member,
        "approver": planned.world.vera.member,
    }
    Plan.objects.update(**{column: values[column]})
    assert seen(planned) is None
    assert Refusal.objects.filter(table="plans_release").exists()


@pytest.mark.parametrize("column", ["number", "step_digest", "author_signature", "approver_signature"])
def test_a_column_of_a_step_that_is_signed_hides_it(planned: Planned, column: str) -> None:
    released(planned)
    step = PlanStep.objects.get(release__isnull=False)
    values: dict[str, Any] = {
        "number": 44,
        "step_digest": bytes(32),
        "author_signature": bytes(step.approver_signature or b""),
        "approver_signature": bytes(step.author_signature),
    }
    PlanStep.objects.filter(pk=step.pk).update(**{column: values[column]})
    assert seen(planned) is None


@pytest.mark.parametrize("column", ["certificate", "sign_public", "seal_public", "issuer"])
def test_a_planted_key_of_an_approver_hides_the_step(planned: Planned, column: str) -> None:
    released(planned)
    vera = planned.world.vera.member
    Member.objects.filter(pk=planned.world.anna.member.pk).update(**{column: getattr(vera, column)})
    assert seen(planned) is None


def test_a_step_of_one_person_is_not_shown_to_another(planned: Planned) -> None:
    release = released(planned)
    other = planned.world.write_in("Другой человек")
    Release.objects.filter(pk=release.pk).update(thread=other.thread)
    assert current_step(thread=other.thread, seed=other.keys.seed, now=planned.world.now) is None


def test_a_text_sealed_by_somebody_who_knows_the_public_key_is_not_shown(planned: Planned) -> None:
    """Anybody can seal to the applicant; nobody can sign for two people."""
    release = released(planned)
    from tropa.desk.plans.content import encode_release, read_release
    from tropa.desk.plans.sealing import place
    from tropa.envelope import open_sealed

    sealing = planned.written.keys.seed.sealing()
    context = place(release, "sealed_applicant")
    body, signature = read_release(open_sealed(sealing, context, bytes(release.sealed_applicant)))
    from dataclasses import replace

    forged = replace(body, step=replace(body.step, text="Идите в лес."))
    Release.objects.update(sealed_applicant=seal(sealing.public, context, encode_release(forged, signature)))
    assert seen(planned) is None


def test_a_replayed_release_is_not_shown(planned: Planned) -> None:
    """The blob of step 1 put into the row of step 2, and the row of step 2 taken away."""
    plan = approved(planned)
    first = released(planned, plan)
    Release.objects.filter(pk=first.pk).update(state=ReleaseState.DONE)
    second = release_step(reader=planned.world.boris.reader(), step=plan.steps.get(number=2))
    Release.objects.filter(pk=second.pk).update(sealed_applicant=bytes(first.sealed_applicant))
    assert seen(planned) is None


def test_an_older_approved_version_is_not_shown_again(planned: Planned) -> None:
    plan = approved(planned)
    released(planned, plan)
    newer = approved(planned)
    assert seen(planned) is None
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.APPROVED)
    Release.objects.update(state=ReleaseState.RELEASED)
    assert newer.version > plan.version
    assert seen(planned) is None


def test_wrong_keys_see_nothing(planned: Planned) -> None:
    released(planned)
    stranger = Seed(bytes(range(32)))
    assert current_step(thread=planned.written.thread, seed=stranger, now=planned.world.now) is None
