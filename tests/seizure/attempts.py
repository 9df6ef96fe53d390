"""Tries every key somebody finds on a seized disk against everything that is sealed there, in its right
place.

Whoever takes the disk has the source too, so they know each blob's place. A key is anything of 32 bytes, raw
or as 64 hex digits, in a file or a column, and whatever follows from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tests.seizure.search import everything_written
from tropa.desk.cases.models import TriageCard
from tropa.desk.cases.services import _context as card_context
from tropa.desk.plans.models import Plan, PlanFacts, Release
from tropa.desk.plans.sealing import place
from tropa.desk.staff import visits
from tropa.desk.staff.models import Visit
from tropa.desk.talk.keys import _draft_context
from tropa.desk.talk.models import Draft, Entry
from tropa.desk.talk.seals import entry_context
from tropa.desk.vault.models import CaseGrant, CaseKey, DutyEpoch, DutyGrant
from tropa.desk.vault.statements import (
    case_grant_context,
    duty_grant_context,
    duty_recovery_context,
    recovery_context,
)
from tropa.envelope import CannotOpen, Context, Seed, SymmetricKey, open_sealed, unwrap

KEY_BYTES = 32
HEX_KEY = re.compile(rb"[0-9a-fA-F]{64}")
LABELS = ("case content", "duty content", "case grants", "duty grants", "totp", "visit", "plan content")
Blob = tuple[str, Context, bytes]


def keys_found() -> set[bytes]:
    """Every value and small file that may be a 32-byte key."""
    keys: set[bytes] = set()
    for _where, content in everything_written():
        if len(content) <= 64 * 1024:
            keys |= {bytes.fromhex(digits.decode()) for digits in HEX_KEY.findall(content)}
        if KEY_BYTES <= len(content) <= 4 * KEY_BYTES:
            # at the start, behind a format byte, at the end: where a key would stand in a short value
            keys |= {
                content[:KEY_BYTES],
                content[-KEY_BYTES:],
                content[1 : KEY_BYTES + 1].ljust(KEY_BYTES, b"\0"),
            }
    return keys


def sealed_blobs() -> Iterator[Blob]:
    """Everything sealed or wrapped, with the place it opens in."""
    for entry in Entry.objects.all():
        for column in ("sealed", "wrapped", "sealed_applicant"):
            if getattr(entry, column) is not None:
                yield f"talk_entry.{column}", entry_context(entry, column), bytes(getattr(entry, column))
    for case_grant in CaseGrant.objects.select_related("key"):
        yield from _grant("vault_casegrant", case_grant, lambda c, g=case_grant: case_grant_context(g, c))
    for duty_grant in DutyGrant.objects.all():
        yield from _grant("vault_dutygrant", duty_grant, lambda c, g=duty_grant: duty_grant_context(g, c))
    for key in CaseKey.objects.all():
        yield "vault_casekey.recovery", recovery_context(key.id), bytes(key.recovery)
    for epoch in DutyEpoch.objects.all():
        yield "vault_dutyepoch.recovery", duty_recovery_context(epoch.id), bytes(epoch.recovery)
    for card in TriageCard.objects.all():
        for column in ("sealed", "wrapped"):
            context = card_context(card.case_id, column, card.version)
            yield f"cases_triagecard.{column}", context, bytes(getattr(card, column))
    for row in (*PlanFacts.objects.all(), *Plan.objects.all(), *Release.objects.all()):
        for column in ("sealed", "wrapped", "sealed_reason", "sealed_applicant"):
            if getattr(row, column, None):
                yield f"{row._meta.db_table}.{column}", place(row, column), bytes(getattr(row, column))
    for draft in Draft.objects.all():
        yield "talk_draft.sealed", _draft_context(draft.thread_id), bytes(draft.sealed)


def opened_with(keys: set[bytes]) -> set[str]:
    """The columns of what opened with one of these keys or with something that follows from it."""
    blobs = list(sealed_blobs())
    opened: set[str] = set()
    for raw in keys:
        seed = Seed(raw)
        sealing = seed.sealing()
        symmetric = [SymmetricKey(raw), *(seed.subkey(label) for label in LABELS)]
        for column, context, blob in blobs:
            if _opens(lambda k=sealing, c=context, b=blob: open_sealed(k, c, b)):
                opened.add(column)
            if any(_opens(lambda k=key, c=context, b=blob: unwrap(k, c, b)) for key in symmetric):
                opened.add(column)
    return opened


def visits_opened() -> int:
    """How many unlocked visits open with anything in the database taken for their cookie."""
    texts = [row for visit in Visit.objects.all() for row in (visit.id, visit.member_id)]
    return sum(
        _opens(lambda s=visit.sealed_seed, t=text: visits.open_seed(bytes(s), t).raw)
        for visit in Visit.objects.exclude(sealed_seed=None)
        for text in texts
    )


def _grant(table: str, grant: CaseGrant | DutyGrant, context: Callable[[str], Context]) -> Iterator[Blob]:
    for column in ("sealed", "wrapped"):
        if getattr(grant, column) is not None:
            yield f"{table}.{column}", context(column), bytes(getattr(grant, column))


def _opens(attempt: Callable[[], bytes]) -> bool:
    try:
        attempt()
    except CannotOpen:
        return False
    return True
