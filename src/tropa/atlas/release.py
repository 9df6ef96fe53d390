"""Signed releases of a pack: who receives one knows that it is whole, of a known publisher, and not an old one.

A release is a statement (`release.json`) that names a version number, the days of publication and expiry, and
the length and SHA-256 of every file of the pack; and signatures over the statement (`release.sig.json`). The
rules are those of The Update Framework, for one role:

* at least `threshold` different trusted keys signed these very bytes; unknown keys count for nothing;
* the version is not below the last one seen, and an equal version has the equal statement (rollback, equivocation);
* the day is not past the expiry (freeze), and not before the publication;
* every file named is there with its length and hash, and no other (mix and match).

Kept true: the facts are read from the very bytes that were checked, and nothing of a refused release is taken.
This package holds no keys: signing and verifying are handed in.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from tropa.atlas.errors import (
    ReleaseExpired,
    ReleaseFilesDiffer,
    ReleaseRefused,
    ReleaseRolledBack,
    ReleaseUnsigned,
)
from tropa.atlas.pack import load_files
from tropa.atlas.world import Atlas

STATEMENT: Final = "release.json"
SIGNATURES: Final = "release.sig.json"
LABEL: Final = "tropa atlas release 1"
LIMIT: Final = 1024 * 1024
"""Bytes in a statement or its signatures."""

_NAME: Final = re.compile(r"(?:history/)?[a-z0-9][a-z0-9-]{0,79}\.yaml")
_HEX: Final = re.compile(r"[0-9a-f]{64}")

Verify = Callable[[bytes, bytes, bytes], bool]
"""Whether (public key, message, signature) belong together."""

Sign = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Trust:
    """The public keys believed, raw, and how many different ones must have signed."""

    keys: frozenset[bytes]
    threshold: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.threshold <= len(self.keys):
            raise ValueError(f"{self.threshold} signatures of {len(self.keys)} keys")


@dataclass(frozen=True, slots=True)
class Seen:
    """The last release taken: its version, and the SHA-256 of its statement."""

    version: int
    statement: str


@dataclass(frozen=True, slots=True)
class Release:
    """What a verified statement says. `seen` is to be kept for the next one."""

    name: str
    version: int
    published: date
    expires: date
    files: Mapping[str, tuple[int, str]]
    seen: Seen


def make_statement(
    files: Mapping[str, bytes], *, name: str, version: int, published: date, expires: date
) -> bytes:
    """The statement over these files, always the same bytes for the same content. Raises `PackError` for a
    faulty pack and ValueError for a statement nobody could take.
    """
    load_files(files)
    wrong = sorted(one for one in files if not _NAME.fullmatch(one))
    if version < 1 or expires < published or wrong:
        raise ValueError(f"version {version}, {published} to {expires}, names {wrong}")
    said = {
        "label": LABEL,
        "name": name,
        "version": version,
        "published": published.isoformat(),
        "expires": expires.isoformat(),
        "files": {one: {"length": len(text), "sha256": _hash(text)} for one, text in files.items()},
    }
    return _canonical(said)


def make_signatures(statement: bytes, signers: Iterable[tuple[bytes, Sign]]) -> bytes:
    """The signatures of (public key, sign) over the statement, as the file beside it."""
    made = [{"key": key.hex(), "signature": sign(message_of(statement)).hex()} for key, sign in signers]
    return _canonical({"label": LABEL, "signatures": made})


def message_of(statement: bytes) -> bytes:
    """What is signed: the label with its length, and the statement; no other signature of ours reads so."""
    return len(LABEL).to_bytes(2, "big") + LABEL.encode() + statement


def open_release(
    files: Mapping[str, bytes], *, trust: Trust, verify: Verify, on: date, seen: Seen | None
) -> tuple[Release, Atlas]:
    """The release and its facts, from the contents of all its files by name. Raises `ReleaseRefused` by kind,
    or `PackError`. `seen`: the last release taken of this publisher, None for the first.
    """
    statement, signatures = _small(files, STATEMENT), _small(files, SIGNATURES)
    _check_signatures(statement, signatures, trust, verify)
    release = _read(statement)
    _check_newness(release, on, seen)
    pack = {name: text for name, text in files.items() if name not in (STATEMENT, SIGNATURES)}
    _check_files(release, pack)
    return release, load_files(pack)


def reopen_release(files: Mapping[str, bytes], seen: Seen) -> tuple[Release, Atlas]:
    """A release taken before, read again: these must be the very files its statement names, or `ReleaseFilesDiffer`.
    Its day of expiry is not asked: facts grow old by themselves.
    """
    statement = _small(files, STATEMENT)
    if _hash(statement) != seen.statement:
        raise ReleaseFilesDiffer(f"{STATEMENT} is not the one that was taken")
    release = _read(statement)
    pack = {name: files[name] for name in files if name not in (STATEMENT, SIGNATURES)}
    _check_files(release, pack)
    return release, load_files(pack)


def seen_of(statement: bytes) -> Seen:
    """What is kept of a statement."""
    return _read(statement).seen


def _small(files: Mapping[str, bytes], name: str) -> bytes:
    if name not in files:
        raise ReleaseUnsigned(f"{name} is not there")
    if len(files[name]) > LIMIT:
        raise ReleaseRefused(f"{name} has {len(files[name])} bytes; expected: at most {LIMIT}")
    return files[name]


def _check_signatures(statement: bytes, signatures: bytes, trust: Trust, verify: Verify) -> None:
    listed = _mapping(signatures, SIGNATURES).get("signatures")
    if not isinstance(listed, list) or len(listed) > 64:
        raise ReleaseRefused(f"{SIGNATURES}: no list of at most 64 signatures")
    good: set[bytes] = set()
    for one in listed:
        try:
            key, signature = bytes.fromhex(one["key"]), bytes.fromhex(one["signature"])
        except (TypeError, KeyError, ValueError):
            raise ReleaseRefused(f"{SIGNATURES}: a signature is not key and signature in hex") from None
        if key in trust.keys and verify(key, message_of(statement), signature):
            good.add(key)
    if len(good) < trust.threshold:
        raise ReleaseUnsigned(f"{len(good)} trusted keys signed; expected: {trust.threshold}")


def _read(statement: bytes) -> Release:
    said = _mapping(statement, STATEMENT)
    try:
        if said["label"] != LABEL or type(said["version"]) is not int or said["version"] < 1:
            raise ReleaseRefused(f"{STATEMENT}: no statement of this format")
        files = {
            str(name): (_count(one["length"]), str(one["sha256"])) for name, one in said["files"].items()
        }
        published, expires = date.fromisoformat(said["published"]), date.fromisoformat(said["expires"])
        name = str(said["name"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ReleaseRefused(f"{STATEMENT}: a key is missing or of another kind") from None
    wrong = [
        name
        for name, (_length, digest) in files.items()
        if not (_NAME.fullmatch(name) and _HEX.fullmatch(digest))
    ]
    if wrong:
        raise ReleaseRefused(f"{STATEMENT}: {wrong[0]!r} is no file of a pack with its hash")
    return Release(name, said["version"], published, expires, files, Seen(said["version"], _hash(statement)))


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(value)
    return value


def _check_newness(release: Release, on: date, seen: Seen | None) -> None:
    if seen is not None and release.version < seen.version:
        raise ReleaseRolledBack(f"version {release.version}; expected: at least {seen.version}")
    if seen is not None and release.version == seen.version and release.seen.statement != seen.statement:
        raise ReleaseRolledBack(f"version {release.version} says something else than when it was taken")
    if on > release.expires:
        raise ReleaseExpired(f"expired on {release.expires}; expected: a release in force on {on}")
    if on < release.published:
        raise ReleaseExpired(f"published {release.published}; expected: a release in force on {on}")


def _check_files(release: Release, pack: Mapping[str, bytes]) -> None:
    wrong = [f"{name} is not there" for name in release.files if name not in pack]
    wrong += [f"{name} is not of this release" for name in pack if name not in release.files]
    wrong += [
        f"{name} differs from the statement"
        for name, (length, digest) in release.files.items()
        if name in pack and (len(pack[name]) != length or _hash(pack[name]) != digest)
    ]
    if wrong:
        raise ReleaseFilesDiffer("; ".join(sorted(wrong)))


def _mapping(content: bytes, name: str) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise ReleaseRefused(f"{name} is no JSON") from None
    if not isinstance(found, dict):
        raise ReleaseRefused(f"{name} is no mapping")
    return found


def _canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
