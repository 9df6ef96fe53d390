"""Real tables lie beside the checkout; without them their tests are skipped with a word, and fail in CI."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real_table(checkout: Path) -> Callable[..., Path]:
    """A file of the shared data by its folder and name."""
    folder = Path(os.environ.get("TROPA_SHARED") or checkout.parent / "shared")

    def find(*parts: str) -> Path:
        path = folder.joinpath("data", *parts)
        if not path.is_file():
            reason = (
                f"the table {'/'.join(parts)} is not here: set TROPA_SHARED to the folder that holds data/"
            )
            if os.environ.get("CI") == "true":
                pytest.fail(reason)
            pytest.skip(reason)
        return path

    return find
