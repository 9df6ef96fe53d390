"""Whether an account's slots and companion are the ones that were last written there.

Nobody's key stands behind them before somebody unlocks, so nothing in the database can vouch for them. What was written
stands as a digest over all three in `pinned/account-slots`, outside the database, and so does what was replaced since.
A row that says anything else (flipped, cut, a colleague's, an older one put back) is counted at each unlock, whichever
passphrase was typed: a mistyped one changes no row and is counted nowhere. It decides nothing: after a restore an older
row is genuine, and the person opens it as before.

Both slots and the companion are one digest, so that nothing here tells the person's own slot from the other.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import date

from django.db import transaction

from tropa.desk.append_only import book, line_of
from tropa.desk.audit.refusals import refuse
from tropa.desk.staff.models import Member

FILE = "account-slots"
KEPT = b"tropa account 1 kept"
WRITTEN = b"tropa slots 1 written"
REPLACED = b"tropa slots 1 replaced"


def count_if_changed(*, member: Member, on: date) -> None:
    """Count this account's row when its slots are not what was last written. Raises OSError."""
    known, digest = book(FILE).known(), _digest(member)
    if line_of(KEPT, member.pk) not in known:
        return
    if line_of(WRITTEN, digest) not in known or line_of(REPLACED, digest) in known:
        refuse(table="staff_member", row=member.pk, day=on)


def note_first(*, member: Member) -> None:
    """Believe the slots of an account nothing was noted of, once somebody has opened it. Raises OSError."""
    kept = line_of(KEPT, member.pk)
    if kept not in book(FILE).known():
        book(FILE).add([line_of(WRITTEN, _digest(member)), kept])


def note_replaced(*, before: Member, after: Member) -> None:
    """In the transaction that puts `after` in the place of `before`: what is written is noted before it stands, what
    is replaced once it does. Raises OSError.
    """
    book(FILE).add([line_of(WRITTEN, _digest(after)), line_of(KEPT, after.pk)])
    transaction.on_commit(lambda: _note_gone(before))


def _note_gone(before: Member) -> None:
    with suppress(OSError):  # the change stands already; all that is lost is that the older row is not missed
        book(FILE).add([line_of(REPLACED, _digest(before))])


def _digest(member: Member) -> str:
    """Over whose row it is and all three columns; each column's length goes before it."""
    parts = [
        member.pk.encode(),
        bytes(member.slot_one),
        bytes(member.slot_two),
        bytes(member.companion_sealed),
    ]
    return hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).hexdigest()
