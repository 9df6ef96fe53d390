"""`tropa simulate`: plays a drawn day with invented people through the real services, in a directory of its own.

Kept true: it never touches an installation. Whatever TROPA_ setting the caller has is left behind; the world it plays
in is an example under a temporary directory on SQLite, whose people have cheap passphrases, and is gone at the end.
Exit code 0: nobody was lost, everybody was told a time, nobody was answered twice; 1: somebody was.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from tropa.cli.language import gettext as _
from tropa.cli.supervisor import say

if TYPE_CHECKING:
    from tropa.desk.example.day import Played

OWN = {
    "TROPA_EXAMPLE": "1",
    "TROPA_TESTING": "1",
    "TROPA_PASSPHRASE_PROFILE": "cheap",
    "DJANGO_SETTINGS_MODULE": "tropa.desk.settings",
}


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The words after `tropa simulate`."""
    parser = subparsers.add_parser("simulate", help=_("play a day of drawn people through the real services"))
    parser.add_argument("--day", choices=("calm", "surge"), default="calm", help=_("what kind of day"))
    parser.add_argument("--people", type=_count, metavar="N", help=_("how many write (100; a surge: 1500)"))
    parser.add_argument("--volunteers", type=_count, metavar="N", help=_("how many answer (12; a surge: 40)"))
    parser.add_argument(
        "--seed", type=int, default=1, metavar="N", help=_("the same seed draws the same day")
    )
    parser.set_defaults(run=simulate)


def simulate(arguments: argparse.Namespace) -> int:
    """Play it and say what became of everybody; the exit code."""
    for name in [name for name in os.environ if name.startswith("TROPA_")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory(prefix="tropa-simulate-") as folder:
        os.environ.update(OWN | {"TROPA_DATA": folder})
        import django

        django.setup()
        from django.db import connections

        from tropa.desk.example.drawn_day import PEOPLE, VOLUNTEERS, Day, draw_day

        kind = Day(arguments.day)
        day = draw_day(
            kind,
            people=arguments.people or PEOPLE[kind],
            volunteers=arguments.volunteers or VOLUNTEERS[kind],
            seed=arguments.seed,
        )
        try:
            played = _played(day)
        finally:
            connections.close_all()
    _tell(played)
    return 0 if _held(played) else 1


def _played(day: object) -> Played:
    from django.core.management import call_command

    from tropa.desk.example.day import play_day
    from tropa.desk.example.drawn_day import DrawnDay
    from tropa.desk.example.hiring import hired

    assert isinstance(day, DrawnDay)
    call_command("migrate", interactive=False, verbosity=0)
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    start = datetime.combine(yesterday, time(0, tzinfo=UTC))
    coordinator, volunteers = hired(day=day, start=start)
    return play_day(day=day, coordinator=coordinator, volunteers=volunteers, start=start)


def _held(played: Played) -> bool:
    return played.lost == played.answered_twice == played.orphans == 0 and played.told == played.arrived


def _tell(played: Played) -> None:
    from tropa.desk.example.day import p95

    lines = (
        (_("arrived"), played.arrived),
        (_("answered"), played.answered),
        (_("told a time"), played.told),
        (_("waited longer than told"), played.later_than_told),
        (_("lost"), played.lost),
        (_("in no queue and nobody's"), played.orphans),
        (_("answered twice"), played.answered_twice),
        (_("came second and stepped back"), played.collisions),
        (_("called in"), played.called_in),
        (_("longest queue"), played.longest_queue),
        (_("p95 waiting, minutes"), p95(played.waits)),
        (_("p95 waiting in danger, minutes"), p95(played.danger_waits)),
    )
    for what, count in lines:
        say(f"{what}: {count}")


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 10_000:
        raise argparse.ArgumentTypeError(_("a number from 1 to 10000"))
    return number
