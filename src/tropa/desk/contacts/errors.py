"""What the contact points refuse.

ContactsError
├── NoPublishingKey     the reader has no publishing key that the root certified and that is valid today
├── WrongList           the list says nothing sensible, or not what the page showed
├── OwnList             whoever wrote a list does not sign it as the second
├── NotWaiting          there is no such proposal any more, or it is not what its author signed
├── NoKeyAsked          nobody who coordinates waits for a publishing key of this name
├── NoList              no list is in force that a notice could be about
├── ForeignWords        a notice says what is not on the list; holds it
└── WrongNotice         a text is too short or too long
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


class NoList(ContactsError):
    """No list is in force."""


class ForeignWords(ContactsError):
    """Something in a notice is neither an ordinary word nor an address of the list."""

    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__("not on the list")
        self.words = words


class WrongNotice(ContactsError):
    """The text is too short or too long; the sentence says why, in English, for whoever programs."""
