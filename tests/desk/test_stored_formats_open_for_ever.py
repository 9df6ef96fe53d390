"""What the desk and the gateway store inside seals opens for ever, and malformed content is refused by named errors.

Each format has a golden file in `golden/`, written once: `python -m tests.desk.test_stored_formats_open_for_ever` adds
missing ones and touches none that is there. A module that names a format and is not here stops the tests.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

GOLDEN = Path(__file__).parent / "golden"
SOURCE = Path(__file__).resolve().parents[2] / "src" / "tropa"
BLOBS = 10_000
AT = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Format:
    """How a format is written and read, what the golden file says, and by what it refuses anything else."""

    module: str
    write: Callable[[], bytes]
    read: Callable[[bytes], Any]
    says: Any
    errors: tuple[type[Exception], ...]
    fuzzed: int = field(default=BLOBS)


def formats() -> dict[str, Format]:
    """Every one of them; models have to be ready."""
    return {**_of_conversations(), **_of_plans(), **_of_the_log(), **_of_keys_and_places(), **_of_answers()}


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
    "backup_manifest_1", "address_1", "answer_change_1",
)  # fmt: skip
ELSEWHERE = {
    "desk/staff/passkeys": "tests/desk/staff/test_passkeys.py",
    "desk/staff/recovery_codes": "tests/desk/staff/test_recovery_codes.py",
    "desk/staff/alarms": "tests/attacks/test_who_forces_somebody_to_unlock.py",
    "desk/messengers/delivery": "tests/channels",
    "desk/messengers/moving": "tests/channels",
    "desk/atlas/content": "tests/desk/atlas",
    "gateway/automatic": "tests/channels",
}
"""Modules that name a format whose content only a key of the desk or the gateway could have written, or that lies in
clear under a signature, and the tests of each."""


@pytest.mark.parametrize("name", NAMES)
def test_what_was_stored_once_is_read_for_ever(name: str) -> None:
    one = formats()[name]
    assert one.read(bytes.fromhex((GOLDEN / f"{name}.hex").read_text(encoding="ascii"))) == one.says


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_now_is_read(name: str) -> None:
    one = formats()[name]
    assert one.read(one.write()) == one.says


@pytest.mark.parametrize("name", NAMES)
def test_malformed_content_is_refused_by_name_or_read_as_something_else(name: str) -> None:
    """What nothing authenticates by itself may be changed into other valid content; nothing fails by accident."""
    one = formats()[name]
    refused = 0
    for blob in malformed(one.write(), name, one.fuzzed):
        try:
            one.read(blob)
        except one.errors:
            refused += 1
    assert refused > one.fuzzed // 3


def malformed(genuine: bytes, name: str, count: int) -> Iterator[bytes]:
    """Cut, stretched, bit-flipped, overwritten and random blobs; the same in every run."""
    for number in range(count):
        noise = hashlib.shake_256(f"{name} {number}".encode()).digest(64)
        at = int.from_bytes(noise[:4], "big") % len(genuine)
        match number % 5:
            case 0:
                yield genuine[:at]
            case 1:
                yield genuine + noise[: 1 + at % 63]
            case 2:
                yield genuine[:at] + bytes([genuine[at] ^ 1 << noise[5] % 8]) + genuine[at + 1 :]
            case 3:
                yield (genuine[:at] + noise)[: len(genuine)] + genuine[at + 64 :]
            case _:
                yield genuine[:1] + (noise * (1 + at // 64))[:at]


def test_no_module_names_a_format_that_nobody_keeps() -> None:
    naming = re.compile(r"^FORMAT = ", re.MULTILINE)
    found = {
        path.relative_to(SOURCE).with_suffix("").as_posix()
        for room in ("desk", "drop", "gateway")
        for path in (SOURCE / room).rglob("*.py")
        if naming.search(path.read_text(encoding="utf-8"))
    }
    assert set(formats()) == set(NAMES)
    kept = {one.module for one in formats().values()} | ELSEWHERE.keys()
    assert found <= kept, "give it a golden file here, or say which test keeps it"


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
