"""`tropa plan FILE...`: prints the planner's answer for people described in files, as a table or as JSON; and
`tropa planner warm-up`, which compiles the search kernels.

The planner runs in this very process: nothing is written, and no desk has to be running. What is wrong in a file is
said with its line, and the other files are planned all the same; the exit code is then 1.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from datetime import UTC, date, datetime
from gettext import GNUTranslations
from pathlib import Path

from tropa.atlas import PackError, load_pack
from tropa.atlas.pack import SHIPPED_PACK
from tropa.cli.language import catalogue
from tropa.cli.language import gettext as _
from tropa.planning.errors import BadPerson, PlanningError
from tropa.planning.time_allowed import Stop, TimeAllowed

APART_SECONDS = 60.0
"""For a party that may part, if nobody says otherwise: each group is a question of its own."""


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `tropa plan`."""
    parser = subparsers.add_parser("plan", description=_("Compute plans for persons in files."))
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help=_("a person, in YAML"))
    parser.add_argument(
        "--as-of", type=date.fromisoformat, metavar="DAY", help=_("count the facts as reviewed on this day")
    )
    parser.add_argument(
        "--atlas", type=Path, default=SHIPPED_PACK, metavar="DIR", help=_("the pack to plan on")
    )
    parser.add_argument(
        "--why-not",
        action="append",
        default=[],
        metavar="COUNTRY",
        help=_("say why no plan ends in this country"),
    )
    parser.add_argument(
        "--apart",
        type=_groups,
        metavar="GROUPS",
        help=_("plan the party also apart: 1/2,3 parts the person from the two companions"),
    )
    parser.add_argument(
        "--seconds",
        type=_seconds,
        metavar="N",
        help=_(
            "compute no longer than so many seconds for a file, and say what is proven by then (with --apart: 60)"
        ),
    )
    parser.add_argument("--json", action="store_true", help=_("one JSON document per file, for programs"))
    parser.add_argument("--language", choices=("ru", "en"), default=None, help=_("language of the answer"))
    parser.set_defaults(run=run)
    planner = subparsers.add_parser("planner", description=_("Care for the planner."))
    words = planner.add_subparsers(required=True, metavar="warm-up")
    warm = words.add_parser(
        "warm-up", description=_("Compile the search kernels once, so that no user waits for it.")
    )
    warm.set_defaults(run=warm_up)


def _groups(text: str) -> tuple[tuple[int, ...], ...]:
    """Groups as the planner counts them, the person 0. Raises ArgumentTypeError, which argparse tells."""
    try:
        return tuple(tuple(int(member) - 1 for member in group.split(",")) for group in text.split("/"))
    except ValueError:
        raise argparse.ArgumentTypeError(_("groups look like this: 1/2,3")) from None


def _seconds(text: str) -> float:
    """A time to compute. Raises ArgumentTypeError, which argparse tells."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise argparse.ArgumentTypeError(_("a number of seconds, 0 or more"))
    return seconds


def warm_up(_arguments: argparse.Namespace) -> int:
    """Compile or load every kernel and try it; belongs into each installation, after the files have their stamps."""
    from tropa.planning.warming import warm_up as compile_all

    print(_("The planner searches with: {engine}.").format(engine=compile_all()))
    return 0


def run(arguments: argparse.Namespace) -> int:
    """Plan for every file; 0 if all could be read, 1 otherwise. "No plan" is an answer, not a failure."""
    from tropa.planning.answer import Planner
    from tropa.planning.apart import plans_apart
    from tropa.planning.apart_table import apart_table
    from tropa.planning.person_file import read_person
    from tropa.planning.plan_json import to_json
    from tropa.planning.problem_words import file_line, problem_line
    from tropa.planning.table import table

    on = arguments.as_of or datetime.now(UTC).date()
    language = arguments.language or ("ru" if isinstance(catalogue(), GNUTranslations) else "en")
    try:
        atlas = load_pack(arguments.atlas, reviewed_as_of=arguments.as_of)
    except PackError as error:
        print(error, file=sys.stderr)
        return 1
    planner = Planner(atlas)
    failed = False
    for file in arguments.files:
        try:
            person = read_person(file.read_text(encoding="utf-8"), atlas, on, name=file.name)
            if arguments.apart:
                apart = plans_apart(planner, person, on, arguments.apart, stop=_stop(arguments))
                told = apart_table(file.name, apart, person, language, atlas)
                print(to_json(apart) if arguments.json else told)
                continue
            answer = planner.plans(person, on, stop=_stop(arguments), ask_about=arguments.why_not)
        except BadPerson as error:
            failed = True
            for problem in error.problems:
                print(problem_line(problem, language), file=sys.stderr)
        except (OSError, UnicodeDecodeError) as error:
            failed = True
            print(file_line(file, error, language), file=sys.stderr)
        except PlanningError as error:
            failed = True
            print(f"{file}: {error}", file=sys.stderr)
        else:
            print(to_json(answer) if arguments.json else table(file.name, answer, person, language, atlas))
    return 1 if failed else 0


def _stop(arguments: argparse.Namespace) -> Stop | None:
    """The time for one file, counted in computing; a plan has as much as it needs where nothing is said."""
    seconds = APART_SECONDS if arguments.seconds is None and arguments.apart else arguments.seconds
    return None if seconds is None else TimeAllowed.of(seconds, time.process_time)
