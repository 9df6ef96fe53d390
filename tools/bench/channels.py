"""A gateway's process: sealed messages in, messages out at the allowed rate with answers overtaking, its memory.

The messenger is Telegram's double in a process of its own, through the genuine adapter; the volunteer who answers is
at the genuine desk. The outbox is as long as there are people (`--outbox`, 10,000 in `make soak`): each is told once.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from tools.bench.results import Results
from tropa.channels.catalogue import about, catalogue
from tropa.cli.run import EXAMPLE_DAY
from tropa.rehearsal.volunteer import Volunteer
from tropa.rehearsal.world import Installation

ROOM = "channels"
OF_ONE_PERSON = 5
ANSWERS = 5
TOLD_BEFORE = 2.0
"""Seconds after which a person may be written to again."""
GIVE_UP = 3.0
"""Times as long as the rate allows."""
QUEUED = "SELECT COUNT(*) FROM messengers_outgoing WHERE state IN ('queued', 'sending')"
TOLD = (
    "SELECT thread_id FROM messengers_address WHERE thread_id NOT IN"
    " (SELECT thread_id FROM messengers_outgoing WHERE thread_id IS NOT NULL) LIMIT ?"
)


def channels(installation: Installation, results: Results, *, outbox: int) -> None:
    """Take in and send, in a process of its own beside an installation that rests; then memory, by messenger."""
    messages = outbox * OF_ONE_PERSON
    server = start_beside(installation.data, "telegram_beside", messages, outbox)
    gateway = start_beside(installation.data, "channels_world", messages, say_and_hear(server))
    per_second = json.loads(say_and_hear(gateway))["per_second"]
    results.add(ROOM, "messages in, sealed and stored, a gateway", per_second, "a second of CPU", least=300)
    answered = _answers(installation)
    allowed = about("telegram").limits.per_second
    deadline = time.monotonic() + GIVE_UP * outbox / allowed
    while ask_rows(installation.data, QUEUED)[0][0] and time.monotonic() < deadline:
        time.sleep(0.5)
    told = json.loads(say_and_hear(gateway, "end"))
    given = json.loads(say_and_hear(server, "end"))
    for process in (gateway, server):
        process.communicate(timeout=60)
    rate = (len(given) - 1) / (given[-1][0] - given[0][0]) / allowed
    results.add(ROOM, f"rate kept over {len(given)} messages, of what is allowed", rate * 100, "%", least=99)
    results.add(
        ROOM, "  a message out, recogniser read meanwhile", told["sending"] / len(given) * 1000, "ms CPU"
    )
    came = {text: at for at, text in given}
    late = [came.get(text, float("inf")) - at for text, at in answered.items()]
    results.add(ROOM, f"slowest of {len(late)} answers past a full outbox", max(late), "s", most=1)
    results.add(ROOM, "gateway resident after that, Telegram's library included", told["resident"], "MB")
    _memory(installation, results)


def _answers(installation: Installation) -> dict[str, float]:
    """Texts of answers to people who have been told, and when the desk had taken each."""
    volunteer = Volunteer(installation.desk, installation.people[0], "ru")
    volunteer.sign_in()
    volunteer.unlock()
    while len(threads := ask_rows(installation.data, TOLD, ANSWERS)) < ANSWERS:
        time.sleep(0.1)
    time.sleep(TOLD_BEFORE)
    answered = {}
    for number, (thread,) in enumerate(threads):
        page = volunteer.take(volunteer.thread(thread))
        volunteer.answer(page, text := f"Ответ {number}")
        answered[text] = time.monotonic()
    return answered


def _memory(installation: Installation, results: Results) -> None:
    """Of each messenger: everything loaded, and what of it is the messenger's library."""
    for channel in sorted(catalogue()):
        process = start_beside(installation.data, "channels_world", "loaded", channel)
        told = json.loads(process.communicate()[0])
        own = told["answering"] - told["library"]
        results.add(ROOM, f"gateway of {channel} resident, without its library", own, "MB", most=80)
        results.add(ROOM, "  of that the recogniser of answers", told["answering"] - told["loaded"], "MB")
        results.add(ROOM, "  its library", told["library"], "MB")


def start_beside(data: Path, module: str, *words: object) -> subprocess.Popen[str]:
    """A process of the bench that finds the installation."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("TROPA_", "DJANGO_"))},
        "TROPA_DATA": str(data),
        "TROPA_EXAMPLE": "1",
        "TROPA_AS_OF": EXAMPLE_DAY.isoformat(),
    }
    command = [sys.executable, "-m", f"tools.bench.{module}", *map(str, words)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True)


def say_and_hear(process: subprocess.Popen[str], say: str = "") -> str:
    """What it says next, after being told something or by itself."""
    assert process.stdin is not None
    assert process.stdout is not None
    if say:
        process.stdin.write(f"{say}\n")
        process.stdin.flush()
    return process.stdout.readline().strip()


def ask_rows(data: Path, question: str, *values: object) -> list[Any]:
    """What the installation's database says now."""
    with closing(sqlite3.connect(f"file:{data / 'tropa.sqlite3'}?mode=ro", uri=True)) as connection:
        return connection.execute(question, values).fetchall()
