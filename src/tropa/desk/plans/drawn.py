"""Lines, bars and maps of plans as markup.

Written here and not by templates: seven plans are some five hundred small shapes, and drawing each by a template was
most of what the workbench cost. Coordinates are whole units of the drawing, attributes stand without quotes where HTML
lets them, and what a whole group shares stands on the group. Every word is escaped where it is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString, mark_safe

from tropa.desk.map.view import MapView, Shade
from tropa.desk.plans.drawing import Anchor, Drawing, End, Ink, Mark, Text, TicketMark
from tropa.desk.plans.line import StationKind
from tropa.desk.plans.plan_card import Gauge

_PLAIN = frozenset({Ink.NOTE, Ink.LABEL})
"""Texts that look as every text of a line does."""


def metro_markup(drawing: Drawing, *, label: str, chosen: bool, href: str, after: str) -> SafeString:
    """A line. A station with an anchor leads to `href`, its anchor, `after`; to nothing without `href`."""
    tracks = "".join(f'<path class="{track.css}" d="{track.path}"/>' for track in drawing.tracks)
    marks = "".join(_linked_mark(mark, href, after) for mark in drawing.marks)
    ends = "".join(map(_end, drawing.ends))
    texts = "".join(map(_text, drawing.texts))
    tickets = "".join(map(_ticket, drawing.tickets))
    beside = f"<g text-anchor=start>{ends}{tickets}</g>" if ends or tickets else ""
    return _safe(
        f'<svg class="metro{" chosen" if chosen else ""}" viewBox="0 0 {drawing.width:.0f} {drawing.height:.0f}" '
        f'role=group aria-label="{escape(label)}">{tracks}{marks}{texts}{beside}</svg>'
    )


def _linked_mark(mark: Mark, href: str, after: str) -> str:
    drawn = _mark(mark) + "".join(map(_text, mark.texts))
    if not (mark.anchor and href):
        return drawn
    return f'<a class=m-link href="{escape(f"{href}{mark.anchor}{after}")}">{drawn}</a>'


def _mark(mark: Mark) -> str:
    x, y = f"{mark.x:.0f}", f"{mark.y:.0f}"
    opened = _circle("m-open", x, y, 15) if mark.opened else ""
    match mark.kind:
        case StationKind.START:
            return opened + _circle("m-start", x, y, 8) + _circle("m-start-dot", x, y, 3)
        case StationKind.DECISION:
            return f'{opened}<path class=m-fork d="M{x} {y}m0-10l10 10l-10 10l-10-10z"/>'
        case StationKind.HAVEN:
            house = f"M{x} {y}m-6.5.5l6.5-6 6.5 6M{x} {y}m-4-.5v5.5h8v-5.5"
            css = '"m-haven m-risky"' if mark.risky else "m-haven"
            return f'{opened}{_circle(css, x, y, 13)}<path class=m-roof d="{house}"/>'
        case StationKind.PASSING:
            return opened + _circle('"m-pass m-small"', x, y, 6)
        case StationKind.PLACE:
            return opened + _circle("m-stop", x, y, 8)


def _circle(css: str, x: str, y: str, radius: int) -> str:
    return f"<circle class={css} cx={x} cy={y} r={radius} />"


def _text(text: Text) -> str:
    css = "" if text.ink in _PLAIN else f" class={text.ink.value}"
    anchor = "" if text.anchor is Anchor.MIDDLE else f" text-anchor={text.anchor.value}"
    return f"<text{css} x={text.x:.0f} y={text.y:.0f}{anchor}>{escape(text.text)}</text>"


def _end(end: End) -> str:
    x, y = f"{end.x:.0f}", f"{end.y:.0f}"
    sign = (
        f'{_circle("m-closed", x, y, 6)}<path class=m-x d="M{x} {y}m-3-3l6 6m0-6l-6 6"/>'
        if end.shut
        else _circle('"m-stop m-small"', x, y, 6)
    )
    return sign + "".join(_beside(text) for text in end.texts)


def _beside(text: Text) -> str:
    """A text of a group that starts all its texts where they stand."""
    return f"<text x={text.x:.0f} y={text.y:.0f}>{escape(text.text)}</text>"


def _ticket(ticket: TicketMark) -> str:
    x, y = f"{ticket.x:.0f}", f"{ticket.y:.0f}"
    sign = (
        f'<path class=m-tick d="M{x} {y}m9 11l3 3 5-6"/>'
        if ticket.in_hand
        else f'<path class=m-todo d="M{x} {y}m9.5 11a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0"/>'
    )
    name = f"<title>{escape(ticket.full)}</title>" if ticket.full != ticket.text.text else ""
    css = '"m-ticket have"' if ticket.in_hand else "m-ticket"
    return f'<g class={css}>{name}<path d="{ticket.outline}"/>{sign}{_beside(ticket.text)}</g>'


def gauge_bar(gauge: Gauge, *, chosen: bool) -> SafeString:
    """The bar of an interval: the pale part and the tick."""
    css = " risky" if gauge.risky else " chosen" if chosen else ""
    return _safe(
        f'<svg class="bar tracked{css}" viewBox="0 0 100 10" preserveAspectRatio=none aria-hidden=true>'
        f'<path class=bar-range d="M{gauge.start} 3h{gauge.width}v4h-{gauge.width}z"/>'
        f'<path class=bar-point d="M{gauge.tick} 0h2v10h-2z"/></svg>'
    )


def map_shapes(drawn: MapView, borders: str) -> SafeString:
    """Countries, ways, places and names; `borders` is the address of the sheet the countries lie in."""
    ways = "".join(f'<path class=way-casing d="{path}"/>' for path in drawn.ways)
    ways += "".join(f'<path class=way d="{path}"/>' for path in drawn.ways)
    others = "".join(f'<path d="{path}"/>' for path in drawn.alternatives)
    dots = "".join(
        f'<circle class="pt{" here" if dot.here else ""}{"" if dot.chief else " small"}" '
        f"cx={dot.x:.0f} cy={dot.y:.0f} r={5 if dot.chief else 3.5} />"
        for dot in drawn.dots
    )
    labels = "".join(
        f"<text class={one.css} x={one.x:.0f} y={one.y:.0f}"
        f"{'' if one.anchor == 'start' else f' text-anchor={one.anchor}'}>{escape(one.text)}</text>"
        for one in drawn.labels
    )
    return _safe(
        f'<use class="land hz-none" href="{borders}#all"/>{"".join(_lands(drawn, borders))}'
        f"{f'<g class=alt>{others}</g>' if others else ''}{ways}{dots}{labels}"
    )


def _lands(drawn: MapView, borders: str) -> Iterable[str]:
    """The countries of each shade in a group; hatched ones once more, above it."""
    for shade in Shade:
        codes = [land.code for land in drawn.lands if land.shade is shade]
        if not codes:
            continue
        used = "".join(f'<use href="{borders}#{code}"/>' for code in codes)
        yield f'<g class="land {shade.value}">{used}</g>'
        if shade is Shade.HIGH:
            yield f"<g class=hatch>{used}</g>"


def _safe(markup: str) -> SafeString:
    return mark_safe(markup)  # noqa: S308  # every word is escaped above
