"""What Today says about keeping: who waits too long for an answer, and what goes soon."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tropa.desk.retention.queries import GoesSoon, goes_soon, waiting_too_long
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.pseudonyms import name_of

MOST = 8
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class SoonLine:
    """One line of the card."""

    lead: str
    address: str
    who: str
    tag: str
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TooLongWords:
    """The alarm."""

    title: str
    detail: str


def going_soon(reader: Reader, *, closed: bool = True, untaken: bool = True) -> list[SoonLine]:
    """What goes first, at most eight; `closed`, `untaken` as in `goes_soon`."""
    return [_line(one) for one in goes_soon(reader=reader, closed=closed, untaken=untaken)[:MOST]]


def too_long(reader: Reader) -> TooLongWords | None:
    """The alarm, or None when nobody waits too long."""
    found = waiting_too_long(reader=reader)
    if found is None:
        return None
    title = (
        _("More than %(count)d people have waited too long for an answer")
        if found.more
        else ngettext(
            "%(count)d person has waited too long for an answer",
            "%(count)d people have waited too long for an answer",
            found.count,
        )
    )
    hours = (reader.now - found.since) // HOUR
    detail = ngettext(
        "The first of them for %(hours)d hour. A thread nobody has answered never goes by itself.",
        "The first of them for %(hours)d hours. A thread nobody has answered never goes by itself.",
        hours,
    )
    return TooLongWords(title % {"count": found.count}, detail % {"hours": hours})


def _tag(one: GoesSoon) -> str:
    if one.ask:
        return _("ask first")
    return _("plans") if one.facts_only else _("all of it")


def _line(one: GoesSoon) -> SoonLine:
    thread = one.thread
    if one.ask:
        words = _("They asked to record abuse. Ask them whether it may go; nothing of it goes before.")
    elif one.facts_only:
        words = _("Plan facts and plans go; the rest stays until its own day.")
    elif thread.case_id:
        words = _("The case goes with everything in it. Look whether something is still open.")
    else:
        words = _("Answered, given back, and taken by nobody: it goes with everything in it.")
    address = ("desk:keeping", thread.case_id) if thread.case_id else ("desk:thread", thread.pk)
    return SoonLine(
        lead=date_format(one.last_day, "j E"),
        address=reverse(address[0], args=[address[1]]),
        who=name_of(thread).text,
        tag=_tag(one),
        words=words,
    )
