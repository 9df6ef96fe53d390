"""Reading about keys: who holds a case, from which key on and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tropa.desk.cases.models import Case
from tropa.desk.staff.models import Member
from tropa.desk.vault.case_grants import running
from tropa.desk.vault.models import CaseGrant


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A holder. `ends_day` None: without an end; `whole`: they read what was written before them too."""

    member: Member
    ends_day: date | None
    whole: bool


def grant_lines(*, case: Case, on: date) -> list[GrantLine]:
    """Everybody who holds the case that day, by pseudonym; one query."""
    grants = CaseGrant.objects.filter(running(on), key__case=case, member__active=True)
    found: dict[str, list[CaseGrant]] = {}
    for grant in grants.select_related("member", "key").order_by("member__pseudonym", "key__epoch"):
        found.setdefault(grant.member_id, []).append(grant)
    return [GrantLine(rows[0].member, rows[-1].ends_day, rows[0].key.epoch == 1) for rows in found.values()]
