"""A list of contact points counts when two people signed it with publishing keys the root certified, and not else."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.envelope.contact_lists import CONTACTS, POINTS, publishing, signed
from tests.envelope.world import DAY, anna, boris, root, stranger, vera
from tropa.envelope import (
    COORDINATOR,
    BadCertificate,
    BadContactList,
    BadSignature,
    ContactList,
    ContactListNotInForce,
    ContactPoint,
    ContactRole,
    EnvelopeError,
    Language,
    read_contact_file,
    read_contacts,
    root_fingerprint,
    sign_contacts,
    verify_contacts,
)


def test_a_list_two_people_signed_counts_from_its_first_day_to_its_last() -> None:
    for day in (CONTACTS.first, CONTACTS.last):
        assert verify_contacts(signed(), root.public, day) == CONTACTS
    for day in (CONTACTS.first - timedelta(days=1), CONTACTS.last + timedelta(days=1)):
        with pytest.raises(ContactListNotInForce):
            verify_contacts(signed(), root.public, day)


def test_a_file_reads_as_it_was_written_and_only_so() -> None:
    text = signed().text
    assert read_contact_file(text) == signed()
    told = json.loads(text)
    for other in (
        json.dumps(told, indent=1),
        text.replace("}", ',"more":1}', 1),
        text.replace(root.public.raw.hex(), root.public.raw.hex().upper()),
        "[]",
        "",
        "{" * 10_000,
        text * 2,
        " " * 70_000,
        json.dumps({**told, "signed": told["signed"][:1]}),
        json.dumps({**told, "statement": 7}),
    ):
        with pytest.raises(BadContactList):
            read_contact_file(other)


FIRST, *REST = POINTS


def beginning(**change: object) -> Callable[[ContactList], ContactList]:
    """Change the first point of a list."""
    return lambda one: replace(one, points=(replace(FIRST, **change), *REST))  # type: ignore[arg-type]


CHANGES: dict[str, Callable[[ContactList], ContactList]] = {
    "another number": lambda one: replace(one, number=4),
    "a later end": lambda one: replace(one, last=one.last + timedelta(days=1)),
    "an earlier beginning": lambda one: replace(one, first=one.first - timedelta(days=1)),
    "another address": beginning(address="http://x.onion"),
    "another channel": beginning(channel="web"),
    "another day since when": beginning(since=date(2026, 3, 2)),
    "one fewer": lambda one: replace(one, points=one.points[:1]),
    "another order": lambda one: replace(one, points=one.points[::-1]),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_later_change_voids_both_signatures(change: Callable[[ContactList], ContactList]) -> None:
    changed = replace(signed(), contacts=change(CONTACTS))
    with pytest.raises(BadSignature):
        verify_contacts(changed, root.public, DAY)
    by_author_anew = replace(
        changed,
        signatures=(
            sign_contacts(anna.signing(), changed.contacts, ContactRole.AUTHOR),
            signed().signatures[1],
        ),
    )
    with pytest.raises(BadSignature):
        verify_contacts(by_author_anew, root.public, DAY)


def test_nobody_is_author_and_second() -> None:
    alone = signed(second=anna, second_certificate=publishing("anna", anna))
    one_person_two_keys = signed(second_certificate=publishing("anna", boris))
    one_key_two_names = signed(second=anna, second_certificate=publishing("boris", anna))
    for one in (alone, one_person_two_keys, one_key_two_names):
        with pytest.raises(BadContactList):
            verify_contacts(one, root.public, DAY)


def test_a_signature_is_not_taken_for_the_other_part() -> None:
    good = signed()
    swapped = replace(good, signatures=good.signatures[::-1], certificates=good.certificates[::-1])
    with pytest.raises(BadSignature):
        verify_contacts(swapped, root.public, DAY)


@pytest.mark.parametrize(
    "certificate",
    [
        publishing("boris", boris, role=COORDINATOR),
        publishing("boris", boris, by=stranger.signing()),
        publishing("boris", boris, by=anna.signing()),
        publishing("boris", boris, last=DAY - timedelta(days=1)),
        publishing("boris", vera),
        b"\x01" + b"nothing",
    ],
    ids=["no publisher", "another root", "a coordinator's", "run out", "another key", "none"],
)
def test_only_keys_the_root_certified_for_publishing_count(certificate: bytes) -> None:
    with pytest.raises((BadCertificate, BadContactList, BadSignature)):
        verify_contacts(signed(second_certificate=certificate), root.public, DAY)
    with pytest.raises((BadCertificate, BadContactList, BadSignature)):
        verify_contacts(signed(author=boris, second=anna, author_certificate=certificate), root.public, DAY)


def test_another_organisations_list_is_not_ours() -> None:
    with pytest.raises(BadContactList):
        verify_contacts(signed(), stranger.signing().public, DAY)
    with pytest.raises((BadCertificate, BadSignature)):
        verify_contacts(replace(signed(), root=stranger.signing().public), stranger.signing().public, DAY)


@pytest.mark.parametrize(
    "address",
    ["https://t.me/ехample", "two words", "", "x", "a" * 201, "https://t.me/\u202eexample", "t\u200bme/x", "a\nb"],
    ids=["cyrillic letters", "a blank", "nothing", "too short", "too long", "bidi", "zero width", "two lines"],
)  # fmt: skip
def test_an_address_that_may_look_like_another_does_not_construct(address: str) -> None:
    with pytest.raises(BadContactList):
        ContactPoint("telegram", address, DAY)


@pytest.mark.parametrize(
    "strange",
    [
        {"number": 0}, {"number": True}, {"last": DAY - timedelta(days=1)}, {"last": DAY + timedelta(days=93)},
        {"points": ()}, {"points": POINTS + POINTS}, {"first": date(2026, 9, 1), "last": date(2026, 9, 2)},
        {"points": tuple(ContactPoint("mail", f"a{n}@x.org", DAY) for n in range(25))},
    ],
)  # fmt: skip
def test_a_list_that_says_nothing_sensible_does_not_construct(strange: dict[str, object]) -> None:
    with pytest.raises(BadContactList):
        replace(CONTACTS, **strange)  # type: ignore[arg-type]


def test_a_statement_reads_back_and_only_in_its_one_encoding() -> None:
    statement = CONTACTS.encoded().decode()
    assert read_contacts(statement) == CONTACTS
    for other in (
        statement + " ",
        statement.replace('"number":3', '"number":3.0'),
        statement.replace("2026-11-22", "20261122"),
    ):
        with pytest.raises(BadContactList):
            read_contacts(other)


def test_the_check_phrase_is_of_this_list_alone_and_in_both_languages() -> None:
    russian, english = (CONTACTS.check_phrase(language) for language in (Language.RUSSIAN, Language.ENGLISH))
    assert len(russian.split()) == len(english.split()) == 4
    assert russian != english
    assert replace(CONTACTS, number=4).check_phrase(Language.RUSSIAN) != russian


def test_a_fingerprint_is_eighty_bits_of_the_root() -> None:
    assert len(root_fingerprint(root.public).replace(" ", "")) == 20
    assert root_fingerprint(root.public) != root_fingerprint(stranger.signing().public)


@given(st.data())
def test_one_changed_character_of_a_file_is_always_noticed(data: st.DataObject) -> None:
    text = signed().text.strip()
    place = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from('0aZ{",я'))
    changed = text[:place] + letter + text[place + 1 :]
    if changed == text:
        return
    with pytest.raises(EnvelopeError):
        verify_contacts(read_contact_file(changed), root.public, DAY)
