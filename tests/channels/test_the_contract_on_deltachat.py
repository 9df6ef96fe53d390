"""The contract, on a real Dovecot and Postfix, with people on cores of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.channels.contract import PHRASE, Contract
from tests.channels.deltachat_people import People, until
from tests.channels.deltachat_rig import DeltaChatRig
from tests.channels.rig import Desk
from tests.channels.scenes import answer, ended, run, states

if TYPE_CHECKING:
    from tests.desk.world import World

LONG = 100
"""As often as this a gateway is killed in the long form alone."""
CAP = 1024 * 1024
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]


@pytest.fixture
def rig(deltachat_people: People, kills: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[DeltaChatRig]:
    """`make soak` sends what is really too large, and more at once than the adapter gives."""
    rig = DeltaChatRig(deltachat_people)
    if kills < LONG:
        rig.cap = CAP
        monkeypatch.setattr("tropa.channels.deltachat.adapter.MOST", 5)
    yield rig
    rig.close()


class TestOnDeltaChat(Contract):
    """Every promise, on the real server."""

    backlog = 12  # the core needs 60 ms of a processor for each; the adapter is told to give 5 at once
    keeps_order = False  # mail may overtake mail on its way to the mailbox

    def cap(self, rig: DeltaChatRig) -> int:  # type: ignore[override]
        return rig.cap or super().cap(rig)

    def test_a_lost_reply_is_unknown_and_is_not_sent_again(self, rig: DeltaChatRig, world: World) -> None:
        """Here the core sends the same mail again by itself, under the same id: the outcome is known after all, and the
        person's app shows one.
        """
        desk = Desk.of(rig)

        async def scene() -> None:
            async with rig.running():
                await rig.write("7", PHRASE)
                await desk.take_in()
                await desk.live(lambda: len(rig.texts_to("7")) == 1)
                await asyncio.to_thread(answer, world, "Один раз.")
                before = len(rig.wire.taken)
                rig.lose_next_reply()
                await desk.live(lambda: asyncio.to_thread(ended))
                assert len(rig.wire.taken) - before == 2
                await asyncio.to_thread(until, lambda: "Один раз." in rig.texts_to("7"))
                await asyncio.sleep(1.0)

        run(scene())
        assert rig.texts_to("7").count("Один раз.") == 1
        assert states() == ["sent"]
