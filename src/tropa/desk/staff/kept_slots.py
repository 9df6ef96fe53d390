"""Whether an account's slots and companion are the ones that were last written there.

Nobody's key stands behind them before somebody unlocks, so nothing in the database can vouch for them. What was written
stands as a digest over all three in `pinned/account-slots`, outside the database, from the moment somebody joins, and
so does what was replaced since. A row that says anything else (flipped, cut, a colleague's, an older one put back) is
counted and refused at each unlock, whichever passphrase was typed and after the same work, as a mistyped one is; once a
day it is counted though nobody unlocks. A mistyped passphrase changes no row and is counted nowhere. A restore books
what it put back anew: an older row is genuine then.

Both slots and the companion are one digest, so that nothing here tells the person's own slot from the other.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import date
from pathlib import Path

from django.db import transaction

from tropa.desk.append_only import Book, book, line_of
from tropa.desk.audit.refusals import refuse, refuse_daily
from tropa.desk.conf import conf
from tropa.desk.staff.models import Member

FILE = "account-slots"
TABLE = "staff_member"
COLUMNS = ("slot_one", "slot_two", "companion_sealed")
KEPT = b"tropa account 1 kept"
WRITTEN = b"tropa slots 1 written"
REPLACED = b"tropa slots 1 replaced"


def count_if_changed(*, member: Member, on: date) -> bool:
    """Whether this account's slots are not what was last written; the row is counted then. Raises OSError."""
    changed = is_changed(member)
    if changed:
        refuse(table=TABLE, row=member.pk, day=on)
    return changed


def count_changed(*, on: date) -> int:
    """Count, once a day each, every account whose slots are not what was last written; how many. Raises OSError."""
    changed = [member.pk for member in Member.objects.only(*COLUMNS) if is_changed(member)]
    for member_id in changed:
        refuse_daily(table=TABLE, row=member_id, day=on)
    return len(changed)


def note_first(*, member: Member) -> None:
    """Believe the slots of an account nothing was noted of: of somebody who joins, or once they have opened it.

    Raises OSError.
    """
    if line_of(KEPT, member.pk) not in book(FILE).known():
        book(FILE).add(_lines(member))


def booked_anew() -> Path:
    """A file that says every account's slots are as they stand, and nothing else: what a restore puts in the place of
    the book. Raises OSError.
    """
    lines = [line for member in Member.objects.only(*COLUMNS) for line in _lines(member)]
    fresh = conf.pinned / f"{FILE}.new"
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    Book(fresh).add(lines)
    return fresh


def note_replaced(*, before: Member, after: Member) -> None:
    """In the transaction that puts `after` in the place of `before`: what is written is noted before it stands, what
    is replaced once it does. Raises OSError.
    """
    book(FILE).add(_lines(after))
    transaction.on_commit(lambda: _note_gone(before))


def _note_gone(before: Member) -> None:
    with suppress(OSError):  # the change stands already; all that is lost is that the older row is not missed
        book(FILE).add([line_of(REPLACED, _digest(before))])


def _lines(member: Member) -> list[bytes]:
    return [line_of(WRITTEN, _digest(member)), line_of(KEPT, member.pk)]


def is_changed(member: Member) -> bool:
    """Whether the slots of this row are not what was last written; False where nothing was noted. Raises OSError."""
    known, digest = book(FILE).known(), _digest(member)
    if line_of(KEPT, member.pk) not in known:
        return False
    return line_of(WRITTEN, digest) not in known or line_of(REPLACED, digest) in known


def _digest(member: Member) -> str:
    """Over whose row it is and all three columns; each column's length goes before it."""
    parts = [
        member.pk.encode(),
        bytes(member.slot_one),
        bytes(member.slot_two),
        bytes(member.companion_sealed),
    ]
    return hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).hexdigest()
