"""What Today says to somebody who should rest."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import assert_never

from django.utils.translation import gettext as _

from tropa.desk.conf import conf
from tropa.desk.staff.models import Visit
from tropa.desk.staff.rest import Reason, reasons_to_rest


def rest_words(*, visit: Visit, now: datetime) -> list[str]:
    """A sentence for each reason; none when nobody needs one."""
    began = visit.ends_after - timedelta(hours=conf.visit_hours)
    found = reasons_to_rest(member_id=visit.member_id, began=began, now=now)
    return [_words(one, (now - began).total_seconds()) for one in found]


def _words(reason: Reason, seconds: float) -> str:
    match reason:
        case Reason.LONG:
            return _("You have been here for %(hours)d h.") % {"hours": seconds // 3600}
        case Reason.DANGER:
            return _("The last people you read were all in danger. That wears anybody down.")
        case Reason.NIGHT:
            return _("It is night. Whoever is tired makes mistakes that others pay for.")
        case _other:
            assert_never(_other)
