"""The planner as a process of its own: `python -m tropa.planning.process PACK [--reviewed-as-of DAY]`.

Reads requests from standard input and writes answers to standard output until the input ends, which also happens when
the desk dies. Kept true: one answer for each request, in order; a request that cannot be answered gets a code and the
process lives on; a search that takes longer than the request allows gives what it has proven; nothing of a person
reaches a log, an argument or a disk. Pack and kernels are loaded once, before it says that it is ready; what the
organisation says over the pack comes through the pipe, and again whenever it changes.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from tropa.atlas import Atlas, PackError, load_pack
from tropa.atlas.overlay import Overlaid, overlaid
from tropa.planning.answer import Planner
from tropa.planning.errors import BadPerson, PlannerUnavailable, PlanningError
from tropa.planning.frames import frame, read_frame
from tropa.planning.notes import narrowed
from tropa.planning.over_pack import named
from tropa.planning.person import PersonFacts
from tropa.planning.plan import PlanSet
from tropa.planning.plan_json import WrongJson, plain, revive
from tropa.planning.time_allowed import Stop, TimeAllowed
from tropa.planning.warming import warm_up

READY = {"ready": True}


def main(arguments: list[str] | None = None) -> int:
    """Serve until the input ends; 1 if the pack cannot be loaded, 2 if the pipe breaks."""
    parser = argparse.ArgumentParser(prog="tropa.planning.process")
    parser.add_argument("pack", type=Path)
    parser.add_argument("--reviewed-as-of", type=date.fromisoformat, default=None)
    parsed = parser.parse_args(arguments)
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C in the terminal is for the desk, which closes our input
    answers = _private_stdout()
    try:
        atlas = load_pack(parsed.pack, reviewed_as_of=parsed.reviewed_as_of)
    except PackError:
        return 1
    try:
        _serve(atlas, sys.stdin.buffer, answers)
    except (PlannerUnavailable, BrokenPipeError):
        return 2
    return 0


def _private_stdout() -> BinaryIO:
    """The pipe for answers; whatever else prints goes nowhere, so that it cannot break a frame."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return answers


def _serve(atlas: Atlas, requests: BinaryIO, answers: BinaryIO) -> None:
    laid, planner = overlaid(atlas, ()), Planner(atlas)
    warm_up()  # who asks first waits for their answer alone, within the time an answer may take
    _write(answers, READY)
    while (request := read_frame(requests.read)) is not None:
        if "over" in request:
            laid, planner = _over(laid, request, planner, answers)
            continue
        _write(answers, answer_to(request, partial(planner.plans, stop=time_of(request))))


def _over(
    before: Overlaid, request: dict[str, Any], planner: Planner, answers: BinaryIO
) -> tuple[Overlaid, Planner]:
    """The planner over the facts in force from now on; what is not understood changes nothing, and the answer says
    so.
    """
    try:
        over = named(request["over"])
        laid = overlaid(before.base, over.changes(), sources=over.sources(), after=before)
    except (WrongJson, TypeError, ValueError):
        _write(answers, {"failed": "wrong_facts"})
        return before, planner
    _write(answers, {"over": over.name})
    return laid, Planner(laid.atlas, after=planner)


def time_of(request: dict[str, Any]) -> Stop | None:
    """The time a request allows from now on; None where it names no number of seconds."""
    seconds = request.get("seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    return TimeAllowed.of(float(seconds), time.monotonic)


def answer_to(request: dict[str, Any], plan: Callable[[PersonFacts, date], PlanSet]) -> dict[str, Any]:
    """The answer to one request; problems and failures are answers too."""
    try:
        person: PersonFacts = revive(PersonFacts, request.get("person"), "person")
        on: date = revive(date, request.get("on"), "on")
        only: tuple[str, ...] | None = revive(tuple[str, ...] | None, request.get("only"), "only")
        found = plan(person, on)
        return {"answer": plain(found if only is None else narrowed(found, only))}
    except BadPerson as error:
        return {"problems": plain(error.problems)}
    except WrongJson:
        return {"failed": "wrong_request"}
    except PlanningError as error:
        return {"failed": type(error).__name__}
    except Exception as error:  # noqa: BLE001 - whatever it is, it may hold a person's facts: only its kind leaves
        return {"failed": type(error).__name__}


def _write(answers: BinaryIO, document: dict[str, Any]) -> None:
    answers.write(frame(document))
    answers.flush()


if __name__ == "__main__":
    sys.exit(main())
