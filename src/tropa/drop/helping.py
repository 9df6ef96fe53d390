"""Whether an answer helped: counted by answer and week, of nobody.

Kept true: nothing about who pressed is stored; a reply counts once in the life of this process, however often somebody
presses; only what verifies as a reply to this very person, made of library answers, is counted. The figures are hints:
after a restart somebody may press again.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final

from django.db import DatabaseError

from tropa.desk.library.counting import Use, count
from tropa.desk.library.in_force import library
from tropa.desk.talk.applicant import unread_replies
from tropa.drop.conversation import Conversation

REMEMBERED: Final = 10_000
_key: Final = secrets.token_bytes(32)
_counted: OrderedDict[bytes, None] = OrderedDict()
_lock: Final = threading.Lock()


def count_help(found: Conversation, reply_ids: Sequence[str], *, helped: bool, now: datetime) -> None:
    """Count each of these replies once; one that is not theirs, or made of no library answer, counts nothing."""
    known = library().answers
    for reply in unread_replies(thread=found.thread, seed=found.keys.seed, now=now):
        named = [one for one in reply.answers if one in known]
        if reply.id in reply_ids and named and _first_time(reply.id):
            with suppress(DatabaseError):  # a count is not worth an error to whoever pressed
                count(named, Use.HELPED if helped else Use.NOT_HELPED, day=now.date())


def _first_time(reply_id: str) -> bool:
    """Whether this reply was not counted before; remembered in memory alone, under a key of this process."""
    mark = hashlib.blake2b(reply_id.encode(), key=_key, digest_size=16).digest()
    with _lock:
        if mark in _counted:
            return False
        _counted[mark] = None
        if len(_counted) > REMEMBERED:
            _counted.popitem(last=False)
        return True
