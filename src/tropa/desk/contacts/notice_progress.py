"""How far a notice has come: what accounts say, in whole numbers, and what coordinators are shown. Never believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import F

from tropa.desk.contacts.models import NoticeProgress

PER_MINUTE: Final = 60
"""How many messages of a notice leave one account in a minute, at most."""


@dataclass(frozen=True, slots=True)
class Progress:
    """One account. `ended`: neither sent for sure nor to be sent: not known, not delivered, or no longer wanted."""

    account: str
    people: int
    left: int
    sent: int
    ended: int


def say_progress(*, notice_id: str, account: str, people: int, left: int) -> None:
    """What an account found when it last looked."""
    NoticeProgress.objects.update_or_create(
        notice_id=notice_id, account=account, defaults={"people": people, "left": left}
    )


def count_sent(*, number: int, account: str) -> None:
    """The service took one more."""
    rows = NoticeProgress.objects.filter(notice__number=number, account=account)
    rows.filter(left__gt=0).update(left=F("left") - 1)
    rows.update(sent=F("sent") + 1)


def progress_of(notice_id: str) -> list[Progress]:
    """Every account that has looked, by name."""
    rows = NoticeProgress.objects.filter(notice_id=notice_id).order_by("account")
    return [
        Progress(row.account, row.people, row.left, row.sent, max(0, row.people - row.left - row.sent))
        for row in rows
    ]
