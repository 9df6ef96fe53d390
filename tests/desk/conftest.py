"""The shared world as a fixture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.desk.world import World


@pytest.fixture
def world(db: None) -> World:
    """Anna, Boris, Vera and Stranger, and the duty epoch of the first three."""
    from tests.desk.world import build_world  # this file may be read before Django is ready

    return build_world()


@pytest.fixture(autouse=True)
def no_stops_of_other_tests() -> Iterator[None]:
    """What a test stopped stands in a file outside the database, which no rollback reaches."""
    yield
    from tropa.desk.atlas.kept_stops import FILE
    from tropa.desk.conf import conf

    (conf.pinned / FILE).unlink(missing_ok=True)
