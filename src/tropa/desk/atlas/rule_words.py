"""What a rule of a country says, in one line: for tables, where the fact's own page says all of it."""

from __future__ import annotations

from functools import singledispatch

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tropa.atlas import (
    Clock,
    Contact,
    Crossing,
    Effect,
    EntryCheck,
    EntryRule,
    ExitCheck,
    Extradition,
    Fact,
    Figure,
    Gap,
    Hazard,
    Incident,
    Leg,
    Living,
    Obtain,
    PaperRefusal,
    Protection,
    Provision,
    Range,
    Requirement,
    Settling,
    StayKind,
    StayRule,
    Treaty,
    Value,
)
from tropa.desk.atlas.figures import chance_words, partial_words
from tropa.desk.pages.fact_words import departures_in_words, in_page_language, lines_of, named
from tropa.desk.pages.term_words import term_words
from tropa.desk.plans import wording
from tropa.planning.plan import Span


def rule_line(fact: Fact[Value]) -> str:
    """The line; what a rule forbids begins with the word."""
    said = _line(fact.value)
    return (
        _("closed: %(rule)s") % {"rule": said}
        if fact.effect is Effect.PROHIBITION and _is_closable(fact)
        else said
    )


def _is_closable(fact: Fact[Value]) -> bool:
    return isinstance(fact.value, EntryRule | Obtain)


def papers_in_words(asked: Requirement) -> str:
    """The papers, alternatives by "or"."""
    if asked.asks_nothing:
        return _("no paper")
    sets = (" + ".join(named(paper) for paper in sorted(one)) for one in asked.alternatives)
    return _(" or ").join(sets)


@singledispatch
def _line(value: Value) -> str:
    return "; ".join(f"{name}: {said}" for name, said in lines_of(value))


@_line.register
def _entry(value: EntryRule) -> str:
    parts = [papers_in_words(value.papers)]
    if value.modes:
        parts.append(_("only by %(modes)s") % {"modes": ", ".join(term_words(mode) for mode in value.modes)})
    if value.passport_days:
        days = ngettext("%(days)d day", "%(days)d days", value.passport_days) % {"days": value.passport_days}
        parts.append(_("passport good for %(days)s more") % {"days": days})
    return "; ".join(parts)


@_line.register
def _stay(value: StayRule) -> str:
    days = ngettext("%(days)d day", "%(days)d days", value.days or 0) % {"days": value.days or 0}
    match value.counts:
        case StayKind.SLIDING:
            said = _("%(days)s in any %(window)d") % {"days": days, "window": value.window}
        case StayKind.PER_VISIT | StayKind.CALENDAR_YEAR:
            said = f"{days}, {term_words(value.counts)}"
        case _:
            said = term_words(value.counts)
    if not value.papers.asks_nothing:
        said += "; " + _("on %(papers)s") % {"papers": papers_in_words(value.papers)}
    if value.register_days:
        due = ngettext("%(days)d day", "%(days)d days", value.register_days) % {"days": value.register_days}
        said += "; " + _("register within %(days)s") % {"days": due}
    return said


@_line.register
def _exit(value: ExitCheck) -> str:
    return ", ".join(term_words(status) for status in value.stops)


@_line.register
def _refusal(value: PaperRefusal) -> str:
    said = named(value.paper)
    return f"{said}; {in_page_language(value.exception)}" if value.exception else said


@_line.register
def _obtain(value: Obtain) -> str:
    days, euros = wording.days(_span(value.days)), wording.euros(_span(value.euros))
    parts = [named(value.paper), term_words(value.office), days, euros]
    if value.refusal is not None:
        parts.append(_("refused: %(chance)s") % {"chance": wording.percents(_span(value.refusal))})
    return "; ".join(parts)


@_line.register
def _protection(value: Protection) -> str:
    parts = [term_words(value.what), wording.days(_span(value.days))]
    if value.share_positive is not None:
        parts.append(_("granted: %(chance)s") % {"chance": wording.percents(_span(value.share_positive))})
    if not value.needs.asks_nothing:
        parts.append(_("needs %(papers)s") % {"papers": papers_in_words(value.needs)})
    return "; ".join(parts)


@_line.register
def _living(value: Living) -> str:
    return _("%(euros)s a day") % {"euros": wording.euros(_span(value.euros_per_day))}


