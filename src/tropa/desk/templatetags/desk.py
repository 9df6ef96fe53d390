"""Tags every page of the desk loads."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tropa.desk.parts import Parts
from tropa.desk.templatetags.icons import drawn_icon, icon_sheet, used_icon

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of the sheet inline; see `icons.drawn_icon`."""
    return drawn_icon(name, label)


register.simple_tag(icon_sheet)
register.simple_tag(used_icon)


@register.simple_tag(takes_context=True)
def live(context: dict[str, Any], topic: str) -> SafeString | str:
    """The bar by which a page tells that something of this topic changed."""
    from tropa.desk.live.views import live_bar  # noqa: PLC0415  # models are not ready when tags are loaded

    return live_bar(context["request"], topic)


@register.simple_tag(takes_context=True)
def sections(context: dict[str, Any]) -> SafeString:
    """The desk's sections as list items, with what waits beside them; said once and used twice on a page."""
    here = context.get("section", "")
    items = (
        ("today", "desk:today", _("Today"), 0),
        ("inbox", "desk:inbox", _("Inbox"), context["waiting_count"]()),
        ("search", "desk:search", _("Search"), 0),
        ("review", "desk:review-list", _("Review"), context["review_count"]()),
        ("answers", "desk:answers", _("Answers"), 0),
        ("atlas", "desk:atlas", _("Atlas"), 0),
        ("people", "desk:people", _("People"), 0),
    )
    drawn = (
        f'<li><a href="{reverse(name)}"{_CURRENT if key == here else ""}>{escape(word)}'
        f"{_COUNT.format(count) if count else ''}</a></li>"
        for key, name, word, count in items
    )
    return mark_safe("".join(drawn))  # noqa: S308  # words and numbers of our own, escaped


_CURRENT = ' aria-current="page"'
_COUNT = ' <span class="count">{}</span>'


class _PartNode(template.Node):
    def __init__(self, drawn: template.NodeList) -> None:
        self.nodelist = drawn

    def render(self, context: template.Context) -> SafeString:
        parts: Parts | None = context.get("parts")
        if parts is None:
            return self.nodelist.render(context)
        parts.enter()
        # what the template wrote, with the digest of it
        return mark_safe(parts.leave(self.nodelist.render(context)))  # noqa: S308


@register.tag
def part(parser: template.base.Parser, _token: template.base.Token) -> template.Node:
    """One element that is not sent again to a browser that has it; see `tropa.desk.parts`."""
    drawn = parser.parse(("endpart",))
    parser.delete_first_token()
    return _PartNode(drawn)
