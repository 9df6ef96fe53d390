"""What there is to be looked up for Today, asked in one statement: on most days most of its cards stay empty.

Kept true: a card that is said to be empty here is empty, because each part asks for less than the query it stands
before; what is said not to be empty is looked up as ever. Written out: to build the queries costs Django far more
than to find nothing by them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from tropa.desk.messengers.queries import NOT_DELIVERED
from tropa.desk.plans.models import Mark
from tropa.desk.retention.clocks import CLOSED
from tropa.desk.retention.queries import until_warned
from tropa.desk.retention.timing import day_of
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.hand_over import KEPT
from tropa.desk.talk.inbox_rows import ON_DUTY
from tropa.desk.vault.case_grants import HELD
from tropa.desk.vault.last_act import require_time_runs_on

STATES = ", ".join(["%s"] * len(NOT_DELIVERED))
STEPS = f"""SELECT 1 FROM plans_release r JOIN plans_planstep s ON s.id = r.step_id
    JOIN plans_plan p ON p.id = s.plan_id WHERE p.case_id IN ({HELD})"""  # noqa: S608  # literals, as all below
MARKED = f"SELECT 1 FROM plans_plan p WHERE p.mark <> %s AND p.case_id IN ({HELD})"  # noqa: S608
UNDELIVERED = f"SELECT 1 FROM messengers_outgoing o WHERE NOT o.settled AND o.state IN ({STATES})"  # noqa: S608
CLOSED_CASES = f"SELECT 1 FROM cases_case c WHERE c.phase IN (%s, %s) AND c.id IN ({HELD})"  # noqa: S608
UNTAKEN = f"""SELECT 1 FROM talk_thread t WHERE NOT t.waiting AND t.retention_day <= %s
    AND COALESCE(t.duty_epoch_id, '') IN ({ON_DUTY})"""  # noqa: S608
GIVEN = "SELECT 1 FROM cases_assignment a WHERE a.taker_id = %s OR a.giver_id = %s"
HANDED_OVER = "SELECT 1 FROM talk_handover h WHERE h.day >= %s"
MENTIONS = "SELECT 1 FROM talk_mention m WHERE m.member_id = %s"
FINDINGS = f"""SELECT 1 FROM work_finding f JOIN cases_case c ON c.id = f.case_id
    WHERE (c.lead_id = %s OR c.second_id = %s) AND f.case_id IN ({HELD})"""  # noqa: S608
PARTS = (STEPS, MARKED, UNDELIVERED, CLOSED_CASES, UNTAKEN, GIVEN, HANDED_OVER, MENTIONS, FINDINGS)
"""In the order of the fields of `Glance`."""
STATEMENT = f"SELECT {', '.join(f'EXISTS ({part})' for part in PARTS)}"


@dataclass(frozen=True, slots=True)
class Glance:
    """Whether there is anything at all: open or settled steps, marked plans, messages that did not arrive, closed cases
    and untaken threads that may go soon, cases given by name, notes of shifts, mentions, findings of the sentinel.
    """

    steps: bool
    marked_plans: bool
    undelivered: bool
    closed_cases: bool
    untaken_that_go: bool
    given: bool
    handed_over: bool
    mentions: bool
    findings: bool


def at_a_glance(*, reader: Reader) -> Glance:
    """For this reader, now; one query."""
    require_time_runs_on(reader.now)
    on, adapted = reader.now.date(), connection.ops.adapt_datefield_value
    me, held = reader.member.pk, (reader.member.pk, adapted(on))
    values: list[Any] = [*held, Mark.NONE.value, *held, *(state.value for state in NOT_DELIVERED)]
    values += [*(phase.value for phase in CLOSED), *held, adapted(until_warned(day_of(reader.now))), me]
    values += [me, me, adapted(on - KEPT), me, me, me, *held]
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, values)
        return Glance(*map(bool, cursor.fetchone()))
