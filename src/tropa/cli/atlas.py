"""`tropa atlas check` and `tropa atlas coverage`: what is wrong with a pack, and what it does not know.

Faults go to standard error with file and line, and the exit code is 1; nothing is ever taken from a faulty
pack.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from tropa.atlas import SHIPPED_PACK, PackError, load_pack, report
from tropa.atlas.coverage import coverage
from tropa.atlas.phrases import Phrase, translator


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `tropa atlas` with its two words."""
    parser = subparsers.add_parser("atlas", description=_said(report.DESCRIPTION))
    words = parser.add_subparsers(required=True, metavar="check | coverage")
    check = words.add_parser("check", help=_said(report.CHECK), description=_said(report.CHECK))
    check.set_defaults(run=run, work=_check)
    cover = words.add_parser("coverage", help=_said(report.COVERAGE), description=_said(report.COVERAGE))
    cover.set_defaults(run=run, work=_coverage)
    for one in (check, cover):
        one.add_argument("path", nargs="?", type=Path, default=SHIPPED_PACK, help=_said(report.PATH))
    cover.add_argument("--country", metavar="XX", help=_said(report.COUNTRY))
    days = cover.add_mutually_exclusive_group()
    days.add_argument("--on", type=date.fromisoformat, metavar="DAY", help=_said(report.ON))
    days.add_argument("--as-of", type=date.fromisoformat, metavar="DAY", help=_said(report.AS_OF))


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked; 1 if the pack has faults."""
    try:
        lines: list[str] = arguments.work(arguments)
    except PackError as error:
        for line in report.refused(error, translator()):
            print(line, file=sys.stderr)
        return 1
    for line in lines:
        print(line)
    return 0


def _check(arguments: argparse.Namespace) -> list[str]:
    return [report.checked(load_pack(arguments.path), translator())]


def _coverage(arguments: argparse.Namespace) -> list[str]:
    on = arguments.as_of or arguments.on or datetime.now(UTC).date()
    found = coverage(load_pack(arguments.path, reviewed_as_of=arguments.as_of), on)
    return list(report.covered(found, translator(), only=arguments.country))


def _said(phrase: Phrase) -> str:
    return phrase.say(translator())
