"""A notice may go out only as two people signed it, beside its own list, in its days, with nothing foreign in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.envelope.contact_lists import CONTACTS, publishing
from tests.envelope.world import DAY, anna, boris, root, stranger
from tropa.envelope import (
    COORDINATOR,
    BadCertificate,
    BadContactList,
    BadContactNotice,
    BadSignature,
    ContactNotice,
    ContactNoticeNotInForce,
    ContactRole,
    EnvelopeError,
    Language,
    Seed,
    SignedContactNotice,
    digest_of,
    not_on_the_list,
    read_notice,
    sign_notice,
    verify_notice,
)

ONION, BOT = (point.address for point in CONTACTS.points)
MADE = datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=UTC)
NOTICE = ContactNotice(
    number=2,
    list_number=CONTACTS.number,
    list_digest=digest_of(CONTACTS),
    made=MADE,
    last=DAY + timedelta(days=6),
    russian=f"С 22.11.2026 наш бот теперь здесь: {BOT}. Прежний — не мы, не пишите туда!",
    english=f"Our bot has moved; it's here now ({BOT}). The old one is not ours.",
)


def signed(
    notice: ContactNotice = NOTICE,
    author: Seed = anna,
    second: Seed = boris,
    certificates: tuple[bytes, bytes] | None = None,
) -> SignedContactNotice:
    return SignedContactNotice(
        notice,
        certificates or (publishing("anna", author), publishing("boris", second)),
        (
            sign_notice(author.signing(), notice, ContactRole.AUTHOR),
            sign_notice(second.signing(), notice, ContactRole.SECOND),
        ),
    )


def test_a_notice_two_people_signed_may_go_until_the_end_of_its_last_day() -> None:
    for now in (MADE - timedelta(minutes=9), MADE, MADE + timedelta(days=6, hours=11, minutes=59)):
        assert verify_notice(signed(), CONTACTS, root.public, now) == NOTICE
    for now in (MADE - timedelta(minutes=11), MADE + timedelta(days=6, hours=12)):
        with pytest.raises(ContactNoticeNotInForce):
            verify_notice(signed(), CONTACTS, root.public, now)
    assert (NOTICE.text(Language.RUSSIAN), NOTICE.text(Language.ENGLISH)) == (NOTICE.russian, NOTICE.english)


CHANGES: dict[str, Callable[[ContactNotice], ContactNotice]] = {
    "another number": lambda one: replace(one, number=3),
    "a later beginning": lambda one: replace(one, made=one.made + timedelta(seconds=1)),
    "an earlier end": lambda one: replace(one, last=one.last - timedelta(days=1)),
    "another word in Russian": lambda one: replace(one, russian=one.russian.replace("не мы", "мы")),
    "another word in English": lambda one: replace(one, english=one.english.replace("not ours", "ours")),
    "another list": lambda one: replace(one, list_number=4),
    "another digest": lambda one: replace(one, list_digest="0" * 64),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_any_change_voids_both_signatures(change: Callable[[ContactNotice], ContactNotice]) -> None:
    with pytest.raises(BadSignature):
        verify_notice(replace(signed(), notice=change(NOTICE)), CONTACTS, root.public, MADE)


def test_one_signature_is_never_taken_for_the_other() -> None:
    both = signed()
    swapped = replace(both, signatures=both.signatures[::-1])
    crossed = replace(swapped, certificates=both.certificates[::-1])
    alone = replace(both, signatures=(both.signatures[0], both.signatures[0]))
    for one in (swapped, crossed, alone, replace(both, signatures=(both.signatures[0], b""))):
        with pytest.raises(BadSignature):
            verify_notice(one, CONTACTS, root.public, MADE)


def test_the_author_is_never_the_second_by_name_or_by_key() -> None:
    for second, subject in ((anna, "boris"), (boris, "anna")):
        certificates = publishing("anna", anna), publishing(subject, second)
        with pytest.raises(BadContactNotice):
            verify_notice(signed(second=second, certificates=certificates), CONTACTS, root.public, MADE)


def test_only_keys_the_root_certified_for_publishing_and_that_are_valid_today_count() -> None:
    good = publishing("anna", anna)
    for second in (
        publishing("boris", boris, by=stranger.signing()),
        publishing("boris", boris, role=COORDINATOR),
        publishing("boris", boris, last=DAY - timedelta(days=1)),
        b"",
    ):
        with pytest.raises((BadCertificate, BadContactList, BadSignature)):
            verify_notice(signed(certificates=(good, second)), CONTACTS, root.public, MADE)


def test_a_notice_counts_beside_its_own_list_alone() -> None:
    for other in (
        replace(CONTACTS, number=4),
        replace(CONTACTS, points=CONTACTS.points[::-1]),
        replace(CONTACTS, last=CONTACTS.last - timedelta(days=1)),
    ):
        with pytest.raises(ContactNoticeNotInForce):
            verify_notice(signed(), other, root.public, MADE)


FOREIGN = [
    "https://t.me/example_b0t",
    "https://t.me/example_bot/",
    "https://t.me/example_bot?start=1",
    "HTTPS://T.ME/EXAMPLE_BOT",
    "t.me/example_bot",
    "@example_bot",
    "example_bot",
    "help@example.org",
    "@help:example.org",
    "example.org",
    "exаmple",
    "пример.рф",
    "abcdefghijklmnopqrstuvwxyzabcd",
    "+79001234567",
    "79001234567",
    "8-900-123-45-67",
    "900 123 45 67",
    "signal:me",
    "a/b",
    "word\u200bword",
    "\u202eword",
    "word\tword",
    "word\u00a0word",
]


@pytest.mark.parametrize("foreign", FOREIGN)
def test_what_looks_like_an_address_and_is_not_on_the_list_stops_the_notice(foreign: str) -> None:
    text = f"Write to us here from now on {foreign} and nowhere else."
    assert not_on_the_list(text, CONTACTS)
    for notice in (replace(NOTICE, english=text), replace(NOTICE, russian=text)):
        with pytest.raises(BadContactNotice):
            verify_notice(signed(notice), CONTACTS, root.public, MADE)


def test_ordinary_sentences_and_addresses_of_the_list_pass() -> None:
    for text in (
        "Мы по-прежнему здесь — сверьте адрес «буква в букву»!",
        "It’s us: don't write elsewhere, please. (We're well-known?) “Yes.”",
        f"{ONION}\n{BOT}\r\n\r\n— с 1.12.2026, в 2 местах",
        f"Two places ({ONION}, {BOT}).",
    ):
        assert not_on_the_list(text, CONTACTS) == ()


@given(st.text(max_size=40))
def test_whatever_passes_holds_no_sign_an_address_needs(text: str) -> None:
    if not_on_the_list(text, CONTACTS) == ():
        assert not set(text) & set("@/\\_#%&=+<>~|\u200b\u200e\u202e\t\x00")


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": 0},
        {"number": True},
        {"list_number": 2**31},
        {"list_digest": "A" * 64},
        {"made": MADE.replace(tzinfo=None)},
        {"made": MADE.astimezone(timezone(timedelta(hours=3)))},
        {"made": MADE.replace(microsecond=1)},
        {"last": DAY + timedelta(days=7)},
        {"last": DAY - timedelta(days=1)},
        {"last": MADE},
        {"russian": "коротко"},
        {"english": "x" * 1_001},
    ],
)
def test_what_is_no_notice_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadContactNotice):
        replace(NOTICE, **wrong)  # type: ignore[arg-type]


def test_a_statement_reads_as_it_was_written_and_only_so() -> None:
    statement = NOTICE.encoded().decode()
    assert read_notice(statement) == NOTICE
    for other in (
        "",
        "[]",
        "{}",
        "{" * 10_000,
        statement + " ",
        statement.replace("}", ',"more":1}'),
        statement.replace("contact notice 1", "contact notice 2"),
        statement.replace("+00:00", "Z"),
        statement.replace('"number":2', '"number":"2"'),
        "x" * 40_000,
    ):
        with pytest.raises(BadContactNotice):
            read_notice(other)


@given(st.binary(max_size=200))
def test_noise_under_a_notice_is_refused_by_name(noise: bytes) -> None:
    with pytest.raises(EnvelopeError):
        verify_notice(replace(signed(), certificates=(noise, noise)), CONTACTS, root.public, MADE)
