"""Files outside the database, and keys in files of their own, are read for ever as they were once written.

Each stands in `golden/pinned_1/`, written once by the desk's own functions: `python -m
tests.desk.test_pinned_files_are_read_for_ever` adds missing ones and touches none that is there. A module that keeps
such a file and is not here stops the tests.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

GOLDEN = Path(__file__).parent / "golden" / "pinned_1"
ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tropa"
AT = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
FILES_OF = {
    "desk/atlas/kept_changes": "atlas-changes",
    "desk/atlas/kept_stops": "atlas-stops",
    "desk/audit/log_end": "audit-end audit-alarm",
    "desk/contacts/in_force": "contacts.number",
    "desk/contacts/notice_in_force": "notices.number",
    "desk/library/written_down": "answers-written answers-standing",
    "desk/messengers/moving": "used-codes",
    "desk/plans/ended_steps": "ended-steps",
    "desk/push/key": "push.public push.key",
    "desk/receipts": "destroyed",
    "desk/retention/writing_receipts": "destroyed",
    "desk/staff/kept_slots": "account-slots",
    "desk/vault/begun_epochs": "case-epochs",
    "desk/vault/highest": "duty.number",
    "desk/vault/last_act": "last-act",
    "desk/vault/pinned": "root.pub recovery.pub",
    "desk/work/sentinel": "sentinel.public sentinel.key",
    "gateway/credential": "gateway.id gateway.key",
    "gateway/sent_book": "sent-desk-bot-2026-W47",
    "desk/append_only": "",  # what keeps lines, for others
    "desk/backup/making": "",  # copies what is there
    "desk/backup/restoring": "",
    "desk/example/world": "",  # takes away the root of an example
}
"""For each module that reads or writes in the pinned directory, the files it keeps."""
NAMES = sorted({name for names in FILES_OF.values() for name in names.split()})


def _settled(folder: Path) -> Iterator[tuple[Any, Any]]:
    """Every module's settings, with this folder for what lies outside the database."""
    from tropa.desk.conf import conf

    there = replace(
        conf,
        pinned=folder,
        gateway_key=folder / "gateway.key",
        sentinel_key=folder / "sentinel.key",
        push_key=folder / "push.key",
    )
    for name, module in list(sys.modules.items()):
        if name.startswith("tropa.") and getattr(module, "conf", None) is conf:
            yield module, there


def _people() -> tuple[Any, Any]:
    from tropa.desk.staff.models import Member

    before = Member(id="a" * 32, slot_one=b"1" * 9, slot_two=b"2" * 9, companion_sealed=b"3" * 9)
    return before, Member(id="a" * 32, slot_one=b"4" * 9, slot_two=b"5" * 9, companion_sealed=b"6" * 9)


def _change(verdict: str) -> Any:
    from tropa.desk.atlas.models import Change

    told: dict[str, Any] = {
        "id": "c" * 32, "number": 7, "place": None, "subject": "LR-01", "act": "confirm", "content": '{"said":"да"}',
        "day": AT.date(), "author_id": "a" * 32, "signature": b"\x01" * 65, "verdict": verdict,
    }  # fmt: skip
    if verdict == "approved":
        told |= {"place": 3, "second_id": "b" * 32, "second_day": AT.date(), "second_signature": b"\x02" * 65}
    return Change(**told)


