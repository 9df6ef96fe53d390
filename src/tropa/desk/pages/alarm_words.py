"""What Today says to coordinators of duress and of unusual reading. The log knows hours, so that is what is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tropa.desk.audit.readings import MANY_CASES, MANY_OF_OTHERS, MANY_SEARCHES, Unusual
from tropa.desk.staff.alarms import Alarm


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """An alarm as the template prints it."""

    sequence: int
    duress: bool
    title: str
    detail: str


def alarm_line(alarm: Alarm) -> AlarmLine:
    """Who, in which hour, what happened, and what to do."""
    at = {"at": date_format(alarm.at, "j E, H:i")}
    if alarm.duress:
        title = _("%(name)s: unlocked under duress")
        detail = _(
            "In the hour from %(at)s UTC. Somebody may stand beside them and read along; an empty desk was shown. Only"
            " coordinators see this: write nothing to them about it, follow what you agreed on for this, and end their"
            " access if need be."
        )
    else:
        title = _("%(name)s: unusual reading")
        kinds = " ".join(_unusual(kind) for kind in alarm.unusual)
        detail = _(
            "In the hour from %(at)s UTC. %(kinds)s Ask them, by a way that is not this desk, whether it was they who"
            " read. If it was not, end their access under People."
        )
        at["kinds"] = kinds
    return AlarmLine(alarm.sequence, alarm.duress, title % {"name": alarm.pseudonym}, detail % at)


def _unusual(kind: Unusual) -> str:
    match kind:
        case Unusual.MANY:
            return _("%(count)d cases or more were opened within one hour.") % {"count": MANY_CASES}
        case Unusual.OTHERS:
            count = {"count": MANY_OF_OTHERS}
            return _("%(count)d cases or more that they neither lead nor second were opened.") % count
        case Unusual.OFF_SHIFT:
            return _("On a day of others' shifts they opened a case or thread that is not theirs.")
        case Unusual.SEARCHES:
            return _("%(count)d searches or more were made within one hour.") % {"count": MANY_SEARCHES}
        case _unknown:
            assert_never(_unknown)
