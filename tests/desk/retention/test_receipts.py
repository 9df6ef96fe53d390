"""A receipt names what was destroyed and not who, is signed, and does not outlive a change."""

from datetime import timedelta

import pytest

from tests.desk.retention.test_closing import DAY, closed
from tests.desk.world import World, signed_in
from tropa.desk.audit.models import Refusal
from tropa.desk.cases.models import Case
from tropa.desk.conf import conf
from tropa.desk.housekeeping import keep_house
from tropa.desk.plans.models import PlanFacts
from tropa.desk.receipts import Destroyed, line, noted
from tropa.desk.retention.destroying import destroy_again
from tropa.desk.retention.models import Receipt, What
from tropa.desk.retention.writing_receipts import Standing, at_most, receipt_lines, sign_receipts
from tropa.desk.talk.applicant import delete_everything
from tropa.desk.talk.services import note


def test_an_applicants_deletion_leaves_a_signed_receipt_of_what_and_not_of_whom(world: World) -> None:
    written, case = world.taken()
    for number in range(4):
        note(reader=world.boris.reader(), thread=written.thread, text=f"заметка {number}")
    delete_everything(thread=written.thread, now=world.now)
    [before] = receipt_lines(most=9)
    assert before.standing is Standing.NOT_YET
    assert keep_house(now=world.now).receipts == 1
    [after] = receipt_lines(most=9)
    receipt = after.receipt
    assert after.standing is Standing.SIGNED
    assert (receipt.what, receipt.cause, receipt.entries, receipt.keys) == ("case", "applicant", 8, 1)
    assert receipt.last_backup_day == world.now.date() + timedelta(days=conf.backup_days)
    assert receipt.digest.encode() == line(Destroyed.CASE, case.pk)
    said = " ".join(str(getattr(receipt, field.name)) for field in Receipt._meta.fields)
    for secret in (case.pk, written.thread.pk, str(written.thread.name), world.boris.member.pk):
        assert secret not in said.split()


def test_each_clock_leaves_its_own(world: World) -> None:
    closed(world)
    keep_house(now=world.now + (conf.facts_days + 1) * DAY)
    keep_house(now=world.now + (conf.closed_days + 1) * DAY)
    told = [(one.receipt.what, one.standing) for one in receipt_lines(most=9)]
    assert told == [(What.CASE, Standing.SIGNED), (What.FACTS, Standing.SIGNED)]


def test_a_changed_or_planted_receipt_does_not_hold(world: World) -> None:
    closed(world)
    keep_house(now=world.now + (conf.closed_days + 1) * DAY)
    receipt = Receipt.objects.get(what=What.CASE)
    Receipt.objects.filter(pk=receipt.pk).update(last_backup_day=world.now.date())
    assert {one.standing for one in receipt_lines(most=9) if one.receipt == receipt} == {Standing.FALSE}
    Receipt.objects.filter(pk=receipt.pk).update(last_backup_day=receipt.last_backup_day)
    _written, still = world.taken()
    planted = Receipt.objects.create(
        what=What.CASE, cause="retention", day=world.now.date(), last_backup_day=world.now.date(),
        digest=line(Destroyed.CASE, still.pk).decode(),
    )  # fmt: skip
    assert sign_receipts() == 0
    found = {one.receipt.pk: one.standing for one in receipt_lines(most=9)}
    assert (found[planted.pk], found[receipt.pk]) == (Standing.FALSE, Standing.SIGNED)
    counted = set(Refusal.objects.values_list("table", "row"))
    assert counted == {("retention_receipt", str(one)) for one in (receipt.pk, planted.pk)}


def test_plan_facts_that_come_back_with_a_backup_go_again_and_those_saved_anew_stay(world: World) -> None:
    _written, case = closed(world)
    old = PlanFacts.objects.values().get()
    keep_house(now=world.now + (conf.facts_days + 1) * DAY)
    PlanFacts.objects.create(**old)
    known = {receipt.digest.encode() for receipt in Receipt.objects.all()}
    assert destroy_again(known=known) == 1
    assert Case.objects.get() == case
    PlanFacts.objects.create(**{**old, "sealed": b"others"})
    assert destroy_again(known=known) == 0
    assert PlanFacts.objects.exists()


def test_counts_are_made_up() -> None:
    assert [at_most(count) for count in (0, 1, 2, 3, 4, 5, 9, 16, 17)] == [0, 1, 2, 4, 4, 8, 16, 16, 32]


def test_coordinators_read_them_and_nobody_else(world: World) -> None:
    written, case = world.taken()
    delete_everything(thread=written.thread, now=world.now)
    keep_house(now=world.now)
    assert noted(Destroyed.CASE, [case.pk])
    page = signed_in(world.anna).get("/receipts/").content.decode()
    assert "Дело с его ключами" in page
    assert "подписана" in page
    assert signed_in(world.boris).get("/receipts/").status_code == 403


@pytest.mark.parametrize("who", ["vera", "stranger"])
def test_the_page_of_a_case_is_for_its_holders(world: World, who: str) -> None:
    _written, case = world.taken()
    client = signed_in(getattr(world, who))
    assert client.get(f"/cases/{case.pk}/keeping/").status_code == 404
    told = {"act": "close", "outcome": "safe", "reason": "чужая"}
    assert client.post(f"/cases/{case.pk}/keeping/", told).status_code == 404
    assert Case.objects.get().closed_day is None


def test_the_page_closes_holds_lifts_and_reopens(world: World) -> None:
    _written, case = world.taken()
    client, page = signed_in(world.boris), f"/cases/{case.pk}/keeping/"
    assert client.post(page, {"act": "close", "outcome": "", "reason": ""}).status_code == 400
    assert client.post(page, {"act": "nonsense"}).status_code == 400
    closing = client.post(page, {"act": "close", "outcome": "safe", "reason": "Она в Ереване"}, follow=True)
    assert "Она в Ереване" in closing.content.decode()
    day = (world.now.date() + 50 * DAY).isoformat()
    held = client.post(page, {"act": "hold", "last_day": day, "reason": "Для суда"}, follow=True)
    assert "Для суда" in held.content.decode()
    assert client.post(page, {"act": "hold", "last_day": "2000-01-01", "reason": "нет"}).status_code == 409
    assert "Для суда" not in client.post(page, {"act": "lift"}, follow=True).content.decode()
    assert "Закрыть дело" in client.post(page, {"act": "reopen"}, follow=True).content.decode()
    assert client.post(page, {"act": "reopen"}).status_code == 409
