"""Tries every key somebody finds on a seized disk against everything that is sealed there, in its right place.

Whoever takes the disk has the source too, so they know each blob's place. A key is anything of 32 bytes, raw or as
64 hex digits, in a file or a column, and whatever follows from it. Values that are public by their nature
(signatures, digests, public keys) are tried against one blob of each column; all others against every blob.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import cast

from django.db.models import Count

from tropa.desk.audit.models import Record
from tropa.desk.audit.sealing import sealed_parts
from tropa.desk.cases.models import TriageCard
from tropa.desk.cases.services import _context as card_context
from tropa.desk.messengers.delivery import _place as outcome_place
from tropa.desk.messengers.models import Address, ChannelState, Doorway, MoveTicket, Outgoing
from tropa.desk.messengers.move_code import MoveCode
from tropa.desk.messengers.moving import _place as ticket_place
from tropa.desk.plans.models import Plan, PlanFacts, Release
from tropa.desk.plans.sealing import place
from tropa.desk.push.models import PushSubscription
from tropa.desk.push.subscription import place as push_place
from tropa.desk.retention.exhibits import chunk_place, exhibit_place, key_place
from tropa.desk.retention.models import Closing, Exhibit, ExhibitChunk, ExhibitKey, Hold
from tropa.desk.retention.reasons import place as reason_place
from tropa.desk.staff import visits
from tropa.desk.staff.models import Visit
from tropa.desk.talk.files import _context as chunk_context
from tropa.desk.talk.hand_over import _context as note_place
from tropa.desk.talk.keys import _draft_context as draft_context
from tropa.desk.talk.models import Chunk, Draft, Entry, HandOver, SavedView
from tropa.desk.talk.saved_views import _context as view_place
from tropa.desk.talk.seals import entry_context
from tropa.desk.vault.call_in_addresses import place as call_in_place
from tropa.desk.vault.duty_links import _place as link_place
from tropa.desk.vault.key_store import DIGEST_BYTES, records
from tropa.desk.vault.models import (
    BreakGlassPart,
    CallInAddress,
    CaseGrant,
    CaseKey,
    DutyEpoch,
    DutyGrant,
    DutyLink,
    StandbyShare,
)
from tropa.desk.vault.statements import (
    break_glass_context,
    case_grant_context,
    duty_grant_context,
    duty_recovery_context,
    recovery_context,
    standby_context,
)
from tropa.desk.work.copies import _copy_place, _finding_place
from tropa.desk.work.models import Finding, OpenCopy
from tropa.drop.conversation import door_place
from tropa.envelope import CannotOpen, Context, Seed, SymmetricKey, open_sealed, unwrap
from tropa.gateway.accounts import _place as account_place
from tropa.gateway.accounts import folder as accounts_folder
from tropa.gateway.addresses import _place as address_place
from tropa.gateway.addresses import _remote_place as remote_place
from tropa.gateway.automatic import _place as automatic_place
from tropa.gateway.sealed_state import _place as state_place
from tropa.seizure.places import Place

KEY_BYTES = 32
CASE_KEYS = "case-keys"
LARGEST_KEY_FILE = 64 * 1024
HEX_KEY = re.compile(rb"[0-9a-fA-F]{64}")
PUBLIC = re.compile(r"signature|digest|hash|previous|public|certificate")
LABELS = (
    "case content",
    "duty content",
    "case grants",
    "duty grants",
    "duty links",
    "visit",
    "plan content",
    "saved views",
)
GATEWAY_LABELS = ("accounts", "addresses", "automatic messages", "channel state", "remote ids")
"""What keys are drawn from a seed for; the gateway's seal nothing but what lies in its own tables and files."""
GATEWAYS = ("messengers_", "channels/")
BY_PASSPHRASE = frozenset({"slot_one", "slot_two", "companion_sealed", "alarms_sealed", "sealed_seed"})
"""Sealed under a passphrase's slow hash or what it opens, or under a cookie, and tried by these alone."""


@dataclass(frozen=True, slots=True)
class Blob:
    """Something sealed, where it lies and in which context it opens."""

    column: str
    context: Context
    sealed: bytes = field(repr=False)


@dataclass(slots=True)
class Keys:
    """What may be a key. `public` by their nature, the rest not."""

    secret: set[bytes] = field(default_factory=set, repr=False)
    public: set[bytes] = field(default_factory=set, repr=False)


