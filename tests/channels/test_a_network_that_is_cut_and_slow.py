"""A cut and slow network before a real server: the gateway calls ever less, and goes on where it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.channels.cutting import cut_away_and_slow, most_calls
from tests.channels.deltachat_people import People as DeltaChatPeople
from tests.channels.deltachat_rig import DeltaChatRig
from tests.channels.matrix_rig import MatrixRig
from tests.channels.synapse import Synapse
from tests.channels.xmpp_people import People
from tests.channels.xmpp_rig import XmppRig

if TYPE_CHECKING:
    from tests.desk.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]


def test_xmpp_goes_on_where_it_was_and_storms_nobody(xmpp_people: People, world: World) -> None:
    rig = XmppRig(xmpp_people)
    cut_away_and_slow(rig, rig.wire, world)


def test_matrix_goes_on_where_it_was_and_storms_nobody(matrix_server: Synapse, world: World) -> None:
    rig = MatrixRig(matrix_server)
    # the library repeats a call once whose kept connection was cut
    cut_away_and_slow(rig, rig.wire, world, connections=2)


def test_deltachat_goes_on_where_it_was_and_storms_nobody(
    deltachat_people: DeltaChatPeople, world: World
) -> None:
    rig = DeltaChatRig(deltachat_people)
    try:
        cut_away_and_slow(rig, rig.wire, world, connections=3)
    finally:
        rig.close()


def test_who_waits_twice_as_long_each_time_calls_seldom() -> None:
    assert [most_calls(seconds) for seconds in (0.5, 1.0, 5.0, 60.0)] == [2, 3, 4, 8]
