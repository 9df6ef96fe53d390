"""What talking refuses.

TalkError
├── BadBody          a sealed body opened, but is of no known format
├── AlreadyTaken     somebody else holds the thread; `by` says who
├── AnsweredMeanwhile  a colleague answered after the last entry the author of another answer had read
├── NotTaken         an answer needs a case, and nobody has taken this thread
├── InDanger         what is put aside would be somebody in danger
├── WroteMeanwhile   the person wrote after the page one acts from was drawn
├── WorkBegun        what was done in a case is not undone by giving its thread back
├── ReadAlready      an answer was seen or is on its way, so it cannot be taken back
├── NotWaiting       nobody waits for an answer in this thread
├── CannotHold       whom a thread is given to may hold no case, or leads it already
├── NothingAssigned  nothing waits to be accepted here any more
├── BadReplyText     a saved text has a variable nobody knows, or does not agree with «вы»
├── ReplyChanged     somebody changed or removed a saved text since it was opened
├── TooManyReplies   a team keeps as many texts as it may
├── TooManyViews     as many views are saved as one person may keep
├── TooLong          a text is longer than a body may be
├── FileTooLarge     a file is larger than is taken in; its message is kept without it
└── FilesGone        files laid down for a message are not whole any more; nothing of it is stored
"""

from __future__ import annotations


class TalkError(Exception):
    """Root of what talking refuses."""


class BadBody(TalkError):
    """An opened body does not read."""


class AlreadyTaken(TalkError):
    """The thread has a case already."""

    def __init__(self, by: str = "") -> None:
        super().__init__("somebody holds this thread already")
        self.by = by


class AnsweredMeanwhile(TalkError):
    """Two answers frighten more than one late one: read the colleague's first."""


class NotTaken(TalkError):
    """The thread has no case yet."""


class InDanger(TalkError):
    """Somebody in danger is never put aside."""


class WroteMeanwhile(TalkError):
    """There is more to read than whoever acts has seen."""


class ReadAlready(TalkError):
    """What somebody has read is not taken back."""


class WorkBegun(TalkError):
    """Answers, notes, a card or a plan stand in the case already."""


class NotWaiting(TalkError):
    """The thread waits for no answer."""


class CannotHold(TalkError):
    """Not somebody a thread can be given to."""


class NothingAssigned(TalkError):
    """It was accepted, declined or taken back."""


class BadReplyText(TalkError):
    """`what` is wrong (title, length, variable, braces, agreement), and the `place` in the text."""

    def __init__(self, what: str, place: str) -> None:
        super().__init__("a saved text cannot be kept like this")
        self.what, self.place = what, place


class ReplyChanged(TalkError):
    """Nothing is overwritten."""


class TooManyReplies(TalkError):
    """Past `saved_replies.MOST_REPLIES`."""


class TooManyViews(TalkError):
    """Past `saved_views.MOST_VIEWS`."""


class KeySwapped(TalkError):
    """Nothing is sealed to a key somebody put under a thread."""


class TooLong(TalkError):
    """A text past `body.LONGEST_TEXT` characters."""


class FileTooLarge(TalkError):
    """A file past `files.LARGEST_FILE` bytes."""


class FilesGone(TalkError):
    """Files that were laid down are missing, or missing in part."""
