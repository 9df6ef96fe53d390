"""Keys: sealing and opening an entry, taking a case, giving it a new key, destroying it; CPU of one thread."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tools.bench.results import Results

ROOM = "vault"
MEASURED = "tools.bench.vault_world"


def keys(results: Results) -> None:
    """Everything here, in a process of its own on a database in a new directory."""
    told = {**os.environ, "DJANGO_SETTINGS_MODULE": "tropa.desk.settings"}
    done = subprocess.run(
        [sys.executable, "-m", MEASURED], env=told, capture_output=True, text=True, check=True
    )
    for name, value, unit, most in json.loads(done.stdout.splitlines()[-1]):
        results.add(ROOM, name, value, unit, most=most)
