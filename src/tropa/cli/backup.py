"""`tropa backup FILE`: one sealed archive of everything that is stored, while the desk runs.

It is sealed to the organisation's recovery key, and locked under a passphrase where one is given. Either opens it.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from tropa.cli.language import gettext as _
from tropa.cli.lifeline import harden
from tropa.cli.supervisor import say

if TYPE_CHECKING:
    from tropa.envelope import Recipients


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The words after `tropa backup`."""
    parser = subparsers.add_parser("backup", help=_("write one sealed archive of everything that is stored"))
    parser.add_argument(
        "file", type=Path, metavar=_("FILE"), help=_("the archive to write; it must not be there")
    )
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        metavar=_("FILE"),
        help=_("let the passphrase in this file open the archive too"),
    )
    parser.set_defaults(run=backup)


def backup(arguments: argparse.Namespace) -> int:
    """Write the archive; 0 when it stands whole on the disk, 1 when there is none."""
    harden()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tropa.desk.settings")
    import django

    django.setup()
    from django.db import DatabaseError

    from tropa.desk import clock
    from tropa.desk.audit.acts import Act
    from tropa.desk.audit.services import record
    from tropa.desk.backup.errors import BackupError, NobodyOpensIt, NothingToBackUp
    from tropa.desk.backup.making import make_backup

    try:
        recipients = _recipients(arguments.passphrase_file)
        now = clock.now()
        make_backup(target=arguments.file.absolute(), recipients=recipients, now=now)
        record(reader=None, act=Act.BACKED_UP, detail={}, now=now)
    except NothingToBackUp:
        say(_("no organisation has been founded here"))
    except NobodyOpensIt:
        say(
            _(
                "this organisation has no recovery key, so nobody could open the archive: give a passphrase with "
                "--passphrase-file"
            )
        )
    except FileExistsError:
        say(_("%s is there already; nothing was written") % arguments.file)
    except (BackupError, DatabaseError, OSError):
        say(_("the backup could not be written whole, and was taken away again: is the disk full?"))
    else:
        print(_("Written: %s") % arguments.file)
        return 0
    return 1


def _recipients(passphrase_file: Path | None) -> Recipients:
    from tropa.desk.backup.errors import NobodyOpensIt, NothingToBackUp
    from tropa.desk.conf import conf
    from tropa.desk.vault.errors import NoPinnedRoot
    from tropa.desk.vault.pinned import recovery_public
    from tropa.envelope import PassphraseProfile, Recipients

    try:
        public = recovery_public()
    except NoPinnedRoot:
        raise NothingToBackUp from None
    passphrase = read_passphrase(passphrase_file) if passphrase_file else None
    if public is None and passphrase is None:
        raise NobodyOpensIt
    return Recipients(public, passphrase, PassphraseProfile[conf.passphrase_profile.upper()])


def read_passphrase(path: Path) -> str:
    """The first line of the file. OSError when there is none."""
    line = path.read_text(encoding="utf-8").partition("\n")[0].strip()
    if not line:
        raise OSError(f"{path} holds no passphrase")
    return line
