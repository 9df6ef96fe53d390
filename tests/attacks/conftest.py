"""What the attackers find: the shared world, a case with saved facts, and the drop as a stranger visits it."""

from __future__ import annotations

from tests.desk.conftest import world
from tests.desk.plans.conftest import planned
from tests.drop.conftest import applicant, drop_settings

__all__ = ["applicant", "drop_settings", "planned", "world"]
