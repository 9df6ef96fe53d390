"""Today tells those who change facts what of the atlas waits for them, and nobody else."""

from __future__ import annotations

import pytest

from tests.desk.atlas.changing import proposed
from tests.desk.world import World, signed_in
from tropa.desk.atlas.for_today import reminders


def test_a_proposal_waits_for_everybody_but_who_made_it(world: World) -> None:
    proposed(world.stranger, "entry-AM", papers=[["fp10"]])
    assert "1 предложение ждёт вас" in signed_in(world.anna).get("/").content.decode()
    assert reminders(world.stranger.reader()) == []
    assert reminders(world.boris.reader()) == []


@pytest.mark.usefixtures("real_clock")
def test_facts_nobody_ever_reviewed_are_told_on_the_real_clock(world: World) -> None:
    told = reminders(world.stranger.reader())
    assert [one.address for one in told] == ["/atlas/"]
    assert "ещё никто не проверял" in told[0].title


def test_a_settled_desk_reminds_of_nothing(world: World) -> None:
    assert reminders(world.anna.reader()) == []
