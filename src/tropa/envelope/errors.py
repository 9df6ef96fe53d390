"""Everything the envelope refuses, as one tree.

    EnvelopeError
    ├── CannotOpen          a sealed, wrapped or locked blob is damaged, moved, or for another key
    ├── WrongPassphrase     a locked seed did not open (or was damaged: the two cannot be told apart)
    ├── WeakLock            a locked seed asks for an Argon2id cost outside what the caller allows
    ├── BadKey              a key has the wrong length or is no point or lattice element at all
    ├── BadSignature        a signature does not fit its key, context and message
    ├── BadCertificate      a certificate is malformed
    │   ├── CertificateNotYetValid
    │   ├── CertificateExpired
    │   └── CertificateNotAllowed   its issuer may not issue it, or the chain does not join
    ├── BadRelease          a released step may not be shown
    │   ├── SelfApproval    author and approver are one person or one key
    │   └── ReleaseExpired
    ├── BadContactList      a list of contact points is malformed, or not signed by two who may
    │   └── ContactListNotInForce
    ├── BadContactNotice    a notice is malformed, names what is not on its list, or two who may did not sign it
    │   └── ContactNoticeNotInForce
    ├── UnknownCodename     a text is no codename, nor one letter away from one
    ├── BadShare            words typed as a share of a seed cannot be used
    │   ├── UnknownShareWord    one of them is not of the list; names it and the nearest
    │   ├── DamagedShare        each is of the list, and together they are no share
    │   ├── TooFewShares        says how many are missing
    │   └── SharesDoNotFit      shares of different sets, or that contradict each other
    └── BrokenLog           a hash-chained log was changed, cut, reordered or rolled back

None of them carries a key, a passphrase, a codename, a right word of a share or an opened byte, and none is
chained to the library error beneath it: what cannot be opened says that it cannot, not why. A wrong type or
length from our own code is a `ValueError` or `TypeError` instead: a mistake to mend, not a case to handle.
"""

from enum import StrEnum
from typing import assert_never


class EnvelopeError(Exception):
    """Root of what the envelope refuses."""


class CannotOpen(EnvelopeError):
    """The blob does not open with this key in this context."""

    def __init__(self, message: str = "does not open with this key in this place") -> None:
        super().__init__(message)


class WrongPassphrase(EnvelopeError):
    """The passphrase does not open this locked seed."""

    def __init__(self, message: str = "the passphrase does not open this key") -> None:
        super().__init__(message)


class WeakLock(EnvelopeError):
    """The locked seed names an Argon2id cost below the floor, or above what a server can bear."""


class BadKey(EnvelopeError):
    """A public key that is none."""


class BadSignature(EnvelopeError):
    """The signature does not fit."""

    def __init__(self, message: str = "the signature does not fit its key, place and message") -> None:
        super().__init__(message)


class BadCertificate(EnvelopeError):
    """A certificate is malformed, or (subclasses) not valid here and now."""


class CertificateNotYetValid(BadCertificate):
    """The day asked about lies before the certificate's first day."""


class CertificateExpired(BadCertificate):
    """The day asked about lies after the certificate's last day."""


class CertificateNotAllowed(BadCertificate):
    """The issuer may not issue this certificate, or the chain does not join."""


class BadRelease(EnvelopeError):
    """A step's release may not be acted upon."""


class SelfApproval(BadRelease):
    """The author of a plan approved it."""


class ReleaseExpired(BadRelease):
    """The release has run out."""


class BadContactList(EnvelopeError):
    """A list of contact points is malformed, or not signed by two different people who may publish."""


class ContactListNotInForce(BadContactList):
    """The day asked about lies before the list's first day or after its last."""


class BadContactNotice(EnvelopeError):
    """A notice is malformed, says what is not on its list, or was not signed by two different people who may."""


class ContactNoticeNotInForce(BadContactNotice):
    """The notice is for another list, or its time has not come or is over."""


class UnknownCodename(EnvelopeError):
    """No codename can be read from the text."""

    def __init__(self, message: str = "no codename can be read from this text") -> None:
        super().__init__(message)


class BadShare(EnvelopeError):
    """What was typed as a share of a seed cannot be used (subclasses say why)."""


class UnknownShareWord(BadShare):
    """A word that is not of the list: as it was typed, its place from 1, and the nearest listed words."""

    def __init__(self, word: str, place: int, nearest: tuple[str, ...]) -> None:
        super().__init__("a word is not of the list")
        self.word = word
        self.place = place
        self.nearest = nearest


class DamagedShare(BadShare):
    """Every word is of the list; `words` of them were typed, and together they are no share."""

    def __init__(self, message: str, words: int) -> None:
        super().__init__(message)
        self.words = words


class TooFewShares(BadShare):
    """`missing` more shares of the same set are needed."""

    def __init__(self, missing: int) -> None:
        super().__init__("too few shares")
        self.missing = missing


class SharesDoNotFit(BadShare):
    """The shares are of different sets, or do not agree."""


class LogFault(StrEnum):
    """What is wrong with a log at the entry that is named."""

    DOES_NOT_FOLLOW = "does-not-follow"
    NOT_AS_KEPT = "not-as-kept"
    ENDS_TOO_EARLY = "ends-too-early"


class BrokenLog(EnvelopeError):
    """A log is not what it was: `sequence` is the first entry at which it shows (for one that ends too early, the
    last there is), `fault` what shows there.
    """

    def __init__(self, fault: LogFault, sequence: int) -> None:
        match fault:
            case LogFault.DOES_NOT_FOLLOW:
                text = f"entry {sequence} does not follow from the one before it"
            case LogFault.NOT_AS_KEPT:
                text = f"entry {sequence} is not the one a checkpoint kept"
            case LogFault.ENDS_TOO_EARLY:
                text = f"the log ends at entry {sequence}, before a checkpoint that was kept"
            case _:
                assert_never(fault)
        super().__init__(text)
        self.fault = fault
        self.sequence = sequence
