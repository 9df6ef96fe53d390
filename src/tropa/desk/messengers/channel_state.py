"""Cursor, library state and health of the accounts, as the gateway's processes leave them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tropa.desk.clock import next_minute, whole_hour
from tropa.desk.messengers.models import ChannelHealth, ChannelState, Standing


def stored_state(tag: str) -> bytes | None:
    """What lies under a tag; None when there is nothing."""
    found = ChannelState.objects.filter(tag=tag).values_list("sealed", flat=True).first()
    return None if found is None else bytes(found)


def store_state(values: Mapping[str, bytes | None]) -> None:
    """Write state by tag, in the caller's transaction; None deletes."""
    for tag, sealed in values.items():
        if sealed is None:
            ChannelState.objects.filter(tag=tag).delete()
        else:
            ChannelState.objects.update_or_create(tag=tag, defaults={"sealed": sealed})


def say_health(
    *,
    account: str,
    channel: str,
    standing: Standing,
    code: str,
    waiting_out: int,
    now: datetime,
    held_until: datetime | None = None,
) -> None:
    """What an account's process says about itself. Of the times only the minute is kept."""
    said = {
        "channel": channel,
        "standing": standing,
        "code": code,
        "waiting_out": waiting_out,
        "beat": now.replace(second=0, microsecond=0),
        "held_until": next_minute(held_until) if held_until else None,
    }
    ChannelHealth.objects.update_or_create(account=account, defaults=said)


def forget_health(*, account: str) -> None:
    """The account is no longer of this machine."""
    ChannelHealth.objects.filter(account=account).delete()


def note_traffic(*, account: str, came: bool, now: datetime) -> None:
    """Something came or went within this hour."""
    hour = {"last_in" if came else "last_out": whole_hour(now)}
    ChannelHealth.objects.filter(account=account).update(**hour)
