"""Cases with saved facts, as the tests of plans find them."""

from __future__ import annotations

from tests.desk.plans.conftest import planned

__all__ = ["planned"]
