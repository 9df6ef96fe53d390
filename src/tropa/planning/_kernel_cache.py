"""Decides where compiled kernels are kept, before the first of them is declared.

Keeps true: a directory that cannot be written never stops a search and never costs seconds in silence. A
read-only NUMBA_CACHE_DIR that was filled at install time (an image, say) is copied to a private temporary
directory, because numba only reads from places it may also write to. Where nothing can be kept, a warning
says so and the kernels are compiled for this process alone.
"""

import atexit
import logging
import shutil
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from numba import njit
from numba.core import config

from tropa.planning.errors import KernelCacheUnusable

Kernel = TypeVar("Kernel", bound=Callable[..., Any])

_log = logging.getLogger(__name__)


def _is_writable(directory: Path) -> bool:
    """Whether a file can be made there; permission bits alone say nothing about a read-only mount."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=directory):
            return True
    except OSError:
        return False


def _use_private_copy(directory: Path) -> None:
    """Point numba at a copy of a read-only cache that lives as long as this process, if one can be made."""
    try:
        private = tempfile.mkdtemp(prefix="tropa-kernels-")
    except OSError:
        return  # nothing is writable here; numba will say so below
    atexit.register(shutil.rmtree, private, ignore_errors=True)
    if directory.is_dir():
        for source in directory.rglob("*.nb[ic]"):
            target = Path(private) / source.relative_to(directory)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    # numba has read its environment variable by now; it fills this module at run time, unseen by types
    config.CACHE_DIR = private  # type: ignore[attr-defined]


def _prepare() -> None:
    chosen = str(config.CACHE_DIR)  # type: ignore[attr-defined]  # NUMBA_CACHE_DIR as numba understood it
    if not chosen or _is_writable(Path(chosen)):
        return
    filled = Path(chosen).is_dir() and any(Path(chosen).rglob("*.nbi"))
    _use_private_copy(Path(chosen))
    if filled:
        _log.info("the kernel cache is read-only; a private copy of it is used")
        return
    warnings.warn(
        f"NUMBA_CACHE_DIR={chosen} cannot be written and holds no compiled kernels: every start compiles "
        "them again, which takes several seconds. Run `tropa planner warm-up` with a writable directory.",
        KernelCacheUnusable,
        stacklevel=2,
    )


def _numba_can_keep_files() -> bool:
    """Ask numba itself: it raises when it finds no place (ours, beside the source, in the home)."""

    def probe() -> None:
        """Never compiled; only its cache is located."""

    try:
        njit(cache=True)(probe)
    except RuntimeError:
        warnings.warn(
            "no directory can keep compiled kernels: every start compiles them again, which takes several "
            "seconds. Set NUMBA_CACHE_DIR to a directory the planner may write.",
            KernelCacheUnusable,
            stacklevel=2,
        )
        return False
    return True


_prepare()
CACHING: bool = _numba_can_keep_files()


def uncounted(signature: Any = None) -> Callable[[Kernel], Kernel]:
    """Compile a kernel that makes no array of its own, with the functions it calls alike; kept on disk if it has a
    signature.

    numba then counts no references to arrays: the counts are atomic, one for each array of a record at each call,
    and took more than half of the time of a search.
    """
    options: dict[str, Any] = {"cache": CACHING and signature is not None, "_nrt": False}
    compiled: Callable[[Kernel], Kernel] = njit(signature, **options)
    return compiled
