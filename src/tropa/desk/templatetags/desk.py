"""Tags every page of the desk loads."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from tropa.desk.templatetags.icons import drawn_icon

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of the sheet inline; see `icons.drawn_icon`."""
    return drawn_icon(name, label)
