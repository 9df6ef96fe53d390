"""Writing the log. A record is written in the transaction of the act it tells of: both stand, or neither
does.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from tropa.desk.audit.acts import Act
from tropa.desk.audit.models import Record
from tropa.desk.audit.refusals import refuse
from tropa.desk.audit.sealing import seal_record
from tropa.desk.clock import whole_hour
from tropa.desk.one_writer import Writing, one_writer
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.last_act import note_act, require_time_runs_on
from tropa.desk.vault.trust import coordinators
from tropa.envelope import BEGINNING, hash_entry


@transaction.atomic
def record(*, reader: Reader | None, act: Act, detail: Mapping[str, str], now: datetime) -> Record:
    """Append one act, with the day and hour of `now`. `detail` holds ids and codes, never text of people.

    Raises ClockSetBack for a person's act at an hour before the last one; the acts of programs go on.
    """
    if reader is not None:
        require_time_runs_on(now)
        transaction.on_commit(lambda: note_act(now))
    one_writer(Writing.LOG)
    last = Record.objects.order_by("-sequence").values_list("sequence", "hash").first()
    sequence, previous = (last[0] + 1, bytes(last[1])) if last else (1, BEGINNING)
    sealed = seal_record(
        sequence=sequence,
        member=reader.member.id if reader else "",
        act=act,
        at=whole_hour(now),
        detail=detail,
        key=reader.seed.signing() if reader else None,
        coordinators={member.id: public for member, public in coordinators(now.date())},
    )
    return Record.objects.create(
        sequence=sequence, sealed=sealed, previous=previous, hash=hash_entry(previous, sequence, sealed)
    )


__all__ = ["record", "refuse"]