def keys_found(places: Iterable[Place]) -> Keys:
    """Every value and small file that may be a 32-byte key, and every wrapping key."""
    keys = Keys()
    for where, content in places:
        kept = keys.public if PUBLIC.search(where) else keys.secret
        if len(content) <= LARGEST_KEY_FILE:
            kept |= {bytes.fromhex(digits.decode()) for digits in HEX_KEY.findall(content)}
        if where == CASE_KEYS:
            kept |= {record[DIGEST_BYTES : DIGEST_BYTES + KEY_BYTES] for _place, record in records(content)}
        if KEY_BYTES <= len(content) <= 4 * KEY_BYTES:
            # at the start, behind a format byte, at the end: where a key would stand in a short value
            behind = content[1 : KEY_BYTES + 1].ljust(KEY_BYTES, b"\0")
            kept |= {content[:KEY_BYTES], content[-KEY_BYTES:], behind}
    keys.public -= keys.secret
    return keys


def blobs() -> Iterator[Blob]:
    """Everything sealed or wrapped, with the context it opens in."""
    for entry in Entry.objects.all():
        for column in ("sealed", "wrapped", "sealed_applicant"):
            if getattr(entry, column) is not None:
                yield Blob(
                    f"talk_entry.{column}", entry_context(entry, column), bytes(getattr(entry, column))
                )
    for case_grant in CaseGrant.objects.select_related("key"):
        yield from _grant("vault_casegrant", case_grant, partial(case_grant_context, case_grant))
    for duty_grant in DutyGrant.objects.all():
        yield from _grant("vault_dutygrant", duty_grant, partial(duty_grant_context, duty_grant))
    for link in DutyLink.objects.all():
        yield Blob("vault_dutylink.sealed", link_place(link.later_id, link.earlier_id), bytes(link.sealed))
    for key in CaseKey.objects.exclude(recovery=None):
        yield Blob("vault_casekey.recovery", recovery_context(key.id), bytes(key.recovery or b""))
    for epoch in DutyEpoch.objects.exclude(recovery=None):
        yield Blob("vault_dutyepoch.recovery", duty_recovery_context(epoch.id), bytes(epoch.recovery or b""))
    for share in StandbyShare.objects.all():
        yield Blob("vault_standbyshare.sealed", standby_context(share, "sealed"), bytes(share.sealed))
    for told in BreakGlassPart.objects.all():
        for column in ("sealed_reason", "sealed_parts"):
            if getattr(told, column) is not None:
                context = break_glass_context(told.act_id, told.member_id, column)
                yield Blob(f"vault_breakglasspart.{column}", context, bytes(getattr(told, column)))
    for card in TriageCard.objects.all():
        for column in ("sealed", "wrapped"):
            context = card_context(card.case_id, column, card.version)
            if getattr(card, column) is not None:
                yield Blob(f"cases_triagecard.{column}", context, bytes(getattr(card, column)))
    planned: list[PlanFacts | Plan | Release] = [
        *PlanFacts.objects.all(),
        *Plan.objects.all(),
        *Release.objects.all(),
    ]
    for row in planned:
        for column in ("sealed", "wrapped", "sealed_reason", "sealed_applicant"):
            if getattr(row, column, None):
                yield Blob(f"{row._meta.db_table}.{column}", place(row, column), bytes(getattr(row, column)))  # noqa: SLF001
    for chunk in Chunk.objects.annotate(together=Count("attachment__chunks")):
        context = chunk_context(chunk.attachment_id, chunk.index, chunk.together)
        yield Blob("talk_chunk.sealed", context, bytes(chunk.sealed))
    for record in Record.objects.all():
        for context, part in sealed_parts(record.sequence, bytes(record.sealed)):
            yield Blob("audit_record.sealed", context, part)
    yield from _of_keeping()
    yield from _of_messengers()
    yield from _of_the_desks_work()
    for copy in OpenCopy.objects.all():
        yield Blob("work_opencopy.sealed", _copy_place(copy.case_id, copy.version), bytes(copy.sealed))
    for finding in Finding.objects.all():
        yield Blob("work_finding.sealed", _finding_place(finding.case_id, "sealed"), bytes(finding.sealed))
    for copy_of in CallInAddress.objects.all():
        at = call_in_place(copy_of.member_id, copy_of.recipient_id)
        yield Blob("vault_callinaddress.sealed", at, bytes(copy_of.sealed))
    for reached in PushSubscription.objects.all():
        yield Blob("push_pushsubscription.sealed", push_place(reached.member_id), bytes(reached.sealed))
    for draft in Draft.objects.all():
        yield Blob("talk_draft.sealed", draft_context(draft.thread_id), bytes(draft.sealed))


