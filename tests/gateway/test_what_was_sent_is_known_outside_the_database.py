"""The book of what was sent: by attempt, for as long as a message may still go, and on the disk before it leaves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tropa.desk.conf import conf
from tropa.desk.identifiers import new_id
from tropa.gateway.sent_book import LASTS, MOST_ATTEMPTS, Attempt, SentBook

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_a_message_goes_once() -> None:
    book, key = SentBook("one"), new_id()
    assert book.standing(key, NOW) == (Attempt.FREE, 1)
    book.try_now(key, NOW, 1)
    assert SentBook("one").standing(key, NOW)[0] is Attempt.MAY_BE_OUT
    book.close([(key, NOW)])
    assert SentBook("one").standing(key, NOW)[0] is Attempt.OVER


def test_what_surely_did_not_go_may_go_again_but_not_for_ever() -> None:
    book, key = SentBook("two"), new_id()
    for number in range(1, MOST_ATTEMPTS + 1):
        assert book.standing(key, NOW) == (Attempt.FREE, number)
        book.try_now(key, NOW, number)
        book.was_not_sent(key, NOW, number)
    assert book.standing(key, NOW)[0] is Attempt.GIVEN_UP


def test_accounts_know_nothing_of_each_other_and_files_name_nobody() -> None:
    key = new_id()
    SentBook("three").try_now(key, NOW, 1)
    assert SentBook("four").standing(key, NOW)[0] is Attempt.FREE
    text = (conf.pinned / "sent-three-2026-W47").read_bytes()
    assert key.encode() not in text


def test_files_of_weeks_nothing_is_sent_from_any_more_go() -> None:
    book = SentBook("five")
    for days in (0, 7, 14, 400):
        book.try_now(new_id(), NOW - timedelta(days=days), 1)
    book.forget_old(NOW)
    kept = sorted(path.name for path in conf.pinned.glob("sent-five-*"))
    assert kept == ["sent-five-2026-W46", "sent-five-2026-W47"]
    assert datetime(2026, 11, 9, tzinfo=UTC) <= NOW - LASTS  # the first day of week 46
