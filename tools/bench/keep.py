"""What keeping costs: backup and restore in MB of database a second, and a thousand records of the log verified."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tools.bench.results import Results


def measure(folder: Path, results: Results) -> None:
    """Backup and restore promise 50 MB of database a second; the log's verification stands beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("TROPA_", "DJANGO_"))
    }
    environment |= {
        "TROPA_DATA": str(folder / "data"),
        "DJANGO_SETTINGS_MODULE": "tropa.desk.settings",
        "TROPA_TESTING": "1",
        "TROPA_PASSPHRASE_PROFILE": "cheap",
    }
    command = [sys.executable, "-m", "tools.bench.kept_installation", str(folder)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    told = json.loads(done.stdout)
    results.add("keep", "backup while the desk may run", told["backup"], "MB/s", least=50)
    results.add("keep", "restore on a fresh machine", told["restore"], "MB/s")
    results.add("keep", "verify a thousand records of the log", told["log"], "ms")
