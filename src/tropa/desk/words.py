"""Words for the enumerations that stand on many pages: urgency, lane, channel. Short enough for a tag."""

from __future__ import annotations

from typing import assert_never

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tropa.desk.cases.models import Lane, Urgency


def urgency_word(urgency: Urgency) -> str:
    """As it stands on a badge."""
    match urgency:
        case Urgency.NOW:
            return _("now")
        case Urgency.DAY:
            return _("24 hours")
        case Urgency.WEEK:
            return _("a week")
        case Urgency.INFO:
            return _("information")
        case Urgency.UNSORTED:
            return _("not sorted yet")
        case _unknown:
            assert_never(_unknown)


def lane_word(lane: Lane) -> str:
    """As it stands on a tag."""
    match lane:
        case Lane.UNSORTED:
            return pgettext("lane", "new")
        case Lane.LAW:
            return pgettext("lane", "law")
        case Lane.LEAVING:
            return pgettext("lane", "leaving")
        case Lane.UNIT:
            return pgettext("lane", "serving")
        case Lane.PROTECTION:
            return pgettext("lane", "protection")
        case Lane.ABUSE:
            return pgettext("lane", "abuse")
        case Lane.SETTLING:
            return pgettext("lane", "settling")
        case Lane.FAMILY:
            return pgettext("lane", "family")
        case Lane.OTHER:
            return pgettext("lane", "other")
        case _unknown:
            assert_never(_unknown)


def lane_choices() -> list[tuple[str, str]]:
    """Lanes somebody may know about, for a form."""
    return [(lane.value, lane_word(lane)) for lane in Lane if lane not in {Lane.UNSORTED, Lane.OTHER}]


def waiting_words(hours: int | None) -> str:
    """Whole hours of waiting as a person would say them; empty when nothing waits."""
    if hours is None:
        return ""
    if hours < 1:
        return _("under 1 h")
    if hours < 48:
        return _("%(hours)d h") % {"hours": hours}
    days = hours // 24
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
