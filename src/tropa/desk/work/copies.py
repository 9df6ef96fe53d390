"""Copies of plan facts for the sentinel, and what it found: sealed, each in its place.

Kept true: without a sentinel nothing is copied. A finding is believed only if the sentinel signed it and it was made
for the very facts a holder of the case wrapped: a planted copy or finding is passed over. It is a hint that calls a
person to look; nothing is approved or sent from it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from tropa.desk import clock
from tropa.desk.audit.refusals import refuse
from tropa.desk.cases.models import Case
from tropa.desk.vault.case_keys import CaseSeed, case_public
from tropa.desk.work.models import Finding, OpenCopy
from tropa.desk.work.sentinel import SentinelPublic, sentinel_public
from tropa.envelope import Context, EnvelopeError, Seed, open_sealed, seal, sign, verify
from tropa.planning.mass.open_plans import OpenPlan
from tropa.planning.person import PersonFacts
from tropa.planning.plan_json import WrongJson, from_json, to_json


@dataclass(frozen=True, slots=True)
class Watched:
    """What the sentinel may read of a case. `on`: the day the front was found, None before the first time."""

    plan: OpenPlan
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What came of planning a case anew. `outcome` as in `planning.mass`; `facts`: digest of the facts it was made
    for; ways are counted, None where there was no front before."""

    outcome: str
    on: date
    facts: str
    ways_before: int | None
    ways_after: int


def keep_copy(*, case: Case, person: PersonFacts, version: int) -> None:
    """Seal these facts to the sentinel, if there is one; the front found for others goes with them."""
    public = sentinel_public()
    if public is None:
        return
    watched = Watched(OpenPlan(case.pk, person, (), -1))
    OpenCopy.objects.update_or_create(
        case=case, defaults={"version": version, "sealed": sealed_copy(public, case.pk, version, watched)}
    )


def ensure_copy(*, case: Case, person: PersonFacts, version: int) -> None:
    """The same for facts that were saved before there was a sentinel."""
    if sentinel_public() is not None and not OpenCopy.objects.filter(case=case, version=version).exists():
        keep_copy(case=case, person=person, version=version)


def sealed_copy(public: SentinelPublic, case_id: str, version: int, watched: Watched) -> bytes:
    """A copy as it is stored."""
    return seal(public.sealing, _copy_place(case_id, version), to_json(watched).encode())


def open_copy(copy: OpenCopy, seed: Seed) -> Watched:
    """What the sentinel reads. Raises EnvelopeError, WrongJson."""
    return from_json(
        Watched, open_sealed(seed.sealing(), _copy_place(copy.case_id, copy.version), bytes(copy.sealed))
    )


def keep_finding(*, case: Case, found: Found, seed: Seed) -> None:
    """Seal a finding to the case's newest key and sign it. Raises NotCommitted."""
    public, body = case_public(case), to_json(found).encode()
    Finding.objects.update_or_create(
        case=case,
        defaults={
            "case_epoch": public.epoch,
            "sealed": seal(public.public, _finding_place(case.pk, "sealed"), body),
            "signature": sign(seed.signing(), _finding_place(case.pk, "signature"), body),
        },
    )


def finding_for(*, case: Case, person: PersonFacts, opened: CaseSeed) -> Found | None:
    """What was found for the case's present facts; None if nothing was, or it is not to be believed."""
    row, public = Finding.objects.filter(case=case).first(), sentinel_public()
    if row is None or public is None:
        return None
    return read_finding(row, public=public, person=person, opened=opened)


def read_finding(
    row: Finding, *, public: SentinelPublic, person: PersonFacts, opened: CaseSeed
) -> Found | None:
    """The same for a row that is at hand."""
    try:
        key = opened.at(row.case_epoch).seed.sealing()
        body = open_sealed(key, _finding_place(row.case_id, "sealed"), bytes(row.sealed))
        verify(public.signing, _finding_place(row.case_id, "signature"), body, bytes(row.signature))
        found = from_json(Found, body)
    except (EnvelopeError, WrongJson):
        refuse(table="work_finding", row=row.case_id, day=clock.now().date())
        return None
    return found if found.facts == digest_of(person) else None


def digest_of(person: PersonFacts) -> str:
    """Hex SHA-256 of the facts; it lies inside seals only."""
    return hashlib.sha256(to_json(person).encode()).hexdigest()


def _copy_place(case_id: str, version: int) -> Context:
    return Context("sentinel copy", 1, "work_opencopy", "sealed", f"{case_id}.{version}")


def _finding_place(case_id: str, column: str) -> Context:
    return Context("sentinel finding", 1, "work_finding", column, case_id)