def write(folder: Path) -> None:
    """All of them, by the functions that write them; needs the settings to name this folder."""
    from tests.desk.world import RECOVERY
    from tests.desk.world import ROOT as ROOT_SEED
    from tropa.desk.append_only import book, line_of
    from tropa.desk.atlas import kept_changes, kept_stops
    from tropa.desk.audit.log_end import KeptEnd, keep_end
    from tropa.desk.contacts.in_force import raise_highest
    from tropa.desk.contacts.notice_in_force import raise_lowest_notice
    from tropa.desk.library import written_down
    from tropa.desk.messengers.moving import USED
    from tropa.desk.pinned_file import replace_whole
    from tropa.desk.plans.ended_steps import Ending, write_down
    from tropa.desk.push import key
    from tropa.desk.receipts import Destroyed, note_destroyed
    from tropa.desk.staff import kept_slots
    from tropa.desk.vault.begun_epochs import note_begun, note_given_back
    from tropa.desk.vault.highest import note_opened
    from tropa.desk.vault.last_act import note_act
    from tropa.desk.vault.pinned import pin_recovery, pin_root
    from tropa.desk.work import sentinel
    from tropa.envelope import Checkpoint, LogFault, Seed, SymmetricKey
    from tropa.gateway.credential import GatewayKeys, keys_for_adding, write_keys
    from tropa.gateway.sent_book import SentBook

    pin_root(ROOT_SEED.signing().public)
    pin_recovery(RECOVERY.sealing().public, ROOT_SEED.signing())
    keep_end(KeptEnd(Checkpoint(12, b"\x0c" * 32), AT.date()))
    replace_whole(folder / "audit-alarm", f"9 {LogFault.ENDS_TOO_EARLY}\n")
    raise_highest(4)
    raise_lowest_notice(5)
    note_opened(6)
    note_act(AT)
    written_down.write_down(["row"], ["answer", "answer"])
    book(USED).add([line_of(b"tropa code used", "tag")])
    write_down(Ending(over=("plan",), settled=("release",)))
    note_destroyed({kind: [f"a {kind}"] for kind in Destroyed})
    before, after = _people()
    kept_slots.note_first(member=before)
    kept_slots.note_replaced(before=before, after=after)
    kept_slots._note_gone(before)
    note_begun("case", 2)
    note_given_back("case")
    sent = SentBook("desk-bot")
    sent.try_now("tried", AT, 1)
    sent.try_now("not out", AT, 1)
    sent.was_not_sent("not out", AT, 1)
    sent.close([("over", AT)])
    for verdict in ("waiting", "approved"):
        kept_changes._append([kept_changes._line(_change(verdict))])
    for number, scope in enumerate(("country:kz", "fact:LR-01")):
        kept_stops.keep_stop(kept_stops.KeptStop(f"stop {number}", scope, "погром", AT.date()))
    kept_stops.keep_lifting("fact:LR-01")
    write_keys(GatewayKeys(Seed(b"\x07" * 32), SymmetricKey(b"\x08" * 32)))
    keys_for_adding()
    seed = Seed(b"\x09" * 32)
    (folder / "sentinel.key").write_text(f"{sentinel.HEAD}\n{seed.raw.hex()}\n", encoding="ascii")
    (folder / "sentinel.public").write_text(sentinel._public(seed).text, encoding="ascii")
    (folder / "push.key").write_text(f"{key.HEAD}\n{seed.raw.hex()}\n", encoding="ascii")
    (folder / "push.public").write_text(key._public(seed).text, encoding="ascii")


def read() -> dict[str, object]:
    """What the files say, by the functions that read them."""
    from tests.desk.world import RECOVERY
    from tests.desk.world import ROOT as ROOT_SEED
    from tropa.desk.append_only import book, line_of
    from tropa.desk.atlas import kept_changes, kept_stops
    from tropa.desk.audit.log_end import alarm, kept_end
    from tropa.desk.contacts.in_force import highest
    from tropa.desk.contacts.notice_in_force import lowest_notice
    from tropa.desk.library import written_down
    from tropa.desk.messengers.moving import USED
    from tropa.desk.plans.ended_steps import is_over, unsettled
    from tropa.desk.push.key import push_seed
    from tropa.desk.receipts import Destroyed, noted
    from tropa.desk.staff.kept_slots import is_changed
    from tropa.desk.vault.begun_epochs import has_begun, was_given_back
    from tropa.desk.vault.highest import highest_opened
    from tropa.desk.vault.last_act import last_hour
    from tropa.desk.vault.pinned import recovery_public, root_public
    from tropa.desk.work.sentinel import sentinel_seed
    from tropa.gateway.credential import read_keys
    from tropa.gateway.sent_book import SentBook

    end, told, sent = kept_end(), alarm(), SentBook("desk-bot")
    assert end is not None
    assert told is not None
    changes, keys = kept_changes.kept_changes(), read_keys()
    return {
        "root": root_public() == ROOT_SEED.signing().public,
        "recovery": recovery_public() == RECOVERY.sealing().public,
        "end": (end.checkpoint.sequence, end.checkpoint.entry_hash, end.whole_on),
        "alarm": (told.sequence, str(told.fault)),
        "numbers": (highest(), lowest_notice(), highest_opened(), last_hour()),
        "answers": (written_down.gone([]), written_down.closed(["answer", "other"], ["answer"])),
        "code": line_of(b"tropa code used", "tag") in book(USED).known(),
        "steps": (is_over("plan"), is_over("release"), unsettled(["release", "plan"])),
        "destroyed": [noted(kind, [f"a {kind}", "another"]) for kind in Destroyed],
        "slots": [is_changed(one) for one in _people()],
        "epochs": (has_begun("case", 2), has_begun("case", 3), was_given_back("case")),
        "sent": [str(sent.standing(key, AT)[0]) for key in ("tried", "not out", "over", "never")],
        "changes": [
            (one.pk, one.verdict, one.place, bytes(one.signature), one.second_day) for one in changes
        ],
        "stops": [(one.id, one.scope, one.said, one.day) for one in kept_stops.kept_stops()],
        "gateway": (keys.seed.raw, keys.index.raw),
        "sentinel": sentinel_seed().raw,
        "push": push_seed().raw,
    }


