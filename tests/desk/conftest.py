"""The shared world as a fixture, and how long the long tests are: `make soak` asks for `--blobs 10000`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.desk.world import World


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--blobs", type=int, default=0, help="how many malformed blobs every opener meets at least"
    )
    parser.addoption("--week", type=int, default=4, help="how many write on each day of the simulated week")


@pytest.fixture
def blobs(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--blobs", 0))


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
