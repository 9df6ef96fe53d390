"""Figures in drawings: a decimal point whatever the page's language, and no digit too many."""

from __future__ import annotations

from django import template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tropa.desk.map.view import MapView
from tropa.desk.plans.drawn import gauge_bar, map_shapes, metro_markup
from tropa.desk.plans.plan_card import PlanCard

register = template.Library()


@register.filter
def figure(number: float) -> str:
    """A coordinate: at most one decimal, never a comma."""
    return f"{number:.1f}".removesuffix(".0")


@register.filter
def field(form: object, name: str) -> object:
    """A form's field by a name made in the template."""
    return form[name]  # type: ignore[index]


@register.filter
def unsaid(field: BoundField) -> str | None:
    """What the row of a field follows from as long as nobody has said or typed anything in it; None once they have."""
    return None if field.form.is_bound or field.value() else f"{field.html_name} {field.label}"


@register.simple_tag
def metro(card: PlanCard, href: str = "", after: str = "") -> SafeString:
    """The line of a plan that is drawn; its stations lead to `href`, the step's number, `after`."""
    assert card.drawing is not None  # the template asks first
    label = _("Plan %(letter)s, drawing") % {"letter": card.letter}
    return metro_markup(card.drawing, label=label, chosen=card.chosen, href=href, after=after)


@register.simple_tag
def shapes(drawn: MapView, borders: str) -> SafeString:
    """What is drawn on the map, over the sea."""
    return map_shapes(drawn, borders)


register.simple_tag(gauge_bar)
