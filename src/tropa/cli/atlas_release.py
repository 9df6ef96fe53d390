"""`tropa atlas release`: publish a pack signed, look at a release, and take one.

Kept true: the trusted keys lie with what the database must not be able to change, never beside the packs; a private key
is sealed under a passphrase on disk; nothing is taken from a release with any fault, and a release is verified from the
very bytes that are taken.
"""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tropa.atlas import SHIPPED_PACK, AtlasError, PackError, report
from tropa.atlas import release as releases
from tropa.atlas.adoption import ReleaseFolder, adopt, adopted, release_in_force
from tropa.atlas.errors import ReleaseRefused
from tropa.atlas.pack import Folder, load_files
from tropa.atlas.phrases import Phrase, translator
from tropa.cli.language import gettext as _
from tropa.cli.language import gettext_noop

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

TRUSTED: Final = "atlas-publishers.json"
"""The keys whose releases are taken, in the pinned directory."""

KEY_BYTES: Final = 32

LARGEST: Final = 128 * 1024 * 1024
"""Bytes in all files of a release together."""

Work = Callable[[argparse.Namespace], list[str]]


class Misused(Exception):
    """Something the command was given cannot be; the sentence says what."""


def add_arguments(word: argparse.ArgumentParser) -> None:
    """What `tropa atlas release` takes."""
    words = word.add_subparsers(required=True, metavar=" | ".join(_WORDS))
    for name, (add, work, about) in _WORDS.items():
        one = words.add_parser(name, help=_(about), description=_(about))
        one.set_defaults(run=run, work=work)
        add(one)


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked; 1 where a release, a pack or a key is refused."""
    try:
        lines = arguments.work(arguments)
    except PackError as error:
        return _refused(list(report.refused(error, translator())))
    except (AtlasError, Misused, OSError) as error:
        return _refused([f"{type(error).__name__}: {error}"])
    print("\n".join(lines))
    return 0


def _refused(lines: list[str]) -> int:
    print("\n".join(lines), file=sys.stderr)
    return 1


# --- words --------------------------------------------------------------------------------------------------------


def _key_arguments(word: argparse.ArgumentParser) -> None:
    word.add_argument("--to", type=Path, required=True, metavar="FILE", help=_(KEY_FILE))


def _key(arguments: argparse.Namespace) -> list[str]:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    word = getpass.getpass(_(PASSPHRASE))
    if not word or word != getpass.getpass(_(AGAIN)):
        raise Misused(_("the passphrase is empty or was not repeated"))
    key = Ed25519PrivateKey.generate()
    sealed = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(word.encode()),
    )
    handle = os.open(arguments.to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(sealed)
    return [_("public key: {key}").format(key=key.public_key().public_bytes_raw().hex())]


def _make_arguments(word: argparse.ArgumentParser) -> None:
    word.add_argument("pack", type=Path, nargs="?", default=SHIPPED_PACK, help=_told_by_atlas(report.PATH))
    word.add_argument("--to", type=Path, required=True, metavar="FOLDER", help=_told_by_atlas(report.TO))
    word.add_argument("--number", type=int, required=True, metavar="N", help=_(NUMBER))
    word.add_argument("--expires", type=date.fromisoformat, required=True, metavar="DAY", help=_(EXPIRES))
    word.add_argument("--key", type=Path, action="append", required=True, metavar="FILE", help=_(KEY))
    _add_on(word)


def _make(arguments: argparse.Namespace) -> list[str]:
    files = _bytes_of(Folder(arguments.pack))
    name = load_files(files).meta.name.en
    keys = [_opened(path) for path in arguments.key]
    try:
        statement = releases.make_statement(
            files, name=name, version=arguments.number, published=_on(arguments), expires=arguments.expires
        )
    except ValueError as error:
        raise Misused(str(error)) from None
    signers = [(key.public_key().public_bytes_raw(), key.sign) for key in keys]
    signatures = releases.make_signatures(statement, signers)
    arguments.to.mkdir(parents=True)
    for file, text in {**files, releases.STATEMENT: statement, releases.SIGNATURES: signatures}.items():
        path = arguments.to / file
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text)
    return [_told(releases.reopen_release(ReleaseFolder(arguments.to), releases.seen_of(statement))[0])]


def _trust_arguments(word: argparse.ArgumentParser) -> None:
    word.add_argument("keys", nargs="+", metavar="KEY", help=_(PUBLIC_KEY))
    word.add_argument("--threshold", type=int, default=1, metavar="N", help=_(THRESHOLD))


def _trust(arguments: argparse.Namespace) -> list[str]:
    trust = _trust_of(arguments.keys, arguments.threshold)
    path = _pinned() / TRUSTED
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys = sorted(key.hex() for key in trust.keys)
    beside = path.with_suffix(".new")
    beside.write_text(
        json.dumps({"keys": keys, "threshold": trust.threshold}, indent=1) + "\n", encoding="utf-8"
    )
    beside.replace(path)
    return [_("{n} of these keys must have signed: {keys}").format(n=trust.threshold, keys=", ".join(keys))]


def _verify_arguments(word: argparse.ArgumentParser) -> None:
    word.add_argument("folder", type=Path, help=_(RELEASE))
    _add_on(word)


def _verify(arguments: argparse.Namespace) -> list[str]:
    before = adopted(_data())
    release, atlas = releases.open_release(
        _bytes_of(ReleaseFolder(arguments.folder)),
        trust=_trusted(),
        verify=_signed,
        on=_on(arguments),
        seen=before.seen if before else None,
    )
    return [_told(release), report.checked(atlas, translator())]


def _adopt(arguments: argparse.Namespace) -> list[str]:
    files = _bytes_of(ReleaseFolder(arguments.folder))
    release = adopt(files, data=_data(), trust=_trusted(), verify=_signed, on=_on(arguments))
    return [_told(release), _("taken; the desk reads it from its next start on")]


def _nothing(word: argparse.ArgumentParser) -> None:
    """`show` takes nothing."""
    _add_on(word)


def _show(arguments: argparse.Namespace) -> list[str]:
    found = release_in_force(_data())
    if found is None:
        return [_("no release was taken: the pack that comes with Tropa is in force")]
    release, atlas = found
    lines = [_told(release), report.checked(atlas, translator())]
    if _on(arguments) > release.expires:
        lines.append(_("this release expired on {day}: look for a newer one").format(day=release.expires))
    return lines


# --- what the words stand on --------------------------------------------------------------------------------------


def _bytes_of(folder: Folder) -> Mapping[str, bytes]:
    """All files at once, so that what is checked is what is taken."""
    found: dict[str, bytes] = {}
    size = 0
    for name in folder:
        found[name] = folder[name]
        size += len(found[name])
        if size > LARGEST:
            raise ReleaseRefused(f"more than {LARGEST} bytes")
    return found


def _opened(path: Path) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(path.read_bytes(), getpass.getpass(_(PASSPHRASE)).encode())
    except (ValueError, TypeError):
        raise Misused(_("{file} is no key, or the passphrase is another").format(file=path.name)) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise Misused(_("{file} is no Ed25519 key").format(file=path.name))
    return key


def _signed(key: bytes, message: bytes, signature: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _trusted() -> releases.Trust:
    try:
        told = json.loads((_pinned() / TRUSTED).read_text(encoding="utf-8"))
        return _trust_of(told["keys"], told["threshold"])
    except FileNotFoundError:
        raise Misused(_("no publisher is trusted yet: tropa atlas release trust KEY")) from None
    except (ValueError, KeyError, TypeError):
        raise Misused(_("{file} cannot be read").format(file=TRUSTED)) from None


def _trust_of(keys: list[str], threshold: int) -> releases.Trust:
    try:
        raw = frozenset(key for key in map(bytes.fromhex, keys) if len(key) == KEY_BYTES)
        return releases.Trust(raw if len(raw) == len(keys) else frozenset(), threshold)
    except (ValueError, TypeError):
        raise Misused(_("a public key is 64 hex digits, and the threshold at most their number")) from None


def _told(release: releases.Release) -> str:
    sentence = _(
        "{name}, release {n}: published {published}, expires {expires}, {files} files, statement {id}"
    )
    return sentence.format(
        name=release.name,
        n=release.version,
        published=release.published,
        expires=release.expires,
        files=len(release.files),
        id=release.seen.statement[:16],
    )


def _data() -> Path:
    return Path(os.environ["TROPA_DATA"])


def _pinned() -> Path:
    return Path(os.environ.get("TROPA_PINNED") or _data() / "pinned")


def _add_on(word: argparse.ArgumentParser) -> None:
    word.add_argument("--on", type=date.fromisoformat, metavar="DAY", help=_told_by_atlas(report.ON))


def _on(arguments: argparse.Namespace) -> date:
    chosen: date | None = arguments.on
    return chosen or datetime.now(UTC).date()


def _told_by_atlas(phrase: Phrase) -> str:
    return phrase.say(translator())


KEY_FILE: Final = gettext_noop("file for the new private key; must not be there yet")
KEY: Final = gettext_noop("private key to sign with; may be given several times")
NUMBER: Final = gettext_noop("number of the release, larger than every one before")
EXPIRES: Final = gettext_noop("last day on which the release may be taken (YYYY-MM-DD)")
PUBLIC_KEY: Final = gettext_noop("public key of a publisher, 64 hex digits")
THRESHOLD: Final = gettext_noop("how many different trusted keys must have signed")
RELEASE: Final = gettext_noop("folder of the release")
PASSPHRASE: Final = gettext_noop("Passphrase of the key: ")
AGAIN: Final = gettext_noop("The same again: ")

_WORDS: Final = {
    "key": (_key_arguments, _key, gettext_noop("make a publisher's key pair, sealed under a passphrase")),
    "make": (
        _make_arguments,
        _make,
        gettext_noop("sign a pack as a release with a number and a day of expiry"),
    ),
    "trust": (_trust_arguments, _trust, gettext_noop("say whose releases are taken")),
    "verify": (
        _verify_arguments,
        _verify,
        gettext_noop("check a release as taking it would, and take nothing"),
    ),
    "adopt": (_verify_arguments, _adopt, gettext_noop("take a release, whole or not at all")),
    "show": (_nothing, _show, gettext_noop("say which release is in force")),
}
