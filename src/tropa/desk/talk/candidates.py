"""Who could take a thread: by what they can, whether they are on shift, and how much they hold.

Only people who may hold a case that day are proposed; what somebody says of themselves orders the list and shuts
nobody out of it. Nothing of the thread is opened here: its language is handed in by whoever could read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from tropa.desk.cases.models import Lane, Phase
from tropa.desk.staff.abilities import Abilities, abilities_of
from tropa.desk.staff.models import Member, Role
from tropa.desk.staff.visit_rows import NEVER_NEEDED
from tropa.desk.vault.models import Shift
from tropa.desk.vault.services import verified_caseworker
from tropa.envelope import EnvelopeError

MOST_PROPOSED = 8
ENDED = [Phase.CLOSED, Phase.SAFE]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could take a thread, and why. `most` 0: they named no limit."""

    member: Member
    load: int
    most: int
    skilled: bool
    speaks: bool
    on_shift: bool

    @property
    def full(self) -> bool:
        """Whether they hold as many cases as they wished for."""
        return bool(self.most) and self.load >= self.most


def candidates(
    *, lane: Lane, language: str, on: date, without: str, most: int = MOST_PROPOSED
) -> list[Candidate]:
    """The best first: who knows the lane and speaks the language; then who is on shift and holds least. Whoever holds
    as many cases as they wished for is proposed only when nobody has room.

    `language` empty: not known. `without`: the id of whoever asks. Four queries, whatever the number of people.
    """
    ended = Q(leads__phase__in=ENDED)
    working = Member.objects.filter(active=True).exclude(role=Role.RESEARCHER).exclude(pk=without)
    people = (
        working.defer(*NEVER_NEEDED)
        .select_related("issuer")
        .annotate(load=Count("leads", filter=~ended, distinct=True))
    )
    shifted = set(
        Shift.objects.filter(first_day__lte=on, last_day__gte=on).values_list("member_id", flat=True)
    )
    rows = list(people)
    said = abilities_of(one.pk for one in rows)
    found = [_candidate(one, said.get(one.pk), lane, language, one.pk in shifted) for one in rows]
    found.sort(
        key=lambda one: (
            one.full,
            not one.skilled,
            not one.speaks,
            not one.on_shift,
            one.load,
            one.member.pseudonym,
        )
    )
    proposed: list[Candidate] = []
    for one in found:
        if len(proposed) == most or (one.full and proposed and not proposed[0].full):
            break
        if may_hold(one.member, on):
            proposed.append(one)
    return proposed


def may_hold(member: Member, on: date) -> bool:
    """Whether a certificate says that somebody may hold cases that day."""
    try:
        verified_caseworker(member, on)
    except EnvelopeError:
        return False
    return True


def _candidate(
    member: Member, said: Abilities | None, lane: Lane, language: str, on_shift: bool
) -> Candidate:
    """Whoever said nothing speaks the language their desk is in."""
    spoken = said.languages if said is not None and said.languages else {member.language}
    return Candidate(
        member=member,
        load=member.load,  # type: ignore[attr-defined]  # annotated above
        most=said.most_cases if said is not None else 0,
        skilled=said is not None and lane is not Lane.UNSORTED and lane.value in said.lanes,
        speaks=bool(language) and language in spoken,
        on_shift=on_shift,
    )
