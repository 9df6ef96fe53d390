"""Trustees certify publishing keys: they type shares of the root key, and each coordinator reads out their key's name.

Nothing is certified that its owner did not name: what lies in the database may have been put there by somebody else.
The root key lives in this process alone, for as long as it runs; the recovery key is not needed.
"""

from __future__ import annotations

from datetime import datetime

from django.core.management import call_command

from tropa.cli.ceremony.rehearsal import join_keys
from tropa.cli.ceremony.terminal import CeremonyEnded, Terminal
from tropa.cli.language import gettext as _
from tropa.desk import clock
from tropa.desk.contacts.errors import NoKeyAsked
from tropa.desk.contacts.models import PublishingKey
from tropa.desk.contacts.publishing import certify_key, waiting_keys
from tropa.desk.staff.founding import Standing, settle
from tropa.desk.vault.errors import NoPinnedRoot
from tropa.desk.vault.pinned import root_public
from tropa.envelope import SigningKey, root_fingerprint


def hold_publishing(terminal: Terminal) -> int:
    """The whole of it; 0 when every waiting key was gone through, 1 when nothing was changed."""
    call_command("migrate", interactive=False, verbosity=0)
    if settle() is not Standing.FOUNDED:
        terminal.say(_("No organisation stands here. Nothing was changed."))
        return 1
    try:
        name = root_fingerprint(root_public())
    except NoPinnedRoot:
        terminal.say(
            _("The pinned keys are damaged or not what the root signed. Restore them from the backup.")
        )
        return 1
    waiting = waiting_keys(on=clock.now().date())
    if not waiting:
        terminal.say(_("No coordinator has asked for a publishing key. Nothing was changed."))
        return 1
    terminal.say(_("Root key of this organisation: %s") % name)
    terminal.say(_("Keys certified here sign the list of contact points, for a year."))
    terminal.say(_("Type the shares of the root key, each trustee unseen by the others."))
    try:
        joined = join_keys(terminal, root_alone=True)
        assert joined.root is not None
        for row in waiting:
            _ask(terminal, row, joined.root.signing(), clock.now())
    except (CeremonyEnded, KeyboardInterrupt):
        terminal.say()
        terminal.say(_("Ended. What was certified before stays certified; nothing else was changed."))
        return 1
    return 0


def _ask(terminal: Terminal, row: PublishingKey, root: SigningKey, now: datetime) -> None:
    """One coordinator's key; an empty answer leaves it waiting."""
    question = _("%s reads out the name of their key, as their own page shows it (empty: not now):")
    while name := terminal.ask(question % row.member.pseudonym).strip():
        try:
            certify_key(root=root, key_id=row.pk, name=name, now=now)
        except NoKeyAsked:
            terminal.say(
                _("That is not the name of the key that lies here. Hear it once more; if it stays so, stop.")
            )
            continue
        terminal.say(_("Certified for a year."))
        return
