"""`tropa answers check`: faults of the library by file and line, then every answer that may not be given, and why."""

from __future__ import annotations

import argparse
from collections import Counter

from tropa.cli.answers_library import add_folders, held, said
from tropa.cli.language import gettext as _
from tropa.cli.language import gettext_noop, ngettext
from tropa.counsel.library import State

ABOUT = gettext_noop("faults of the library, and answers that may not be given")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `tropa answers check`."""
    add_folders(parser)


def run(arguments: argparse.Namespace) -> int:
    """1 when the library has a fault or an answer is not sound on the day."""
    found = held(arguments)
    if found is None:
        return 1
    judged = found.judged()
    for one in judged:
        for reason in one.reasons:
            print(f"{one.answer.id}: {said(reason)}")
    states = Counter(one.state for one in judged)
    told = ngettext(
        "{number} answer: {sound} sound, {expired} expired, {contradicted} contradicted",
        "{number} answers: {sound} sound, {expired} expired, {contradicted} contradicted",
        len(judged),
    ).format(
        number=len(judged),
        sound=states[State.SOUND],
        expired=states[State.EXPIRED],
        contradicted=states[State.CONTRADICTED],
    )
    print(told)
    unread = sum(one.answer.lawyer == "needed" for one in judged)
    print(_("needing a lawyer's review: {number}").format(number=unread))
    return 0 if states[State.SOUND] == len(judged) else 1
