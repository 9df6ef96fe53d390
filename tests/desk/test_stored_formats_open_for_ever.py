"""What the desk and the gateway store inside seals opens for ever, and malformed content is refused by named errors.

Each format has a golden file in `golden/`, written once: `python -m tests.desk.test_stored_formats_open_for_ever` adds
missing ones and touches none that is there. A module that names a format and is not here stops the tests.
"""

from __future__ import annotations

import json
import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.desk.formats_inside_seals import (
    formats_of_colleagues,
    formats_of_messengers,
    formats_of_planning,
    formats_of_push,
    formats_of_staff,
)
from tests.desk.stored_format import AT, Format, malformed

GOLDEN = Path(__file__).parent / "golden"
TESTS = Path(__file__).resolve().parents[1]
SOURCE = Path(__file__).resolve().parents[2] / "src" / "tropa"


def formats() -> dict[str, Format]:
    """Every one of them; models have to be ready."""
    return {
        **_of_conversations(),
        **_of_plans(),
        **_of_the_log(),
        **_of_keys_and_places(),
        **_of_answers(),
        **formats_of_staff(),
        **formats_of_push(),
        **formats_of_colleagues(),
        **formats_of_messengers(),
        **formats_of_planning(),
    }


def _of_conversations() -> dict[str, Format]:
    from tropa.desk.cases import card
    from tropa.desk.staff.models import Gender
    from tropa.desk.talk import body
    from tropa.desk.talk.errors import BadBody
    from tropa.desk.talk.models import EntryKind

    entry = body.EntryBody(
        text="Пришла повестка «на 3 декабря»",
        at=AT,
        language="ru",
        channel="telegram",
        kind=EntryKind.REPLY,
        files=(body.FileNote("f" * 32, "повестка.jpg", 1234, "image/jpeg", "ab" * 32),),
        author=body.AuthorNote("b" * 32, "Борис", Gender.MASCULINE),
        remarks=("too-large",),
        salt="00" * 16,
    )
    asked = card.Card(
        danger=card.Danger.NO,
        papers=frozenset({card.PaperInHand("military-id")}),
        wishes=frozenset({card.Wish.LEAVE}),
    )
    return {
        "entry_body_1": Format("desk/talk/body", lambda: body.encode(entry), body.decode, entry, (BadBody,)),
        "triage_card_1": Format(
            "desk/cases/card", lambda: card.encode(asked), card.decode, asked, (card.BadCard,)
        ),
    }


def _of_plans() -> dict[str, Format]:
    from tropa.atlas import ProfileClass
    from tropa.desk.plans import content
    from tropa.planning.person import HeldPaper, PersonFacts
    from tropa.planning.plan_json import WrongJson, from_json, to_json

    papers = (HeldPaper("internal"),)
    person = PersonFacts(place="almaty", profile=ProfileClass.ABSENT, papers=papers, money_euros=3600)
    step = content.ReleasedStep(
        step=content.StepText(1, "ru", "Купите билет до Еревана", "11" * 16, "22" * 32),
        case_id="c" * 32,
        plan_id="d" * 32,
        plan_version=2,
        facts_digest="33" * 32,
        expires="2026-12-06T00:00:00+00:00",
        author="a" * 32,
        author_signature="44" * 65,
        approver="b" * 32,
        approver_signature="55" * 65,
        releaser="a" * 32,
        sequence=1,
        released="2026-11-22T14:05:00+00:00",
        check_in="2026-11-25T09:00:00+00:00",
    )
    return {
        "plan_facts_1": Format(
            "desk/plans/working_facts",
            lambda: to_json(person).encode(),
            lambda blob: from_json(PersonFacts, blob),
            person,
            (WrongJson, ValueError),
        ),
        "released_step_1": Format(
            "desk/plans/content",
            lambda: content.encode_release(step, b"\x66" * 65),
            content.read_release,
            (step, b"\x66" * 65),
            (WrongJson, ValueError),
        ),
    }


