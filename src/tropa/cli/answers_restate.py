"""`tropa answers restate`: notes what the facts under answers say today, after somebody read the texts beside them."""

from __future__ import annotations

import argparse
import sys

from tropa.cli.answers_library import add_folders, held
from tropa.cli.language import gettext as _
from tropa.cli.language import gettext_noop, ngettext
from tropa.counsel.library.loading import SAID
from tropa.counsel.library.saying import restated

ABOUT = gettext_noop("note what the facts say now, after reading the texts beside them")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `tropa answers restate`."""
    parser.add_argument("id", nargs="*", help=_("the answers that were read"))
    parser.add_argument("--all", action="store_true", help=_("all of them"))
    add_folders(parser)


def run(arguments: argparse.Namespace) -> int:
    """1 when no answer was named, one is unknown, or the library has a fault. Written whole or not at all."""
    found = held(arguments, unnoted=True)
    if found is None:
        return 1
    named = frozenset(found.library.answers) if arguments.all else frozenset(arguments.id)
    unknown = sorted(named - set(found.library.answers))
    if unknown or not named:
        print(_("no answer has the id {id}").format(id=", ".join(unknown) or "-"), file=sys.stderr)
        return 1
    file = arguments.library / SAID
    beside = file.with_suffix(".new")
    beside.write_text(restated(found.library, found.atlas, named), encoding="utf-8")
    beside.replace(file)
    print(ngettext("{number} answer noted", "{number} answers noted", len(named)).format(number=len(named)))
    return 0
