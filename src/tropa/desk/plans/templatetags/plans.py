"""Figures in drawings: a decimal point whatever the page's language, and no digit too many."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def figure(number: float) -> str:
    """A coordinate: at most one decimal, never a comma."""
    return f"{number:.1f}".removesuffix(".0")


@register.filter
def field(form: object, name: str) -> object:
    """A form's field by a name made in the template."""
    return form[name]  # type: ignore[index]
