"""Anna and Dina coordinate, and trustees have certified a publishing key of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tests.desk.world import ROOT, Person, World, join
from tropa.desk.conf import conf
from tropa.desk.contacts.in_force import HIGHEST_FILE
from tropa.desk.contacts.models import ContactList
from tropa.desk.contacts.publishing import ask_key, certify_key, key_name
from tropa.desk.contacts.services import propose, sign_as_second
from tropa.desk.staff.joining import Certifier
from tropa.desk.staff.models import Role
from tropa.envelope import ContactPoint

ONION = "http://exampleexampleexampleexampleexampleexampleexampleexample.onion"
BOT = "https://t.me/example_help_bot"


@dataclass(frozen=True, slots=True)
class Two:
    """Two who may sign, and the world they work in."""

    world: World
    anna: Person
    dina: Person

    @property
    def today(self) -> date:
        return self.world.now.date()

    def points(self, address: str = BOT) -> tuple[ContactPoint, ...]:
        return (
            ContactPoint("drop", ONION, self.today - timedelta(days=40)),
            ContactPoint("telegram", address, self.today - timedelta(days=3)),
        )

    def proposed(self, address: str = BOT, *, days: int = 30) -> ContactList:
        """A list Anna signed."""
        last = self.today + timedelta(days=days)
        return propose(reader=self.anna.reader(), points=self.points(address), last=last)

    def published(self, address: str = BOT, *, days: int = 30) -> ContactList:
        """A list both signed."""
        row = self.proposed(address, days=days)
        return sign_as_second(reader=self.dina.reader(), list_id=row.pk, number=row.number)


def with_key(person: Person, now: datetime) -> Person:
    """The person, with a publishing key the root certified."""
    row = ask_key(reader=person.reader())
    certify_key(root=ROOT.signing(), key_id=row.pk, name=key_name(row), now=now)
    return person


def two_coordinators(world: World) -> Two:
    """Both with keys; no list was ever in force."""
    (conf.pinned / HIGHEST_FILE).unlink(missing_ok=True)
    dina = join("Дина", Role.COORDINATOR, world.anna.member.team, Certifier(ROOT.signing()), now=world.now)
    return Two(world, with_key(world.anna, world.now), with_key(dina, world.now))
