"""The drop shows the signed list of our addresses to anybody, opens nothing for it, and none that does not count."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.desk.contacts.two_coordinators import BOT, ONION, Two, two_coordinators
from tests.desk.world import ROOT
from tests.drop.applicant import Applicant, text_of
from tropa.cli.main import main
from tropa.desk.conf import conf
from tropa.desk.contacts.in_force import genuine
from tropa.desk.contacts.models import ContactList
from tropa.desk.contacts.notice_in_force import LOWEST_FILE
from tropa.desk.contacts.notice_services import propose_notice, sign_notice_as_second, stop_notice
from tropa.desk.contacts.services import withdraw
from tropa.desk.talk.models import Thread
from tropa.envelope import Language, read_contact_file, root_fingerprint, verify_contacts

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk.world import World

ROOT_NAME = root_fingerprint(ROOT.signing().public)


@pytest.fixture
def two(world: World) -> Two:
    return two_coordinators(world)


@pytest.mark.parametrize(
    ("language", "heading", "site"),
    [("ru", "Это точно мы?", "наш сайт"), ("en", "Is this really us?", "our site")],
)
def test_anybody_reads_the_list_in_their_language(
    applicant: Applicant, two: Two, language: str, heading: str, site: str
) -> None:
    two.published()
    applicant.language = language
    assert f'href="/{language}/contacts/"' in text_of(applicant.get())
    page = applicant.get("contacts/")
    text = text_of(page)
    found = genuine(now=datetime.now(UTC))
    assert found is not None
    phrase = found.contacts.check_phrase(Language(language))
    assert all(each in text for each in (heading, site, BOT, ONION, phrase, ROOT_NAME))
    assert f'href="{BOT}' not in text  # an address is compared here, not followed
    assert "<script" not in text
    assert not page.cookies
    assert not Thread.objects.exists()


def test_a_list_that_does_not_count_is_not_shown(applicant: Applicant, two: Two) -> None:
    row = two.published()
    good = bytes(row.signature)
    for signature in (b"", b"\x01" + bytes(64)):
        ContactList.objects.filter(pk=row.pk).update(signature=signature)
        assert BOT not in text_of(applicant.get("contacts/"))
        assert applicant.get("contacts/file/").status_code == 404
    ContactList.objects.filter(pk=row.pk).update(signature=good)
    assert BOT in text_of(applicant.get("contacts/"))
    withdraw(reader=two.anna.reader())
    text = text_of(applicant.get("contacts/"))
    assert BOT not in text
    assert "Сейчас сверить не с чем" in text
    assert applicant.get("contacts/file/").status_code == 404


def test_the_file_is_checked_by_the_roots_fingerprint_alone(
    applicant: Applicant, two: Two, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two.published()
    page = applicant.get("contacts/file/")
    text = page.content.decode()
    assert page["Content-Type"] == "application/json"
    assert verify_contacts(read_contact_file(text), ROOT.signing().public, two.today)
    given, exported = tmp_path / "given", tmp_path / "exported"
    given.write_text(text)
    assert main(["contacts", "export", str(exported)]) == 0
    assert exported.read_text() == text
    assert main(["contacts", "export", str(exported)]) == 1  # never written over
    assert main(["contacts", "verify", str(given), "--root", ROOT_NAME]) == 0
    said = capsys.readouterr().out
    assert f"telegram {BOT}" in said
    last = two.today.replace(year=two.today.year + 1).isoformat()
    given_changed = tmp_path / "changed"
    given_changed.write_text(text.replace("example_help_bot", "example_he1p_bot"))
    for words in (
        [str(given), "--root", "0000 0000 0000 0000 0000"],
        [str(given), "--root", ""],
        [str(given), "--root", ROOT_NAME, "--on", last],
        [str(given_changed), "--root", ROOT_NAME],
        [str(tmp_path / "nothing"), "--root", ROOT_NAME],
        [str(tmp_path), "--root", ROOT_NAME],
    ):
        assert main(["contacts", "verify", *words]) == 1, words
        told = capsys.readouterr()
        assert (told.out, BOT in told.err) == ("", False)
    withdraw(reader=two.anna.reader())
    assert main(["contacts", "export"]) == 1


def test_news_signed_by_two_stand_above_the_list_until_they_are_stopped(
    applicant: Applicant, two: Two
) -> None:
    (conf.pinned / LOWEST_FILE).unlink(missing_ok=True)
    two.published()
    row = propose_notice(
        reader=two.anna.reader(), russian=f"Теперь мы здесь: {BOT}", english="The old bot is no longer ours."
    )
    assert "Теперь мы здесь" not in text_of(applicant.get("contacts/"))  # one signature is none
    sign_notice_as_second(reader=two.dina.reader(), notice_id=row.pk, number=row.number)
    assert "Теперь мы здесь" in text_of(applicant.get("contacts/"))
    applicant.language = "en"
    assert "The old bot is no longer ours." in text_of(applicant.get("contacts/"))
    stop_notice(reader=two.anna.reader())
    assert "no longer ours" not in text_of(applicant.get("contacts/"))
