"""The shared pack an organisation has taken, kept on its disk: one release in force, older ones beside it.

```
<data>/atlas/adopted.json          which release is in force: number, SHA-256 of its statement, folder
<data>/atlas/packs/<number>-<id>/  the files of a release as they were signed
```

Kept true: a release is taken whole or not at all. Its files lie complete on the disk before one small file that
names them is put in its place, so a fault, a full disk or a loss of power leaves the pack in force as it was. What is
read later is read against the statement that was signed: a changed, added or missing file is refused. Which keys
are trusted is handed in: they must not lie where whoever writes this folder can change them.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from tropa.atlas.errors import AdoptionBroken
from tropa.atlas.pack import SHIPPED_PACK, Folder, load_pack
from tropa.atlas.release import (
    SIGNATURES,
    STATEMENT,
    Release,
    Seen,
    Trust,
    Verify,
    open_release,
    reopen_release,
)
from tropa.atlas.world import Atlas

POINTER: Final = Path("atlas") / "adopted.json"
PACKS: Final = Path("atlas") / "packs"


@dataclass(frozen=True, slots=True)
class Adopted:
    """A release that was taken: what is kept of it for the next one, and where its files lie."""

    seen: Seen
    folder: Path


def adopted(data: Path) -> Adopted | None:
    """The release in force; None where none was ever taken. Raises `AdoptionBroken` for a pointer that leads nowhere:
    an organisation that took a release must never fall back to an older pack unnoticed.
    """
    try:
        text = (data / POINTER).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise AdoptionBroken(f"{POINTER}: {error.strerror}") from error
    try:
        told = json.loads(text)
        seen = Seen(int(told["version"]), str(told["statement"]))
        folder = data / PACKS / Path(str(told["folder"])).name
    except (ValueError, KeyError, TypeError) as error:
        raise AdoptionBroken(f"{POINTER} is no pointer to a release") from error
    if not folder.is_dir():
        raise AdoptionBroken(f"{folder.name} is not there")
    return Adopted(seen, folder)


def state_of_pack(data: Path) -> tuple[int, int, int]:
    """Differs whenever another release was taken: the pointer is put in place as a new file."""
    try:
        stat = (data / POINTER).stat()
    except FileNotFoundError:
        return 0, 0, 0
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


def adopt(files: Mapping[str, bytes], *, data: Path, trust: Trust, verify: Verify, on: date) -> Release:
    """Take a release from the contents of its files. Raises `ReleaseRefused` by kind, `PackError`, `AdoptionBroken`."""
    before = adopted(data)
    release, _atlas = open_release(
        files, trust=trust, verify=verify, on=on, seen=before.seen if before else None
    )
    folder = data / PACKS / f"{release.version}-{release.seen.statement[:16]}"
    if not folder.is_dir():
        _lay_down(files, folder)
    _point_to(data, release.seen, folder)
    return release


def release_in_force(data: Path) -> tuple[Release, Atlas] | None:
    """What was taken, read against its own statement; `ReleaseRefused` where its files are no longer those."""
    found = adopted(data)
    return None if found is None else reopen_release(ReleaseFolder(found.folder), found.seen)


def pack_in_force(data: Path) -> Path:
    """The folder of the pack in force: the release taken, or the pack that comes with Tropa. Raises as above."""
    found = adopted(data)
    if found is None:
        return SHIPPED_PACK
    reopen_release(ReleaseFolder(found.folder), found.seen)
    return found.folder


def load_in_force(data: Path, *, reviewed_as_of: date | None = None) -> Atlas:
    """The atlas of the pack in force."""
    return load_pack(pack_in_force(data), reviewed_as_of=reviewed_as_of)


class ReleaseFolder(Folder):
    """The files of a release's folder: those of the pack, the statement and the signatures."""

    def __iter__(self) -> Iterator[str]:
        yield from super().__iter__()
        yield from (name for name in (STATEMENT, SIGNATURES) if (self.path / name).is_file())


def _lay_down(files: Mapping[str, bytes], folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".taking-") as beside:
        for name in files:
            path = Path(beside) / "pack" / name
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with path.open("wb") as file:
                file.write(files[name])
                file.flush()
                os.fsync(file.fileno())
        (Path(beside) / "pack").rename(folder)
    _settle(folder.parent)


def _point_to(data: Path, seen: Seen, folder: Path) -> None:
    told = {"version": seen.version, "statement": seen.statement, "folder": folder.name}
    path = data / POINTER
    handle, name = tempfile.mkstemp(dir=path.parent)
    fresh = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(json.dumps(told))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)  # a full disk took not all of it
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """A new name in a folder is on the disk only when the folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
