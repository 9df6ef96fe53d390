"""Reading about cases: who holds what, and who could be a second holder."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q

from tropa.desk.cases.models import Case, Phase
from tropa.desk.staff.models import Member, Role
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.services import held_case_ids, verified_caseworker
from tropa.envelope import EnvelopeError

OPEN = ~Q(phase__in=[Phase.CLOSED, Phase.SAFE])


def held_cases(*, reader: Reader) -> Iterable[Case]:
    """The cases the reader holds a grant for, newest first."""
    cases = Case.objects.filter(pk__in=held_case_ids(reader=reader)).select_related("lead", "second", "team")
    return cases.order_by("-opened_day", "id")


def second_holder_for(*, member: Member, on: date) -> Member | None:
    """Who should hold a new case beside `member`: the one on their team with the fewest open cases, else a
    coordinator, else nobody. Who may hold cases stands in their certificate: people it does not say so of
    that day, whatever their row calls them, are passed over. The team is the row's alone.
    """
    others = Member.objects.filter(active=True).exclude(pk=member.pk).select_related("issuer")
    loads = others.annotate(
        load=Count("leads", filter=~Q(leads__phase=Phase.CLOSED), distinct=True)
        + Count("seconds", filter=~Q(seconds__phase=Phase.CLOSED), distinct=True)
    ).exclude(role=Role.RESEARCHER)
    for candidates in (loads.filter(team_id=member.team_id), loads.filter(role=Role.COORDINATOR)):
        for candidate in candidates.order_by("load", "id"):
            if _may_hold(candidate, on):
                return candidate
    return None


def _may_hold(member: Member, on: date) -> bool:
    try:
        verified_caseworker(member, on)
    except EnvelopeError:
        return False
    return True
