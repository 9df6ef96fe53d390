"""The ceremony itself, as it is held: questions, shares, the coordinator's secrets, and then the founding.

Until the last answer nothing is written but an empty, up-to-date database. The root and recovery seeds live
in this process alone, for as long as it runs.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never
from urllib.parse import quote

from django.core.management import call_command

from tropa.cli.ceremony.terminal import BadAnswer, CeremonyEnded, Terminal
from tropa.cli.ceremony.trustees import hand_out
from tropa.cli.language import gettext as _
from tropa.cli.language import ngettext
from tropa.desk import clock
from tropa.desk.staff.founding import (
    Organisation,
    OrganisationKeys,
    Standing,
    found,
    settle,
)
from tropa.desk.staff.joining import TOTP_BYTES, Secrets
from tropa.desk.staff.models import Gender
from tropa.envelope import MOST_SHARES, Seed, SeedShare, root_fingerprint, split_seed, totp_matches

SHORTEST_PASSWORD = 12
SHORTEST_PASSPHRASE = 20
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Trustees:
    """`needed` of `count` open what the keys open."""

    needed: int
    count: int


def hold_ceremony(terminal: Terminal) -> int:
    """The whole ceremony; 0 when an organisation was founded, 1 when nothing was changed."""
    call_command("migrate", interactive=False, verbosity=0)
    if not _may_begin(terminal, settle()):
        return 1
    try:
        return _held(terminal)
    except (CeremonyEnded, KeyboardInterrupt):
        terminal.say()
        terminal.say(
            _("The ceremony was ended. Nothing was founded and no key was kept: burn every share of it.")
        )
        return 1


def _may_begin(terminal: Terminal, standing: Standing) -> bool:
    match standing:
        case Standing.NOTHING:
            return True
        case Standing.CUT_SHORT:
            terminal.say(
                _(
                    "An earlier ceremony was cut short before anything was founded. What it left is "
                    "gone; burn its shares."
                )
            )
            return True
        case Standing.FOUNDED:
            terminal.say(_("An organisation stands here already. Nothing was changed."))
        case Standing.KEYS_WITHOUT_PEOPLE:
            terminal.say(
                _(
                    "Keys of an organisation are pinned here, but the database holds nobody. Restore "
                    "its backup, or name another directory in TROPA_DATA. Nothing was changed."
                )
            )
        case Standing.PEOPLE_WITHOUT_KEYS:
            terminal.say(
                _(
                    "The database holds an organisation whose pinned keys are not here. Put the "
                    "folder `pinned` back from the backup. Nothing was changed."
                )
            )
        case _:
            assert_never(standing)
    return False


def _held(terminal: Terminal) -> int:
    _open(terminal)
    trustees = _ask_trustees(terminal)
    team = terminal.ask_until(_("Name of the first team:"), _name)
    terminal.say()
    terminal.say(_("The first coordinator. A pseudonym, never a name."))
    organisation = ask_coordinator(terminal, team)
    keys = OrganisationKeys(Seed.generate(secrets.token_bytes), Seed.generate(secrets.token_bytes))
    _share_out(terminal, keys, trustees)
    terminal.choose(
        _("Every share is kept. Found the organisation now? (yes)"), {"yes": True, _("yes"): True}
    )
    member = found(organisation=organisation, keys=keys, now=clock.now())
    terminal.say()
    terminal.say(_("Founded. %s can sign in, unlock and invite the others.") % member.pseudonym)
    terminal.say(
        _("Root key, for every trustee to note beside the share: %s")
        % root_fingerprint(keys.root.signing().public)
    )
    terminal.say(
        _("The root and recovery keys are nowhere but in the shares. Try them: tropa ceremony rehearse")
    )
    return 0


def _open(terminal: Terminal) -> None:
    terminal.say(_("The set-up ceremony. Two keys are made here and live on in shares on paper alone:"))
    terminal.say(_("- the root key says who coordinates;"))
    terminal.say(_("- the recovery key opens every case when the people who hold it are gone."))
    terminal.say(
        _(
            "Do it at the server itself, offline, with every trustee in the room and no camera or "
            "recording. Ctrl-C ends it and leaves nothing."
        )
    )
    terminal.say()


def _ask_trustees(terminal: Terminal) -> Trustees:
    count = terminal.ask_until(
        _("How many trustees keep shares? (2 to %d)") % MOST_SHARES, _between(2, MOST_SHARES)
    )
    question = _("How many of the %d have to meet to use the keys?") % count
    needed = terminal.ask_until(question, _between(2, count))
    terminal.say(
        ngettext(
            "With %d share lost or burnt the keys can still be joined.",
            "With %d shares lost or burnt the keys can still be joined.",
            count - needed,
        )
        % (count - needed)
    )
    return Trustees(needed, count)


def ask_coordinator(terminal: Terminal, team: str) -> Organisation:
    """Pseudonym, secrets and second factor of somebody who is to coordinate."""
    pseudonym = terminal.ask_until(_("Pseudonym:"), _name)
    gender = terminal.choose(
        _("Its grammatical gender in Russian (f, m, n):"),
        {"f": Gender.FEMININE, "m": Gender.MASCULINE, "n": Gender.NEUTER},
    )
    language = terminal.choose(_("Language of the pages (ru, en):"), {"ru": "ru", "en": "en"})
    password = _ask_secret(terminal, _("Password, to sign in:"), SHORTEST_PASSWORD, other="")
    passphrase = _ask_secret(
        terminal,
        _("Passphrase, which opens the key; nobody can reset it:"),
        SHORTEST_PASSPHRASE,
        other=password,
    )
    totp = _hand_over_totp(terminal, pseudonym)
    return Organisation(team, pseudonym, gender, language, Secrets(password, passphrase, totp))


def _ask_secret(terminal: Terminal, question: str, shortest: int, *, other: str) -> str:
    while True:
        typed = terminal.ask_hidden(question)
        if len(typed) < shortest:
            terminal.say(
                _("At least %d characters, please: several words, drawn by chance, are best.") % shortest
            )
        elif typed == other:
            terminal.say(_("Password and passphrase have to differ."))
        elif terminal.ask_hidden(_("The same once more:")) != typed:
            terminal.say(_("The two differ. Once again from the start."))
        else:
            return typed


def _hand_over_totp(terminal: Terminal, pseudonym: str) -> bytes:
    """A new second factor, shown once; kept when a code made with it is typed back."""
    secret = secrets.token_bytes(TOTP_BYTES)
    text = base64.b32encode(secret).decode()
    with terminal.apart():
        terminal.say(_("Second factor: put this into an authenticator on the coordinator's own phone."))
        terminal.say(_("Key: %s") % " ".join(text[start : start + 4] for start in range(0, len(text), 4)))
        terminal.say(
            _("As a link: %s") % f"otpauth://totp/Tropa:{quote(pseudonym)}?secret={text}&issuer=Tropa"
        )
        terminal.say()
        while totp_matches(secret, terminal.ask(_("The six digits it shows now:"))[:16], clock.now()) is None:
            terminal.say(_("These are not the digits of the moment. Check the key and the phone's clock."))
    return secret


def _share_out(terminal: Terminal, keys: OrganisationKeys, trustees: Trustees) -> None:
    roots = split_seed(keys.root, needed=trustees.needed, count=trustees.count)
    recoveries = roots
    while recoveries[0].of == roots[0].of:  # two sets of one number could be taken for each other
        recoveries = split_seed(keys.recovery, needed=trustees.needed, count=trustees.count)
    for root, recovery in zip(roots, recoveries, strict=True):
        _to_trustee(terminal, root, recovery, trustees.count)


def _to_trustee(terminal: Terminal, root: SeedShare, recovery: SeedShare, count: int) -> None:
    terminal.say()
    terminal.ask(
        _("Trustee %(number)d of %(count)d to the screen, the others turn away. Press Enter.")
        % {"number": root.index, "count": count}
    )
    hand_out(terminal, _("Root key"), root, count)
    hand_out(terminal, _("Recovery key"), recovery, count)


def _name(answer: str) -> str:
    if not 0 < len(answer) <= LONGEST_NAME or not answer.isprintable():
        raise BadAnswer(_("From 1 to %d letters, please.") % LONGEST_NAME)
    return answer


def _between(least: int, most: int) -> Callable[[str], int]:
    def number(answer: str) -> int:
        if not (answer.isascii() and answer.isdigit() and least <= int(answer) <= most):
            raise BadAnswer(
                _("A number from %(least)d to %(most)d, please.") % {"least": least, "most": most}
            )
        return int(answer)

    return number
