"""How an account does, in words for whoever runs the machine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tropa.channels.catalogue import about
from tropa.channels.errors import NotThere
from tropa.desk.clock import whole_hour
from tropa.desk.messengers.accounts import AccountHealth, Doing

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AccountLine:
    """A row of the page."""

    account: str
    channel: str
    doing: str
    advice: str
    well: bool
    last_in: str
    last_out: str
    waiting: int
    rate: str


def account_line(health: AccountHealth, now: datetime) -> AccountLine:
    """The row of one account."""
    held = health.held_until
    rate = (
        _("told to wait: nothing leaves before %(at)s UTC") % {"at": date_format(held, "H:i")}
        if held
        else _("within its limits")
    )
    return AccountLine(
        account=health.account,
        channel=_title(health.channel),
        doing=doing_words(health.doing),
        advice=advice_words(health),
        well=health.well,
        last_in=_age(health.last_in, now),
        last_out=_age(health.last_out, now),
        waiting=health.waiting,
        rate=rate,
    )


def doing_words(doing: Doing) -> str:
    """Whether it is connected."""
    match doing:
        case Doing.CONNECTED:
            return _("connected")
        case Doing.IN_PART:
            return _("connected in part")
        case Doing.CUT_OFF:
            return _("not connected")
        case Doing.NEEDS_PERSON:
            return _("not connected; needs somebody")
        case Doing.SILENT:
            return _("its process is silent")
    assert_never(doing)


def advice_words(health: AccountHealth) -> str:
    """What it says of the reason, and what to do; empty where it does well."""
    match health.doing:
        case Doing.CONNECTED:
            return ""
        case Doing.SILENT:
            told = _(
                "It last spoke on %(at)s UTC. See whether the service runs: tropa channel run %(account)s."
            )
            return told % {"at": date_format(health.beat, "j E, H:i"), "account": health.account}
        case Doing.NEEDS_PERSON if health.code == "no_duty_epoch":
            return _(
                "Nobody is on duty, so nothing that comes can be sealed to anybody. Give somebody a shift."
            )
        case Doing.NEEDS_PERSON:
            told = _("The service said: %(code)s. The guide of this channel says what to do then.")
            return told % {"code": health.code}
        case Doing.IN_PART | Doing.CUT_OFF:
            told = _("The service said: %(code)s. It is asked again by itself, ever less often.")
            return told % {"code": health.code or "—"}
    assert_never(health.doing)


def _title(channel: str) -> str:
    try:
        return about(channel).title
    except NotThere:
        return channel


def _age(hour: datetime | None, now: datetime) -> str:
    """How long ago, in whole hours: nothing finer is kept."""
    if hour is None:
        return _("never")
    gone = whole_hour(now) - hour
    if gone < timedelta(hours=1):
        return _("in this hour")
    if gone < DAY:
        hours = int(gone / timedelta(hours=1))
        return ngettext("%(count)d hour ago", "%(count)d hours ago", hours) % {"count": hours}
    return ngettext("%(count)d day ago", "%(count)d days ago", gone.days) % {"count": gone.days}
