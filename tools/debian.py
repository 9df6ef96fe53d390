"""Has programs that tests need installed as packages of the system, when it is Debian and we are root."""

import os
import shutil
import subprocess
from collections.abc import Iterable

WHERE = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"))


class PackageMissing(Exception):
    """A program is not there and could not be installed; the message says what was tried."""


def find(programs: Iterable[str]) -> str | None:
    """The path of the first, when all are there."""
    found = [shutil.which(name, path=WHERE) for name in programs]
    return found[0] if all(found) else None


def ensure(programs: tuple[str, ...], packages: tuple[str, ...], *, answers: str = "") -> str | None:
    """The path of the first, installed first if need be; None where only root could. Raises PackageMissing, in CI
    without root too. `answers` are for what a package asks while it is set up.
    """
    found = find(programs)
    if found or (os.geteuid() != 0 and os.environ.get("CI") != "true"):
        return found
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise PackageMissing(f"no {programs[0]}, and neither root nor apt-get to install it")
    # an installed package must not start a server of its own on the machine of whoever runs the tests
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    if answers:
        subprocess.run(["debconf-set-selections"], input=answers.encode(), env=quiet, check=False)
    for attempt in (
        ("apt-get", "update", "-qq"),
        ("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages),
    ):
        result = subprocess.run(attempt, env=quiet, stdout=subprocess.DEVNULL, check=False)
        if result.returncode:
            raise PackageMissing(f"`{' '.join(attempt[:2])}` failed with code {result.returncode}")
    found = find(programs)
    if found is None:
        raise PackageMissing(f"the installer ended well, but no {programs[0]} is to be found")
    return found
