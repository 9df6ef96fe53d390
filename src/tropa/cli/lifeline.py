"""What every process of Tropa does first: no core dumps, no readable files, and no life after its parent's.

A core dump would write keys and messages to the disk. A process that outlives its supervisor would keep a
port and the keys of whoever is signed in, with nobody left to stop it.
"""

import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1  # prctl(2)

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def harden() -> None:
    """Core dumps off, for this process and its children; new files readable by the owner alone."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)


def tie_to_parent(parent: int) -> None:
    """Ask the kernel for SIGTERM when the parent dies; end at once if it has died already.

    Linux only; elsewhere nothing is promised. The parent must have started us from its main thread: the
    kernel watches that thread. The check after the request closes the race with a parent that died in
    between.
    """
    if _libc is None:
        return
    if _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) refused")
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)
