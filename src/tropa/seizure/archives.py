"""Tries every key somebody finds on a seized disk against the backups that lie beside it."""

from __future__ import annotations

import io
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from tropa.envelope import ArchiveHead, ArchiveReader, CannotOpen, Seed, key_by_holder, read_head


def archives_opened(folders: Collection[Path], keys: Collection[bytes]) -> list[str]:
    """The archives in these folders that open with one of these keys, or with what follows from it."""
    opened = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if not path.is_file():
                continue
            content = path.read_bytes()
            source = io.BytesIO(content)
            try:
                head = read_head(source)
            except CannotOpen:
                continue  # no archive
            body = content[source.tell() :]
            if any(_opens(head, body, raw) for raw in keys):
                opened.append(f"{folder.name}/{path.relative_to(folder)}")
    return opened


def _opens(head: ArchiveHead, body: bytes, raw: bytes) -> bool:
    """Whether this is the archive's own key, or that of somebody it is sealed to."""
    tried = [Seed(raw)]
    with suppress(CannotOpen):
        tried.append(key_by_holder(head, Seed(raw).sealing()))
    for key in tried:
        try:
            ArchiveReader(io.BytesIO(body), head, key).read(1)
        except CannotOpen:
            continue
        return True
    return False
