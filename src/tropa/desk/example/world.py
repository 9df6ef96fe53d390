"""Makes the example world, once: an organisation, five people, and what thirty-two invented people wrote.

The organisation's root key exists in memory only: its public half is pinned, it certifies the coordinator,
and it is gone. Everything goes through the real services. A second start finds the world and leaves it as it
is.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.management import call_command
from django.db import transaction

from tropa.desk.cases.services import save_card
from tropa.desk.conf import conf
from tropa.desk.example.people import (
    PEOPLE,
    ExamplePerson,
    draw_secrets,
    people_file,
    read_secrets,
    write_secrets,
)
from tropa.desk.example.stories import HELD, STORIES, HeldStory, Story
from tropa.desk.staff.joining import Certifier, Joined, Newcomer, Secrets, prepare_member
from tropa.desk.staff.models import Member, Role, Team
from tropa.desk.staff.reader import Reader
from tropa.desk.staff.service_key import make_service_key
from tropa.desk.talk.arrivals import Received, receive_first, receive_more
from tropa.desk.talk.body import EntryBody
from tropa.desk.talk.services import reply, take
from tropa.desk.vault.pinned import ROOT_FILE, pin_root
from tropa.desk.vault.services import open_duty_epoch
from tropa.envelope import ApplicantKeys, Codename, Language, Seed, applicant_keys


class NoExample(Exception):
    """The example world was not asked for, or its secrets are gone; the sentence says which."""


@dataclass(frozen=True, slots=True)
class Staff:
    """The people of the example by their names on the command line."""

    joined: Mapping[str, Joined]

    def reader(self, name: str, at: datetime) -> Reader:
        """Somebody, unlocked at that moment."""
        one = self.joined[name]
        return Reader(member=one.member, seed=one.seed, now=at)


def prepare(*, now: datetime) -> dict[str, Secrets]:
    """Bring the database up to date and the example world into it; everybody's secrets. Raises NoExample."""
    if not conf.example:
        raise NoExample("the example world starts only by `tropa run --example`")
    call_command("migrate", interactive=False, verbosity=0)
    path = people_file(conf.data)
    if Member.objects.exists():
        if not path.exists():
            raise NoExample(
                f"{path} is gone, so nobody can sign in to this example world; start an empty directory"
            )
        return read_secrets(path)
    # a start that was cut short left a root that certified nobody
    (conf.pinned / ROOT_FILE).unlink(missing_ok=True)
    make_service_key(conf.service_key)
    drawn = {person.name: draw_secrets() for person in PEOPLE}
    write_secrets(path, drawn)
    with transaction.atomic():
        staff = _found(drawn, now)
        _fill(staff, now)
    return drawn


def _found(drawn: Mapping[str, Secrets], now: datetime) -> Staff:
    """Root, teams, people, and a duty epoch granted to all."""
    root = Seed.generate(secrets.token_bytes).signing()
    pin_root(root.public)
    teams = {name: Team.objects.create(name=name) for name in dict.fromkeys(person.team for person in PEOPLE)}
    on = (now - timedelta(days=7)).date()
    first, *others = PEOPLE
    coordinator = _prepared(first, teams, drawn, Certifier(root), on)
    coordinator.member.save(force_insert=True)
    certifier = Certifier(coordinator.seed.signing(), coordinator.member)
    with ThreadPoolExecutor(max_workers=2) as pool:  # the slow hashes dominate; two cores share them
        prepared = list(pool.map(lambda person: _prepared(person, teams, drawn, certifier, on), others))
    Member.objects.bulk_create(one.member for one in prepared)
    staff = Staff({first.name: coordinator} | {p.name: one for p, one in zip(others, prepared, strict=True)})
    open_duty_epoch(
        reader=staff.reader(first.name, now - timedelta(days=6)),
        roster=[one.member for one in staff.joined.values() if one.member.role != Role.RESEARCHER],
    )
    return staff


def _prepared(
    person: ExamplePerson,
    teams: Mapping[str, Team],
    drawn: Mapping[str, Secrets],
    certifier: Certifier,
    on: date,
) -> Joined:
    newcomer = Newcomer(person.pseudonym, person.gender, person.role, teams[person.team])
    return prepare_member(newcomer=newcomer, kept=drawn[person.name], certifier=certifier, on=on)


def _fill(staff: Staff, now: datetime) -> None:
    for held in HELD:
        _held(staff, held, now)
    for story in STORIES:
        _received(_somebody(), story.text, story.language, story, now - timedelta(hours=story.hours))


def _somebody() -> ApplicantKeys:
    """The keys of one more invented person; nobody gets their words."""
    return applicant_keys(Codename.generate(secrets.token_bytes, Language.RUSSIAN))


def _received(
    keys: ApplicantKeys, text: str, language: str, story: Story | HeldStory, at: datetime
) -> Received:
    return receive_first(
        public=keys.public,
        signing=keys.seed.signing(),
        look_up_tag=keys.look_up_tag,
        body=EntryBody(text=text, at=at, language=language),
        dedupe_tag=secrets.token_hex(16),
        urgency=story.urgency,
        now=at,
    )


def _held(staff: Staff, story: HeldStory, now: datetime) -> None:
    """A thread with answers: first message, taken with a card, then answer and message in turn."""
    (hours, first), *rest = story.turns
    at = now - timedelta(hours=hours)
    keys = _somebody()
    thread = _received(keys, first, "ru", story, at).thread
    reader = staff.reader(story.lead, at + timedelta(hours=1))
    case = take(reader=reader, thread=thread)
    save_card(reader=reader, case=case, card=story.card, version=0)
    for place, (ago, text) in enumerate(rest):
        moment = now - timedelta(hours=ago)
        if place % 2 == 0:
            reply(reader=staff.reader(story.lead, moment), thread=thread, text=text)
        else:
            body = EntryBody(text=text, at=moment)
            receive_more(
                thread=thread,
                signing=keys.seed.signing(),
                body=body,
                dedupe_tag=secrets.token_hex(16),
                now=moment,
            )
