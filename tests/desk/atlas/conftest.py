"""A desk on the real clock, where nothing counts as reviewed by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest


@pytest.fixture
def real_clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The settings of a production desk: no pinned day, in every module that reads it."""
    from tropa.desk import clock
    from tropa.desk.atlas import in_force
    from tropa.desk.conf import conf
    from tropa.desk.plans import planner, review

    production = replace(conf, as_of=None)
    for module in (clock, in_force, planner, review):
        monkeypatch.setattr(module, "conf", production)
    in_force.forget()
    yield
    in_force.forget()
