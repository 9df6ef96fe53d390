"""Saying that one has seen how a message ended."""

from __future__ import annotations

from tropa.desk.messengers.models import Outgoing
from tropa.desk.messengers.queries import NOT_DELIVERED
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.errors import NotTaken
from tropa.desk.vault.services import open_case_seed


def settle(*, reader: Reader, row: Outgoing) -> None:
    """From now on it is on nobody's list. Raises NoGrant for somebody who does not hold the case, NotTaken."""
    if row.thread is None or row.thread.case is None:
        raise NotTaken
    open_case_seed(reader=reader, case=row.thread.case)
    Outgoing.objects.filter(pk=row.pk, state__in=NOT_DELIVERED).update(settled=True)
