"""What staff, gateway and sentinel keep inside seals, beside conversations, plans and the log: as `Format`s.

Each is written as its module writes it: by its own function where there is one, else as the JSON it makes.
"""

from __future__ import annotations

import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from tests.desk.stored_format import AT, Format


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def formats_of_staff() -> dict[str, Format]:
    """What accounts keep."""
    from tropa.desk.staff import abilities, alarms, passkeys, recovery_codes

    kept = passkeys.KeptPasskey(b"\x01" * 16, b"\x02" * 77, 3, "Ключ у двери", date(2026, 11, 22), 7)
    passkey = {
        "id": kept.credential_id.hex(), "key": kept.public_key.hex(), "count": 3, "name": kept.name,
        "day": "2026-11-22", "asked": 7,
    }  # fmt: skip
    day = date(2026, 11, 22).toordinal()
    digests = [bytes([number]) * recovery_codes.DIGEST_BYTES for number in range(recovery_codes.CODES)]
    codes = recovery_codes.KeptCodes(
        day, tuple(recovery_codes.KeptCode(digest, used) for used, digest in enumerate(digests))
    )
    written = b"".join(
        code.digest + code.used.to_bytes(recovery_codes.DAY_BYTES, "big") for code in codes.codes
    )
    able = abilities.Abilities(frozenset({"unit", "abuse"}), frozenset({"de", "ru"}), 5)
    numbers = (900, 7, 12, *([0] * (alarms.MOST_KEPT - 2)))
    return {
        "passkey_1": Format(
            "desk/staff/passkeys",
            lambda: b"\x01" + _json(passkey),
            passkeys.read_passkey,
            kept,
            (ValueError,),
        ),
        "recovery_codes_1": Format(
            "desk/staff/recovery_codes",
            lambda: b"\x01" + day.to_bytes(recovery_codes.DAY_BYTES, "big") + written,
            recovery_codes.read_codes,
            codes,
            (ValueError,),
        ),
        "abilities_1": Format(
            "desk/staff/abilities",
            lambda: _json({"lanes": ["abuse", "unit"], "languages": ["de", "ru"], "most": 5}),
            abilities.read_abilities,
            able,
            (ValueError,),
        ),
        "alarms_1": Format(
            "desk/staff/alarms",
            lambda: b"\x01" + b"".join(number.to_bytes(8, "big") for number in numbers),
            alarms.read_gone,
            alarms._Gone(900, (7, 12)),
            (ValueError,),
        ),
    }


def formats_of_push() -> dict[str, Format]:
    """Where a browser is told that something waits, and where somebody is asked to come."""
    from tropa.desk.push import subscription
    from tropa.desk.push.errors import BadSubscription
    from tropa.desk.vault import call_in_addresses

    point = (  # of the example in RFC 8291
        "042571b2becdfde360551aaf1ed0f4cd366c11cebe555f89bcb7b186a53339173168ece2ebe018597bd30479b86e3c8f"
        "8eced577ca59187e9246990db682008b0e"
    )
    reached = subscription.Subscription(
        "https://push.example.org/send/1", bytes.fromhex(point), bytes(range(16))
    )
    return {
        "call_in_address_1": Format(
            "desk/vault/call_in_addresses",
            lambda: _json({"way": "signal", "address": "+49 151 5550 71"}),
            call_in_addresses.read_reached,
            call_in_addresses.Reached(call_in_addresses.Way.SIGNAL, "+49 151 5550 71"),
            (ValueError,),
        ),
        "push_subscription_1": Format(
            "desk/push/subscription",
            reached.encode,
            subscription.read_subscription,
            reached,
            (BadSubscription,),
        ),
    }


