"""`python -m tools.bench.soak`: a working week's load in minutes. People write, strangers guess codes, a volunteer
reads, and the sites are killed with `kill -9` in the midst of it; at the end every acknowledged message must be there.

Each round is a minute: senders with pauses, wrong codes in an open loop, a volunteer at the inbox, and in its middle
one site killed, drop and desk in turn. After it memory, open files and the database's size are noted. Growth that does
not level off, or one lost message, is what this is for. Exit code 1 when a message was lost or a site stayed away.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tools.bench.drop import DATABASE, RATE_OF_ATTACK, port_of, start, told
from tools.bench.processes import named, rss
from tools.bench.results import ROOT, figure, machine
from tropa.cli.rehearse import running
from tropa.envelope import Codename, applicant_keys
from tropa.rehearsal.promises import Broken
from tropa.rehearsal.volunteer import Volunteer
from tropa.rehearsal.world import Installation

SENDERS = 4
PAUSE = 0.2
READS_EVERY = 2.0
COMES_BACK_WITHIN = 60.0
MEGABYTE = 1_000_000


@dataclass(slots=True)
class Round:
    """What one round did and left behind."""

    acknowledged: int = 0
    refused: int = 0
    failed: int = 0
    wrong_codes: int = 0
    pages_read: int = 0
    killed: str = ""
    drop_megabytes: float = 0.0
    desk_megabytes: float = 0.0
    drop_files: int = 0
    desk_files: int = 0
    database_megabytes: float = 0.0


@dataclass(slots=True)
class Soak:
    """All rounds, and the threads of every message that was acknowledged."""

    installation: Installation
    volunteer: Volunteer
    rounds: list[Round] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)

    def play(self, seconds: float, kill: str) -> Round:
        """One round, with one site killed in its middle ("": none)."""
        done, port = Round(killed=kill), port_of(self.installation)
        words = ["--senders", SENDERS, "--each", 1_000_000, "--pause", PAUSE, "--seconds", seconds, "--words"]
        sender = start("submission", "--port", port, *words)
        attacker = start("attack", "--port", port, "--rate", RATE_OF_ATTACK, "--seconds", seconds)
        end, middle = time.monotonic() + seconds, time.monotonic() + seconds / 2
        while time.monotonic() < end:
            done.pages_read += self._read()
            if kill and time.monotonic() >= middle:
                os.kill(named("serve", kill), signal.SIGKILL)
                kill = ""
            time.sleep(READS_EVERY)
        sent = told(sender)
        done.acknowledged, done.refused, done.failed = sent["taken"], sent["refused"], sent["failed"]
        done.wrong_codes = told(attacker)["sent"]
        self.acknowledged |= {applicant_keys(Codename.parse(words)).thread_id for words in sent["words"]}
        self._weigh(done)
        self.rounds.append(done)
        return done

    def _read(self) -> int:
        """The volunteer looks at the inbox; 0 while the desk is coming back."""
        try:
            return int(self.volunteer.browser.get("/inbox/").status == 200)
        except Broken:
            return 0

    def _weigh(self, done: Round) -> None:
        for site in ("drop", "desk"):
            pid = wait_for(site)
            setattr(done, f"{site}_megabytes", rss(pid) / MEGABYTE)
            setattr(done, f"{site}_files", len(list(Path(f"/proc/{pid}/fd").iterdir())))
        files = self.installation.data.glob("tropa.sqlite3*")
        done.database_megabytes = sum(path.stat().st_size for path in files) / MEGABYTE

    def lost(self) -> set[str]:
        """Acknowledged conversations the database does not hold."""
        path = self.installation.data / DATABASE
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            stored = {row[0] for row in connection.execute("SELECT id FROM talk_thread")}
        return self.acknowledged - stored


def wait_for(site: str) -> int:
    """The process of this site, once it runs. SystemExit when it does not come back."""
    deadline = time.monotonic() + COMES_BACK_WITHIN
    while time.monotonic() < deadline:
        try:
            return named("serve", site)
        except LookupError:
            time.sleep(0.2)
    raise SystemExit(f"{site} did not come back within {COMES_BACK_WITHIN:g} s")


def main() -> int:
    """Soak for so many minutes; 1 when something acknowledged was lost."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=int, default=20)
    parser.add_argument("--round-seconds", type=float, default=60.0)
    parser.add_argument("--json", type=Path, default=ROOT / "var" / "soak.json")
    given = parser.parse_args()
    rounds = max(1, int(given.minutes * 60 / given.round_seconds))
    print(", ".join(machine().values()))
    with (
        tempfile.TemporaryDirectory(prefix="tropa-soak-") as folder,
        running(Path(folder) / "data", None) as installation,
    ):
        volunteer = Volunteer(installation.desk, installation.people[0], "ru")
        volunteer.sign_in()
        volunteer.unlock()
        soak = Soak(installation, volunteer)
        for number in range(rounds):
            done = soak.play(given.round_seconds, ("drop", "desk", "")[number % 3])
            print(line(number + 1, done), flush=True)
        lost = soak.lost()
    write(given.json, soak, len(lost))
    print(f"{len(soak.acknowledged)} acknowledged, {len(lost)} lost; written to {given.json}")
    return 1 if lost else 0


def line(number: int, done: Round) -> str:
    """One round on a terminal."""
    return (
        f"round {number:>3}: {done.acknowledged:>5} acknowledged, {done.refused} refused, {done.failed:>3} cut off"
        f"{f' (kill -9 {done.killed})' if done.killed else '':<15}, drop {done.drop_megabytes:5.1f} MB"
        f" {done.drop_files} files, desk {done.desk_megabytes:5.1f} MB {done.desk_files} files,"
        f" database {figure(done.database_megabytes)} MB"
    )


def write(path: Path, soak: Soak, lost: int) -> None:
    """The rounds as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rounds = [{name: getattr(done, name) for name in Round.__slots__} for done in soak.rounds]
    whole = {"machine": machine(), "acknowledged": len(soak.acknowledged), "lost": lost, "rounds": rounds}
    path.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
