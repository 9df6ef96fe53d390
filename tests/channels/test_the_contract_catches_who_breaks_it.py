"""The contract fails for channels that break it: a suite that passes for everything would prove nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.channels.contract import Contract
from tests.channels.test_the_contract_in_memory import FakeRig

if TYPE_CHECKING:
    from tests.desk.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_channel_that_acknowledges_first_loses_a_message(world: World) -> None:
    with pytest.raises(AssertionError):
        Contract().test_a_process_that_ends_loses_and_doubles_nothing(
            FakeRig(breaks="acknowledges first"), world, "fetched"
        )


def test_a_channel_that_calls_a_lost_reply_not_sent_sends_twice(world: World) -> None:
    with pytest.raises(AssertionError):
        Contract().test_a_lost_reply_is_unknown_and_is_not_sent_again(
            FakeRig(breaks="resends blindly"), world
        )
