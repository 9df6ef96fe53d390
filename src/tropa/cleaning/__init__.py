"""Cleaned copies: what a stranger sent, drawn anew from its pixels, in a process of its own.

A picture or document carries more than it shows: where and with what it was made, who wrote it, and sometimes what
attacks whoever opens it. `clean` gives the bytes to a process that holds no key and may use little memory, time and
nothing of the disk, and takes back a picture or a document made of pictures. What it does not know is refused.
"""

from tropa.cleaning.errors import Busy, CannotClean, Why
from tropa.cleaning.service import Cleaned, clean

__all__ = ["Busy", "CannotClean", "Cleaned", "Why", "clean"]
