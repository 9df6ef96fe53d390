"""Two accounts on one machine, as tests of moving use them: one gateway key, a messenger each."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field

from django.db import connection

from tests.channels.rig import Desk
from tests.channels.scenes import run
from tests.channels.test_the_contract_in_memory import FakeRig
from tropa.desk.messengers.models import Outgoing
from tropa.gateway.accounts import Account
from tropa.gateway.credential import GatewayKeys

CODE = re.compile(r"\b(?:[0-9A-Z]{4}-){5}[0-9A-Z]{4}\b")


def nothing_waits() -> bool:
    try:
        return not Outgoing.objects.filter(state__in=["queued", "sending"]).exists()
    finally:
        connection.close()


@dataclass(slots=True)
class Phone:
    """One person's account on one messenger of ours."""

    desk: Desk
    rig: FakeRig
    person: str = "7"

    def write(self, text: str, *, person: str = "") -> None:
        """Something is written, and taken in."""

        async def scene() -> None:
            await self.rig.write(person or self.person, text)
            await self.desk.take_in()

        run(scene())

    def look(self, *, person: str = "") -> list[str]:
        """What the device shows once everything that waits went out."""

        async def scene() -> None:
            await self.desk.live(lambda: asyncio.to_thread(self._idle))

        run(scene())
        return self.rig.texts_to(person or self.person)

    def _idle(self) -> bool:
        """Whether nothing of this account waits; rows of the other one may."""
        try:
            return not any(
                self._ours(row) for row in Outgoing.objects.filter(state__in=["queued", "sending"])
            )
        finally:
            connection.close()

    def _ours(self, row: Outgoing) -> bool:
        from tropa.gateway.process import AddressBook, Automatic, Tags

        keys, about = self.desk.keys, self.rig.about
        if row.kind == "automatic":
            tags = Tags(keys.index, self.desk.account.name)
            automatic = Automatic(keys, tags, self.desk.account.name, about)
            return automatic.open(row).account == self.desk.account.name
        if row.thread is None or not hasattr(row.thread, "address"):
            return False
        reached = AddressBook(keys).open(row.thread.pk, bytes(row.thread.address.sealed))
        return reached.account == self.desk.account.name

    def code(self) -> str:
        """Ask for a code and read it."""
        self.write("/move")
        found = CODE.findall(self.look()[-1])
        assert len(found) == 1
        return str(found[0])


@dataclass(slots=True)
class Machine:
    """The machine with its two accounts."""

    keys: GatewayKeys = field(default_factory=GatewayKeys.generate)
    open: Phone = field(init=False)
    other: Phone = field(init=False)

    def __post_init__(self) -> None:
        self.open, self.other = self._phone("first"), self._phone("second")

    def _phone(self, name: str) -> Phone:
        rig = FakeRig()
        return Phone(Desk(rig, self.keys, Account(name, rig.about.name, {})), rig)
