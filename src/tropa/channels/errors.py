"""What channels refuse, and what fails them.

ChannelError             `permanent` says whether trying again can help; `code` is a fixed word, never text of people
├── NotConfigured        a setting is missing or wrong: nothing starts
├── NotThere             no such channel, or its library is not installed
├── AccountRefused       the service no longer takes our account: a person has to look
├── Unreachable          the service does not answer; passes
├── FileUnavailable      a file cannot be fetched now; passes
├── FileLost             a file is gone, or is not what it was said to be
└── FileOverCap          a file is larger than is taken
"""

from __future__ import annotations

from typing import ClassVar


class ChannelError(Exception):
    """Root of all of them. Holds a code and no words: what is raised may reach a log."""

    permanent: ClassVar[bool] = True

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotConfigured(ChannelError):
    """A setting is missing or not of its form; the code names it."""


class NotThere(ChannelError):
    """No channel of this name, or the library it speaks through is missing."""


class AccountRefused(ChannelError):
    """The service refuses the account's credentials."""


class Unreachable(ChannelError):
    """No answer, or one that says to come later; `after` in seconds when the service named it."""

    permanent = False

    def __init__(self, code: str, *, after: float = 0.0) -> None:
        super().__init__(code)
        self.after = after


class FileUnavailable(ChannelError):
    """The file may be had later."""

    permanent = False


class FileLost(ChannelError):
    """The file will not come."""


class FileOverCap(ChannelError):
    """More bytes than are taken."""
