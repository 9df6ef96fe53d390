"""A message that was acknowledged is there after `kill -9`, whatever the process was doing;
none is there by half.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stores import told_of

WRITER = """
import django, secrets, sys, threading
django.setup()
from django.core.management import call_command
from tests.desk.world import build_world
call_command("migrate", verbosity=0)
world = build_world()
print("ready", flush=True)

def write():
    while True:
        sys.stdout.write(world.write_in("сохранено").thread.id + "\\n")
        sys.stdout.flush()

for _each in range(WRITERS - 1):
    threading.Thread(target=write, daemon=True).start()
write()
"""
READER = """
import django
django.setup()
from tropa.desk.talk.models import Thread, Entry
from tropa.desk.staff.models import Member
for thread in Thread.objects.all():
    assert thread.entries.count() == thread.last_sequence == 1
    print(thread.id)
"""


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "TROPA_DATABASE_URL"}
    return (
        kept | told_of(folder) | {"TROPA_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "tropa.desk.settings"}
    )


@pytest.mark.parametrize("writers", [1, 6])
def test_nothing_acknowledged_is_lost_and_nothing_is_there_by_half(
    tmp_path: Path, checkout: Path, writers: int
) -> None:
    """Also where several share one transaction."""
    acknowledged: list[str] = []
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER.replace("WRITERS", str(writers))],
        cwd=checkout,
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout is not None
    with writer.stdout as lines:
        assert lines.readline().strip() == "ready"
        while len(acknowledged) < 40:
            acknowledged.append(lines.readline().strip())
        writer.send_signal(signal.SIGKILL)
        acknowledged += [line.strip() for line in lines if len(line.strip()) == 32]
    assert writer.wait() == -signal.SIGKILL
    stored = subprocess.run(
        [sys.executable, "-c", READER],
        cwd=checkout,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert set(acknowledged) <= set(stored)
    assert len(stored) - len(acknowledged) <= writers
