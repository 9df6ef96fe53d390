"""Reading about people on staff and their visits."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q, QuerySet

from tropa.desk.staff import visits
from tropa.desk.staff.models import Member, Visit
from tropa.desk.staff.visit_rows import NEVER_NEEDED, running_visit
from tropa.desk.vault.errors import NoPinnedRoot
from tropa.desk.vault.pinned import root_public


def organisation_exists() -> bool:
    """Whether the set-up ceremony has been held: a root is pinned and somebody is on staff."""
    try:
        root_public()
    except NoPinnedRoot:
        return False
    return Member.objects.exists()


def visit_of(token: str, now: datetime) -> Visit | None:
    """The running visit of this token with its member, in one query; None when it ended or never was."""
    return running_visit(visits.visit_id(token), now)


def visits_of(member: Member) -> QuerySet[Visit]:
    """Where somebody is signed in, the visit that ends last first; without the sealed keys."""
    return Visit.objects.filter(member=member).defer("sealed_seed").order_by("-ends_after", "id")


def member_named(pseudonym: str) -> Member | None:
    """The active member with this pseudonym."""
    return Member.objects.filter(pseudonym=pseudonym, active=True).first()


def active_member(member_id: str) -> Member | None:
    """The active member with this id."""
    return Member.objects.select_related("team").filter(pk=member_id, active=True).first()


def active_members() -> QuerySet[Member]:
    """Everybody who works here, by team and pseudonym, with the number of cases they lead."""
    loads = Count("leads", filter=~Q(leads__phase__in=["closed", "safe"]), distinct=True)
    members = Member.objects.select_related("team").defer(*NEVER_NEEDED)
    return members.filter(active=True).annotate(load=loads).order_by("team__name", "pseudonym")


def colleagues_named(asked: str, *, most: int) -> list[Member]:
    """Who works here under a pseudonym that begins so, whatever the case of its letters. Compared here: SQLite knows no
    small Russian letters.
    """
    wanted = asked.casefold().strip()
    named = Member.objects.filter(active=True).values_list("pk", "pseudonym").order_by("pseudonym")
    ids = [pk for pk, pseudonym in named if pseudonym.casefold().startswith(wanted)][:most]
    found = Member.objects.select_related("team").defer(*NEVER_NEEDED).filter(pk__in=ids)
    return sorted(found, key=lambda member: member.pseudonym)
