"""What a process needed only while it started goes back to the system."""

from __future__ import annotations

import ctypes
import gc


def give_back() -> None:
    """Free what nothing refers to, and let go of the pages it lay on; takes some fifty milliseconds.

    Where the C library cannot give pages back (it is not glibc), they stay for what is needed next.
    """
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