def _of_keeping() -> Iterator[Blob]:
    """Why cases were closed or are held, and what people let us keep."""
    for closing in Closing.objects.all():
        sealed = bytes(closing.sealed_reason)
        yield Blob("retention_closing.sealed_reason", reason_place(closing), sealed)
    for exhibit in Exhibit.objects.all():
        yield Blob("retention_exhibit.sealed", exhibit_place(exhibit.pk, "sealed"), bytes(exhibit.sealed))
        recovery = bytes(exhibit.recovery or b"")
        yield Blob("retention_exhibit.recovery", exhibit_place(exhibit.pk, "recovery"), recovery)
    for one in ExhibitKey.objects.all():
        yield Blob("retention_exhibitkey.sealed", key_place(one.exhibit_id, one.member_id), bytes(one.sealed))
    for piece in ExhibitChunk.objects.all():
        at = chunk_place(piece.exhibit_id, piece.number, piece.index)
        yield Blob("retention_exhibitchunk.sealed", at, bytes(piece.sealed))
    for hold in Hold.objects.all():
        yield Blob("retention_hold.sealed_reason", reason_place(hold), bytes(hold.sealed_reason))


def _of_the_desks_work() -> Iterator[Blob]:
    """Notes for the next shift and what people keep for themselves."""
    for note in HandOver.objects.all():
        yield Blob("talk_handover.sealed", note_place(note, "sealed"), bytes(note.sealed))
    for view in SavedView.objects.all():
        yield Blob("talk_savedview.sealed", view_place(view.pk, view.member_id), bytes(view.sealed))


def _of_messengers() -> Iterator[Blob]:
    """Addresses, cursors, what goes out, and the files of the accounts."""
    for path in accounts_folder().glob("*.account"):
        yield Blob("channels/account", account_place(path.stem), path.read_bytes())
    for address in Address.objects.all():
        yield Blob("messengers_address.sealed", address_place(address.pk), bytes(address.sealed))
    for ticket in MoveTicket.objects.all():
        at = ticket_place(
            cast("MoveCode", ticket), ticket.thread_id
        )  # a code has the tag its ticket is found by
        yield Blob("messengers_moveticket.sealed", at, bytes(ticket.sealed))
    for door in Doorway.objects.exclude(sealed=None):
        at = door_place(door.tag, door.thread_id)
        yield Blob("messengers_doorway.sealed", at, bytes(door.sealed or b""))
    for state in ChannelState.objects.all():
        yield Blob("messengers_channelstate.sealed", state_place(state.tag), bytes(state.sealed))
    for row in Outgoing.objects.all():
        places = {
            "sealed": automatic_place(row.key),
            "sealed_remote": remote_place(row.key),
            "sealed_outcome": outcome_place(row),
        }
        for column, context in places.items():
            if getattr(row, column) is not None:
                yield Blob(f"messengers_outgoing.{column}", context, bytes(getattr(row, column)))


def opened_with(keys: Keys) -> set[str]:
    """The columns of what opened with one of these keys or with something that follows from it."""
    everything = list(blobs())
    one_each = list({blob.column: blob for blob in everything}.values())
    opened: set[str] = set()
    for raw in keys.secret:
        opened |= _opened(raw, everything)
    for raw in keys.public:
        opened |= _opened(raw, one_each)
    return opened


def _opened(raw: bytes, tried: list[Blob]) -> set[str]:
    seed = Seed(raw)
    sealing = seed.sealing()
    symmetric = [SymmetricKey(raw), *(seed.subkey(label) for label in LABELS)]
    gateways = [*symmetric, *(seed.subkey(label) for label in GATEWAY_LABELS)]
    return {
        blob.column
        for blob in tried
        if _opens(partial(open_sealed, sealing, blob.context, blob.sealed))
        or any(
            _opens(partial(unwrap, key, blob.context, blob.sealed))
            for key in (gateways if blob.column.startswith(GATEWAYS) else symmetric)
        )
    }


def visits_opened() -> int:
    """How many unlocked visits open with anything in the database taken for their cookie."""
    texts = [row for visit in Visit.objects.all() for row in (visit.id, visit.member_id)]
    return sum(
        _opens(partial(_open_visit, bytes(visit.sealed_seed or b""), text))
        for visit in Visit.objects.exclude(sealed_seed=None)
        for text in texts
    )


def _open_visit(sealed: bytes, token: str) -> bytes:
    return visits.open_seed(sealed, token).raw


def _grant(table: str, grant: CaseGrant | DutyGrant, context: Callable[[str], Context]) -> Iterator[Blob]:
    for column in ("sealed", "wrapped"):
        if getattr(grant, column) is not None:
            yield Blob(f"{table}.{column}", context(column), bytes(getattr(grant, column)))


def _opens(attempt: Callable[[], bytes]) -> bool:
    try:
        attempt()
    except CannotOpen:
        return False
    return True
