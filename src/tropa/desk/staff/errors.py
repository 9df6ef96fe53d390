"""What signing in and unlocking refuse.

StaffError
├── SignInRefused        pseudonym, password or code is wrong, or the code was used before: never said which
├── SignInBusy           too many slow hashes wait already; nothing was tried, and trying again is safe
├── UnlockRefused        the passphrase opens no slot of this account
│   └── KeysDoNotMatch   it opened a key that is not the one certified for this person: a row was changed
├── NoServiceKey         the desk's own credential is missing or malformed
└── AlreadyFounded       an organisation, or part of one, stands in this directory or database
"""

from __future__ import annotations


class StaffError(Exception):
    """Root of what the staff services refuse."""


class SignInRefused(StaffError):
    """Not signed in."""


class SignInBusy(StaffError):
    """The queue of slow hashes is full."""


class UnlockRefused(StaffError):
    """Not unlocked."""


class KeysDoNotMatch(UnlockRefused):
    """The unlocked key is not the certified one."""


class NoServiceKey(StaffError):
    """The file with the desk's service key is not there or not a key."""


class AlreadyFounded(StaffError):
    """There is an organisation here."""
