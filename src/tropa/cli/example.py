"""`tropa example`: prepares the example world, and gives the one-time codes of its synthetic people.

`code` reads the example's own file of secrets and nothing else; where no example world lies it says so.
`prepare` is what `tropa run --example` calls; by itself it refuses, so that an example never lands in
somebody's real directory.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from tropa.cli.language import gettext as _


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The words after `tropa example`."""
    parser = subparsers.add_parser("example", help=_("the example world: its people and their codes"))
    words = parser.add_subparsers(required=True, metavar=_("COMMAND"))
    code = words.add_parser("code", help=_("print the one-time code of an example person"))
    code.add_argument("name", help=_("the person's name, as `tropa run --example` printed it"))
    code.set_defaults(run=print_code)
    words.add_parser("people", help=_("print the example sign-ins")).set_defaults(run=print_people)
    words.add_parser(
        "write", help=_("let somebody invented write in; `tropa run --training` does, every three minutes")
    ).set_defaults(run=write)
    words.add_parser("prepare", help=_("make the example world; `tropa run --example` does")).set_defaults(
        run=prepare
    )


def print_code(arguments: argparse.Namespace) -> int:
    """The six digits of the moment."""
    from tropa.envelope import totp

    people = _people()
    if people is None:
        return 1
    if arguments.name not in people:
        _say(
            _("nobody in the example world is called %(name)s; there are: %(names)s")
            % {"name": arguments.name, "names": ", ".join(people)}
        )
        return 1
    print(totp(bytes.fromhex(people[arguments.name]["totp"]), datetime.now(UTC)))
    return 0


def print_people(_arguments: argparse.Namespace) -> int:
    """The sign-in lines again."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tropa.desk.settings")
    if _people() is None:
        return 1
    import django

    django.setup()
    from tropa.desk.example.people import people_file, read_secrets, sign_in_lines

    print("\n".join(sign_in_lines(read_secrets(people_file(_data())))))
    return 0


def prepare(_arguments: argparse.Namespace) -> int:
    """Make the example world if it is not there, and print a sign-in a line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tropa.desk.settings")
    import django

    django.setup()
    from tropa.desk import clock
    from tropa.desk.example.people import sign_in_lines
    from tropa.desk.example.world import NoExample
    from tropa.desk.example.world import prepare as prepare_world

    try:
        drawn = prepare_world(now=clock.now())
    except NoExample as refused:
        _say(str(refused))
        return 1
    print("\n".join(sign_in_lines(drawn)), flush=True)
    return 0


def write(_arguments: argparse.Namespace) -> int:
    """One invented person more, in a training world alone."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tropa.desk.settings")
    import random

    import django

    django.setup()
    from tropa.desk import clock
    from tropa.desk.example.world import NoExample
    from tropa.desk.example.writing import somebody_writes

    try:
        somebody_writes(now=clock.now(), dice=random.Random())  # noqa: S311  # nothing secret is drawn
    except NoExample as refused:
        _say(str(refused))
        return 1
    return 0


def _data() -> Path:
    return Path(os.environ["TROPA_DATA"]).absolute()


def _people() -> dict[str, dict[str, str]] | None:
    """The file of secrets, as it is written; None, after saying so, where there is none."""
    import json

    path = _data() / "example" / "people.json"
    try:
        values: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        _say(_("there is no example world in %s") % _data())
        return None
    return values


def _say(sentence: str) -> None:
    print(f"tropa: {sentence}", file=sys.stderr)
