"""Finds a Chromium for the tests of the pages, or has one installed: by the system's packages for root,
else by Playwright's own installer.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# no sandbox only for root, for whom Chromium has none; the rest keeps it from asking the network for its
# own ends
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    *(("--no-sandbox",) if os.geteuid() == 0 else ()),
)


class ChromiumMissing(Exception):
    """No browser was found and none could be installed; the message says what was tried."""


def find() -> str | None:
    """The path of a Chromium on this machine: the system's, or the one Playwright installed."""
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def ensure() -> str:
    """The path of a Chromium, installed first if need be. Raises ChromiumMissing."""
    return find() or install()


def install() -> str:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        attempts: list[tuple[str, ...]] = [
            ("apt-get", "update", "-qq"),
            ("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"),
        ]
    else:
        quiet = dict(os.environ)
        attempts = [(sys.executable, "-m", "playwright", "install", "chromium")]
    for attempt in attempts:
        result = subprocess.run(attempt, env=quiet, stdout=subprocess.DEVNULL, check=False)
        if result.returncode:
            raise ChromiumMissing(f"`{' '.join(attempt[-4:])}` failed with code {result.returncode}")
    found = find()
    if found is None:
        raise ChromiumMissing("the installer ended well, but no Chromium is to be found")
    return found


if __name__ == "__main__":
    print(ensure())
