"""`tropa contacts`: the signed list of our contact points as a file, and the check of one.

`verify` reads nothing but the file: no database, no key, no network. All it needs is the organisation's root
fingerprint, learnt from somebody who is trusted and not from where the file came from.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from tropa.cli.language import gettext as _
from tropa.cli.set_up import set_up_django


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The words after `tropa contacts`."""
    parser = subparsers.add_parser("contacts", help=_("our signed contact points: write the file, check one"))
    words = parser.add_subparsers(required=True, metavar=_("COMMAND"))
    out = words.add_parser("export", help=_("write the list in force with both signatures"))
    out.add_argument("file", nargs="?", type=Path, help=_("where to; without it, to the output"))
    out.set_defaults(run=export)
    check = words.add_parser("verify", help=_("check a file by the root's fingerprint alone"))
    check.add_argument("file", type=Path)
    check.add_argument("--root", required=True, metavar=_("FINGERPRINT"), help=_("the root's fingerprint"))
    check.add_argument("--on", type=date.fromisoformat, metavar=_("DAY"), help=_("judge as on this day"))
    check.set_defaults(run=verify)


def export(arguments: argparse.Namespace) -> int:
    """The list in force; 1 when there is none."""
    set_up_django()
    from tropa.desk import clock
    from tropa.desk.contacts.in_force import genuine

    found = genuine(now=clock.now())
    if found is None:
        return _refused(_("no list of contact points is in force"))
    if arguments.file is None:
        print(found.signed.text, end="")
        return 0
    try:
        with arguments.file.open("x", encoding="ascii") as file:
            file.write(found.signed.text)
    except FileExistsError:
        return _refused(_("%s is there already") % arguments.file)
    except OSError as refused:
        return _refused(str(refused))
    return 0


def verify(arguments: argparse.Namespace) -> int:
    """Print what a genuine list says; 1 for anything else."""
    from tropa.envelope import (
        CertificateExpired,
        ContactListNotInForce,
        EnvelopeError,
        Language,
        read_contact_file,
        root_fingerprint,
        verify_contacts,
    )

    on = arguments.on or datetime.now(UTC).date()
    try:
        signed = read_contact_file(arguments.file.read_text(encoding="ascii"))
        if _plain(root_fingerprint(signed.root)) != _plain(arguments.root):
            return _refused(_("not genuine: it is signed under another root"))
        contacts = verify_contacts(signed, signed.root, on)
    except (ContactListNotInForce, CertificateExpired):
        return _refused(_("not genuine any more, or not yet: it is not in force on %s") % on.isoformat())
    except EnvelopeError:
        return _refused(_("not genuine: it was changed, or two who may did not sign it"))
    except (OSError, ValueError):
        return _refused(_("%s cannot be read") % arguments.file)
    days = {"number": contacts.number, "first": contacts.first.isoformat(), "last": contacts.last.isoformat()}
    print(_("genuine: list %(number)d, in force from %(first)s to %(last)s") % days)
    for point in contacts.points:
        print(f"{point.channel} {point.address} {point.since.isoformat()}")
    for language in Language:
        print(f"{language.value}: {contacts.check_phrase(language)}")
    return 0


def _plain(fingerprint: str) -> str:
    return "".join(fingerprint.split()).lower()


def _refused(why: str) -> int:
    print(f"tropa: {why}", file=sys.stderr, flush=True)
    return 1