def _of_the_log() -> dict[str, Format]:
    from tropa.desk.audit import sealing
    from tropa.desk.audit.errors import AuditError
    from tropa.envelope import EnvelopeError, Seed

    seed = Seed(bytes(range(32)))
    opening, to = seed.sealing(), {"a" * 32: seed.sealing().public}
    record: dict[str, Any] = {
        "sequence": 7,
        "member": "b" * 32,
        "act": "taken",
        "at": AT,
        "detail": {"case": "c"},
    }
    sealed = sealing.seal_record(**record, key=seed.signing(), coordinators=to)

    def opened(blob: bytes) -> object:
        found = sealing.open_record(sequence=7, sealed=blob, coordinator="a" * 32, key=opening)
        return (found.sequence, found.member, found.act, found.at, dict(found.detail))

    says, errors = tuple(record.values()), (AuditError, EnvelopeError)
    return {"audit_record_1": Format("desk/audit/sealing", lambda: sealed, opened, says, errors)}


def _of_keys_and_places() -> dict[str, Format]:
    from tropa.desk.backup import manifest
    from tropa.desk.backup.errors import NotABackup
    from tropa.desk.staff import visits
    from tropa.envelope import EnvelopeError, Seed
    from tropa.gateway import addresses
    from tropa.gateway.credential import GatewayKeys

    seed = Seed(bytes(range(32)))
    book = addresses.AddressBook(GatewayKeys(seed, seed.subkey("index")))
    reached = addresses.Reached("desk-bot", "4711", b"route", seed, "ru", told=True)
    kept = manifest.Manifest("postgresql", AT, (("talk", "0001_initial"),), {"talk_entry": ("id",)}, {"s": 3})
    return {
        "unlocked_seed_1": Format(
            "desk/staff/visits",
            lambda: visits.seal_seed(seed, "token"),
            lambda blob: visits.open_seed(blob, "token"),
            seed,
            (EnvelopeError,),
        ),
        "backup_manifest_1": Format(
            "desk/backup/manifest", kept.text, manifest.read_manifest, kept, (NotABackup,)
        ),
        "address_1": Format(
            "gateway/addresses",
            lambda: book.seal("t" * 32, reached),
            lambda blob: book.open("t" * 32, blob),
            reached,
            (EnvelopeError,),
        ),
    }


def _of_answers() -> dict[str, Format]:
    from tropa.counsel.library import Topic, answer_from
    from tropa.desk.library import content

    record = {
        "id": "made-up",
        "kind": "short",
        "title": {"ru": "Придуманный вопрос", "en": "A made-up question"},
        "asked": {"ru": ["придумано"], "en": ["made up"]},
        "text": {"ru": "Придуманный ответ.", "en": "A made-up answer."},
        "facts": ["LR-01"],
        "owner": "law",
        "as_of": "2026-11-22",
        "review_by": "2026-12-22",
        "lawyer": "needed",
        "history": [{"on": "2026-11-22", "what": "written"}],
    }
    answer = answer_from(record, topic=Topic.SUMMONS, said={"LR-01": "f0968076a3dc0d6b"})
    proposed = content.Content(answer, was="", why="Нужен для примера")
    return {
        "answer_change_1": Format(
            "desk/library/content",
            lambda: proposed.encode().encode(),
            lambda blob: content.read_content(blob.decode()),
            proposed,
            (ValueError,),
        )
    }


