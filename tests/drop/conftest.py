"""The drop as tests visit it: its own settings over the desk's, and the shared world behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.desk.world import World
    from tests.drop.applicant import Applicant

# what the drop has of its own; apps and database are the desk's in both
OWN_SETTINGS = (
    "ALLOWED_HOSTS",
    "APPEND_SLASH",
    "DATA_UPLOAD_MAX_MEMORY_SIZE",
    "DATA_UPLOAD_MAX_NUMBER_FIELDS",
    "DATA_UPLOAD_MAX_NUMBER_FILES",
    "FILE_UPLOAD_HANDLERS",
    "LOCALE_PATHS",
    "MIDDLEWARE",
    "ROOT_URLCONF",
    "TEMPLATES",
)


@pytest.fixture
def drop_settings(settings: Any) -> Any:
    """Django, set up as the drop."""
    from tropa.drop import settings as own

    for name in OWN_SETTINGS:
        setattr(settings, name, getattr(own, name))
    return settings


@pytest.fixture
def world(db: None) -> World:
    """Anna, Boris, Vera and Stranger, and the duty epoch of the first three."""
    from tests.desk.world import build_world

    return build_world()


@pytest.fixture
def applicant(drop_settings: Any, world: World) -> Applicant:
    """Somebody with a browser who speaks Russian."""
    from tests.drop.applicant import Applicant

    return Applicant()
