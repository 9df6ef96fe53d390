"""Rehearses recovery: trustees type their shares, both keys are joined and every sealed copy is opened.

It works on a copy of the database (on PostgreSQL, in a transaction that cannot write) and keeps nothing: what
is opened is counted and forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction

from tropa.cli.ceremony.terminal import BadAnswer, CeremonyEnded, Terminal
from tropa.cli.ceremony.trustees import read_lines, read_share
from tropa.cli.language import gettext as _
from tropa.cli.language import ngettext
from tropa.desk.retention.recovered_exhibits import exhibits_within_reach
from tropa.desk.vault.errors import NoPinnedRoot
from tropa.desk.vault.pinned import recovery_public, root_public
from tropa.desk.vault.recovery import Recoverable, reach_of
from tropa.envelope import (
    EnvelopeError,
    Seed,
    SeedShare,
    SharesDoNotFit,
    TooFewShares,
    join_shares,
    root_fingerprint,
)


@dataclass(slots=True)
class Joined:
    """What the shares typed so far have given."""

    root: Seed | None = field(default=None, repr=False)
    recovery: Seed | None = field(default=None, repr=False)


def rehearse_recovery(terminal: Terminal) -> int:
    """0 when both keys were joined and every copy opened; 1 otherwise. Changes nothing."""
    try:
        name = root_fingerprint(root_public())
        if recovery_public() is None:
            terminal.say(_("This organisation has no recovery key."))
            return 1
    except (NoPinnedRoot, EnvelopeError):
        terminal.say(
            _("The pinned keys are damaged or not what the root signed. Restore them from the backup.")
        )
        return 1
    terminal.say(_("Root key of this organisation: %s") % name)
    terminal.say(
        _("Type the shares of both keys in any order, each trustee unseen by the others. Nothing is changed.")
    )
    try:
        joined = join_keys(terminal)
    except (CeremonyEnded, KeyboardInterrupt):
        terminal.say()
        terminal.say(_("The rehearsal was ended before both keys were joined. Nothing was changed."))
        return 1
    return _report(terminal, joined)


def join_keys(terminal: Terminal, *, root_alone: bool = False) -> Joined:
    """Ask for shares until both keys are there, or the root key where nothing else is needed."""
    joined = Joined()
    sets: dict[int, list[SeedShare]] = {}
    while joined.root is None or (joined.recovery is None and not root_alone):
        with terminal.apart():
            terminal.say(_("The next share, ended by an empty line:"))
            text = read_lines(terminal)
        try:
            share = read_share(text)
        except BadAnswer as refused:
            terminal.say(str(refused))
            continue
        shares = sets.setdefault(share.of, [])
        shares.append(share)
        if _take(terminal, joined, shares):
            sets.pop(share.of)
    return joined


def _take(terminal: Terminal, joined: Joined, shares: Sequence[SeedShare]) -> bool:
    """Join a set if it is complete; True when it is done with, for better or worse."""
    try:
        seed = join_shares(shares)
    except TooFewShares as few:
        text = ngettext(
            "Kept. %d more share of this key is needed.",
            "Kept. %d more shares of this key are needed.",
            few.missing,
        )
        terminal.say(text % few.missing)
        return False
    except SharesDoNotFit:
        terminal.say(_("These shares do not belong together. Type the shares of this key anew."))
        return True
    if seed.signing().public == root_public():
        joined.root = seed
        terminal.say(_("The root key is joined: it is the pinned one."))
    elif seed.sealing().public == recovery_public():
        joined.recovery = seed
        terminal.say(_("The recovery key is joined: it is the pinned one."))
    else:
        terminal.say(
            _("These shares give a key, but none of this organisation's: they are of another ceremony.")
        )
    return True


def _report(terminal: Terminal, joined: Joined) -> int:
    assert joined.recovery is not None
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
        reach = reach_of(joined.recovery.sealing())
        exhibits = exhibits_within_reach(joined.recovery.sealing())
    say_count(terminal, _("Case keys opened: %(opened)d of %(there)d."), reach.case_keys)
    say_count(terminal, _("Duty epochs opened: %(opened)d of %(there)d."), reach.duty_epochs)
    say_count(terminal, _("Exhibits opened: %(opened)d of %(there)d."), exhibits)
    if reach.case_keys.complete and reach.duty_epochs.complete and exhibits.complete:
        terminal.say(_("Recovery works: everything there is could be opened. Nothing was changed."))
        return 0
    terminal.say(
        _(
            "Recovery would lose what did not open. Its holders can still open it: look into it "
            "today. Nothing was changed."
        )
    )
    return 1


def say_count(terminal: Terminal, sentence: str, count: Recoverable) -> None:
    terminal.say(sentence % {"opened": count.opened, "there": count.there})
