"""The shared world as a fixture."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.desk.world import World


@pytest.fixture
def world(db: None) -> World:
    """Anna, Boris, Vera and Stranger, and the duty epoch of the first three."""
    from tests.desk.world import build_world  # this file may be read before Django is ready

    return build_world()


@pytest.fixture
def clock_stands(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The site's clock stands, a little ahead. Else the first page of each minute puts the idle lock off, by a query
    that a test which counts them would see.
    """
    at = datetime.now(UTC) + timedelta(minutes=2)
    monkeypatch.setattr("tropa.desk.clock.now", lambda: at)
    return at
