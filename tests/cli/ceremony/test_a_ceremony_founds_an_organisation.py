"""`tropa ceremony` founds an organisation whose private keys are on paper alone; its recovery can be rehearsed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.ceremony.driver import at_the_table, environment
from tests.cli.ceremony.trustees import Table
from tests.stores import copy_world, store_of
from tropa.envelope import Seed, SeedShare, join_shares
from tropa.seizure.places import everything_written, rows
from tropa.seizure.shapes import shapes_of_bytes, shapes_of_word

PINNED = ["account-slots", "duty.number", "last-act", "recovery.pub", "root.pub"]


@dataclass(frozen=True, slots=True)
class Founded:
    """An organisation and the table it was founded at."""

    data: Path
    table: Table
    code: int

    def seed(self, key: str) -> Seed:
        """The root's or the recovery key's seed, joined from two papers."""
        return join_shares([SeedShare.parse(" ".join(self.table.shares[(key, number)])) for number in (1, 3)])


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Founded:
    data = tmp_path_factory.mktemp("ceremony") / "data"
    table = Table()
    return Founded(data, table, at_the_table(table, data))


def files(folder: Path) -> dict[str, bytes]:
    """Every file but those in which SQLite keeps who is reading."""
    paths = [path for path in folder.rglob("*") if path.is_file() and not path.name.endswith("-shm")]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def written(data: Path) -> dict[str, bytes]:
    """Every file, and every value of every row."""
    found = files(data)
    for place, value in rows(store_of(data)):
        found[place] = found.get(place, b"") + value + b"\n"
    return found


def python(data: Path, program: str) -> str:
    """What a program with Django set up prints about this directory."""
    command = [sys.executable, "-c", f"import django; django.setup()\n{program}"]
    told = {**environment(data), "DJANGO_SETTINGS_MODULE": "tropa.desk.settings"}
    return subprocess.run(command, env=told, capture_output=True, text=True, check=True).stdout


def typed(shares: list[list[str]], *then: str) -> Table:
    """A table at which these shares are typed, one after another."""
    left = [*(" ".join(words) for words in shares), *then]
    return Table({">": lambda _table: left.pop(0)})


def test_it_ends_well_and_each_trustee_has_two_shares(founded: Founded) -> None:
    assert founded.code == 0, founded.table.written
    assert set(founded.table.shares) == {
        (key, number) for key in ("Root", "Recovery") for number in (1, 2, 3)
    }
    assert "Founded. Клён can sign in" in founded.table.written


def test_the_shares_give_the_keys_that_are_pinned(founded: Founded) -> None:
    pinned = founded.data / "pinned"
    assert sorted(path.name for path in pinned.iterdir()) == PINNED
    assert (pinned / "root.pub").read_text().strip() == founded.seed("Root").signing().public.raw.hex()
    assert (pinned / "recovery.pub").read_text().split()[0] == founded.seed(
        "Recovery"
    ).sealing().public.raw.hex()


def test_nothing_of_the_private_keys_or_of_what_people_keep_is_on_the_disk(founded: Founded) -> None:
    keys = {key: founded.seed(key).raw for key in ("Root", "Recovery")} | {
        "second factor": founded.table.secret
    }
    words = {"password": "рыжий-кот-на-крыше", "passphrase": "семь тихих озёр за холмом"}
    words |= {f"share {name}": " ".join(share[:4]) for name, share in founded.table.shares.items()}
    shapes = {shape for key in keys.values() for shape in shapes_of_bytes(key).values()}
    shapes |= {shape for word in words.values() for shape in shapes_of_word(word).values()}
    everything = list(everything_written(store_of(founded.data)))
    places = {"staff_member.slot_one", "vault_dutyepoch.recovery", "pinned/root.pub", "credentials/desk.key"}
    assert places <= {place for place, _content in everything}
    assert [(place, shape) for place, content in everything for shape in shapes if shape in content] == []
    public = founded.seed("Root").signing().public.raw.hex().encode()
    assert any(public in content for _place, content in everything), "the search does find what is there"


def test_what_it_writes_is_readable_by_its_owner_alone(founded: Founded) -> None:
    assert [path for path in founded.data.rglob("*") if path.stat().st_mode & 0o077] == []


def test_the_coordinator_signs_in_and_unlocks_and_a_message_is_accepted(founded: Founded) -> None:
    program = f"""