def formats_of_colleagues() -> dict[str, Format]:
    """What people keep for themselves and one another, and what coordinators do together."""
    from tropa.desk.cases.models import Lane, Urgency
    from tropa.desk.retention import exhibits
    from tropa.desk.talk import hand_over, saved_replies, saved_views
    from tropa.desk.talk.inbox_rows import InboxFilters, Queue
    from tropa.desk.vault import break_glass

    queue, lane, urgency = next(iter(Queue)), Lane.UNIT, Urgency.DAY
    view = {"name": "Мои", "queue": queue.value, "lane": lane.value, "urgency": urgency.value}
    filters = InboxFilters(queue=queue, lane=lane, urgency=urgency)
    told = {
        "message": {"content": "01", "place": "t.1.e", "signature": "22" * 65},
        "consent": {"content": "02", "place": "t.2.f", "signature": "33" * 65},
    }
    return {
        "saved_reply_1": Format(
            "desk/talk/saved_replies",
            lambda: _json({"title": "Прочитано", "text": "Мы {прочитал|прочитала} письмо."}),
            saved_replies.read_reply,
            ("Прочитано", "Мы {прочитал|прочитала} письмо."),
            (ValueError,),
        ),
        "saved_view_1": Format(
            "desk/talk/saved_views",
            lambda: _json(view),
            saved_views.read_view,
            ("Мои", filters),
            (ValueError,),
        ),
        "hand_over_1": Format(
            "desk/talk/hand_over",
            lambda: _json({"text": "Посольство не отвечает", "at": AT.isoformat()}),
            hand_over.read_note,
            (AT, "Посольство не отвечает"),
            (ValueError,),
        ),
        "exhibit_1": Format(
            "desk/retention/exhibits", lambda: _json(told), exhibits.read_told, told, (ValueError,)
        ),
        "break_glass_reason_1": Format(
            "desk/vault/break_glass",
            lambda: _json(["Борис не отвечает", "44" * 65]),
            break_glass.read_reason,
            ("Борис не отвечает", b"\x44" * 65),
            (ValueError,),
        ),
        "break_glass_parts_1": Format(
            "desk/vault/break_glass",
            lambda: _json({"k" * 32: "55" * 33}),
            break_glass.read_parts,
            {"k" * 32: b"\x55" * 33},
            (ValueError,),
        ),
    }


def formats_of_messengers() -> dict[str, Format]:
    """What gateway and desk keep of messengers."""
    from tropa.desk.messengers import delivery, moving
    from tropa.desk.messengers.models import OutgoingState
    from tropa.envelope import CannotOpen, Seed
    from tropa.gateway import accounts, automatic

    seed = Seed(bytes(range(32)))
    moved = {
        "seed": seed.raw.hex(), "ends": AT.isoformat(), "channel": "telegram", "door": "d" * 32, "key": "f" * 32,
        "farewell": "66" * 9,
    }  # fmt: skip
    left = moving.Leaving("telegram", moving.Farewell("f" * 32, b"\x66" * 9), "d" * 32)
    said = {
        "account": "help", "handle": "4711", "route": "77", "text": "Мы получили", "told": "first",
        "made": AT.isoformat(), "answers": ["made-up"], "contacts": "c" * 32,
    }  # fmt: skip
    text = automatic.AutomaticText(
        "help", "4711", b"\x77", "Мы получили", automatic.Told.FIRST, AT, ("made-up",), "c" * 32
    )
    return {
        "outcome_1": Format(
            "desk/messengers/delivery",
            lambda: b"\x01" + _json({"state": "failed", "code": "blocked", "at": AT.isoformat()}),
            delivery.read_outcome,
            delivery.Outcome(OutgoingState.FAILED, "blocked", AT),
            (ValueError,),
        ),
        "move_1": Format(
            "desk/messengers/moving",
            lambda: b"\x01" + _json(moved),
            moving.read_ticket,
            (seed, left, AT),
            (ValueError,),
        ),
        "automatic_1": Format(
            "gateway/automatic", lambda: b"\x01" + _json(said), automatic.read_automatic, text, (CannotOpen,)
        ),
        "channel_account_1": Format(
            "gateway/accounts",
            lambda: _json({"channel": "telegram", "settings": {"token": "4711:abc"}}),
            lambda blob: accounts.read_settings("help", blob),
            accounts.Account("help", "telegram", {"token": "4711:abc"}),
            (ValueError,),
        ),
        "channel_journal_1": Format(
            "gateway/journal", _written_journal, _read_journal, [b"first", b"second"], (), fuzzed=300
        ),
    }


