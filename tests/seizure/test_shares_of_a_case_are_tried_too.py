"""Standby shares and what is told about breaking the glass open with their holder's key alone, in their place."""

from __future__ import annotations

import pytest

from tests.desk.conftest import world
from tests.desk.vault.test_break_glass import REASON, boris_alone, dina
from tests.desk.world import Person, World
from tropa.desk.vault.services import ask_together
from tropa.seizure.attempts import Keys, blobs, opened_with

__all__ = ["dina", "world"]

SHARED = {
    "vault_standbyshare.sealed",
    "vault_breakglasspart.sealed_reason",
    "vault_breakglasspart.sealed_parts",
}


@pytest.mark.django_db
def test_they_open_for_a_coordinator_and_for_no_other(world: World, dina: Person) -> None:
    _written, case = boris_alone(world)
    ask_together(reader=world.anna.reader(), case=case, reason=REASON)
    assert {blob.column for blob in blobs()} >= SHARED
    assert opened_with(Keys(secret={dina.seed.raw})) >= SHARED
    assert opened_with(Keys(secret={world.stranger.seed.raw})) & SHARED == set()
