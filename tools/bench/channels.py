"""A gateway's process on a messenger in memory: sealed messages in, messages out at the allowed rate, its memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tools.bench.results import Results
from tropa.cli.run import EXAMPLE_DAY
from tropa.rehearsal.world import Installation

ROOM = "channels"
MESSAGES = 3000
SENDING = 8.0


def channels(installation: Installation, results: Results) -> None:
    """Take in, send, and look at the memory, in a process of its own beside an installation that rests."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("TROPA_", "DJANGO_"))},
        "TROPA_DATA": str(installation.data),
        "TROPA_EXAMPLE": "1",
        "TROPA_AS_OF": EXAMPLE_DAY.isoformat(),
    }
    process = subprocess.run(
        [sys.executable, "-m", "tools.bench.channels_world", str(MESSAGES), str(SENDING)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    told = json.loads(process.stdout)
    results.add(
        ROOM, "messages in, sealed and stored, a gateway", told["per_second"], "a second of CPU", least=300
    )
    results.add(ROOM, "rate kept when sending, of what is allowed", told["kept"] * 100, "%", least=99)
    results.add(ROOM, "gateway resident, without its library", told["resident"], "MB", most=80)
