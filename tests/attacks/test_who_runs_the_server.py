"""Who runs the server can run every command and reads nothing: without somebody's passphrase none opens content.

Every command stands here: a new one has to say whether it works on what is stored, or why it opens nothing of it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.attacks.matrix import SECRETS, built
from tests.attacks.test_pages_open_only_what_they_have_business_with import watched
from tropa.cli.main import COMMANDS, main
from tropa.desk.housekeeping import keep_house
from tropa.desk.vault.compartments import TABLES, Compartment
from tropa.seizure.attempts import blobs, keys_found, opened_with
from tropa.seizure.places import everything_written

if TYPE_CHECKING:
    from tests.desk.plans.conftest import Planned

CONTENT = {Compartment.TALK, Compartment.CARD, Compartment.PLANS, Compartment.LOG, Compartment.HANDLES}
RUN_HERE = {
    "audit": (("audit", "verify"), ("audit", "checkpoint")),
    "channel": (("channel", "list"), ("channel", "health")),
    "contacts": (("contacts", "export"),),
}
SHOWN_ELSEWHERE = {
    "housekeep": "below, by the one service it calls",
    "backup": "tests/cli/test_a_backup_comes_back.py: nothing can be read from the archive",
    "restore": "the same file: it opens the archive, and what is in it stays sealed",
    "ceremony": "tests/cli/ceremony: without the papers of k trustees it founds or opens nothing",
    "run": "starts other commands and holds no key",
    "serve": "answers people; what pages open is watched in the file beside this one",
    "worker": "opens nothing while there is no sentinel",
    "sentinel": "once somebody switches it on, workers read plan facts: docs/threat-model.md says so",
    "push": "tests/gateway/test_notices_outside_the_page.py: opens where browsers are told, and no content",
    "example": "the example world, whose people are invented",
    "rehearse": "a world of its own",
    "seizure-test": "a world of its own", "simulate": "a world of its own, which it fills with invented people",
    "plan": "files the caller has", "replan": "files the caller has", "interview": "what the caller types",
    "planner": "no stored thing", "atlas": "public facts", "answers": "public answers", "onion": "addresses",
}  # fmt: skip


def test_every_command_is_looked_at() -> None:
    assert COMMANDS.keys() == RUN_HERE.keys() | SHOWN_ELSEWHERE.keys()


def test_no_command_opens_or_prints_content(planned: Planned, capsys: pytest.CaptureFixture[str]) -> None:
    built(planned)
    with watched() as seen:
        for lines in RUN_HERE.values():
            for words in lines:
                main(words)
        keep_house(now=planned.world.now + timedelta(hours=1))
    printed = "".join(capsys.readouterr())
    assert printed
    assert not any(secret in printed for secret in SECRETS)
    assert not {TABLES.get(table) for _service, table in seen} & CONTENT, seen


def test_no_key_the_server_holds_opens_content(planned: Planned) -> None:
    """The service key and everything else of 32 bytes that lies there, tried against everything sealed."""
    from tests.stores import store_of_this_test

    built(planned)
    keys = keys_found(everything_written(store_of_this_test()))
    assert len(list(blobs())) > 20
    assert opened_with(keys) == set()
