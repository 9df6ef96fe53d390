"""The shared world as a fixture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.desk.world import World


@pytest.fixture
def world(db: None) -> World:
    """Anna, Boris, Vera and Stranger, and the duty epoch of the first three."""
    from tests.desk.world import build_world  # this file may be read before Django is ready

    return build_world()
