"""`tropa onion`: the drop as an onion service.

`make` writes what tor is told, verifies it and prints the address; from then on `tropa run` serves the drop on a unix
socket and runs tor beside it. `check` verifies again, after an upgrade of tor or an edit by hand; `address` prints the
address once more, to be copied or read by a camera.
"""

import argparse
import os
import sys
from pathlib import Path

from tropa.cli.language import gettext as _
from tropa.cli.onion_service import OnionPlace, OnionRefused, check, fit, make, place_of


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The words after `tropa onion`."""
    parser = subparsers.add_parser("onion", help=_("the drop as an onion service: make, check, address"))
    words = parser.add_subparsers(required=True, metavar=_("COMMAND"))
    for word, summary, work in (
        ("make", _("write what tor is told, verify it, and make the address"), make_service),
        ("check", _("verify what tor is told, and that tor takes it"), check_service),
        ("address", _("print the address, and the picture a camera reads"), print_address),
    ):
        words.add_parser(word, help=summary).set_defaults(run=work)


def make_service(_arguments: argparse.Namespace) -> int:
    """0, and the address printed; 1 with the reason."""
    place = _place()
    try:
        print(f"http://{make(place)}/")
    except OnionRefused as refused:
        return _refused(refused)
    _say(_("start `tropa run` again: it serves the drop there, and runs tor beside it"))
    return 0


def check_service(_arguments: argparse.Namespace) -> int:
    """0 when everything holds; 1 with what does not."""
    try:
        fit()
        check(_place())
    except OnionRefused as refused:
        return _refused(refused)
    _say(_("what tor is told holds"))
    return 0


def print_address(_arguments: argparse.Namespace) -> int:
    """The address, and on a terminal a picture of it."""
    from tropa.cli.pictures import picture

    url = _place().url
    if url is None:
        return _refused(_("no onion service was made here; `tropa onion make` makes one"))
    print(url)
    if sys.stdout.isatty():
        print(picture(url))
    return 0


def _place() -> OnionPlace:
    return place_of(os.environ, Path(os.environ["TROPA_DATA"]).absolute())


def _refused(why: object) -> int:
    _say(str(why))
    return 1


def _say(sentence: str) -> None:
    print(f"tropa: {sentence}", file=sys.stderr, flush=True)
