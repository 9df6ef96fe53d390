"""The devices of people, asked for when they are needed and again when the server says they changed."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from tropa.channels.matrix.devices import Device, Person, read_claimed, read_person
from tropa.channels.matrix.server import Server

AT_ONCE = 100


class People:
    """What is known of people's devices in this process."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._known: dict[str, Person] = {}

    def forget(self, users: Iterable[str]) -> None:
        """Their devices changed, or they no longer share a room with us."""
        for user in users:
            self._known.pop(user, None)

    async def learn(self, users: Iterable[str]) -> None:
        """Ask for those who are not known. Raises what the server raises."""
        missing = iter(sorted({user for user in users if user not in self._known}))
        while some := list(islice(missing, AT_ONCE)):
            answer = await self._server.call(
                "POST", "keys", "query", body={"device_keys": {user: [] for user in some}}
            )
            for user in some:
                self._known[user] = read_person(answer, user)

    async def person(self, user: str) -> Person:
        """One of them. Raises what the server raises."""
        await self.learn([user])
        return self._known.get(user, Person())

    def owners(self, user: str, curve: str) -> Iterable[Device]:
        """The devices of this user that have this key."""
        return [device for device in self._known.get(user, Person()).devices if device.curve == curve]

    async def claim(self, devices: Iterable[Device]) -> list[tuple[Device, str]]:
        """A one-time key of each that has one left and signed it. Raises what the server raises."""
        wanted: dict[str, dict[str, str]] = {}
        devices = list(devices)
        for device in devices:
            wanted.setdefault(device.user, {})[device.name] = "signed_curve25519"
        if not wanted:
            return []
        answer = await self._server.call("POST", "keys", "claim", body={"one_time_keys": wanted})
        found = [(device, read_claimed(answer, device)) for device in devices]
        return [(device, key) for device, key in found if key is not None]
