"""The shared world, for everything that goes through the gateway, and how long the long tests are.

`make soak` asks for more: `--kills 200 --envelopes 5000`.
"""

from __future__ import annotations

import pytest

from tests.desk.conftest import world

__all__ = ["world"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=5, help="how often the gateway is killed at seeded moments")
    parser.addoption(
        "--envelopes", type=int, default=300, help="how many malformed envelopes an adapter meets"
    )


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--kills", 5))


@pytest.fixture
def envelopes(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--envelopes", 300))
