"""Where a volunteer is asked to come opens for coordinators who call them in, and for nobody and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.desk.world import ROOT, join, signed_in
from tropa.desk.audit.acts import Act
from tropa.desk.audit.queries import latest_acts
from tropa.desk.conf import conf
from tropa.desk.staff.joining import Certifier
from tropa.desk.staff.leaving import leave
from tropa.desk.staff.models import Member, Role
from tropa.desk.staff.tending import tend
from tropa.desk.vault.call_in_addresses import Reached, Way, ask, choose, chosen_by, forget, place
from tropa.desk.vault.errors import NoGrant
from tropa.desk.vault.models import CallInAddress, Shift
from tropa.envelope import CannotOpen, Seed, open_sealed, seal, sign
from tropa.seizure.attempts import keys_found, opened_with
from tropa.seizure.places import everything_written

if TYPE_CHECKING:
    from tests.desk.world import Person, World

ADDRESS = "+49 151 5550 71 канарейка"
REACHED = Reached(Way.SIGNAL, ADDRESS)


@pytest.fixture
def vera(world: World) -> Person:
    """Vera, who may be on duty, has no shift, and said how to ask her."""
    Member.objects.filter(pk=world.vera.member.pk).update(on_duty=True)
    choose(member=world.vera.member, seed=world.vera.seed, reached=REACHED, on=world.now.date())
    return world.vera


def test_a_coordinator_who_calls_opens_it_and_the_log_says_so(world: World, vera: Person) -> None:
    client = signed_in(world.anna)
    listed = client.get("/people/call-in/").content.decode()
    assert ADDRESS not in listed, "a list opens nothing"
    assert Act.ASKED_TO_COME not in {one.act for one in latest_acts(reader=world.anna.reader(), count=9)}
    page = client.post("/people/call-in/", {"member": vera.member.pk, "act": "ask"}).content.decode()
    assert ADDRESS in page
    assert "Здравствуйте! Если сегодня есть время, загляните, пожалуйста." in page, "what is to be sent"
    for word in ("Tropa", "Тропа", "повестк", "беженц"):
        assert word not in page[page.index("<blockquote") : page.index("</blockquote>")]
    (act,) = [one for one in latest_acts(reader=world.anna.reader(), count=9) if one.act == Act.ASKED_TO_COME]
    assert act.detail["member"] == vera.member.pk
    assert not Shift.objects.exists(), "looking calls nobody in"


def test_nobody_else_opens_it(world: World, vera: Person) -> None:
    for person in (world.boris, world.stranger, world.vera):
        client = signed_in(person)
        asked = client.post("/people/call-in/", {"member": vera.member.pk, "act": "ask"})
        assert asked.status_code == 403
        with pytest.raises(NoGrant):
            ask(reader=person.reader(), member=vera.member)
        for path in ("/account/", "/people/"):
            assert ADDRESS not in client.get(path).content.decode(), "not even its owner is shown it again"
    copies = CallInAddress.objects.filter(member=vera.member)
    assert {one.recipient_id for one in copies} == {world.anna.member.pk, vera.member.pk}
    wrong = (world.boris.seed, world.stranger.seed, Seed(conf.service_key.read_bytes()))
    for row in copies:
        for seed in wrong:
            with pytest.raises(CannotOpen):
                open_sealed(seed.sealing(), place(row.member_id, row.recipient_id), bytes(row.sealed))


def test_who_seizes_the_disk_does_not(world: World, vera: Person) -> None:
    from tests.stores import store_of_this_test

    written = list(everything_written(store_of_this_test()))
    assert not any(b"5550 71" in content for _where, content in written)
    assert "vault_callinaddress.sealed" not in opened_with(keys_found(written))
    theirs = keys_found(written)
    theirs.secret.add(world.anna.seed.raw)
    assert "vault_callinaddress.sealed" in opened_with(theirs), "it was tried"


def test_who_writes_rows_sends_coordinators_nowhere(world: World, vera: Person) -> None:
    """A copy sealed by somebody else, one moved from a colleague, and one of an empty desk."""
    at = place(vera.member.pk, world.anna.member.pk)
    public = world.anna.seed.sealing().public
    content = b'{"way": "signal", "address": "+7 900 000 00 00"}'
    planted = seal(public, at, sign(world.stranger.seed.signing(), at, content) + content)
    anna = world.anna.reader()
    rows = CallInAddress.objects.filter(member=vera.member, recipient=world.anna.member)
    assert ask(reader=anna, member=vera.member) == REACHED
    choose(member=world.boris.member, seed=world.boris.seed, reached=REACHED, on=world.now.date())
    moved = CallInAddress.objects.get(member=world.boris.member, recipient=world.anna.member).sealed
    for sealed in (planted, bytes(moved), b"", b"\x01" * 1300):
        rows.update(sealed=sealed)
        assert ask(reader=anna, member=vera.member) is None
    page = signed_in(world.anna).post("/people/call-in/", {"member": vera.member.pk, "act": "ask"})
    assert "+7 900" not in page.content.decode()
    before = bytes(CallInAddress.objects.get(member=world.boris.member, recipient=world.anna.member).sealed)
    choose(member=world.boris.member, seed=None, reached=REACHED, on=world.now.date())
    after = bytes(CallInAddress.objects.get(member=world.boris.member, recipient=world.anna.member).sealed)
    assert len(before) == len(after), "an empty desk shows on no disk"
    assert ask(reader=anna, member=world.boris.member) is None


def test_leaving_and_erasing_end_it_and_new_coordinators_come_in(world: World, vera: Person) -> None:
    by_root = Certifier(ROOT.signing())
    olga = join("Ольга", Role.COORDINATOR, world.anna.member.team, by_root, now=world.now)
    assert ask(reader=olga.reader(), member=vera.member) is None
    tend(reader=vera.reader())
    assert ask(reader=olga.reader(), member=vera.member) == REACHED
    leave(reader=world.anna.reader(), member=olga.member)
    assert not CallInAddress.objects.filter(recipient=olga.member).exists()
    assert chosen_by([vera.member.pk])
    forget(member=vera.member)
    assert not CallInAddress.objects.exists()
    choose(member=vera.member, seed=vera.seed, reached=REACHED, on=world.now.date())
    leave(reader=world.anna.reader(), member=vera.member)
    assert not CallInAddress.objects.exists()


@pytest.mark.parametrize("typed", ["", "\u202e7155 051 94+", "a\u200bb", "a\nb", "x" * 121, "\x00"])
def test_what_would_show_as_something_else_is_not_kept(world: World, typed: str) -> None:
    client = signed_in(world.vera)
    said = client.post("/account/call-in/", {"way": "signal", "address": typed})
    assert said.url.endswith("?said=call-in-refused")  # type: ignore[attr-defined]
    assert not CallInAddress.objects.exists()


def test_it_is_chosen_and_erased_on_ones_own_page(world: World) -> None:
    client = signed_in(world.vera)
    said = client.post("/account/call-in/", {"way": "mail", "address": "kanareyka@example.org"})
    assert said.url.endswith("?said=call-in-chosen")  # type: ignore[attr-defined]
    assert ask(reader=world.anna.reader(), member=world.vera.member) == Reached(
        Way.MAIL, "kanareyka@example.org"
    )
    client.post("/account/call-in/", {"act": "forget"})
    assert not CallInAddress.objects.exists()
