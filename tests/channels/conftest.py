"""The shared world, for everything that goes through the gateway."""

from __future__ import annotations

from tests.desk.conftest import world

__all__ = ["world"]
