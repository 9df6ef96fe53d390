"""`tropa answers level`: how many years of school each answer asks of its reader, the hardest first."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tropa.cli.language import gettext as _
from tropa.cli.language import gettext_noop
from tropa.counsel.language import Language
from tropa.counsel.library import SHIPPED_LIBRARY, LibraryError, load_library
from tropa.counsel.reading import reading_of

ABOUT = gettext_noop("say how hard each answer is to read, the hardest first")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `tropa answers level`."""
    parser.add_argument(
        "--library", type=Path, default=SHIPPED_LIBRARY, metavar="FOLDER", help=_("the library")
    )


def run(arguments: argparse.Namespace) -> int:
    """One line an answer: years of school in Russian and English, words of the longest sentence; 1 on faults."""
    try:
        library = load_library(arguments.library)
    except LibraryError as error:
        print(error, file=sys.stderr)
        return 1
    lines = []
    for answer in library.answers.values():
        russian = reading_of(answer.text.ru, Language.RUSSIAN)
        english = reading_of(answer.text.en, Language.ENGLISH)
        longest = max(russian.longest, english.longest)
        lines.append((max(russian.grade, english.grade), russian.grade, english.grade, longest, answer.id))
    for _hardest, in_russian, in_english, longest, answer_id in sorted(lines, reverse=True):
        print(f"ru {in_russian:4.1f}  en {in_english:4.1f}  {longest:3}  {answer_id}")
    return 0
