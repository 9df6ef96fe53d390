"""Recovery as it is held: trustees type their shares until both keys are joined, then a new coordinator is asked for.

Until the last answer nothing is written. Too few or wrong words end without a change; the two keys live in this
process alone, for as long as it runs.
"""

from __future__ import annotations

from django.core.management import call_command

from tropa.cli.ceremony.founding import ask_coordinator
from tropa.cli.ceremony.rehearsal import join_keys, say_count
from tropa.cli.ceremony.terminal import CeremonyEnded, Terminal
from tropa.cli.language import gettext as _
from tropa.desk import clock
from tropa.desk.staff.errors import PseudonymTaken
from tropa.desk.staff.founding import OrganisationKeys, Standing, settle
from tropa.desk.staff.recovering import recover, team_of_coordinators
from tropa.desk.vault.errors import NoPinnedRoot
from tropa.desk.vault.pinned import recovery_public, root_public
from tropa.envelope import EnvelopeError, root_fingerprint


def hold_recovery(terminal: Terminal) -> int:
    """The whole of it; 0 when there is a new coordinator, 1 when nothing was changed."""
    call_command("migrate", interactive=False, verbosity=0)
    if settle() is not Standing.FOUNDED:
        terminal.say(_("No organisation stands here that could be recovered. Restore its backup first."))
        return 1
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
        _("Recovery makes a new coordinator who can open every case. It stands in the log, which all see.")
    )
    terminal.say(_("Type the shares of both keys in any order, each trustee unseen by the others."))
    try:
        return _held(terminal)
    except (CeremonyEnded, KeyboardInterrupt):
        terminal.say()
        terminal.say(_("The recovery was ended. Nothing was changed."))
        return 1


def _held(terminal: Terminal) -> int:
    joined = join_keys(terminal)
    assert joined.root is not None
    assert joined.recovery is not None
    terminal.say()
    terminal.say(_("The new coordinator. A pseudonym, never a name."))
    coordinator = ask_coordinator(terminal, team_of_coordinators())
    terminal.choose(_("Make this coordinator now? (yes)"), {"yes": True, _("yes"): True})
    keys = OrganisationKeys(joined.root, joined.recovery)
    try:
        done = recover(keys=keys, coordinator=coordinator, now=clock.now())
    except PseudonymTaken:
        terminal.say(_("Somebody has this pseudonym. Nothing was changed; begin again with another."))
        return 1
    say_count(terminal, _("Case keys opened: %(opened)d of %(there)d."), done.case_keys)
    say_count(terminal, _("Duty epochs opened: %(opened)d of %(there)d."), done.duty_epochs)
    say_count(terminal, _("Exhibits opened: %(opened)d of %(there)d."), done.exhibits)
    terminal.say(_("%s can sign in, unlock, and open all of these.") % done.member.pseudonym)
    return 0
