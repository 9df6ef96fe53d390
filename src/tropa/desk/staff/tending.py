"""What a holder's visit sets right by itself: keys for cases that wait for one, second holders, coordinators' parts.

Only somebody who holds a case can make its next key or grant it, so it is done while they are here anyway: after
unlocking, and keys on Today too; a bounded number at a time, each case in a transaction of its own. What fails stays
to be done and is told to nobody but the people's page, which lists it: the visit itself goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DatabaseError, transaction

from tropa.desk.cases.models import Case
from tropa.desk.cases.queries import OPEN, second_holder_for
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.call_in_addresses import seal_to_new_coordinators
from tropa.desk.vault.duty_links import follow_links
from tropa.desk.vault.errors import VaultError
from tropa.desk.vault.rotating import AT_ONCE, grant_case, holders, rotate_what_is_due, share_what_is_due
from tropa.desk.vault.shifts import prepare_if_coordinator
from tropa.envelope import EnvelopeError

log = logging.getLogger(__name__)


def tend(*, reader: Reader) -> None:
    """Everything that is due, after unlocking. Never raises for what can wait."""
    for work in (
        rotate_what_is_due,
        find_second_holders,
        share_what_is_due,
        prepare_if_coordinator,
        follow_links,
        seal_to_new_coordinators,
    ):
        _try(work, reader)


def make_due_keys(*, reader: Reader) -> None:
    """New keys alone. Never raises for what can wait."""
    _try(rotate_what_is_due, reader)


def find_second_holders(*, reader: Reader) -> int:
    """A second holder for cases the reader leads alone, at most `AT_ONCE`; how many got one."""
    led = Case.objects.filter(OPEN, lead=reader.member, second=None).order_by("pk")
    done = 0
    for case in led[:AT_ONCE]:
        second = second_holder_for(member=reader.member, on=reader.now.date())
        if second is None:
            break
        with transaction.atomic():
            if second.pk not in {one.pk for one in holders(case, reader.now.date())}:
                grant_case(reader=reader, case=case, member=second)
            Case.objects.filter(pk=case.pk, second=None).update(second=second)
        done += 1
    return done


def _try(work: Callable[..., int], reader: Reader) -> None:
    try:
        work(reader=reader)
    except (DatabaseError, EnvelopeError, VaultError, OSError) as failed:
        log.warning("something that was due was not done: %s", type(failed).__name__)
