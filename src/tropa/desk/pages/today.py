"""Today: who is in danger first, then what is mine, who waits longest, what falls due, and who must call and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tropa.atlas import Standing
from tropa.desk import clock
from tropa.desk.atlas.causes import causes_of
from tropa.desk.atlas.for_today import reminders
from tropa.desk.audit.log_end import alarm
from tropa.desk.audit.queries import refused_rows
from tropa.desk.contacts.notice_services import waiting_notice
from tropa.desk.contacts.queries import days_left, waiting_list
from tropa.desk.facts import to_look_at
from tropa.desk.frame import Notice, notices_said
from tropa.desk.library.alike import AlikeGroup, rising_now
from tropa.desk.messengers.accounts import account_healths
from tropa.desk.messengers.models import Outgoing
from tropa.desk.messengers.queries import undelivered
from tropa.desk.pages.alarm_words import alarm_line
from tropa.desk.pages.at_a_glance import at_a_glance
from tropa.desk.pages.fact_words import title_of
from tropa.desk.pages.rest_words import rest_words
from tropa.desk.pages.standing_words import standing_words
from tropa.desk.plans.check_ins import MissedCheckIn, expected_check_ins
from tropa.desk.plans.found_meanwhile import WORST_FIRST, FoundMeanwhile, counted, found_meanwhile
from tropa.desk.plans.models import Mark, Plan
from tropa.desk.plans.notices import planned_anew
from tropa.desk.plans.shaken import shaken_plans
from tropa.desk.retention.for_today import going_soon, too_long
from tropa.desk.staff.access import OpenedRequest, UnlockedRequest, unlocked_or_empty
from tropa.desk.staff.account import account_notices
from tropa.desk.staff.alarms import alarms
from tropa.desk.staff.models import Role
from tropa.desk.staff.tending import make_due_keys
from tropa.desk.talk.assigning import Given, given
from tropa.desk.talk.hand_over import handed_over
from tropa.desk.talk.inbox import InboxFilters, Queue, inbox_page
from tropa.desk.talk.inbox_lines import lines_of
from tropa.desk.talk.inbox_lists import address_of
from tropa.desk.talk.mentions import mentions
from tropa.desk.talk.models import Mention
from tropa.desk.talk.pseudonyms import name_of
from tropa.desk.talk.surge_words import surge_words
from tropa.desk.vault.services import told_acts
from tropa.desk.vault.shifts import uncovered_days

LINES = 4
NEXT_LIST_DAYS = 10
FACTS = 3
OUTCOMES = {
    "no_way": gettext_lazy("no way left"),
    "changed": gettext_lazy("other ways are best now"),
    "cut_off": gettext_lazy("not planned to the end"),
    "not_planned": gettext_lazy("names what the atlas no longer knows"),
}
"""What unattended planning found, in a few words."""


@dataclass(frozen=True, slots=True)
class TodayLine:
    """One line of a card on Today."""

    lead: str
    address: str
    who: str
    tag: str
    words: str = field(repr=False)
    stale: bool = False


def empty_today(request: OpenedRequest) -> HttpResponse:
    """The page of somebody to whom nothing was given, and for whom nobody waits."""
    context = {
        "section": "today",
        "now": request.opened.now,
        "mine_address": address_of(InboxFilters(queue=Queue.MINE)),
        "rest": rest_words(visit=request.visit, now=request.opened.now),
        "notices": [
            *notices_said(request),
            *account_notices(member=request.member, on=request.opened.now.date()),
        ],
    }
    return render(request, "today/today.html", context)


@unlocked_or_empty(empty_today)
def today(request: UnlockedRequest) -> HttpResponse:
    """The whole page; on a phone the urgent part comes first."""
    reader = request.reader
    make_due_keys(reader=reader)
    some = at_a_glance(reader=reader)
    expected = expected_check_ins(reader=reader) if some.steps else []
    found = found_meanwhile(reader=reader) if some.findings else []
    context = {
        "section": "today",
        "now": reader.now,
        "alarms": [alarm_line(one) for one in alarms(reader=reader)],
        "shaken": [_shaken(plan) for plan in shaken_plans(reader=reader)] if some.marked_plans else [],
        "missed_check_ins": [_missed(one, reader.now) for one in expected if one.is_missed(reader.now)],
        "undelivered": [_undelivered(row) for row in undelivered(reader=reader)] if some.undelivered else [],
        "too_long": too_long(reader),
        "rest": rest_words(visit=request.visit, now=reader.now),
        "surge": surge_words(now=reader.now),
        "coordinator": reader.member.role == Role.COORDINATOR,
        "goes_soon": going_soon(reader, closed=some.closed_cases, untaken=some.untaken_that_go),
        "given": [_given(one) for one in given(reader=reader)] if some.given else [],
        "handed_over": handed_over(reader=reader) if some.handed_over else [],
        "may_hand_over": reader.member.role != Role.RESEARCHER,
        "mentions": [_mention(one) for one in mentions(reader=reader)] if some.mentions else [],
        "found": [_found(one) for one in found[:LINES]],
        "found_counted": [f"{OUTCOMES[outcome]}: {count}" for outcome, count in counted(found)],
        "mine": _threads(request, Queue.MINE),
        "mine_address": address_of(InboxFilters(queue=Queue.MINE)),
        "longest": _threads(request, Queue.UNTAKEN),
        "rising": [_rising(one) for one in rising_now(reader)],
        "facts": [*_reminders(request), *_facts()],
        "on_the_way": [
            _coming(one, one.due) for one in expected if one.due is not None and not one.is_missed(reader.now)
        ],
        "notices": [
            *notices_said(request),
            *account_notices(member=reader.member, on=reader.now.date()),
            *_tampering(request),
            *_together(request),
            *_uncovered(request),
            *_messengers(request),
            *_contact_points(request),
        ],
    }
    return render(request, "today/today.html", context)


def _tampering(request: UnlockedRequest) -> list[Notice]:
    """For coordinators: a log that does not hold, and stored rows that failed their check."""
    if request.reader.member.role != Role.COORDINATOR:
        return []
    notices = _log_alarm()
    count = refused_rows()
    if not count:
        return notices
    text = ngettext(
        "%(count)d stored row failed its signature or seal and was not shown. Somebody may have changed the"
        " database: tell whoever runs the server, and keep a copy of it.",
        "%(count)d stored rows failed their signature or seal and were not shown. Somebody may have changed the"
        " database: tell whoever runs the server, and keep a copy of it.",
        count,
    )
    return [*notices, Notice(kind="danger", icon="danger", text=text % {"count": count})]


def _log_alarm() -> list[Notice]:
    """What the last round of housekeeping found wrong with the signed log."""
    found = alarm()
    if found is None:
        return []
    text = _(
        "The signed log does not hold at record %(record)d: it was changed, cut or put back. Tell whoever runs the"
        " server, keep a copy of the database, and do not rely on what the log says since."
    )
    return [Notice(kind="danger", icon="danger", text=text % {"record": found.sequence})]


def _together(request: UnlockedRequest) -> list[Notice]:
    """For coordinators: cases two of them opened together, or are asked to open, in the last week."""
    if request.reader.member.role != Role.COORDINATOR:
        return []
    lines = []
    for told in told_acts(reader=request.reader):
        said = {"one": told.act.asked_by.pseudonym, "why": told.reason}
        if told.act.done_by is None:
            text = _("%(one)s asks to open a case together: %(why)s. See People.") % said
        else:
            said["other"] = told.act.done_by.pseudonym
            text = _("%(one)s and %(other)s opened a case together: %(why)s.") % said
        lines.append(Notice(kind="danger", icon="danger", text=text))
    return lines


def _uncovered(request: UnlockedRequest) -> list[Notice]:
    """For coordinators: days soon on which nobody has a shift."""
    if request.reader.member.role != Role.COORDINATOR:
        return []
    days = [date_format(day, "j E") for day in uncovered_days(request.reader.now.date())]
    text = _("Nobody is on duty on these days: %(days)s. Give somebody a shift, under People.")
    return [Notice(kind="stale", icon="danger", text=text % {"days": ", ".join(days)})] if days else []


def _messengers(request: UnlockedRequest) -> list[Notice]:
    """For coordinators: accounts that somebody has to look at."""
    if request.reader.member.role != Role.COORDINATOR:
        return []
    ill = [one.account for one in account_healths(now=request.reader.now) if not one.well]
    text = _("Messenger accounts that need a look: %(accounts)s. See Messengers, under People.")
    return [Notice(kind="stale", icon="danger", text=text % {"accounts": ", ".join(ill)})] if ill else []


def _contact_points(request: UnlockedRequest) -> list[Notice]:
    """For coordinators: a list of our addresses that runs out soon, and what waits for the reader to sign."""
    if request.reader.member.role != Role.COORDINATOR:
        return []
    notices, left = [], days_left(now=request.reader.now)
    if left is not None and left < NEXT_LIST_DAYS:
        text = ngettext(
            "The list of our addresses runs out in %(count)d day; then people have nothing to compare with. Sign the "
            "next one: Contact points, under People.",
            "The list of our addresses runs out in %(count)d days; then people have nothing to compare with. Sign the "
            "next one: Contact points, under People.",
            left + 1,
        )
        notices.append(Notice(kind="stale", icon="clock", text=text % {"count": left + 1}))
    waiting = waiting_list(reader=request.reader)
    if waiting is not None and not waiting.own:
        text = _("A list of our addresses waits for your signature: Contact points, under People.")
        notices.append(Notice(kind="", icon="people", text=text))
    notice = waiting_notice(reader=request.reader)
    if notice is not None and not notice.own:
        text = _("News about our addresses waits for your signature: Contact points, under People.")
        notices.append(Notice(kind="", icon="people", text=text))
    return notices


def _threads(request: UnlockedRequest, queue: Queue) -> Sequence[TodayLine]:
    rows = inbox_page(reader=request.reader, filters=InboxFilters(queue=queue), size=LINES)
    return [
        TodayLine(
            lead=line.wait or _("answered"),
            address=line.address,
            who=line.who,
            tag=line.lane,
            words=line.words,
        )
        for line in lines_of(rows)
    ]


def _rising(one: AlikeGroup) -> TodayLine:
    """A topic asked about more than before; nobody in particular."""
    asked = ngettext("%(count)d person asks today", "%(count)d people ask today", one.today)
    address = reverse("desk:answer-together", args=[one.middle.id]) if one.rows else reverse("desk:alike")
    who = _("Alike questions")
    return TodayLine(
        lead="", address=address, who=who, tag=asked % {"count": one.today}, words=one.middle.words
    )


def _given(one: Given) -> TodayLine:
    """What somebody gave me, or I gave, that nobody has accepted yet."""
    who = one.assignment.giver if one.mine else one.assignment.taker
    words = (
        _("%(who)s gives you this case: accept or decline.")
        if one.mine
        else _("%(who)s has not accepted it yet.")
    )
    return TodayLine(
        lead=date_format(one.assignment.day, "j E"),
        address=reverse("desk:thread", args=[one.thread.pk]),
        who=name_of(one.thread).text,
        tag=_("for you") if one.mine else _("you gave it"),
        words=words % {"who": who.pseudonym},
    )


def _found(one: FoundMeanwhile) -> TodayLine:
    """A case of mine that was planned anew with nobody there, where something calls for a look."""
    notice, worst = planned_anew(one.found), one.found.outcome == WORST_FIRST[0]
    return TodayLine(
        lead=date_format(one.found.on, "j E"),
        address=reverse("desk:workbench", args=[one.case_id]),
        who=name_of(one.thread).text,
        tag=str(OUTCOMES[one.found.outcome])
        if worst
        else "",  # the words say it; on a phone there is no room
        words=notice.text if notice is not None else "",
        stale=worst,
    )


def _mention(one: Mention) -> TodayLine:
    """A note that asks for me."""
    author = one.entry.author.pseudonym if one.entry.author else ""
    return TodayLine(
        lead=date_format(one.entry.day, "j E"),
        address=reverse("desk:thread", args=[one.entry.thread_id]),
        who=name_of(one.entry.thread).text,
        tag=_("note"),
        words=_("%(who)s names you in a note.") % {"who": author},
    )


def _reminders(request: UnlockedRequest) -> list[TodayLine]:
    """For those who change facts: what of the atlas waits for a person."""
    return [
        TodayLine(lead=one.tag, address=one.address, who=one.title, tag="", words=one.why)
        for one in reminders(request.reader)
    ]


def _facts() -> list[TodayLine]:
    return [
        TodayLine(
            lead=date_format(fact.review_by, "j E"),
            address=reverse("desk:fact", args=[fact.id]),
            who=title_of(fact),
            tag=_("due") if standing is Standing.USABLE else _("closed"),
            words=standing_words(standing),
            stale=standing is not Standing.USABLE,
        )
        for fact, standing in to_look_at(FACTS)
    ]


def _shaken(plan: Plan) -> dict[str, object]:
    """A plan of mine whose facts were closed or changed under it."""
    who = name_of(plan.thread).text
    stopped = plan.mark == Mark.STOPPED
    if stopped:
        title = _("%(who)s: the plan is stopped") % {"who": who}
        detail = _(
            "A fact it rests on was closed. Its unread steps are withdrawn; the person reads that the step is being "
            "checked anew. If they are on the way already, write to them first."
        )
    else:
        title = _("%(who)s: facts under the plan have changed") % {"who": who}
        detail = _("Nothing of it can be sent before it was computed and looked at anew.")
    return {
        "title": title,
        "detail": detail,
        "stopped": stopped,
        "causes": causes_of(plan),
        "address": reverse("desk:workbench", args=[plan.case_id]),
        "thread": reverse("desk:thread", args=[plan.thread_id]),
    }


def _undelivered(row: Outgoing) -> dict[str, str]:
    """A message of mine, or of a case of mine, that did not arrive or may not have."""
    who = name_of(row.thread).text if row.thread else ""
    title = _("%(who)s: an answer did not arrive, or may not have")
    if row.release is not None:
        title = _("%(who)s: a step did not arrive, or may not have")
    return {"title": title % {"who": who}, "address": reverse("desk:thread", args=[row.thread_id])}


def _missed(one: MissedCheckIn, now: datetime) -> dict[str, str]:
    who = name_of(one.thread).text
    address = reverse("desk:thread", args=[one.thread.pk])
    if one.due is None:
        return {
            "title": _("%(who)s: the check-in cannot be read, ask now") % {"who": who},
            "detail": _(
                "The row of step %(step)d is damaged or was changed outside the desk. Do not wait for its hour."
            )
            % {"step": one.step_number},
            "address": address,
        }
    hours, minutes = divmod(int((now - one.due).total_seconds()) // 60, 60)
    words = {"who": who, "hours": hours, "minutes": minutes}
    detail = {"step": one.step_number, "due": date_format(one.due, "j E, H:i")}
    return {
        "title": _("%(who)s: no word for %(hours)d h %(minutes)d min") % words,
        "detail": _("Expected after step %(step)d, by %(due)s UTC. Lead and second holder both see this.")
        % detail,
        "address": address,
    }


def _coming(one: MissedCheckIn, due: datetime) -> TodayLine:
    day = clock.now().date() == due.date()
    return TodayLine(
        lead=date_format(due, "H:i" if day else "j E, H:i"),
        address=reverse("desk:thread", args=[one.thread.pk]),
        who=name_of(one.thread).text,
        tag=_("check-in"),
        words=_("after step %(step)d") % {"step": one.step_number},
    )
