"""Makes the environment in which a real Matrix server runs beside the tests, apart from everything Tropa runs on.

Synapse and, for the people on the other side, a second implementation of the encryption come as wheels whose hashes
stand in `requirements/matrix-server.lock`. They lie inside `.venv`, so that `make clean` takes them along, and share no
package with it.
"""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "matrix-server.lock"
ENVIRONMENT = ROOT / ".venv" / "matrix-server"
STAMP = ENVIRONMENT / ".installed"
UV = Path(sys.executable).parent / "uv"


class SynapseMissing(Exception):
    """It could not be installed; the message says what was tried."""


def find() -> Path | None:
    """The Python of that environment; None when it is not there as the lock says."""
    python = ENVIRONMENT / "bin" / "python"
    fits = STAMP.is_file() and STAMP.read_text() == wanted()
    return python if fits and python.exists() else None


def ensure() -> Path | None:
    """The Python of that environment, made first if need be; None where it cannot be. Raises SynapseMissing in CI."""
    found = find()
    if found is not None:
        return found
    venv.create(ENVIRONMENT, with_pip=False, clear=True)
    python = ENVIRONMENT / "bin" / "python"
    install = (
        "pip",
        "install",
        "--quiet",
        "--python",
        python,
        "--only-binary",
        ":all:",
        "--require-hashes",
        "-r",
        LOCK,
    )
    environment = {**os.environ, "UV_NO_CONFIG": "1"}
    result = subprocess.run([str(part) for part in (UV, *install)], cwd=ROOT, env=environment, check=False)
    if result.returncode:
        if os.environ.get("CI") == "true":
            raise SynapseMissing(f"`uv pip install -r {LOCK.name}` failed with code {result.returncode}")
        return None
    STAMP.write_text(wanted())
    return find()


def wanted() -> str:
    """One hash over what has to be installed and the Python it is for."""
    return hashlib.sha256(sys.version.encode() + LOCK.read_bytes()).hexdigest()


if __name__ == "__main__":
    print(ensure())
