"""`tropa ceremony recover`: k trustees' papers make a coordinator who opens everything; fewer change nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.ceremony.driver import at_the_table, environment
from tests.cli.ceremony.trustees import Table
from tests.stores import copy_world

PEOPLE = """
from datetime import UTC, datetime
import secrets
from django.core.management import call_command
from tropa.desk.cases.models import Case, Urgency
from tropa.desk.staff.models import Member
from tropa.desk.staff.services import sign_in, unlock
from tropa.desk.talk.arrivals import receive_first
from tropa.desk.talk.body import EntryBody
from tropa.desk.talk.models import Thread
from tropa.desk.talk.queries import thread_entries
from tropa.desk.talk.services import take
from tropa.desk.vault.services import rotate_case
from tropa.desk.audit.queries import checked_log, latest_acts
from tropa.envelope import Codename, Language, applicant_keys, totp
now = datetime.now(UTC)
def person(pseudonym, secret):
    Member.objects.update(totp_last_step=0)
    code = totp(bytes.fromhex(secret), now)
    visit, token = sign_in(pseudonym=pseudonym, password="рыжий-кот-на-крыше", code=code, now=now)
    return unlock(visit=visit, token=token, passphrase="семь тихих озёр за холмом", now=now)
def written(text):
    keys = applicant_keys(Codename.generate(secrets.token_bytes, Language.RUSSIAN))
    return receive_first(public=keys.public, signing=keys.seed.signing(), look_up_tag=keys.look_up_tag,
        body=EntryBody(text=text, at=now), dedupe_tag=secrets.token_hex(16), urgency=Urgency.UNSORTED, now=now).thread
"""
LIVE = """
first = person("Клён", "{secret}")
thread = written("дело")
case = take(reader=first, thread=thread)
rotate_case(reader=first, case=case)
written("никем не взято")
Member.objects.filter(pseudonym="Клён").update(active=False)
"""
OPEN = """
new = person("Дина", "{secret}")
print(sorted(thread_entries(reader=new, thread=thread)[0].text for thread in Thread.objects.all()))
print(Case.objects.get().lead.pseudonym, checked_log() is not None, latest_acts(reader=new, count=9)[-1].act)
"""


def desk(data: Path, program: str, table: Table) -> str:
    text = PEOPLE + program.format(secret=table.secret.hex())
    command = [sys.executable, "-c", f"import django; django.setup()\n{text}"]
    told = {**environment(data), "DJANGO_SETTINGS_MODULE": "tropa.desk.settings"}
    return subprocess.run(command, env=told, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def lost(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Table]:
    """An organisation whose only coordinator is gone: a case of two epochs, and a thread nobody took."""
    data = tmp_path_factory.mktemp("lost") / "data"
    table = Table()
    assert at_the_table(table, data) == 0, table.written
    desk(data, LIVE, table)
    return data, table


def typing(shares: list[list[str]], **instead: str) -> Table:
    left = [" ".join(words) for words in shares]
    said = {">": lambda _table: left.pop(0) if left else _hang_up(), "Pseudonym:": "Дина", **instead}
    return Table(said)  # type: ignore[arg-type]


def _hang_up() -> str:
    raise EOFError


def papers(table: Table, *which: tuple[str, int]) -> list[list[str]]:
    return [table.shares[one] for one in which]


def test_two_of_three_papers_make_a_coordinator_who_opens_everything(
    lost: tuple[Path, Table], tmp_path: Path
) -> None:
    data = tmp_path / "copy"
    copy_world(lost[0], data)
    table = typing(papers(lost[1], ("Recovery", 3), ("Root", 1), ("Root", 2), ("Recovery", 2)))
    assert at_the_table(table, data, "recover") == 0, table.written
    assert "Case keys opened: 2 of 2." in table.written
    said = desk(data, OPEN, table)
    assert "['дело', 'никем не взято']" in said
    assert "Дина True" in said


@pytest.mark.parametrize(
    "which",
    [
        [("Root", 1)],
        [("Root", 1), ("Root", 2)],
        [("Root", 1), ("Recovery", 1), ("Recovery", 2)],
        [("Root", 1), ("Root", 1), ("Recovery", 1), ("Recovery", 1)],
    ],
)
def test_too_few_papers_change_nothing(
    lost: tuple[Path, Table], tmp_path: Path, which: list[tuple[str, int]]
) -> None:
    data = tmp_path / "copy"
    copy_world(lost[0], data)
    before = _members(data)
    table = typing(papers(lost[1], *which))
    table.instead["Pseudonym:"] = lambda _table: pytest.fail("asked before both keys were joined")
    assert at_the_table(table, data, "recover") == 1
    assert "Nothing was changed." in table.written
    assert _members(data) == before


def test_wrong_words_are_told_and_change_nothing(lost: tuple[Path, Table], tmp_path: Path) -> None:
    data = tmp_path / "copy"
    copy_world(lost[0], data)
    before = _members(data)
    good = lost[1].shares[("Root", 1)]
    other = Table()
    assert at_the_table(other, tmp_path / "other") == 0
    foreign = papers(other, ("Root", 1), ("Root", 2))
    table = typing([[*good[:-1], good[0]], ["xylofon", *good[1:]], *foreign])
    assert at_the_table(table, data, "recover") == 1
    assert "This share has an error" in table.written
    assert "is not of the list." in table.written
    assert "none of this organisation's" in table.written
    assert _members(data) == before


def test_a_pseudonym_somebody_has_changes_nothing(lost: tuple[Path, Table], tmp_path: Path) -> None:
    data = tmp_path / "copy"
    copy_world(lost[0], data)
    before = _members(data)
    which = [(key, number) for key in ("Root", "Recovery") for number in (1, 2)]
    table = typing(papers(lost[1], *which), **{"Pseudonym:": "Клён"})
    assert at_the_table(table, data, "recover") == 1
    assert "Somebody has this pseudonym." in table.written
    assert _members(data) == before


def _members(data: Path) -> str:
    program = """
from tropa.desk.audit.models import Record
from tropa.desk.vault.models import CaseGrant, DutyEpoch, DutyGrant
print(*(model.objects.count() for model in (Member, Case, CaseGrant, DutyEpoch, DutyGrant, Record)))
"""
    return desk(data, program, Table())


ASK = """
Member.objects.filter(pseudonym="Клён").update(active=True)
from tropa.desk.contacts.publishing import ask_key, key_name
print(key_name(ask_key(reader=person("Клён", "{secret}"))))
"""
PROPOSE = """
from tropa.desk.contacts.services import propose
from tropa.envelope import ContactPoint
points = [ContactPoint("drop", "http://example.onion", now.date())]
print("proposed", propose(reader=person("Клён", "{secret}"), points=points, last=now.date()).number)
"""


def test_with_the_roots_papers_a_publishing_key_is_certified_whose_owner_named_it(
    lost: tuple[Path, Table], tmp_path: Path
) -> None:
    data = tmp_path / "copy"
    copy_world(lost[0], data)
    name = desk(data, ASK, lost[1]).strip()
    names = ["0000 0000 0000 0000", name]
    table = typing(papers(lost[1], ("Root", 3), ("Root", 1)))
    table.instead["reads out"] = lambda _table: names.pop(0)
    assert at_the_table(table, data, "publishing") == 0, table.written
    assert "That is not the name of the key" in table.written
    assert "Certified for a year." in table.written
    assert names == []
    assert "proposed 1" in desk(data, PROPOSE, lost[1])
    again = typing([])
    assert at_the_table(again, data, "publishing") == 1
    assert "No coordinator has asked" in again.written
