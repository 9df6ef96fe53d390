"""Tags every page of the desk loads: icons, and words for time."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from tropa.desk.templatetags.icons import drawn_icon

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of the sheet inline; see `icons.drawn_icon`."""
    return drawn_icon(name, label)


@register.filter
def waited(hours: int | None) -> str:
    """Whole hours of waiting as a person would say them: "under 1 h", "5 h", "3 d". None: nothing waits."""
    if hours is None:
        return ""
    if hours < 1:
        return gettext("under 1 h")
    if hours < 48:
        return gettext("%(hours)d h") % {"hours": hours}
    days = hours // 24
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
