"""What every test shares: no sockets, one day for facts, a data directory of its own, the database asked for.

`pytest --database postgres` runs the same suite on a real PostgreSQL, started here and stopped at the end.
The environment is settled before Django's settings are read; nothing of the caller's own reaches a test.
"""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings

from tests.skips import ROOMS
from tests.telling import Telling
from tools.postgres import running_postgres

AS_OF = "2026-11-22"  # the day on which the shipped pack counts as reviewed

for _name in [name for name in os.environ if name.startswith("TROPA_") and name != "TROPA_SHARED"]:
    del os.environ[_name]
_folder = tempfile.TemporaryDirectory(prefix="tropa-tests-")
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "tropa.desk.settings",
    "TROPA_DATA": _folder.name,
    "TROPA_TESTING": "1",
    "TROPA_PASSPHRASE_PROFILE": "cheap",
    "TROPA_AS_OF": AS_OF,
    "TROPA_LIVE_KEY": "5e" * 32,  # so that pages are live
    "TROPA_PUSH_HOSTS": "push.example.org",
}
_running = contextlib.ExitStack()

# no test measures time, so a busy machine fails none; every run draws the same examples, `--anew` others each time
for _profile, _same in (("tropa", True), ("anew", False)):
    hypothesis.settings.register_profile(
        _profile,
        deadline=None,
        derandomize=_same,
        suppress_health_check=[hypothesis.HealthCheck.too_slow],
        print_blob=True,
    )


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=["sqlite", "postgres"], default="sqlite", help="what the tests store in"
    )
    parser.addoption(
        "--rooms",
        choices=list(ROOMS),
        default="all",
        help="leave out the other rooms of tests",
    )
    parser.addoption("--anew", action="store_true", help="draw examples that no run before has drawn")
    parser.addoption("--failures", type=Path, help="a file that each failure is added to as it happens")


def pytest_configure(config: pytest.Config) -> None:
    hypothesis.settings.load_profile("anew" if config.getoption("--anew") else "tropa")
    if config.getoption("--database") == "postgres":
        os.environ["TROPA_DATABASE_URL"] = _running.enter_context(running_postgres())
    telling = Telling(
        config.getoption("--database"), config.getoption("--rooms"), config.getoption("--failures")
    )
    config.pluginmanager.register(telling, "telling")
    # pytest-django sets Django up once somebody has read its settings; not before the environment is settled
    assert settings.DATABASES


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {config.getoption('--database')}"


def pytest_unconfigure() -> None:
    _running.close()
    _folder.cleanup()


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The checkout's top folder."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared(checkout: Path) -> Path:
    """The folder of facts and designs that may lie beside the checkout; the test is skipped without it."""
    folder = Path(os.environ.get("TROPA_SHARED") or checkout.parent / "shared")
    if not folder.is_dir():
        pytest.skip("no folder `shared` beside the checkout, and TROPA_SHARED names none")
    return folder


@pytest.fixture(autouse=True)
def no_stops_of_other_tests() -> Iterator[None]:
    """What a test stopped stands in a file outside the database, which no rollback reaches."""
    yield
    for name in ("atlas-stops", "atlas-changes", "answers-written", "answers-standing"):
        (Path(_folder.name) / "pinned" / name).unlink(missing_ok=True)