NAMES = (
    "entry_body_1", "triage_card_1", "plan_facts_1", "released_step_1", "audit_record_1", "unlocked_seed_1",
    "backup_manifest_1", "address_1", "answer_change_1", "passkey_1", "recovery_codes_1", "abilities_1", "alarms_1",
    "saved_reply_1", "saved_view_1", "hand_over_1", "exhibit_1", "break_glass_reason_1", "break_glass_parts_1",
    "outcome_1", "move_1", "automatic_1", "channel_account_1", "channel_journal_1", "plan_content_1", "atlas_change_1",
    "sentinel_copy_1", "sentinel_finding_1", "push_subscription_1", "call_in_address_1",
)  # fmt: skip
FORGIVING = {"channel_journal_1"}
"""What refuses nothing and gives back what still opens."""
KEPT_ELSEWHERE = {
    "checkpoint_1": "desk/audit/golden/checkpoint_1.txt",
    "case_keys": "desk/golden/key_store_1.hex",
    "contact_list_1": "envelope/golden/contact_list_1.json",
    "locked_seed_1": "envelope/golden/locked_seed_1.json",
    "release_1": "envelope/golden/release_1.json",
    "shares_of_a_seed": "envelope/golden/standby_1.json",
    "statements_1": "desk/golden/statements_1.txt",
    "receipt": "desk/retention/test_formats.py",
}
"""Golden files with tests of their own, beneath `tests`."""
PLAIN = "nothing inside has a format"
SHORT_LIVED = "it does not outlive its process or its half hour"
INSIDE = {
    "desk/atlas/statements": "atlas_change_1",
    "desk/audit/checkpoints": "checkpoint_1",
    "desk/audit/sealing": "audit_record_1",
    "desk/cases/services": "triage_card_1",
    "desk/library/statements": "answer_change_1",
    "desk/messengers/delivery": "outcome_1",
    "desk/messengers/moving": "move_1",
    "desk/plans/opening": "release_1",
    "desk/plans/sealing": "plan_facts_1 plan_content_1 released_step_1",
    "desk/push/subscription": "push_subscription_1",
    "desk/retention/exhibits": "exhibit_1",
    "desk/retention/reasons": PLAIN,  # a text
    "desk/retention/writing_receipts": "receipt",
    "desk/staff/abilities": "abilities_1",
    "desk/staff/alarms": "alarms_1",
    "desk/staff/passkeys": "passkey_1",
    "desk/staff/recovery_codes": "recovery_codes_1",
    "desk/staff/service_key": PLAIN,  # twenty random bytes
    "desk/staff/slots": "locked_seed_1",
    "desk/staff/visits": "unlocked_seed_1",
    "desk/talk/files": PLAIN,  # pieces of a file
    "desk/talk/hand_over": "hand_over_1",
    "desk/talk/kept_typed": SHORT_LIVED,
    "desk/talk/keys": PLAIN,  # the text of a draft
    "desk/talk/saved_replies": "saved_reply_1",
    "desk/talk/saved_views": "saved_view_1",
    "desk/talk/seals": "entry_body_1",
    "desk/talk/spool": SHORT_LIVED,
    "desk/vault/call_in_addresses": "call_in_address_1",
    "desk/vault/duty_links": PLAIN,  # a seed
    "desk/vault/pinned": PLAIN,  # a public key
    "desk/vault/statements": "statements_1 break_glass_reason_1 break_glass_parts_1 shares_of_a_seed",
    "desk/vault/wrapping_keys": "case_keys",
    "desk/work/copies": "sentinel_copy_1 sentinel_finding_1",
    "drop/admission": SHORT_LIVED,
    "drop/conversation": PLAIN,  # a seed
    "gateway/accounts": "channel_account_1",
    "gateway/addresses": "address_1",
    "gateway/automatic": "automatic_1",
    "gateway/journal": "channel_journal_1",
    "gateway/sealed_state": PLAIN,  # whatever a channel's library gives
}
"""For each module that names a place of a sealed or signed value, the golden files of what lies there."""


@pytest.mark.parametrize("name", NAMES)
def test_what_was_stored_once_is_read_for_ever(name: str) -> None:
    one = formats()[name]
    assert one.read(bytes.fromhex((GOLDEN / f"{name}.hex").read_text(encoding="ascii"))) == one.says


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_now_is_read(name: str) -> None:
    one = formats()[name]
    assert one.read(one.write()) == one.says


