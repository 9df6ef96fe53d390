"""A small file in the pinned directory that is replaced whole: after a crash there is the old text or the new one."""

from __future__ import annotations

import os
from pathlib import Path

LONGEST = 512  # bytes


def read_whole(path: Path) -> str | None:
    """What the file says; None when there is none. ValueError when it is too long or no ASCII, OSError as it comes."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        content = os.read(descriptor, LONGEST + 1)
    finally:
        os.close(descriptor)
    if len(content) > LONGEST:
        raise ValueError("longer than anything that is kept here")
    return content.decode("ascii")


def replace_whole(path: Path, text: str) -> None:
    """Let the file say `text`; on the disk when this returns. OSError leaves what there was."""
    fresh = path.with_name(f"{path.name}.new")
    with open(fresh, "w", encoding="ascii", opener=_private) as file:  # Path.open takes no opener
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    _flush_folder(path.parent)


def take_away(path: Path) -> None:
    """The file is gone when this returns."""
    path.unlink(missing_ok=True)
    _flush_folder(path.parent)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
