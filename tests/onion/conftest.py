"""The onion service needs a tor: the system's, which `make test` installs when it is root."""

from __future__ import annotations

import pytest

from tools.tor import find


@pytest.fixture(autouse=True)
def _tor() -> None:
    if find() is None:
        pytest.skip("no tor on this machine, and no root to install it")