SAYS = {
    "root": True,
    "recovery": True,
    "end": (12, b"\x0c" * 32, date(2026, 11, 22)),
    "alarm": (9, "ends-too-early"),
    "numbers": (4, 5, 6, AT - timedelta(minutes=5)),
    "answers": (1, frozenset({"answer"})),
    "code": True,
    "steps": (True, False, ["plan"]),
    "destroyed": [["a thread"], ["a case"], ["a plan facts"], ["a plan"], ["a entry"]],
    "slots": [True, False],
    "epochs": (True, False, True),
    "sent": ["may_be_out", "free", "over", "free"],
    "changes": [("c" * 32, "approved", 3, b"\x01" * 65, date(2026, 11, 22))],
    "stops": [("stop 0", "country:kz", "погром", date(2026, 11, 22))],
    "gateway": (b"\x07" * 32, b"\x08" * 32),
    "sentinel": b"\x09" * 32,
    "push": b"\x09" * 32,
}


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Let this folder be where files outside the database lie."""

    def placed(folder: Path) -> None:
        for module, there in _settled(folder):
            monkeypatch.setattr(module, "conf", there)

    return placed


def test_what_was_written_once_is_read_for_ever(at: Callable[[Path], None], tmp_path: Path) -> None:
    folder = tmp_path / "golden"
    shutil.copytree(GOLDEN, folder)
    import_everything()
    at(folder)
    assert read() == SAYS


@pytest.mark.django_db
def test_what_is_written_now_is_the_same_and_read(at: Callable[[Path], None], tmp_path: Path) -> None:
    folder = tmp_path / "fresh"
    folder.mkdir()
    import_everything()
    at(folder)
    write(folder)
    assert read() == SAYS
    assert content(folder) == content(GOLDEN)


def test_every_file_that_is_kept_outside_the_database_has_a_golden_one() -> None:
    keeps = re.compile(r"\bconf\.pinned\b|(?<![.\w])book\(")
    found = {
        path.relative_to(SOURCE).with_suffix("").as_posix()
        for room in ("desk", "drop", "gateway")
        for path in (SOURCE / room).rglob("*.py")
        if keeps.search(path.read_text(encoding="utf-8"))
    }
    assert found <= FILES_OF.keys(), "give it a golden file here"
    assert sorted(content(GOLDEN)) == NAMES
    table = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`pinned/([\w.-]+)[`…]", table))
    assert {name for name in named if not any(one.startswith(name) for one in NAMES)} == set()


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def import_everything() -> None:
    """Import all that reads and writes, before the settings are changed in it."""
    for module in FILES_OF:
        import_module(f"tropa.{module.replace('/', '.')}")


def _add_missing() -> None:
    import django

    os.environ |= {"DJANGO_SETTINGS_MODULE": "tropa.desk.settings", "TROPA_TESTING": "1"}
    with tempfile.TemporaryDirectory() as data:
        os.environ["TROPA_DATA"] = data
        django.setup()
        import_everything()
        folder = Path(data) / "pinned"
        folder.mkdir()
        for module, there in _settled(folder):
            module.conf = there
        write(folder)
        GOLDEN.mkdir(exist_ok=True)
        for name, kept in content(folder).items():
            if not (GOLDEN / name).exists():
                (GOLDEN / name).write_bytes(kept)


if __name__ == "__main__":
    _add_missing()
