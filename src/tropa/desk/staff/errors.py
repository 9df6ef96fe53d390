"""What signing in and unlocking refuse.

StaffError
├── SignInRefused        pseudonym, password or code is wrong, or the code was used before: never said which
├── PasskeyRefused       a browser's answer is no good answer to what it was asked
├── TooManyPasskeys      the account has as many as one may have
├── SignInBusy           too many slow hashes wait already; nothing was tried, and trying again is safe
├── UnlockRefused        the passphrase opens no slot of this account
│   └── KeysDoNotMatch   it opened a key that is not the one certified for this person: a row was changed
├── WrongPassword        the password asked for once more is another; nothing was changed
├── WrongPassphraseTyped it does not open what is open here; nothing was changed
├── NoServiceKey         the desk's own credential is missing or malformed
├── AlreadyFounded       an organisation, or part of one, stands in this directory or database
├── NotCoordinator       only coordinators invite, certify and end somebody's access
├── InvitationRefused    nobody joins with this code
│   ├── UnknownInvitation
│   ├── InvitationExpired
│   └── InvitationUsed   somebody has made keys with it; if it was not the invited, they are not to be certified
├── PseudonymTaken
├── NotWaiting           nobody waits here to be certified: done, refused or never there
├── OtherKeys            the fingerprint read out is not that of the keys that lie here: do not certify
└── NotOneself           another coordinator ends one's access: whoever stays makes the new keys
"""

from __future__ import annotations


class StaffError(Exception):
    """Root of what the staff services refuse."""


class SignInRefused(StaffError):
    """Not signed in."""


class PasskeyRefused(StaffError):
    """No good answer of a passkey."""


class TooManyPasskeys(StaffError):
    """No further passkey for this account."""


class SignInBusy(StaffError):
    """The queue of slow hashes is full."""


class UnlockRefused(StaffError):
    """Not unlocked."""


class KeysDoNotMatch(UnlockRefused):
    """The unlocked key is not the certified one."""


class WrongPassword(StaffError):
    """Not the password of this account."""


class WrongPassphraseTyped(StaffError):
    """Not the passphrase of this desk."""


class NoServiceKey(StaffError):
    """The file with the desk's service key is not there or not a key."""


class AlreadyFounded(StaffError):
    """There is an organisation here."""


class NotCoordinator(StaffError):
    """Somebody who is no coordinator asked for what coordinators do."""


class InvitationRefused(StaffError):
    """Nobody joins with this code."""


class UnknownInvitation(InvitationRefused):
    """No invitation has this code."""


class InvitationExpired(InvitationRefused):
    """The invitation has run out."""


class InvitationUsed(InvitationRefused):
    """The invitation was used before."""


class PseudonymTaken(StaffError):
    """Somebody has this pseudonym."""


class NotWaiting(StaffError):
    """Nobody waits here to be certified."""


class OtherKeys(StaffError):
    """The fingerprints differ."""


class NotOneself(StaffError):
    """Nobody ends their own access."""
