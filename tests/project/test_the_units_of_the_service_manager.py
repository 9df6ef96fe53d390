"""Each unit in docs/operate/systemd starts a command that exists, names settings that exist, and is confined."""

from __future__ import annotations

import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from tropa.cli import onion_service
from tropa.cli.main import parser_for
from tropa.desk import conf
from tropa.drop import conf as drop_conf

FOLDER = Path(__file__).parents[2] / "docs" / "operate" / "systemd"
SERVICES = sorted(FOLDER.glob("*.service"))
NOT_OURS = {"MALLOC_ARENA_MAX", "PYTHONDONTWRITEBYTECODE", "NUMBA_CACHE_DIR", "DJANGO_SETTINGS_MODULE"}
SETTINGS = {*conf.NAMES, *drop_conf.NAMES, *onion_service.NAMES, *NOT_OURS}
PROGRAMS = "/opt/tropa/.venv/bin/"
MIGRATE = ["python", "-m", "django", "migrate"]
EVERY = {
    "User": "tropa", "UMask": "0077", "NoNewPrivileges": "yes", "CapabilityBoundingSet": "", "AmbientCapabilities": "",
    "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes", "PrivateDevices": "yes",
    "ProtectProc": "invisible", "ProtectKernelTunables": "yes", "ProtectKernelModules": "yes",
    "ProtectKernelLogs": "yes", "ProtectControlGroups": "yes", "ProtectClock": "yes", "RestrictSUIDSGID": "yes",
    "RestrictRealtime": "yes", "LockPersonality": "yes", "SystemCallArchitectures": "native", "KeyringMode": "private",
    "LimitCORE": "0", "MemorySwapMax": "0", "EnvironmentFile": "/etc/tropa/tropa.env",
    "ReadWritePaths": "/srv/tropa /srv/tropa-pinned", "RestrictAddressFamilies": "AF_UNIX AF_INET AF_INET6",
}  # fmt: skip
NETWORK = {"tropa-gateway@", "tropa-push"}
"""Who speaks with anybody but this machine."""
COMPILES = {"tropa-desk", "tropa-worker"}
"""Where the planner's code is compiled while it runs."""
KEYS = {
    "tropa-desk": {"desk.key"},
    "tropa-housekeep": {"desk.key"},
    "tropa-worker": {"desk.key", "sentinel.key"},
    "tropa-gateway@": {"gateway.key"},
    "tropa-push": {"push.key"},
}


def told(path: Path) -> dict[str, list[str]]:
    """Every directive of a unit with its values, whatever section it stands in."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found[name].append(value)
    return found


def test_there_is_a_unit_for_each_process() -> None:
    assert {path.stem for path in SERVICES} == {
        "tropa-prepare", "tropa-drop", "tropa-desk", "tropa-live", "tropa-worker", "tropa-gateway@", "tropa-housekeep",
        "tropa-push",
    }  # fmt: skip


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_a_unit_starts_a_command_that_exists_and_names_settings_that_exist(path: Path) -> None:
    unit = told(path)
    [line] = unit["ExecStart"]
    assert line.startswith(PROGRAMS)
    program, *words = line.removeprefix(PROGRAMS).replace("%i", "help").split()
    if program == "tropa":
        assert parser_for(words).parse_args(words).run
    else:
        assert [program, *words][: len(MIGRATE)] == MIGRATE
    named = {pair.partition("=")[0] for value in unit["Environment"] for pair in value.split()}
    assert named <= SETTINGS
    assert {"TROPA_DATA", "TROPA_PINNED"} <= named


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_a_unit_gives_up_all_it_does_not_need(path: Path) -> None:
    unit = told(path)
    assert {name: unit[name][-1] for name in EVERY if unit[name]} == EVERY
    assert unit["SystemCallFilter"] == ["@system-service", "~@privileged"]
    assert unit["RestrictNamespaces"] == (["user net"] if path.stem == "tropa-desk" else ["yes"])
    alone = (unit["IPAddressDeny"], unit["IPAddressAllow"])
    assert alone == (([], []) if path.stem in NETWORK else (["any"], ["localhost"]))
    assert unit["MemoryDenyWriteExecute"] == ([] if path.stem in COMPILES else ["yes"])
    keys = {value.partition(":")[0] for value in unit["LoadCredentialEncrypted"]}
    assert keys == KEYS.get(path.stem, set())


def test_everything_is_started_by_one_target_and_housekeeping_by_its_timer() -> None:
    for path in SERVICES:
        wanted = told(path)["WantedBy"]
        assert wanted == ([] if path.stem == "tropa-housekeep" else ["tropa.target"])
    assert told(FOLDER / "tropa-housekeep.timer")["OnUnitActiveSec"] == ["5min"]
    names = {
        line.removeprefix("# ").partition("=")[0]
        for line in (FOLDER / "tropa.env").read_text(encoding="utf-8").splitlines()
        if line.removeprefix("# ").startswith("TROPA_")
    }
    assert {"TROPA_LIVE_KEY", "TROPA_DROP_URL", "TROPA_DESK_URL", "TROPA_LIVE_URL"} <= names <= SETTINGS


def test_the_guide_names_every_unit() -> None:
    guide = (FOLDER.parent / "systemd.md").read_text(encoding="utf-8")
    assert all(path.name in guide for path in FOLDER.iterdir())


def test_the_service_manager_takes_them_and_finds_little_exposed(tmp_path: Path) -> None:
    """Where its tool is; the unit's programs are replaced by one that is there."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd on this machine, whose own tool reads the units")
    for path in FOLDER.iterdir():
        lines = [
            "ExecStart=/bin/true" if line.startswith("ExecStart=") else line
            for line in path.read_text(encoding="utf-8").splitlines()
        ]
        (tmp_path / path.name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    units = [path.name for path in tmp_path.iterdir() if path.suffix in {".service", ".timer", ".target"}]
    verified = [analyze, "verify", "--man=no", *(f"./{name}" for name in units)]
    done = subprocess.run(verified, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    exposed = [analyze, "security", "--offline=true", "--no-pager", "--threshold=20"]
    for path in SERVICES:
        one = subprocess.run(
            [*exposed, f"./{path.name}"], cwd=tmp_path, capture_output=True, check=False, timeout=60
        )
        assert one.returncode == 0, (path.name, one.stdout.decode()[-300:])
