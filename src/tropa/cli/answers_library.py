"""What the words of `tropa answers` share that read the library: the folder, the pack, the day, and its sentences."""

from __future__ import annotations

import argparse
import gettext as catalogues
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from tropa.atlas import SHIPPED_PACK, Atlas, PackError, load_pack
from tropa.atlas import phrases as atlas_phrases
from tropa.cli.language import gettext as _
from tropa.counsel.library import SHIPPED_LIBRARY, Judged, Library, LibraryError, Reason, judge, load_library
from tropa.counsel.library.phrases import LOCALE


@dataclass(frozen=True, slots=True)
class Held:
    """A library with the atlas it is judged by and the day."""

    library: Library
    atlas: Atlas
    on: date

    def judged(self) -> tuple[Judged, ...]:
        """Every answer's state."""
        return tuple(judge(answer, self.atlas, self.on) for answer in self.library.answers.values())


def add_folders(parser: argparse.ArgumentParser) -> None:
    """The library, the pack it rests on, and the day."""
    parser.add_argument(
        "--library", type=Path, default=SHIPPED_LIBRARY, metavar="FOLDER", help=_("the folder of answers")
    )
    parser.add_argument(
        "--pack", type=Path, default=SHIPPED_PACK, metavar="FOLDER", help=_("the pack the answers rest on")
    )
    days = parser.add_mutually_exclusive_group()
    days.add_argument("--on", type=date.fromisoformat, metavar="DAY", help=_("judge on this day"))
    days.add_argument(
        "--as-of",
        type=date.fromisoformat,
        metavar="DAY",
        help=_("judge on this day and count every fact as reviewed then (to try things out)"),
    )


def held(arguments: argparse.Namespace, *, unnoted: bool = False) -> Held | None:
    """The library asked for, or None after every fault was told."""
    translate = translator()
    try:
        atlas = load_pack(arguments.pack, reviewed_as_of=arguments.as_of)
        library = load_library(arguments.library, unnoted=unnoted)
    except (PackError, LibraryError) as error:
        for problem in error.problems:
            print(problem.say(translate), file=sys.stderr)
        return None
    return Held(library, atlas, arguments.as_of or arguments.on or datetime.now(UTC).date())


@cache
def translator() -> Callable[[str], str]:
    """Says the library's sentences, and those of the atlas they are made of."""
    own = catalogues.translation("library", str(LOCALE), fallback=True).gettext
    atlas = atlas_phrases.translator()

    def say(message: str) -> str:
        said = own(message)
        return atlas(message) if said == message else said

    return say


def said(reason: Reason) -> str:
    """Why an answer may not be given, and whom to ask, in the caller's language."""
    parts = (reason.phrase(), reason.asks())
    return " ".join(part.say(translator()) for part in parts if part is not None)