from datetime import UTC, datetime
import secrets
from tropa.desk.staff.services import sign_in, unlock
from tropa.desk.staff.models import Member
from tropa.desk.talk.arrivals import receive_first
from tropa.desk.talk.body import EntryBody
from tropa.desk.cases.models import Urgency
from tropa.desk.talk.queries import thread_entries
from tropa.envelope import Codename, Language, applicant_keys, totp
now = datetime.now(UTC)
Member.objects.update(totp_last_step=0)
visit, token = sign_in(pseudonym="Клён", password="рыжий-кот-на-крыше",
    code=totp(bytes.fromhex("{founded.table.secret.hex()}"), now), now=now)
reader = unlock(visit=visit, token=token, passphrase="семь тихих озёр за холмом", now=now)
keys = applicant_keys(Codename.generate(secrets.token_bytes, Language.RUSSIAN))
got = receive_first(public=keys.public, signing=keys.seed.signing(), look_up_tag=keys.look_up_tag,
    body=EntryBody(text="Повестка", at=now), dedupe_tag="a" * 32, urgency=Urgency.UNSORTED, now=now)
print(thread_entries(reader=reader, thread=got.thread)[0].text)
print(len(reader.member.slot_one) == len(reader.member.slot_two) and reader.member.slot_one != reader.member.slot_two)
"""
    assert python(founded.data, program).split() == ["Повестка", "True"]


def test_a_second_ceremony_is_refused_and_changes_nothing(founded: Founded) -> None:
    before = files(founded.data / "pinned")
    table = Table()
    assert at_the_table(table, founded.data) == 1
    assert "An organisation stands here already. Nothing was changed." in table.written
    assert table.asked == []
    assert files(founded.data / "pinned") == before


def test_a_rehearsal_opens_everything_with_two_of_three_papers_and_changes_nothing(founded: Founded) -> None:
    before = written(founded.data)
    papers = founded.table.shares
    order = [("Recovery", 3), ("Root", 1), ("Root", 2), ("Recovery", 2)]
    table = typed([papers[one] for one in order])
    assert at_the_table(table, founded.data, "rehearse") == 0, table.written
    assert "Duty epochs opened: 1 of 1." in table.written
    assert "Exhibits opened: 0 of 0." in table.written
    assert "Recovery works" in table.written
    assert written(founded.data) == before


def test_a_rehearsal_says_which_paper_is_wrong(founded: Founded) -> None:
    papers = founded.table.shares
    wrong = [*papers[("Root", 1)][:-1], papers[("Root", 1)][0]]
    unknown = ["xylofon", *papers[("Root", 1)][1:]]
    table = typed([wrong, unknown, papers[("Root", 1)]], "")
    table.instead[">"] = _then_end(table)
    assert at_the_table(table, founded.data, "rehearse") == 1
    assert "This share has an error" in table.written
    assert "Word 1, “xylofon”, is not of the list." in table.written
    assert "Kept. 1 more share of this key is needed." in table.written
    assert "The rehearsal was ended before both keys were joined." in table.written


def test_papers_of_another_ceremony_are_told_apart(founded: Founded, tmp_path: Path) -> None:
    other = Table()
    assert at_the_table(other, tmp_path / "other") == 0
    table = typed([other.shares[("Root", 1)], other.shares[("Root", 2)]])
    table.instead[">"] = _then_end(table)
    assert at_the_table(table, founded.data, "rehearse") == 1
    assert "none of this organisation's" in table.written


def test_a_rehearsal_finds_a_copy_that_was_lost(founded: Founded, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged"
    copy_world(founded.data, damaged)
    store_of(damaged).change("UPDATE vault_dutyepoch SET recovery = NULL")
    papers = founded.table.shares
    table = typed([papers[(key, number)] for key in ("Root", "Recovery") for number in (1, 2)])
    assert at_the_table(table, damaged, "rehearse") == 1
    assert "Duty epochs opened: 0 of 1." in table.written
    assert "Recovery would lose what did not open." in table.written


@pytest.mark.parametrize("where", ["How many trustees", "Passphrase", "six digits", "(yes)"])
def test_ended_at_any_question_it_leaves_no_organisation(where: str, tmp_path: Path) -> None:
    table = Table({where: _hang_up})
    assert at_the_table(table, tmp_path / "data") == 1
    assert "Nothing was founded and no key was kept" in table.written
    assert not (tmp_path / "data" / "pinned").exists()
    assert not (tmp_path / "data" / "credentials").exists()
    again = Table()
    assert at_the_table(again, tmp_path / "data") == 0


def test_answers_that_do_not_fit_are_asked_again(tmp_path: Path) -> None:
    password, passphrase = "рыжий-кот-на-крыше", "семь тихих озёр за холмом"
    said = {
        "How many trustees": ["many", "1", "3"],
        "have to meet": ["4", "2"],
        "Password": ["short", password, password],
        "Passphrase": [password, passphrase, passphrase],
        "same once more": ["не то", password, "не то", passphrase],
    }
    table = Table({part: (lambda _table, lines=lines: lines.pop(0)) for part, lines in said.items()})
    assert at_the_table(table, tmp_path / "data") == 0, table.written
    for sentence in (
        "A number from 2 to 16",
        "A number from 2 to 3",
        "At least 12 characters",
        "The two differ",
    ):
        assert sentence in table.written
    assert all(lines == [] for lines in said.values())


def test_output_that_is_no_terminal_is_refused(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tropa.cli", "ceremony"]
    told = environment(tmp_path / "data")
    ended = subprocess.run(command, env=told, input="", capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "held at a terminal" in ended.stderr
    assert not (tmp_path / "data").exists()


def test_the_example_world_is_no_place_for_it(tmp_path: Path) -> None:
    (tmp_path / "example-world").touch()
    table = Table()
    assert at_the_table(table, tmp_path) == 1
    assert "holds the example world" in table.written


def test_pinned_keys_without_their_database_are_never_replaced(founded: Founded, tmp_path: Path) -> None:
    shutil.copytree(founded.data / "pinned", tmp_path / "data" / "pinned")
    table = Table()
    assert at_the_table(table, tmp_path / "data") == 1
    assert "Restore its backup" in table.written
    assert files(tmp_path / "data" / "pinned") == files(founded.data / "pinned")


def test_killed_at_any_step_it_leaves_all_or_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    told = {**environment(data), "DJANGO_SETTINGS_MODULE": "tropa.desk.settings"}
    command = [sys.executable, "-m", "tests.cli.ceremony.driver"]
    ended = subprocess.run(command, env=told, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    outcomes = [json.loads(line) for line in ended.stdout.splitlines()]
    assert len(outcomes) > 20
    assert [one["killed"] for one in outcomes] == [True] * (len(outcomes) - 1) + [False]
    assert {one["standing"] for one in outcomes} == {"nothing", "cut short", "founded"}
    for one in outcomes:
        assert (one["members"], one["teams"]) in {(0, 0), (1, 1)}, one
        whole = one["members"] == 1
        assert (one["standing"] == "founded") is whole, one
        assert one["code"] == (1 if whole else 0), one
        assert ("stands here already" in one["said"]) is whole, one
        assert ("cut short" in one["said"]) is (one["standing"] == "cut short"), one
        assert (one["members after"], one["epoch"]) == (1, 1), one
        # the hour of the last act is noted after the act: a kill then leaves it, or half of it, to the next act
        assert {*one["pinned"], "last-act"} - {"last-act.new"} == set(PINNED), one


def _then_end(table: Table) -> object:
    """Types what is left, and then hangs up."""
    first = table.instead[">"]

    def say(one: Table) -> str:
        try:
            return first(one)  # type: ignore[operator]
        except IndexError:
            return _hang_up(one)

    return say


def _hang_up(table: Table) -> str:
    """End of input."""
    raise EOFError


def test_a_disk_that_takes_no_more_at_any_moment_leaves_all_or_nothing(tmp_path: Path) -> None:
    told = environment(tmp_path) | {"DJANGO_SETTINGS_MODULE": "tropa.desk.settings"}
    command = [sys.executable, "-m", "tests.cli.ceremony.founding_without_room"]
    done = subprocess.run(command, check=True, env=told, capture_output=True, encoding="utf-8")
    *refused, last = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(refused) > 2, "the disk was never full"
    for one in refused:
        assert (one["refused"], one["standing"], one["members"], one["teams"]) == (True, "nothing", 0, 0), one
        assert one["pinned"] == [], one
    assert (last["refused"], last["standing"], last["members"]) == (False, "founded", 1)
