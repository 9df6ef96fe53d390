"""Whose devices are whose: the answer to a question for keys, held against its signatures.

Kept true: a device counts only if it signed its own keys; where a person has a cross-signing identity, only devices
that it signed are written to, so that a server that adds a device of its own reads nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tropa.channels.matrix.signing import is_signed

MOST_DEVICES = 50


@dataclass(frozen=True, slots=True)
class Device:
    """One device; the keys in unpadded base64."""

    user: str
    name: str
    curve: str
    ed25519: str
    signed: bool  # by its person's identity


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of a user's keys. `master` is empty without an identity."""

    master: str = ""
    devices: tuple[Device, ...] = ()

    @property
    def written_to(self) -> tuple[Device, ...]:
        """The devices an answer is encrypted to."""
        return tuple(device for device in self.devices if device.signed or not self.master)


def read_person(answer: Mapping[str, Any], user: str) -> Person:
    """One user out of what `/keys/query` answered; nothing of it is believed unsigned."""
    master, self_signing = _identity(answer, user)
    listed = _mapping(_mapping(answer.get("device_keys")).get(user))
    devices = _devices(listed, user, self_signing)
    return Person(
        master, tuple(device for device, _number in zip(devices, range(MOST_DEVICES), strict=False))
    )


def _identity(answer: Mapping[str, Any], user: str) -> tuple[str, str]:
    """The master and the self-signing key; empty where there is none or it does not hold."""
    master = _only_key(_mapping(_mapping(answer.get("master_keys")).get(user)), user, "master")
    described = _mapping(_mapping(answer.get("self_signing_keys")).get(user))
    self_signing = _only_key(described, user, "self_signing")
    if not master or not is_signed(described, user=user, key_id=master, public=master):
        return master, ""
    return master, self_signing


def _only_key(described: Mapping[str, Any], user: str, usage: str) -> str:
    keys, usages = described.get("keys"), described.get("usage")
    if described.get("user_id") != user or not isinstance(usages, list) or usage not in usages:
        return ""
    if not isinstance(keys, Mapping) or len(keys) != 1:
        return ""
    ((key_id, public),) = keys.items()
    return public if isinstance(public, str) and key_id == f"ed25519:{public}" else ""


def _devices(listed: Mapping[str, Any], user: str, self_signing: str) -> Iterator[Device]:
    for name, described in sorted(listed.items()):
        if not isinstance(described, Mapping) or not isinstance(name, str):
            continue
        if described.get("user_id") != user or described.get("device_id") != name:
            continue
        keys = _mapping(described.get("keys"))
        curve, ed25519 = keys.get(f"curve25519:{name}"), keys.get(f"ed25519:{name}")
        if not isinstance(curve, str) or not isinstance(ed25519, str):
            continue
        if not is_signed(described, user=user, key_id=name, public=ed25519):
            continue
        by_identity = bool(self_signing) and is_signed(
            described, user=user, key_id=self_signing, public=self_signing
        )
        yield Device(user, name, curve, ed25519, by_identity)


def read_claimed(answer: Mapping[str, Any], device: Device) -> str | None:
    """The one-time key `/keys/claim` gave for this device, if the device signed it."""
    of_user = _mapping(_mapping(answer.get("one_time_keys")).get(device.user))
    for key_id, described in _mapping(of_user.get(device.name)).items():
        if not str(key_id).startswith("signed_curve25519:") or not isinstance(described, Mapping):
            continue
        key = described.get("key")
        if isinstance(key, str) and is_signed(
            described, user=device.user, key_id=device.name, public=device.ed25519
        ):
            return key
    return None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
