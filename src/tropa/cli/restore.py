"""`tropa restore FILE`: puts a backup back on a machine without a database, or changes nothing.

It is opened by a passphrase in a file, or by the trustees' shares of the recovery key, typed here.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from tropa.cli.directory import DirectoryRefused, lock_directory
from tropa.cli.language import gettext as _
from tropa.cli.language import ngettext
from tropa.cli.lifeline import harden
from tropa.cli.supervisor import say

if TYPE_CHECKING:
    from tropa.desk.backup.errors import BackupError
    from tropa.desk.backup.restoring import Restored
    from tropa.desk.backup.unpacking import KeyOf
    from tropa.envelope import ArchiveHead, Checkpoint, Seed


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The words after `tropa restore`."""
    parser = subparsers.add_parser("restore", help=_("put a backup back where no database is"))
    parser.add_argument("file", type=Path, metavar=_("FILE"), help=_("the archive"))
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        metavar=_("FILE"),
        help=_("open it with the passphrase in this file, not with trustees' shares"),
    )
    parser.add_argument(
        "--checkpoint",
        action="append",
        type=Path,
        default=[],
        metavar=_("FILE"),
        help=_("refuse a backup older than this kept checkpoint; may be given several times"),
    )
    parser.add_argument(
        "--accept-older",
        action="store_true",
        help=_("take it though it is older than what was kept since; stands in the log"),
    )
    parser.set_defaults(run=restore)


def restore(arguments: argparse.Namespace) -> int:
    """Restore; 0 when the desk stands again, 1 when nothing was changed."""
    harden()
    directory = Path(os.environ["TROPA_DATA"]).absolute()
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        lock = lock_directory(directory)
    except DirectoryRefused as refused:
        say(str(refused))
        return 1
    with lock:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tropa.desk.settings")
        import django

        django.setup()
        return _restore(arguments)


def _restore(arguments: argparse.Namespace) -> int:
    from django.db import DatabaseError

    from tropa.cli.ceremony.terminal import CeremonyEnded
    from tropa.desk import clock
    from tropa.desk.backup.errors import BackupError
    from tropa.desk.backup.restoring import Wanted, require_empty, restore

    try:
        require_empty()
        checkpoints = [_checkpoint(path) for path in arguments.checkpoint]
        wanted = Wanted(
            arguments.file, _key_of(arguments.passphrase_file), checkpoints, arguments.accept_older
        )
        _say(restore(wanted=wanted, now=clock.now()))
    except BackupError as refused:
        say(_refusal(refused))
    except CeremonyEnded:
        say(_("The shares were not complete. Nothing was changed."))
    except (NoCheckpoint, FileNotFoundError, PermissionError) as refused:
        say(_("%s cannot be read. Nothing was changed.") % (getattr(refused, "filename", None) or refused))
    except (DatabaseError, OSError):
        say(_("The backup could not be put back. Nothing was changed: is the disk full?"))
    else:
        return 0
    return 1


class NoCheckpoint(Exception):
    """A file given as a checkpoint is none; the text is its name."""


def _checkpoint(path: Path) -> Checkpoint:
    """What stands in a checkpoint of this organisation, whose root may not be pinned on this machine yet."""
    from tropa.desk.audit.checkpoints import read_claim
    from tropa.desk.audit.errors import CheckpointRefused

    try:
        return read_claim(path.read_text(encoding="utf-8"))
    except (CheckpointRefused, UnicodeDecodeError):
        raise NoCheckpoint(str(path)) from None


def _key_of(passphrase_file: Path | None) -> KeyOf:
    from tropa.cli.backup import read_passphrase
    from tropa.desk.conf import conf
    from tropa.envelope import PassphraseProfile, key_by_passphrase

    if passphrase_file is None:
        return _key_of_trustees
    passphrase = read_passphrase(passphrase_file)
    weakest = PassphraseProfile[conf.passphrase_profile.upper()]
    return lambda head: key_by_passphrase(head, passphrase, weakest=weakest)


def _key_of_trustees(head: ArchiveHead) -> Seed:
    """Shares typed at this terminal until they give the recovery key. Raises CannotOpen when it is
    not this archive's.
    """
    from tropa.cli.ceremony.terminal import BadAnswer, terminal_here
    from tropa.cli.ceremony.trustees import read_lines, read_share
    from tropa.envelope import SeedShare, SharesDoNotFit, TooFewShares, join_shares, key_by_holder

    terminal = terminal_here()
    terminal.say(_("Type the shares of the recovery key in any order, each trustee unseen by the others."))
    shares: list[SeedShare] = []
    while True:
        with terminal.apart():
            terminal.say(_("The next share, ended by an empty line:"))
            text = read_lines(terminal)
        try:
            shares.append(read_share(text))
            return key_by_holder(head, join_shares(shares).sealing())
        except BadAnswer as refused:
            terminal.say(str(refused))
        except TooFewShares as few:
            text = ngettext(
                "Kept. %d more share of this key is needed.",
                "Kept. %d more shares of this key are needed.",
                few.missing,
            )
            terminal.say(text % few.missing)
        except SharesDoNotFit:
            shares.clear()
            terminal.say(_("These shares do not belong together. Type the shares of this key anew."))


def _say(done: Restored) -> None:
    from tropa.desk.conf import conf

    taken = f"{done.taken:%Y-%m-%d %H:%M}"
    print(
        _("Restored: the state of %(taken)s UTC; the log ends at record %(record)d.")
        % {
            "taken": taken,
            "record": done.end.sequence,
        }
    )
    if done.destroyed_again:
        text = ngettext(
            "%d thread or case that had been destroyed since was destroyed again.",
            "%d threads and cases that had been destroyed since were destroyed again.",
            done.destroyed_again,
        )
        print(text % done.destroyed_again)
    if done.without_key:
        text = ngettext(
            "The wrapping key of %d case is neither here nor in the backup: nobody opens it any more.",
            "The wrapping keys of %d cases are neither here nor in the backup: nobody opens them any more.",
            done.without_key,
        )
        print(text % done.without_key)
    if not conf.service_key.exists():
        print(
            _(
                "The desk's service key is not here (TROPA_SERVICE_KEY). Bring it before `tropa run`: without it "
                "nobody can sign in."
            )
        )


def _refusal(refused: BackupError) -> str:
    from tropa.desk.backup import errors

    match refused:
        case errors.NotTheKey():
            return _("It does not open: the archive is damaged, or this is not its key. Nothing was changed.")
        case errors.NotABackup():
            return _("This is no backup that this version of Tropa reads. Nothing was changed.")
        case errors.OtherEngine():
            return _(
                "The backup is of the other database engine (see TROPA_DATABASE_URL). Nothing was changed."
            )
        case errors.NotEmpty():
            return _(
                "A database is there already; nothing is put over it: move it away first. Nothing was changed."
            )
        case errors.OtherRoot():
            return _("The pinned root key here is another organisation's. Nothing was changed.")
        case errors.TooOld():
            return _(
                "THIS BACKUP IS TOO OLD: later acts are known than it holds, or its days are over (TROPA_BACKUP_DAYS). "
                "Look for a newer one. If there is none, --accept-older takes it, and that stands in the log. Nothing "
                "was changed."
            )
        case _:
            return _("The backup could not be put back. Nothing was changed: is the disk full?")
