"""Cursor, library state and health of the accounts, as the gateway's processes leave them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tropa.desk.clock import whole_hour
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
    *, account: str, channel: str, standing: Standing, code: str, waiting_out: int, now: datetime
) -> None:
    """What an account's process says about itself. Of the time only the minute is kept."""
    said = {
        "channel": channel,
        "standing": standing,
        "code": code,
        "waiting_out": waiting_out,
        "beat": now.replace(second=0, microsecond=0),
    }
    ChannelHealth.objects.update_or_create(account=account, defaults=said)


def note_traffic(*, account: str, came: bool, now: datetime) -> None:
    """Something came or went within this hour."""
    hour = {"last_in" if came else "last_out": whole_hour(now)}
    ChannelHealth.objects.filter(account=account).update(**hour)
