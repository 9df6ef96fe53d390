"""What goes wrong around the sentinel.

WorkError
├── NoSentinelKey       the sentinel's key is not where it is looked for
├── WrongSentinelKey    what is there is no key, or not the one that is pinned
└── AlreadyOn           there is a sentinel
"""

from __future__ import annotations


class WorkError(Exception):
    """Anything of this app."""


class NoSentinelKey(WorkError):
    """Nothing can be opened: the key is on another machine, was not entered, or was never made."""


class WrongSentinelKey(WorkError):
    """Not a key, or another than the one everything here was sealed to."""


class AlreadyOn(WorkError):
    """A second key would shut out what was sealed to the first."""
