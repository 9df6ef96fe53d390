"""Chances and dates as the atlas's pages say them, in the language of the page."""

from __future__ import annotations

import math
from datetime import date

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tropa.atlas import PartialDate, Range
from tropa.atlas.day_words import partial_day_words
from tropa.desk.plans.wording import NBSP, russian

LOWEST, HIGHEST = 1e-5, 1.0
DECADES = math.log10(HIGHEST / LOWEST)
"""What a hazard's bar spans: from one in a hundred thousand to certainty, each tenfold step as wide as the next."""


def percent(chance: float) -> str:
    """Two figures that count and no more: 0.015 %, 1.2 %, 34 %."""
    share = chance * 100
    if share == 0:
        return "0"
    digits = max(0, 1 - math.floor(math.log10(share))) if share < 10 else 0
    text = f"{share:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", ",") if (get_language() or "ru").startswith("ru") else text


def chance_words(chance: Range) -> str:
    """Both ends of the interval and its unit."""
    low, high = percent(chance.low), percent(chance.high)
    ends = low if low == high else f"{low}–{high}"
    return f"{ends}{NBSP}%"


def on_bar(chance: float) -> float:
    """Where a chance lies on a bar of 0 to 100."""
    if chance <= LOWEST:
        return 0.0
    return round(min(math.log10(chance / LOWEST) / DECADES, 1.0) * 100, 1)


def days_from(day: date, other: date) -> str:
    """How far a day of review lies ahead, or that it is over."""
    left = (other - day).days
    if left < 0:
        return _("overdue")
    if left == 0:
        return _("today")
    return (ngettext("%(days)d day", "%(days)d days", left) % {"days": left}).replace(" ", NBSP)


def partial_words(day: PartialDate) -> str:
    """A date as far as it is known, in the language of the page."""
    return partial_day_words(day, "ru" if russian() else "en")
