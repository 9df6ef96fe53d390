"""Every address of desk and drop and every service, by every role with a grant that has ended, was taken away or never
was: nothing read or done; and by every role that was let in: it is there.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from django.test import Client

from tests.attacks.matrix import SECRETS, Scene, addresses, built, clients, names_a_case, rows, services
from tests.desk.plans.example_plans import PERSON
from tests.desk.world import signed_in
from tropa.desk.cases.card import Card
from tropa.desk.cases.models import Phase
from tropa.desk.plans.errors import PlansError
from tropa.desk.plans.models import Plan, PlanStep, Release
from tropa.desk.staff.models import Role
from tropa.desk.talk.errors import TalkError
from tropa.desk.talk.setting_aside import Until
from tropa.desk.vault.errors import VaultError

if TYPE_CHECKING:
    from tests.desk.plans.conftest import Planned

FORM = {
    "text": "чужой ответ", "act": "reply", "token": "0" * 32, "decision": "approve", "words": "нет",
    "reasons": "other", "out_of_turn": "on", "version": "0", "danger": "no", "plan": "a" * 16, "place": "almaty",
    "reason": "впустите", "history": "on", "outcome": "safe", "last_day": "2026-12-01",
    "until": "hour", "heard": "1",
}  # fmt: skip
OPENED_TOGETHER = {"join-together", "together"}
"""What a coordinator may do before a case they do not hold: it takes two, and all are told."""


@pytest.fixture
def scene(planned: Planned) -> Scene:
    return built(planned)


def test_no_address_shows_or_does_anything_to_somebody_without_a_grant(scene: Scene) -> None:
    tried, browsers = 0, clients(scene)
    before = rows()
    for who, client in browsers.items():
        client.raise_request_exception = False
        for pattern, address in addresses(scene):
            if not names_a_case(pattern):
                continue
            for method in ("get", "post"):
                if who.endswith(Role.COORDINATOR) and pattern.name in OPENED_TOGETHER:
                    continue
                answer = getattr(client, method)(address, FORM)
                tried += 1
                page = answer.content.decode()
                asks_to_unlock = who == "locked" and method == "post" and 'name="passphrase"' in page
                refused = answer.status_code in {302, 403, 404, 405} or asks_to_unlock
                assert refused, (who, method, address, answer.status_code)
                assert not any(secret in page for secret in SECRETS), (who, address)
                # what was typed at a locked desk is in that page, and sealed
                assert not (asks_to_unlock and FORM["text"] in page), (who, address)
                assert rows() == before, (who, method, address)
    assert tried > 100


def test_no_address_without_a_case_in_it_shows_one(scene: Scene) -> None:
    for who, client in clients(scene).items():
        client.raise_request_exception = False
        for pattern, address in addresses(scene):
            if names_a_case(pattern):
                continue
            answer = client.get(address)
            assert answer.status_code < 500, (who, address)
            page = answer.content.decode(errors="replace")
            assert not any(secret in page for secret in SECRETS), (who, address)
            assert scene.planned.written.thread.pk not in page, (who, address)


def test_holders_reach_what_the_others_do_not(scene: Scene) -> None:
    """The test above would hold for pages that show nobody anything."""
    holders = {"lead": scene.planned.world.boris, **scene.granted}
    for who, person in holders.items():
        client = signed_in(person)
        found = "".join(
            client.get(address).content.decode()
            for pattern, address in addresses(scene)
            if names_a_case(pattern) and pattern.name not in OPENED_TOGETHER
        )
        assert all(secret in found for secret in SECRETS), who


def test_no_address_of_the_drop_shows_a_stranger_anything(scene: Scene, drop_settings: object) -> None:
    client = Client()
    client.raise_request_exception = False
    walked = 0
    for _pattern, address in addresses(scene):
        for method in ("get", "post"):
            answer = getattr(client, method)(address, FORM, secure=True)
            page = answer.content.decode(errors="replace")
            assert not any(secret in page for secret in SECRETS), address
            assert scene.planned.written.thread.pk not in page, address
            walked += 1
    assert walked > 20


INNER = {
    "make_case_key", "make_next_key", "due_for_parts", "void_plans", "withdraw_row",  # steps of acts that opened it
    # draw what others opened; who looks at a thread is shown to all
    "thread_context", "review_context", "messenger_part", "claimed_by", "assignment_of",
    "compute", "answer_for", "answer_for_saved",  # with facts one brings along, which are nobody's case
}  # fmt: skip
NOTHING = (None, [], {}, "", "ru")


def test_no_service_opens_or_does_anything_without_a_grant(scene: Scene) -> None:
    tried, before = set(), rows()
    assert len(scene.outsiders) == 3 * len(Role)
    for who, person in scene.outsiders.items():
        reader = person.reader()
        for name, service in services():
            short = name.rpartition(".")[2]
            if short in INNER or (short == "ask_together" and who.endswith(Role.COORDINATOR)):
                continue
            try:
                with transaction.atomic():
                    found = service(**wanted(scene, reader, service))
            except (VaultError, TalkError, PlansError):
                pass
            else:
                assert found in NOTHING, (who, name, found)
            assert rows() == before, (who, name)
            tried.add(short)
    assert {
        "open_card",
        "save_card",
        "reply",
        "note",
        "take",
        "approve",
        "release_step",
        "saved_facts",
    } <= tried
    assert {name.rpartition(".")[2] for name, _service in services()} >= INNER, (
        "nothing is left out that is not there"
    )


READING = {"open_card", "saved_facts", "thread_entries", "open_draft", "open_plan"}


def test_every_service_that_reads_opens_it_to_every_role_that_was_let_in(scene: Scene) -> None:
    """The test above would hold for services that open nothing to anybody."""
    assert len(scene.granted) == len(Role)
    for who, person in scene.granted.items():
        reader = person.reader()
        for name, service in services():
            if name.rpartition(".")[2] in READING:
                assert service(**wanted(scene, reader, service)) not in NOTHING, (who, name)


def wanted(scene: Scene, reader: Any, service: Callable[..., Any]) -> dict[str, Any]:
    """Something for each parameter a service has to be given."""
    parameters = inspect.signature(service).parameters
    return {
        key: given(scene, reader, key, one) for key, one in parameters.items() if one.default is one.empty
    }


def given(scene: Scene, reader: Any, name: str, parameter: inspect.Parameter) -> Any:
    """Something to give a service for one of its parameters; a parameter nobody knows stops the test."""
    planned = scene.planned
    known: dict[str, Any] = {
        "reader": reader,
        "case": planned.case,
        "case_ids": [planned.case.pk],
        "thread": planned.written.thread,
        "plan": Plan.objects.select_related("case", "author").get(pk=scene.plan.pk),
        "step": PlanStep.objects.get(plan=scene.plan, number=2),
        "release": Release.objects.get(pk=scene.release.pk),
        "member": planned.world.vera.member,
        "lead": planned.world.vera.member,
        "second": planned.world.vera.member,
        "card": Card(),
        "facts": PERSON,
        "person": PERSON,
        "phase": Phase.CLOSED,
        "version": 1,
        "safe": True,
        "kept": True,
        "confirmed": True,
        "entry_id": planned.written.entry.pk,
        "consent_id": planned.written.entry.pk,
        "last_day": reader.now.date(),
        "reasons": (),
        "most": 9,
        "heard": 1,
        "until": Until.HOUR,
        "size": 9,
        "now": reader.now,
        **dict.fromkeys(("text", "words", "reason"), "чужие слова"),
    }
    if name in known:
        return known[name]
    pytest.fail(f"nobody knows what to give for {name}: {parameter}")
