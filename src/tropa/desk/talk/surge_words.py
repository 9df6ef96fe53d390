"""What the desk says while more people wait than the shift can answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tropa.desk.talk.surge import WATCH, Draining, Load


@dataclass(frozen=True, slots=True)
class SurgeWords:
    """The card: how many wait, for how long the next one will, what people are told, and how the queue drains."""

    title: str
    detail: str
    draining: str


def surge_words(*, now: datetime) -> SurgeWords | None:
    """The card, or None on an ordinary day."""
    load = WATCH.load(now=now)
    return _words(load, WATCH.draining(now=now)) if load.surge else None


def _words(load: Load, draining: Draining | None) -> SurgeWords:
    title = ngettext(
        "More people write than the shift can answer: %(count)d waits",
        "More people write than the shift can answer: %(count)d wait",
        load.waiting,
    )
    danger = ngettext("%(count)d is in danger.", "%(count)d are in danger.", load.danger) % {
        "count": load.danger
    }
    people = ngettext("With %(count)d person on shift", "With %(count)d people on shift", load.people) % {
        "count": load.people
    }
    detail = _(
        "%(danger)s %(people)s somebody who writes now is answered in about %(hours)d h; the drop tells"
        " them %(told)d h. Answer danger first, then from the library."
    )
    values = {"danger": danger, "people": people, "hours": load.hours, "told": load.told_hours}
    return SurgeWords(title % {"count": load.waiting}, detail % values, _draining(draining))


def _draining(draining: Draining | None) -> str:
    if draining is None:
        return ""
    values = {"before": draining.before, "now": draining.now, "since": date_format(draining.since, "H:i")}
    if draining.now < draining.before:
        return _("The queue drains: since %(since)s UTC from %(before)d to %(now)d.") % values
    return _("The queue does not drain yet: since %(since)s UTC from %(before)d to %(now)d.") % values
