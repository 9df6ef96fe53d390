"""The world every test of desk and drop shares.

Anna coordinates; Boris advises on her team and is granted what tests say; Vera advises on another team;
Stranger is a researcher who is signed in but on no roster and holds no case. Everything is made through the
real services.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.test import Client

from tropa.desk.cases.models import Case, Urgency
from tropa.desk.conf import conf
from tropa.desk.staff import services as staff
from tropa.desk.staff.cookies import VISIT_COOKIE
from tropa.desk.staff.joining import Certifier, Newcomer, Secrets, prepare_member
from tropa.desk.staff.models import Gender, Member, Role, Team
from tropa.desk.staff.reader import Reader
from tropa.desk.staff.service_key import make_service_key
from tropa.desk.talk.arrivals import receive_first
from tropa.desk.talk.body import EntryBody
from tropa.desk.talk.models import Entry, Thread
from tropa.desk.talk.services import take
from tropa.desk.vault.last_act import FILE as LAST_ACT
from tropa.desk.vault.models import DutyEpoch
from tropa.desk.vault.pinned import RECOVERY_FILE, ROOT_FILE, pin_recovery, pin_root
from tropa.desk.vault.services import open_duty_epoch
from tropa.envelope import ApplicantKeys, Codename, Language, Seed, SigningKey, applicant_keys, totp

ROOT = Seed(hashlib.sha256(b"root of the tests' organisation").digest())
RECOVERY = Seed(hashlib.sha256(b"recovery key of the tests' organisation").digest())


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on staff, with everything they keep."""

    member: Member
    seed: Seed
    kept: Secrets

    def reader(self, at: datetime | None = None) -> Reader:
        """This person, unlocked, at a moment (now)."""
        return Reader(member=self.member, seed=self.seed, now=at or datetime.now(UTC))

    def code(self, at: datetime | None = None) -> str:
        """The one-time code of a moment (now)."""
        return totp(self.kept.totp, at or datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class Written:
    """A first message: its thread and entry, and what the applicant keeps."""

    thread: Thread
    entry: Entry
    codename: Codename
    keys: ApplicantKeys

    @property
    def signing(self) -> SigningKey:
        """What the applicant signs their words with."""
        return self.keys.seed.signing()


@dataclass(frozen=True, slots=True)
class World:
    """The people and the duty epoch they share."""

    anna: Person
    boris: Person
    vera: Person
    stranger: Person
    epoch: DutyEpoch
    now: datetime

    def write_in(
        self,
        text: str = "Пришла повестка, что делать?",
        *,
        urgency: Urgency = Urgency.UNSORTED,
        at: datetime | None = None,
        **body: str,
    ) -> Written:
        """Somebody writes for the first time."""
        at = at or self.now
        codename = Codename.generate(secrets.token_bytes, Language.RUSSIAN)
        keys = applicant_keys(codename)
        received = receive_first(
            public=keys.public,
            signing=keys.seed.signing(),
            look_up_tag=keys.look_up_tag,
            body=EntryBody(text=text, at=at, **body),  # type: ignore[arg-type]
            dedupe_tag=secrets.token_hex(16),
            urgency=urgency,
            now=at,
        )
        return Written(received.thread, received.entry, codename, keys)

    def taken(
        self, text: str = "Пришла повестка, что делать?", *, by: Person | None = None
    ) -> tuple[Written, Case]:
        """A thread somebody (Boris) has taken, with Anna as second holder."""
        written = self.write_in(text)
        lead = by or self.boris
        second = self.anna if lead is not self.anna else self.boris
        case = take(reader=lead.reader(self.now), thread=written.thread, second=second.member)
        written.thread.refresh_from_db()
        return written, case


def pin_root_of_tests() -> None:
    """Pin the tests' root and recovery key and make the service key, once for all tests of a process."""
    if not (conf.pinned / ROOT_FILE).exists():
        pin_root(ROOT.signing().public)
    if not (conf.pinned / RECOVERY_FILE).exists():
        pin_recovery(RECOVERY.sealing().public, ROOT.signing())
    make_service_key(conf.service_key)


def join(pseudonym: str, role: Role, team: Team, certifier: Certifier, *, now: datetime) -> Person:
    """A new member, stored."""
    kept = Secrets(
        password=f"password of {pseudonym}",
        passphrase=f"passphrase of {pseudonym}",
        totp=secrets.token_bytes(20),
    )
    newcomer = Newcomer(pseudonym, Gender.FEMININE, role, team)
    joined = prepare_member(
        newcomer=newcomer, kept=kept, certifier=certifier, on=(now - timedelta(days=30)).date()
    )
    joined.member.save(force_insert=True)
    return Person(joined.member, joined.seed, kept)


def build_world(now: datetime | None = None) -> World:
    """An organisation of four with one duty epoch, granted to all but Stranger."""
    now = now or datetime.now(UTC)
    pin_root_of_tests()
    (conf.pinned / LAST_ACT).unlink(missing_ok=True)  # every test has a time of its own
    first_line = Team.objects.create(name="Первая линия")
    long_cases = Team.objects.create(name="Долгие дела")
    anna = join("Анна", Role.COORDINATOR, first_line, Certifier(ROOT.signing()), now=now)
    by_anna = Certifier(anna.seed.signing(), anna.member)
    boris = join("Борис", Role.ADVISER, first_line, by_anna, now=now)
    vera = join("Вера", Role.ADVISER, long_cases, by_anna, now=now)
    stranger = join("Чужая", Role.RESEARCHER, long_cases, by_anna, now=now)
    epoch = open_duty_epoch(
        reader=anna.reader(now - timedelta(days=20)), roster=[anna.member, boris.member, vera.member]
    )
    return World(anna=anna, boris=boris, vera=vera, stranger=stranger, epoch=epoch, now=now)


def signed_in(person: Person, *, unlocked: bool = True) -> Client:
    """A browser in which this person is signed in, and unlocked unless told otherwise."""
    now = datetime.now(UTC)
    Member.objects.filter(pk=person.member.pk).update(
        totp_last_step=0
    )  # several browsers within one code's life
    visit, token = staff.sign_in(
        pseudonym=person.member.pseudonym, password=person.kept.password, code=person.code(now), now=now
    )
    if unlocked:
        staff.unlock(visit=visit, token=token, passphrase=person.kept.passphrase, now=now)
    client = Client()
    client.cookies[VISIT_COOKIE] = token
    return client
