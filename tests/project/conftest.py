"""What the tests of the project itself share: the files that are part of it."""

import subprocess
from pathlib import Path

import pytest

GENERATED = {".mo", ".png", ".jpg", ".woff2", ".lock", ".svg", ".sqlite3"}


@pytest.fixture(scope="session")
def files(checkout: Path) -> list[Path]:
    """Every file of the project: what git tracks or would track."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=checkout,
        capture_output=True,
        check=True,
    )
    paths = [checkout / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


@pytest.fixture(scope="session")
def texts(files: list[Path]) -> dict[Path, str]:
    """Every file written by hand, as text."""
    return {path: path.read_text(encoding="utf-8") for path in files if path.suffix not in GENERATED}
