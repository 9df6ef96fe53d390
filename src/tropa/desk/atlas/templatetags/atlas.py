"""Figures of the atlas in templates."""

from __future__ import annotations

import math

from django import template
from django.utils.translation import gettext as _

from tropa.atlas import PartialDate, Text
from tropa.desk.atlas.figures import partial_words
from tropa.desk.atlas.recognition import Recognition, Row
from tropa.desk.pages.fact_words import in_page_language
from tropa.desk.plans.wording import NBSP

register = template.Library()


@register.filter
def decisions(row: Row) -> str:
    """How many said yes, and the share with what chance alone leaves open; a share only where there were enough."""
    said = _("%(positive)d of %(decided)d") % {"positive": row.positive, "decided": row.decided}
    if row.share is None:
        return f"{said}; {_('too few to say a share')}"
    low, high = math.floor(row.low * 100), math.ceil(row.high * 100)
    return f"{said}, {row.share * 100:.0f}{NBSP}% ({low}–{high}{NBSP}%)"


@register.filter
def as_words(chart: Recognition) -> str:
    """The chart for those who do not see it."""
    return "; ".join(f"{row.period}: {decisions(row)}" for row in chart.rows)


@register.filter
def plus(number: float, more: str) -> float:
    """A coordinate moved on; Django's own `add` would drop what stands behind the point."""
    return number + float(more)


@register.filter
def spoken(text: Text) -> str:
    """A text of the atlas in the language of the page."""
    return in_page_language(text)


@register.filter
def dated(day: PartialDate) -> str:
    """A date as far as it is known."""
    return partial_words(day)
