"""Run as a program by root: a PostgreSQL server on a small disk of its own, filled up before each act. What came of
each act is printed as JSON: by which errors it was refused, and whether it was done once there was room.

There is room for nothing, then for a piece of the server's log, then for some pages of its tables beside it. The server
ends itself when its log finds no room, and stands up again once there is some.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tools.postgres import Home, make_cluster, make_home, start_server, wait_until_ready

SIZE = 160 << 20
LOG = 1 << 20  # a piece of the server's log
PAGE = 8192
NO_SMALL_DISK = 77  # the exit code where none can be mounted
ROOMS = (0, LOG, LOG + 4 * PAGE, 32 << 20)
NAMES = ("take", "reply", "take in from a messenger", "erase everything")
SETTINGS = {
    "shared_buffers": "16MB",
    "wal_recycle": "off",
    "min_wal_size": "2MB",
    "max_wal_size": "8MB",
    "autovacuum": "off",
    "log_min_messages": "panic",
}


class SmallDisk:
    """The server, and how much room there is for it."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.ballast = home.data / "ballast"
        self.server = start_server(home, durable=True, more=SETTINGS)
        wait_until_ready(home, self.server)

    def leave(self, room: int) -> None:
        """Begin a new piece of the log, then leave so many bytes."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")
            cursor.execute("SELECT pg_switch_wal()")
        there = os.statvfs(self.home.data)
        with self.ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, there.f_bavail * there.f_bsize - room))

    def give_room(self) -> None:
        """All of it, to a server that runs again."""
        from django.db import connection

        self.ballast.unlink(missing_ok=True)
        connection.close()
        while True:
            if self.server.poll() is not None:
                self.server = start_server(self.home, durable=True, more=SETTINGS)
            with contextlib.suppress(Exception):
                connection.ensure_connection()
                return
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.server.wait(0.1)


@contextlib.contextmanager
def small_disk() -> Iterator[SmallDisk]:
    """The server and its disk; both are gone afterwards."""
    root = Path(tempfile.mkdtemp(prefix="tropa-full-"))
    home = make_home(root)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0700", "tmpfs", str(home.data)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        shutil.rmtree(root)
        raise SystemExit(NO_SMALL_DISK)
    try:
        if home.user is not None:
            shutil.chown(home.data, home.user, "nogroup")
        make_cluster(home, "--wal-segsize=1")
        disk = SmallDisk(home)
        try:
            yield disk
        finally:
            disk.server.send_signal(signal.SIGINT)  # "fast": it does not wait for its clients
            disk.server.wait(30)
    finally:
        subprocess.run(["umount", home.data], check=True)
        shutil.rmtree(root, ignore_errors=True)


def played(disk: SmallDisk) -> dict[str, Any]:
    """Each act with less and more room; every row is as it was after each refusal."""
    from tests.desk.test_a_full_disk_leaves_all_or_nothing import Scene
    from tests.desk.test_bad_input_changes_nothing import rows
    from tropa.desk.housekeeping import keep_house
    from tropa.desk.vault.wrapping_keys import wrapping_keys

    scene, found = Scene(), {}
    for name in NAMES:
        act, before, refused, done = scene.acts()[name], rows(), [], False
        for room in ROOMS:
            disk.leave(room)
            error = refusal(act)
            disk.give_room()
            if error is None:
                done = rows() != before
                break
            refused.append(error)
            assert rows() == before, (name, room)
            if scene.case.pk not in wrapping_keys([scene.case.pk]):
                assert name == "erase everything", (name, room)
                done = keep_house(now=scene.world.now).ended > 0
                break
        found[name] = {"refused": refused, "done": done}
    return found


def refusal(act: Any) -> str | None:
    """The name of the error the act ended with, if the disk was full for it."""
    from django.db import DatabaseError

    try:
        act()
    except (OSError, DatabaseError) as error:
        return type(error).__name__
    return None


def main() -> None:
    with small_disk() as disk:
        os.environ["TROPA_DATABASE_URL"] = (
            f"postgresql://tropa@/tropa?host={quote(str(disk.home.socket), safe='')}"
        )
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
        json.dump(played(disk), sys.stdout)


if __name__ == "__main__":
    main()
