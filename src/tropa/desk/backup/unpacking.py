"""Takes an archive apart into a private folder; what lies there counts only once the last chunk was verified.

Members are known by name and kind; a path, a link or anything unknown is refused, though nobody but who holds the
archive's key could have put it there.
"""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tropa.desk.backup.errors import NoRoom, NotABackup, NotTheKey
from tropa.desk.backup.manifest import (
    CASE_KEYS,
    CHANNELS,
    DATABASE,
    MANIFEST,
    MEMBER_NAME,
    NAME,
    PINNED,
    TABLES,
    Manifest,
    read_manifest,
)
from tropa.envelope import ArchiveHead, ArchiveReader, CannotOpen, Seed, WeakLock, WrongPassphrase, read_head

PIECE = 1 << 20
LONGEST_MANIFEST = 1 << 20

KeyOf = Callable[[ArchiveHead], Seed]
"""Finds an archive's key from its head. Raises CannotOpen, WrongPassphrase."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The manifest, and the folder in which the members lie under their names."""

    manifest: Manifest
    folder: Path

    @property
    def pinned(self) -> Path:
        """The pinned files of the backup."""
        return self.folder / PINNED


def unpack(archive: Path, folder: Path, key_of: KeyOf) -> Unpacked:
    """Verify everything and put it into `folder`. Raises NotTheKey, NotABackup, NoRoom; FileNotFoundError."""
    with archive.open("rb") as source:
        try:
            head = read_head(source)
            reader = ArchiveReader(source, head, key_of(head))
            manifest = _members(reader, folder)
            reader.finish()
        except (CannotOpen, WrongPassphrase, WeakLock):
            raise NotTheKey from None
        except tarfile.TarError:
            raise NotABackup from None
        except OSError as failed:
            raise NoRoom from failed
    return Unpacked(manifest, folder)


def _members(reader: ArchiveReader, folder: Path) -> Manifest:
    for name in (PINNED, CHANNELS, TABLES):
        (folder / name).mkdir(mode=0o700)
    manifest: Manifest | None = None
    stream: Any = reader  # a stream of tar is read, never sought or written
    with tarfile.open(fileobj=stream, mode="r|", bufsize=PIECE) as tar:
        for member in tar:
            content = tar.extractfile(member) if member.isreg() else None
            if content is None:
                raise NotABackup
            if manifest is None:
                if member.name != MANIFEST or member.size > LONGEST_MANIFEST:
                    raise NotABackup
                manifest = read_manifest(content.read())
                continue
            if not _is_known(member.name):
                raise NotABackup
            with (folder / member.name).open("xb") as file:
                shutil.copyfileobj(content, file, PIECE)
    if manifest is None:
        raise NotABackup
    return manifest


def _is_known(name: str) -> bool:
    if name in {DATABASE, CASE_KEYS}:
        return True
    for prefix in (PINNED, CHANNELS):
        if name.startswith(prefix):
            return MEMBER_NAME.fullmatch(name.removeprefix(prefix)) is not None
    return name.startswith(TABLES) and NAME.fullmatch(name.removeprefix(TABLES)) is not None
