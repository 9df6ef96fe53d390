"""`tropa audit`: verifies the signed log and gives checkpoints to keep. It opens nothing: whoever looks after the
server runs it and reads no more than numbers and hashes.

Exit code 0: the log holds; 1: it does not, or it could not be held against what was kept; the sentence says which.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from tropa.cli.language import gettext as _
from tropa.cli.language import ngettext
from tropa.cli.supervisor import say

if TYPE_CHECKING:
    from tropa.desk.audit.errors import CheckpointRefused
    from tropa.envelope import BrokenLog, Checkpoint


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The words after `tropa audit`."""
    parser = subparsers.add_parser("audit", help=_("verify the signed log, and give checkpoints to keep"))
    words = parser.add_subparsers(required=True, metavar=_("COMMAND"))
    checkpoint = words.add_parser("checkpoint", help=_("print a short signed text for a trustee to keep"))
    checkpoint.set_defaults(run=print_checkpoint)
    verify = words.add_parser(
        "verify", help=_("read the whole log and name the first record that does not hold")
    )
    verify.add_argument(
        "--checkpoint",
        action="append",
        type=Path,
        default=[],
        metavar=_("FILE"),
        help=_("hold the log against this kept checkpoint too; may be given several times"),
    )
    verify.set_defaults(run=verify_log)


def print_checkpoint(_arguments: argparse.Namespace) -> int:
    """The log's end as it is now, verified from the first record."""
    _set_up_django()
    from tropa.desk import clock
    from tropa.desk.audit.checkpoints import KeptCheckpoint, write_checkpoint
    from tropa.desk.staff.errors import NoServiceKey
    from tropa.desk.vault.errors import NoPinnedRoot

    end = _held([])
    if end is None:
        return 1
    try:
        print(write_checkpoint(KeptCheckpoint(end, clock.now().date())), end="")
    except NoServiceKey:
        say(_("the desk's service key is not here (TROPA_SERVICE_KEY), so nothing can be signed"))
        return 1
    except NoPinnedRoot:
        say(_("no organisation has been founded here"))
        return 1
    return 0


def verify_log(arguments: argparse.Namespace) -> int:
    """Verify everything, against the end that was kept here and the checkpoints of files."""
    _set_up_django()
    checkpoints = []
    for path in arguments.checkpoint:
        kept = _read(path)
        if kept is None:
            return 1
        checkpoints.append(kept)
    end = _held(checkpoints)
    if end is None:
        return 1
    text = ngettext(
        "The log holds: %(count)d record, each following from the one before it.",
        "The log holds: %(count)d records, each following from the one before it.",
        end.sequence,
    )
    print(text % {"count": end.sequence})
    return 0


def _held(checkpoints: list[Checkpoint]) -> Checkpoint | None:
    """The log's end; None, with a sentence, when it does not hold."""
    from tropa.desk.audit.errors import EndDamaged
    from tropa.desk.audit.log_end import kept_end
    from tropa.desk.audit.queries import checked_log
    from tropa.envelope import BrokenLog

    try:
        kept = kept_end()
    except EndDamaged:
        say(_("the file audit-end in the pinned directory is damaged: nothing says where the log ended"))
        return None
    try:
        return checked_log([*checkpoints, *([kept.checkpoint] if kept else [])])
    except BrokenLog as broken:
        say(told(broken))
        return None


def told(broken: BrokenLog) -> str:
    """What is wrong with the log, for the operator."""
    from tropa.envelope import LogFault

    match broken.fault:
        case LogFault.DOES_NOT_FOLLOW:
            text = _("THE LOG IS BROKEN: record %d was changed, moved, left out or put in")
        case LogFault.NOT_AS_KEPT:
            text = _("THE LOG IS BROKEN: record %d is not the one that was kept: the log was rewritten")
        case LogFault.ENDS_TOO_EARLY:
            text = _(
                "THE LOG IS BROKEN: it ends at record %d, before one that was kept: it was cut or rolled back"
            )
        case _:
            assert_never(broken.fault)
    return text % broken.sequence


def _read(path: Path) -> Checkpoint | None:
    from tropa.desk.audit.checkpoints import read_checkpoint
    from tropa.desk.audit.errors import CheckpointRefused
    from tropa.desk.staff.errors import NoServiceKey
    from tropa.desk.vault.errors import NoPinnedRoot

    try:
        return read_checkpoint(path.read_text(encoding="utf-8")).checkpoint
    except (OSError, UnicodeDecodeError):
        say(_("%s cannot be read") % path)
    except CheckpointRefused as refused:
        say(_refusal(refused) % path)
    except NoServiceKey:
        say(_("the desk's service key is not here (TROPA_SERVICE_KEY), so no checkpoint can be believed"))
    except NoPinnedRoot:
        say(_("no organisation has been founded here"))
    return None


def _refusal(refused: CheckpointRefused) -> str:
    from tropa.desk.audit.errors import CheckpointForged, OtherOrganisation

    match refused:
        case OtherOrganisation():
            return _("%s is a checkpoint of another organisation")
        case CheckpointForged():
            return _("%s is not what this desk signed: compare it letter by letter with what was kept")
        case _:
            return _("%s is no checkpoint")


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tropa.desk.settings")
    import django

    django.setup()
