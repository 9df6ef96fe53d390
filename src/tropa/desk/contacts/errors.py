"""What the contact points refuse.

ContactsError
├── NoPublishingKey     the reader has no publishing key that the root certified and that is valid today
├── WrongList           the list says nothing sensible, or not what the page showed
├── OwnList             whoever wrote a list does not sign it as the second
├── NotWaiting          there is no such proposal any more, or it is not what its author signed
└── NoKeyAsked          nobody who coordinates waits for a publishing key of this name
"""

from __future__ import annotations


class ContactsError(Exception):
    """Root of what the contact points refuse."""


class NoPublishingKey(ContactsError):
    """No certified publishing key is valid today."""


class WrongList(ContactsError):
    """The list cannot be signed; the sentence says why, in English, for whoever programs."""


class OwnList(ContactsError):
    """The author would sign as the second."""


class NotWaiting(ContactsError):
    """Nothing waits for a second signature."""


class NoKeyAsked(ContactsError):
    """Nobody asked for this key."""
