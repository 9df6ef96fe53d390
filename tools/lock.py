"""Compiles the lock files from pyproject.toml: for every platform, with hashes, naming no index.

`tools/lock.py --upgrade` takes the newest versions that pyproject.toml allows; without it, what is locked
stays.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = Path(sys.executable).parent / "uv"
OPTIONS = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-annotate",
    "--quiet",
)
LOCKS = {
    "installer": ("requirements/installer.in",),
    "matrix-server": ("requirements/matrix-server.in",),
    "runtime": ("pyproject.toml",),
    "postgres": ("pyproject.toml", "--extra=postgres", "--constraints=requirements/runtime.lock"),
    "channels": (
        "pyproject.toml",
        "--extra=postgres",
        "--extra=telegram",
        "--extra=matrix",
        "--extra=deltachat",
        "--extra=xmpp",
        "--extra=mail",
        "--constraints=requirements/postgres.lock",
    ),
    "dev": (
        "pyproject.toml",
        "--extra=postgres",
        "--extra=telegram",
        "--extra=matrix",
        "--extra=deltachat",
        "--extra=xmpp",
        "--extra=mail",
        "--group=dev",
        "--constraints=requirements/channels.lock",
    ),
}


def main() -> None:
    environment = {**os.environ, "UV_CUSTOM_COMPILE_COMMAND": "make lock", "UV_NO_CONFIG": "1"}
    for name, sources in LOCKS.items():
        command = [
            UV,
            "pip",
            "compile",
            *OPTIONS,
            *sys.argv[1:],
            *sources,
            f"--output-file=requirements/{name}.lock",
        ]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)


if __name__ == "__main__":
    main()
