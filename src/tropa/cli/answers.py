"""`tropa answers`: what the answer library finds, recognises and holds. Each word lives in a module of its own.

A module of `_WORDS` offers `ABOUT` (one line, a message to translate), `add_arguments(parser)` and `run(arguments)`.
"""

from __future__ import annotations

import argparse
import importlib

from tropa.cli.language import gettext as _
from tropa.cli.language import gettext_noop

DESCRIPTION = gettext_noop("The answer library: what it finds, recognises and holds.")
_WORDS = {
    "bench": "tropa.cli.answers_bench",
    "check": "tropa.cli.answers_check",
    "danger": "tropa.cli.answers_danger",
    "find": "tropa.cli.answers_find",
    "level": "tropa.cli.answers_level",
    "list": "tropa.cli.answers_list",
    "restate": "tropa.cli.answers_restate",
    "show": "tropa.cli.answers_show",
}


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `tropa answers` with its words."""
    parser = subparsers.add_parser("answers", description=_(DESCRIPTION))
    words = parser.add_subparsers(required=True, metavar=" | ".join(_WORDS))
    for name, module in _WORDS.items():
        word = importlib.import_module(module)
        about = _(word.ABOUT)
        own = words.add_parser(name, help=about, description=about)
        word.add_arguments(own)
        own.set_defaults(run=word.run)
