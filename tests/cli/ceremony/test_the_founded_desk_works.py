"""After the ceremony `tropa run` gives an empty desk: its coordinator signs in and unlocks, the drop accepts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.ceremony.driver import at_the_table
from tests.cli.ceremony.trustees import ANSWERS, Table
from tests.running import Installation
from tropa.rehearsal.applicant import Applicant
from tropa.rehearsal.volunteer import Volunteer
from tropa.rehearsal.world import SignIn

pytestmark = pytest.mark.enable_socket


@dataclass(frozen=True, slots=True)
class Desk:
    """A running Tropa, and what its coordinator keeps."""

    running: Installation
    table: Table

    def coordinator(self) -> Volunteer:
        who = SignIn(ANSWERS["Pseudonym:"], ANSWERS["Password"], ANSWERS["Passphrase"], self.table.secret)
        return Volunteer(self.running.desk, who, "ru")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The ceremony is held while Tropa runs: nothing has to be started anew."""
    data: Path = tmp_path_factory.mktemp("desk") / "data"
    running = Installation(data)
    try:
        asked = Applicant(running.drop, "ru").open_first_page()
        assert asked.form("/ru/", "text") is None, "before the ceremony nothing can be accepted"
        table = Table()
        assert at_the_table(table, data, cheap=False) == 0, table.written
        yield Desk(running, table)
    finally:
        running.stop()


def test_the_coordinator_signs_in_unlocks_and_finds_nobody_waiting(desk: Desk) -> None:
    coordinator = desk.coordinator()
    assert coordinator.sign_in().status == 200
    page = coordinator.unlock()
    assert page.status == 200
    assert page.address.endswith(":" + desk.running.desk.rsplit(":", 1)[1] + "/")
    assert "Клён" in page.text
    assert coordinator.browser.get("/inbox/").status == 200


def test_the_drop_accepts_and_the_coordinator_reads_it(desk: Desk) -> None:
    applicant = Applicant(desk.running.drop, "ru")
    applicant.write("У меня повестка на 3 декабря")
    assert len(applicant.words) == 9
    coordinator = desk.coordinator()
    coordinator.sign_in()
    coordinator.unlock()
    assert "повестка на 3 декабря" in coordinator.thread(applicant.thread_id).text
