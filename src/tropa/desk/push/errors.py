"""What goes wrong with web push.

PushError
├── PushOff            the organisation sends no notices
├── AlreadyOn          a key stands already
├── NoPushKey          the private half is not here
├── WrongPushKey       a half does not read, or the two do not fit
└── BadSubscription    what a browser said names no push service we send to, or no keys
"""


class PushError(Exception):
    """Anything of the above."""


class PushOff(PushError):
    """The organisation sends no notices."""


class AlreadyOn(PushError):
    """There is a key already."""


class NoPushKey(PushError):
    """The private half is not where it is looked for."""


class WrongPushKey(PushError):
    """A half does not read, or the two do not fit."""


class BadSubscription(PushError):
    """Not of the form browsers send, or of a push service that is not configured."""
