"""`tropa answers find WORDS...`: what the library answers to a question, how well it fits, and whether it holds danger.

Nothing of the question is written anywhere; it stands in the shell's own history unless it comes by
standard input (`-`).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tropa.cli.language import gettext as _
from tropa.cli.language import gettext_noop
from tropa.counsel.asking import FITS, Asking
from tropa.counsel.danger import recognise
from tropa.counsel.language import language_of
from tropa.counsel.library import SHIPPED_LIBRARY, LibraryError, load_library

ABOUT = gettext_noop("find answers to a question in anybody's own words")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `tropa answers find`."""
    parser.add_argument(
        "words", nargs="+", metavar="WORDS", help=_("the question; - reads it from standard input")
    )
    parser.add_argument(
        "--library", type=Path, default=SHIPPED_LIBRARY, metavar="FOLDER", help=_("the library")
    )
    parser.add_argument("--most", type=int, default=3, metavar="NUMBER", help=_("how many answers at most"))


def run(arguments: argparse.Namespace) -> int:
    """Say what was found; 1 when the library has faults. "Nothing fits" is an answer."""
    question = sys.stdin.read() if arguments.words == ["-"] else " ".join(arguments.words)
    try:
        library = load_library(arguments.library)
    except LibraryError as error:
        print(error, file=sys.stderr)
        return 1
    told, danger = language_of(question), recognise(question)
    print(
        _("language: {language}").format(
            language=told.language.value if told.sure else f"{told.language.value}?"
        )
    )
    if danger.dangerous:
        kinds = ", ".join(sorted(kind.value for kind in danger.kinds)) or _("alike to dangerous texts")
        print(_("danger: {kinds}; no machine answers this").format(kinds=kinds))
    found = Asking(library).nearest(question, most=arguments.most)
    if not found or found[0].fit < FITS:
        print(_("nothing fits; a person answers"))
    for one in found:
        mark = " " if one.fit >= FITS else "?"
        print(f"{mark} {one.fit:5.2f}  {one.id}  {library.answer(one.id).title.ru}")
    return 0
