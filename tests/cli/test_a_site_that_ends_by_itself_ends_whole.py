"""When the server under a site gives up by itself, the process ends at once, with 1, and takes nothing apart."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from tests.running import PATIENCE
from tests.stores import told_of
from tropa.cli.arriving import Terms
from tropa.cli.front import Front

GIVES_UP = """
import argparse, threading
from granian.server import MTServer
from tropa.cli import serve

def give_up(self, **_told):
    threading.Thread(target=threading.Event().wait).start()  # taking Python apart would wait for it for ever
    raise SystemExit(1)

MTServer.serve = give_up
serve.serve(argparse.Namespace(site="drop", host="127.0.0.1", port=1, socket=None))
"""


def test_it_ends_at_once_with_one(tmp_path: Path, checkout: Path) -> None:
    told = {name: value for name, value in os.environ.items() if not name.startswith(("TROPA_", "DJANGO_"))}
    ended = subprocess.run(
        [sys.executable, "-c", GIVES_UP],
        env=told | told_of(tmp_path) | {"TROPA_DATA": str(tmp_path)},
        cwd=checkout,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (1, "")


def test_a_front_whose_loop_is_gone_already_can_still_be_stopped(tmp_path: Path) -> None:
    front = Front(
        lambda _environ, _start: [],
        Terms(tmp_path, most_kept=1, most_read=1),
        threads=1,
        answers_broken=False,
    )
    loop = asyncio.new_event_loop()
    front.__rsgi_init__(loop)
    loop.close()
    front.stop()
    front.finish()
