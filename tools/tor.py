"""Finds the tor for the tests of the onion service, or has the system's package installed when it is root."""

import os
import shutil
import subprocess

NEEDED = ("tor", "tor-gencert")
WHERE = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"))


class TorMissing(Exception):
    """There is none and it could not be installed; the message says what was tried."""


def find() -> str | None:
    """The path of a tor with everything a private network needs; None when there is none."""
    found = [shutil.which(name, path=WHERE) for name in NEEDED]
    return found[0] if all(found) else None


def ensure() -> str | None:
    """The path, installed first if need be; None where only root could. Raises TorMissing, in CI without root too."""
    found = find()
    if found or (os.geteuid() != 0 and os.environ.get("CI") != "true"):
        return found
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise TorMissing("no tor, and neither root nor apt-get to install it")
    # an installed package must not start a tor of its own on the machine of whoever runs the tests
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for attempt in (
        ("apt-get", "update", "-qq"),
        ("apt-get", "install", "-y", "-qq", "--no-install-recommends", "tor"),
    ):
        result = subprocess.run(attempt, env=quiet, stdout=subprocess.DEVNULL, check=False)
        if result.returncode:
            raise TorMissing(f"`{' '.join(attempt[:2])}` failed with code {result.returncode}")
    found = find()
    if found is None:
        raise TorMissing("the installer ended well, but no tor is to be found")
    return found


if __name__ == "__main__":
    print(ensure())
