"""The cookie after a codename was typed: of one length and one look, whether the codename opens anything or
not.

It holds the codename's entropy, sealed under a key of this process and good for half an hour from the last page
and four hours from the words, so that a copied one does not live on; a wrong code gets random entropy, so that
everything afterwards takes the same way. It also carries which notice the next
page is to show, so no address in the browser's history tells what somebody did. What does not open counts as
a wrong code.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from django.http import HttpRequest, HttpResponse

from tropa.drop.came import HOLD
from tropa.drop.conf import drop_conf
from tropa.drop.form_token import from_text, to_text
from tropa.envelope import CannotOpen, Context, unwrap, wrap
from tropa.envelope.codename import ENTROPY_BYTES

COOKIE = "__Host-s"
LIFE = timedelta(minutes=30)
LONGEST_LIFE = timedelta(hours=4)
TIME_BYTES = 6
EVEN_MILLISECONDS = 100
CONTEXT = Context("admission", 2, "cookie", "value", "-")


class Notice(IntEnum):
    """What the next page says first."""

    NONE = 0
    SENT = 1
    SENT_WITHOUT_FILES = 2
    SAFE = 3
    TALK_NOW = 4
    READ = 5
    KEPT = 6
    STEP_DONE = 7
    STEP_FAILED = 8
    MESSAGE_ERASED = 9
    ALL_ERASED = 10
    NOT_STORED = 11
    SENT_WITHOUT_ROOM = 12
    HELP_COUNTED = 13


@dataclass(frozen=True, slots=True)
class Admission:
    """Who is let in. `ends` is when it ends however often pages are asked for; None before its first page."""

    entropy: bytes = field(repr=False)
    notice: Notice = Notice.NONE
    ends: datetime | None = None

    @classmethod
    def of_nobody(cls, notice: Notice = Notice.NONE) -> Admission:
        """One that opens nothing and looks like any other."""
        return cls(os.urandom(ENTROPY_BYTES), notice)

    def saying(self, notice: Notice) -> Admission:
        """The same, for a page that begins with `notice`."""
        return replace(self, notice=notice)


def admit(response: HttpResponse, admission: Admission, now: datetime) -> None:
    """Put the cookie on the answer; half an hour counts from now. The answer is held back to an even time: what opens
    something takes longer than what does not.
    """
    response[HOLD] = str(EVEN_MILLISECONDS)
    ends = admission.ends or now + LONGEST_LIFE
    times = (min(now + LIFE, ends), ends)
    body = admission.entropy + bytes([admission.notice]) + b"".join(_to_bytes(time) for time in times)
    sealed = wrap(drop_conf.cookie_key, CONTEXT, body, random=os.urandom)
    response.set_cookie(
        COOKIE,
        to_text(sealed),
        max_age=int(LIFE.total_seconds()),
        path="/",
        secure=True,
        httponly=True,
        samesite="Strict",
    )


def admission_of(request: HttpRequest, now: datetime) -> Admission:
    """The admission in the cookie; one of nobody if there is none, or it ran out, or it is not ours."""
    text = request.COOKIES.get(COOKIE, "")
    sealed = from_text(text, len(text) * 3 // 4)
    try:
        body = unwrap(drop_conf.cookie_key, CONTEXT, sealed or b"")
    except CannotOpen:
        return Admission.of_nobody()
    times = body[ENTROPY_BYTES + 1 :]
    until, ends = _from_bytes(times[:TIME_BYTES]), _from_bytes(times[TIME_BYTES:])
    if now > until:
        return Admission.of_nobody()
    return Admission(body[:ENTROPY_BYTES], Notice(body[ENTROPY_BYTES]), ends)


def _to_bytes(time: datetime) -> bytes:
    return int(time.timestamp()).to_bytes(TIME_BYTES, "big")


def _from_bytes(raw: bytes) -> datetime:
    return datetime.fromtimestamp(int.from_bytes(raw, "big"), UTC)