@_line.register
def _leg(value: Leg) -> str:
    parts = [term_words(value.mode), wording.hours(_span(value.hours)), wording.euros(_span(value.euros))]
    if value.wait_days.high >= 1:
        wait = wording.days(_span(value.wait_days))
        parts.append(_("until the next departure: %(wait)s") % {"wait": wait})
    if value.departures:
        parts.append(_("leaves: %(departures)s") % {"departures": departures_in_words(value.departures)})
    if not value.papers.asks_nothing:
        parts.append(_("needs %(papers)s") % {"papers": papers_in_words(value.papers)})
    if value.months:
        parts.append(_("in months %(months)s") % {"months": ", ".join(str(month) for month in value.months)})
    return "; ".join(part for part in parts if part)


@_line.register
def _hazard(value: Hazard) -> str:
    return f"{chance_words(value.chance)}; {', '.join(term_words(one) for one in value.classes)}"


@_line.register
def _incident(value: Incident) -> str:
    return f"{in_page_language(value.profile)}: {in_page_language(value.summary)}"


@_line.register
def _gap(value: Gap) -> str:
    return in_page_language(value.what)


@_line.register
def _crossing(value: Crossing) -> str:
    modes = ", ".join(term_words(mode) for mode in value.modes)
    said = f"{in_page_language(value.name)} ({modes}): {term_words(value.status)}"
    return f"{said}; {in_page_language(value.who)}" if value.who else said


@_line.register
def _entry_check(value: EntryCheck) -> str:
    lists = ", ".join(term_words(one) for one in value.lists)
    said = _("lists looked into at the entry: %(lists)s") % {"lists": lists}
    return f"{said}; {', '.join(term_words(mode) for mode in value.modes)}" if value.modes else said


@_line.register
def _treaty(value: Treaty) -> str:
    said = f"{term_words(value.what)}: {term_words(value.status)}"
    return f"{said}, {partial_words(value.since)}" if value.since else said


@_line.register
def _extradition(value: Extradition) -> str:
    return f"{in_page_language(value.basis)}; {term_words(value.practice)}"


@_line.register
def _clock(value: Clock) -> str:
    days = ngettext("%(days)d day", "%(days)d days", abs(value.days)) % {"days": abs(value.days)}
    if value.days < 0:
        days = _("%(days)s before") % {"days": days}
    return _("%(trigger)s: %(days)s (%(kind)s); %(consequence)s") % {
        "trigger": in_page_language(value.trigger),
        "days": days,
        "kind": term_words(value.day_kind),
        "consequence": in_page_language(value.consequence),
    }


@_line.register
def _provision(value: Provision) -> str:
    article, what = in_page_language(value.article), in_page_language(value.what)
    parts = [f"{article}: {what}", term_words(value.category)]
    if value.term_max_years is not None:
        parts.append(_years(value.term_min_years, value.term_max_years))
    elif value.term_min_years is not None:
        parts.append(_("%(low)s years and more") % {"low": _figure_of(value.term_min_years)})
    if value.bars_exit:
        barred = ", ".join(term_words(status) for status in value.bars_exit)
        parts.append(_("bars the exit: %(statuses)s") % {"statuses": barred})
    return "; ".join(parts)


def _figure_of(years: float) -> str:
    """Without a nought behind the point."""
    return number_format(int(years) if years == int(years) else years)


def _years(least: float | None, most: float) -> str:
    """A term of imprisonment; years are counted by the upper end."""
    ends = {"low": _figure_of(least or 0), "high": _figure_of(most)}
    if least:
        return ngettext("%(low)s to %(high)s year", "%(low)s to %(high)s years", int(most)) % ends
    return ngettext("up to %(high)s year", "up to %(high)s years", int(most)) % ends


@_line.register
def _figure(value: Figure) -> str:
    return _("%(measure)s: %(number)s (%(publisher)s)") % {
        "measure": in_page_language(value.measure),
        "number": number_format(value.counted, force_grouping=True),
        "publisher": in_page_language(value.publisher),
    }


@_line.register
def _settling(value: Settling) -> str:
    return in_page_language(value.advice)


@_line.register
def _contact(value: Contact) -> str:
    return f"{term_words(value.what)}: {in_page_language(value.name)}, {value.reached}"


def _span(value: Range) -> Span:
    return Span(value.low, value.point, value.high)
