"""A cut and slow network before a real server: the gateway calls ever less, and goes on where it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.channels.cutting import cut_away_and_slow, most_calls
from tests.channels.xmpp_people import People
from tests.channels.xmpp_rig import XmppRig

if TYPE_CHECKING:
    from tests.desk.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]


def test_xmpp_goes_on_where_it_was_and_storms_nobody(xmpp_people: People, world: World) -> None:
    rig = XmppRig(xmpp_people)
    cut_away_and_slow(rig, rig.wire, world)


def test_who_waits_twice_as_long_each_time_calls_seldom() -> None:
    assert [most_calls(seconds) for seconds in (0.5, 1.0, 5.0, 60.0)] == [2, 3, 4, 8]
