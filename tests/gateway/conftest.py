"""The shared world, and an organisation that sends notices to a push service on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.desk.conftest import world
from tests.desk.push.conftest import allow, push_on
from tests.gateway.push_double import PushServiceDouble, push_service

if TYPE_CHECKING:
    from tests.desk.world import World

__all__ = ["push_on", "service", "world"]


@pytest.fixture
def service(
    world: World, push_on: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PushServiceDouble]:
    """The push service, running, and the only one there is."""
    with push_service(tmp_path) as double:
        allow(monkeypatch, double.host)
        yield double
