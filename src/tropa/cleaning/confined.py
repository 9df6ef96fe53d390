"""What the drawing process takes from itself before it looks at a byte: memory, time, files, and the network where the
kernel lets it. What is taken cannot be had back.
"""

from __future__ import annotations

import ctypes
import os
import resource

MEMORY = 1_500_000_000
"""Address space, not use: libraries reserve more than they touch."""
SECONDS = 25
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000
_NO_NEW_PRIVILEGES, _DUMPABLE = 38, 4


def without_network() -> bool:
    """Leave the network behind, before a library starts a thread. False where the kernel does not let us."""
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        alone = os.geteuid() == 0 and libc.unshare(_NEW_NET) == 0
        return alone or bool(libc.unshare(_NEW_USER | _NEW_NET) == 0)
    except (OSError, AttributeError):
        return False


def confine() -> None:
    """Take everything else: nothing can be written to a file, no core is left, no other program is started with more
    rights.
    """
    for name, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        resource.setrlimit(name, (most, most))
    try:
        libc = ctypes.CDLL(None)
        libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        libc.prctl(_DUMPABLE, 0, 0, 0, 0)
    except (OSError, AttributeError):
        return  # not Linux: the limits above hold
