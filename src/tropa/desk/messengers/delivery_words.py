"""What a volunteer reads about a channel and about a message on its way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tropa.channels.catalogue import about
from tropa.channels.errors import NotThere
from tropa.channels.texts import in_language
from tropa.desk.library.titles import title_of_answer
from tropa.desk.messengers.models import OutgoingState
from tropa.desk.messengers.moving import MOVED
from tropa.desk.messengers.queries import Delivery

DROP = "drop"


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """Where somebody writes from, and what it keeps secret. `warning` stands above every answer where others read."""

    title: str
    secrecy: str
    open: bool
    warning: str


def channel_line(code: str) -> ChannelLine:
    """The line for a channel's code, as it stands in the sealed body of what they wrote."""
    if code == DROP:
        return ChannelLine(_("Form"), _("sealed here"), open=False, warning="")
    try:
        known = about(code)
    except NotThere:
        return ChannelLine(_("unknown channel"), _("nothing is known of its secrecy"), open=True, warning="")
    if known.caps.e2ee:
        return ChannelLine(known.title, _("end-to-end encrypted, sealed here"), open=False, warning="")
    warning = _("%(truth)s Ask for nothing of the kind, and offer the drop early.") % {
        "truth": in_language(known.caps.short_truth, get_language() or "ru")
    }
    secrecy = _("%(channel)s can read it; sealed here") % {"channel": known.title}
    return ChannelLine(known.title, secrecy, open=True, warning=warning)


def state_words(delivery: Delivery) -> str:
    """Where a message stands, in a few words beside it."""
    match delivery.state:
        case OutgoingState.QUEUED:
            return _("waits to be sent")
        case OutgoingState.SENDING:
            return _("is being sent")
        case OutgoingState.SENT:
            return _("sent")
        case OutgoingState.FAILED:
            return _("did not arrive")
        case OutgoingState.UNKNOWN:
            return _("not known whether it arrived")
        case OutgoingState.EXPIRED:
            return _("too old, not sent")
        case OutgoingState.WITHDRAWN:
            return _("taken back")
        case OutgoingState.REFUSED:
            return _("not sent: it is not what was signed")
    assert_never(delivery.state)


def trouble_words(delivery: Delivery) -> str:
    """What a volunteer has to know, and may do, about a message that did not arrive or may not have."""
    match delivery.state:
        case OutgoingState.UNKNOWN:
            return _(
                "We do not know whether this arrived: there was no clear answer. Nobody sends it again but you; sent "
                "again, the person may get it twice."
            )
        case OutgoingState.EXPIRED:
            return _(
                "It waited too long, so it was not sent late: it might no longer be true. A step was taken back and "
                "can be sent anew after another look."
            )
        case OutgoingState.REFUSED:
            return _(
                "Its row is not what somebody here signed, or went out before. Somebody may have changed the database: "
                "tell a coordinator."
            )
        case _:
            return _why_failed(delivery.code)


def _why_failed(code: str) -> str:
    match code:
        case "blocked":
            return _("The person no longer takes messages from us there. It surely did not arrive.")
        case "no_such_person":
            return _("The messenger no longer knows this person. It surely did not arrive.")
        case "too_long":
            return _("It was too long for the messenger. It surely did not arrive; write it shorter.")
        case "others_in_room":
            return _(
                "Others can read in that room, so it was not sent. The person has to write from a room of two."
            )
        case "room_in_clear":
            return _(
                "That room is not encrypted, so it was not sent. The person was asked to open one that is."
            )
        case "no_key":
            return _(
                "What they wrote came unencrypted, and an answer would be too, so it was not sent. The person has to "
                "write again from an app that encrypts."
            )
        case _:
            return _("The messenger refused it. It surely did not arrive.")


def _moved(code: str) -> str:
    """From where to where; what a one-time code shows, and what it does not."""
    _kind, before, now, *_rest = [*code.split("."), "", ""]
    told = _(
        "Moved with a one-time code from %(before)s (%(before_secrecy)s) to %(now)s (%(now_secrecy)s). Answers go "
        "there now. Whoever had the code could do this: ask something only this person knows before you trust it."
    )
    left, reached = channel_line(before), channel_line(now)
    return told % {
        "before": left.title,
        "before_secrecy": left.secrecy,
        "now": reached.title,
        "now_secrecy": reached.secrecy,
    }


def remark_words(code: str) -> str:
    """How something came, beside its text."""
    match code:
        case "file-too-large":
            return _("A file was larger than is taken, and was not kept. The person was told.")
        case "file-lost":
            return _("A file could not be fetched. The person was asked to send it again.")
        case "unreadable":
            return _("Something came that could not be read. The person was asked to write it again.")
        case "edited":
            return _("The person wrote this over an earlier message.")
        case "plain":
            return _("It came unencrypted.")
        case "in-clear":
            return _(
                "Something came unencrypted and was not taken; what it said is kept nowhere. If we hold a key for its "
                "sender, they were told."
            )
        case "other-key":
            return _(
                "Something came that was not signed with the key we hold. It is kept back unread; if we hold a key for "
                "its sender, they were told. A new key has to be confirmed in another way before it is entered."
            )
        case "new-device":
            return _(
                "It came from a device this person had not written from before. If that is odd, ask something only "
                "they know."
            )
        case "cut":
            return _("It was longer than is taken; the end is missing.")
        case "nothing-fits":
            return _("No answer of the library fitted, so none was shown.")
        case "danger.soldier":
            return _("Recognised: somebody who serves. No automatic answer was given.")
        case "danger.detained":
            return _("Recognised: somebody detained. No automatic answer was given.")
        case "danger.travelling":
            return _("Recognised: somebody on the way. No automatic answer was given.")
        case "danger.self_harm":
            return _("Recognised: thoughts of self-harm. No automatic answer was given.")
        case "danger.torture":
            return _("Recognised: violence. No automatic answer was given.")
        case "danger.minor":
            return _("Recognised: a minor. No automatic answer was given.")
        case "danger.alike":
            return _("It sounds like danger. No automatic answer was given.")
        case _ if code.startswith(f"{MOVED}."):
            return _moved(code)
        case _ if code.startswith("offered."):
            told = _("Given automatically, unless it expired before it left: %(answer)s")
            return told % {"answer": title_of_answer(code[8:])}
        case _ if code.startswith("shown."):
            return _("Shown automatically: %(answer)s") % {"answer": title_of_answer(code[6:])}
        case _:
            return _("Something about how it came is not known to this version.")