def _written_journal() -> bytes:
    from tropa.gateway.journal import SealedJournal

    with tempfile.TemporaryDirectory() as folder:
        SealedJournal(Path(folder), _journal_key(), "help").add([b"first", b"second"])
        (path,) = Path(folder).iterdir()
        return path.read_bytes()


def _read_journal(blob: bytes) -> list[bytes]:
    """What is kept of a file; the journal refuses nothing and gives back what opens."""
    from tropa.gateway.journal import SealedJournal

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "00000001").write_bytes(blob)
        found = list(SealedJournal(Path(folder), _journal_key(), "help").kept())
    return [line for line in found if line is not None]


def _journal_key() -> Any:
    from tropa.envelope import SymmetricKey

    return SymmetricKey(bytes(range(32)))


def formats_of_planning() -> dict[str, Format]:
    """A plan version as its two readers sign it, a change of a fact, what the sentinel keeps."""
    from tests.desk.plans.example_plans import PERSON
    from tropa.atlas import PartialDate, Source, Text
    from tropa.desk.atlas import content as atlas_content
    from tropa.desk.plans.content import read_plan
    from tropa.desk.work import copies
    from tropa.planning.mass.stored import OpenPlan
    from tropa.planning.plan_json import WrongJson, from_json, to_json

    plan = _plan_version()
    source = Source(
        "own-0123456789ab",
        Text("Embassy", "Посольство"),
        "https://example.org/",
        PartialDate.parse("2026-11"),
    )
    change = atlas_content.Content(
        facts=(atlas_content.Seen("LR-01", "f0968076a3dc0d6b"), atlas_content.Seen("LR-02")),
        reason="Посольство сказало",
        new_source=source,
    )
    watched = copies.Watched(OpenPlan("c" * 32, PERSON, (), -1), date(2026, 11, 22))
    finding = copies.Found("worse", date(2026, 11, 22), "55" * 32, 3, 1)
    wrong = (WrongJson, ValueError)
    return {
        "plan_content_1": Format("desk/plans/content", plan.encode, read_plan, plan, wrong, fuzzed=2000),
        "atlas_change_1": Format(
            "desk/atlas/content",
            lambda: change.encode().encode(),
            lambda blob: atlas_content.read_content(blob.decode()),
            change,
            (ValueError,),
        ),
        "sentinel_copy_1": Format(
            "desk/work/copies",
            lambda: to_json(watched).encode(),
            lambda blob: from_json(copies.Watched, blob),
            watched,
            wrong,
            fuzzed=2000,
        ),
        "sentinel_finding_1": Format(
            "desk/work/copies",
            lambda: to_json(finding).encode(),
            lambda blob: from_json(copies.Found, blob),
            finding,
            wrong,
        ),
    }


def _plan_version() -> Any:
    """What two people signed, with every part of a plan in it."""
    from tests.desk.plans.example_plans import PERSON, safest
    from tropa.desk.plans.content import PlanContent, StepText
    from tropa.planning.plan import CountryNote, FactNote, PaperNote, PlaceNote

    facts = (
        FactNote(
            id="entry-AM",
            as_of="2026-11",
            review_by=date(2027, 2, 1),
            confidence="high",
            sources=("Law",),
            sources_ru=("Закон",),
            age_days=21,
            judgement=False,
        ),
    )
    return PlanContent(
        plan=safest(), letter="A", person=PERSON, on=date(2026, 11, 22), atlas_version="2026.11.22", facts=facts,
        places=(PlaceNote("yerevan", "AM", "Yerevan", "Ереван", 40.18, 44.51),),
        papers=(PaperNote("fp10", "Passport", "Загранпаспорт"),),
        countries=(CountryNote("AM", "Armenia", "Армения"),),
        steps=(StepText(1, "ru", "Купите билет до Еревана", "11" * 16, "22" * 32),), salt="33" * 16,
        step_salt="44" * 16, written=AT.isoformat(),
    )  # fmt: skip
