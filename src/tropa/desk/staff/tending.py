"""What a holder's visit sets right by itself: cases that wait for a new key get one.

Only somebody who holds a case can make its next key, so it is made while they are here anyway: after unlocking and
on Today, a bounded number at a time, each case in a transaction of its own. What fails stays queued and is told to
nobody but the people's page, which lists it: the visit itself goes on.
"""

from __future__ import annotations

import logging

from django.db import DatabaseError

from tropa.desk.staff.reader import Reader
from tropa.desk.vault.errors import VaultError
from tropa.desk.vault.services import rotate_what_is_due
from tropa.envelope import EnvelopeError

log = logging.getLogger(__name__)


def tend(*, reader: Reader) -> int:
    """Do some of what is due; how many cases got a new key. Never raises for what can wait."""
    try:
        return rotate_what_is_due(reader=reader)
    except (DatabaseError, EnvelopeError, VaultError, OSError) as failed:
        log.warning("a case kept its key for now: %s", type(failed).__name__)
        return 0