@pytest.mark.parametrize("name", NAMES)
def test_malformed_content_is_refused_by_name_or_read_as_something_else(name: str, blobs: int) -> None:
    """What nothing authenticates by itself may be changed into other valid content; nothing fails by accident."""
    one = formats()[name]
    count, refused = max(one.fuzzed, blobs), 0
    for blob in malformed(one.write(), name, count):
        try:
            one.read(blob)
        except one.errors:
            refused += 1
    assert refused > count // 3 or name in FORGIVING


def test_no_module_names_a_format_that_nobody_keeps() -> None:
    naming = re.compile(r"^FORMAT = ", re.MULTILINE)
    found = {
        path.relative_to(SOURCE).with_suffix("").as_posix()
        for room in ("desk", "drop", "gateway")
        for path in (SOURCE / room).rglob("*.py")
        if naming.search(path.read_text(encoding="utf-8"))
    }
    assert set(formats()) == set(NAMES)
    kept = {one.module for one in formats().values()} | {"desk/audit/checkpoints", "desk/vault/key_store"}
    assert found <= kept, "give it a golden file here"


def test_every_place_a_value_is_sealed_for_has_golden_files_of_what_lies_there() -> None:
    """The places themselves are read from the source by a test of the project."""
    places = json.loads((TESTS / "project" / "golden" / "places_1.json").read_text(encoding="utf-8"))
    assert {place.partition(":")[0] for place in places} == set(INSIDE)
    named = {name for told in INSIDE.values() if told not in {PLAIN, SHORT_LIVED} for name in told.split()}
    assert named <= set(NAMES) | set(KEPT_ELSEWHERE)
    assert all((GOLDEN / f"{name}.hex").is_file() for name in NAMES)
    assert all((TESTS / path).is_file() for path in KEPT_ELSEWHERE.values())


def test_case_keys_grants_links_and_shares_are_signed_over_the_same_bytes_for_ever() -> None:
    assert (GOLDEN / "statements_1.txt").read_text(encoding="utf-8") == statements()


def statements() -> str:
    """What is signed for each, from rows that were never stored."""
    from tropa.desk.vault import statements as signed
    from tropa.desk.vault.models import CaseGrant, CaseKey, DutyEpoch, DutyGrant, StandbyShare

    day = date(2026, 11, 22)
    epoch = DutyEpoch(
        id="e" * 32, number=3, seal_public=b"\x01" * 9, sign_public=b"\x02" * 32, opened_day=day
    )
    first = CaseKey(
        id="k" * 32, case_id="c" * 32, epoch=1, seal_public=b"\x03" * 9, sign_public=b"\x04" * 32,
        thread="t" * 32, duty_epoch=epoch, day=day,
    )  # fmt: skip
    later = CaseKey(
        id="l" * 32, case_id="c" * 32, epoch=2, seal_public=b"\x05" * 9, sign_public=b"\x06" * 32, day=day
    )
    duty = DutyGrant(epoch=epoch, member_id="m" * 32, sealed=b"\x07" * 9, day=day)
    grants = [
        CaseGrant(key=later, member_id="m" * 32, sealed=b"\x08" * 9, day=day, ends_day=ends)
        for ends in (None, date(2026, 12, 1))
    ]
    share = StandbyShare(key=later, member_id="m" * 32, sealed=b"\x09" * 9, day=day)
    said = [
        signed.duty_epoch_statement(epoch),
        signed.case_key_statement(first),
        signed.case_key_statement(later),
        signed.duty_grant_statement(duty),
        *(signed.case_grant_statement(grant) for grant in grants),
        signed.standby_statement(share),
    ]
    return "".join(f"{one.decode()}\n" for one in said)


def main() -> None:
    """Write what is missing."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tropa.desk.settings")
    django.setup()
    GOLDEN.mkdir(exist_ok=True)
    for name, one in formats().items():
        path = GOLDEN / f"{name}.hex"
        if not path.exists():
            path.write_text(one.write().hex() + "\n", encoding="ascii")
    if not (GOLDEN / "statements_1.txt").exists():
        (GOLDEN / "statements_1.txt").write_text(statements(), encoding="utf-8")


if __name__ == "__main__":
    main()
