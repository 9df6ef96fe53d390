"""A passkey signs in instead of password and code; an answer that is wrong, old, or another's signs nobody in."""

from __future__ import annotations

import contextlib
import html
import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import webauthn
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from webauthn.helpers.structs import UserVerificationRequirement

from tests.desk.staff.authenticator import PRESENT, Authenticator
from tests.desk.world import signed_in
from tropa.desk.audit.queries import latest_acts
from tropa.desk.conf import conf
from tropa.desk.staff import passkey_answers, passkeys, services
from tropa.desk.staff.account import account_notices
from tropa.desk.staff.errors import PasskeyRefused, SignInRefused, TooManyPasskeys
from tropa.desk.staff.models import Member, Passkey, Visit

if TYPE_CHECKING:
    from tests.desk.world import Person, World

NOW = datetime(2026, 11, 22, 12, 0, 5, tzinfo=UTC)


def device(**changed: object) -> Authenticator:
    values = {"origin": conf.desk_url, "site": "localhost"} | changed
    return Authenticator(**values)  # type: ignore[arg-type]


def visit_of(person: Person) -> Visit:
    Member.objects.filter(pk=person.member.pk).update(totp_last_step=0)
    return services.sign_in(
        pseudonym=person.member.pseudonym, password=person.kept.password, code=person.code(NOW), now=NOW
    )[0]


def added(person: Person, key: Authenticator | None = None, name: str = "синий ключ") -> Authenticator:
    key = key or device()
    visit = visit_of(person)
    options, challenge = passkeys.options_for_adding(visit=visit, now=NOW)
    passkeys.add(visit=visit, answer=key.make(options), challenge=challenge, name=name, now=NOW)
    return key


def enter(key: Authenticator, at: datetime | None = None) -> Visit:
    at = at or NOW + timedelta(seconds=30)
    options, challenge = passkeys.options_for_sign_in(now=at)
    return passkeys.sign_in(answer=key.enter(options), challenge=challenge, now=at)[0]


def changed(answer: str, **parts: str) -> str:
    body = json.loads(answer)
    body["response"] |= parts
    return json.dumps(body)


@pytest.mark.parametrize("counts", [True, False])
def test_it_signs_its_owner_in_again_and_again_and_opens_nothing(world: World, counts: bool) -> None:
    key = added(world.boris, device(counts=counts))
    for seconds in (30, 31, 600):
        visit = enter(key, NOW + timedelta(seconds=seconds))
        assert visit.member == world.boris.member
        assert visit.sealed_seed is None


def test_each_of_several_signs_in_and_a_removed_one_does_not(world: World) -> None:
    first, second = added(world.boris), added(world.boris, name="ноутбук")
    enter(first)
    enter(second)
    listed = passkeys.passkeys_of(world.boris.member)
    assert {one.name for one in listed} == {"синий ключ", "ноутбук"}
    gone = next(one.id for one in listed if one.name == "синий ключ")
    assert passkeys.remove(visit=visit_of(world.boris), passkey_id=gone, now=NOW)
    with pytest.raises(SignInRefused):
        enter(first, NOW + timedelta(minutes=1))
    enter(second, NOW + timedelta(minutes=1))


def test_nobody_removes_a_colleagues(world: World) -> None:
    key = added(world.boris)
    assert not passkeys.remove(visit=visit_of(world.vera), passkey_id=Passkey.objects.get().pk, now=NOW)
    enter(key)


WRONG = {
    "another origin": {"origin": "https://tropa.example"},
    "the origin's other port": {"origin": "http://localhost:1"},
    "another site": {"site": "tropa.example"},
    "no PIN or finger": {"flags": PRESENT},
    "nobody present": {"flags": 0},
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_answer_is_neither_kept_nor_signs_in(world: World, what: str) -> None:
    key = added(world.boris)
    for name, value in WRONG[what].items():
        setattr(key, name, value)
    with pytest.raises(SignInRefused):
        enter(key)
    visit = visit_of(world.boris)
    options, challenge = passkeys.options_for_adding(visit=visit, now=NOW)
    answer = device(**WRONG[what]).make(options)
    with pytest.raises(PasskeyRefused):
        passkeys.add(visit=visit, answer=answer, challenge=challenge, name="x", now=NOW)
    assert Passkey.objects.count() == 1


def test_an_answer_is_good_once_and_none_to_an_earlier_challenge_after_a_later(world: World) -> None:
    key = added(world.boris, device(counts=False))
    at = NOW + timedelta(seconds=30)
    earlier = passkeys.options_for_sign_in(now=at)
    options, challenge = passkeys.options_for_sign_in(now=at + timedelta(seconds=1))
    answer = key.enter(options)
    late = at + timedelta(seconds=2)
    passkeys.sign_in(answer=answer, challenge=challenge, now=late)
    for again, asked in ((answer, challenge), (key.enter(earlier[0]), earlier[1])):
        with pytest.raises(SignInRefused):
            passkeys.sign_in(answer=again, challenge=asked, now=late)


def test_a_counter_that_goes_back_or_stays_is_refused(world: World) -> None:
    key = added(world.boris)
    key.count = 7
    enter(key)
    for count in (6, 7):
        key.count = count - 1  # entering counts one on
        with pytest.raises(SignInRefused):
            enter(key, NOW + timedelta(minutes=1))
    key.count = 8
    enter(key, NOW + timedelta(minutes=1))


def test_a_challenge_is_good_for_ten_minutes_and_for_what_it_was_given(world: World) -> None:
    key = added(world.boris)
    options, challenge = passkeys.options_for_sign_in(now=NOW + timedelta(seconds=1))
    for at in (NOW, NOW + timedelta(minutes=11)):
        with pytest.raises(SignInRefused):
            passkeys.sign_in(answer=key.enter(options), challenge=challenge, now=at)
    visit, other = visit_of(world.boris), visit_of(world.boris)
    for_adding, challenge_of_adding = passkeys.options_for_adding(visit=visit, now=NOW)
    with pytest.raises(SignInRefused):
        passkeys.sign_in(answer=key.enter(for_adding), challenge=challenge_of_adding, now=NOW)
    with pytest.raises(PasskeyRefused):
        passkeys.add(
            visit=other, answer=device().make(for_adding), challenge=challenge_of_adding, name="x", now=NOW
        )


def test_a_challenge_nobody_gave_out_is_refused(world: World) -> None:
    key = added(world.boris)
    forged = passkey_answers.text_of(bytes(56))
    options = json.dumps({"challenge": forged})
    for challenge in (forged, "", "!", "A" * 120):
        with pytest.raises(SignInRefused):
            passkeys.sign_in(answer=key.enter(options), challenge=challenge, now=NOW)


def test_one_answer_adds_one_passkey_and_to_one_account(world: World) -> None:
    visit, key = visit_of(world.boris), device()
    options, challenge = passkeys.options_for_adding(visit=visit, now=NOW)
    answer = key.make(options)
    passkeys.add(visit=visit, answer=answer, challenge=challenge, name="один", now=NOW)
    with pytest.raises(PasskeyRefused):
        passkeys.add(visit=visit, answer=answer, challenge=challenge, name="два", now=NOW)
    with pytest.raises(PasskeyRefused):
        added(world.vera, key)
    assert Passkey.objects.count() == 1


def test_a_row_moved_to_a_colleague_or_planted_signs_nobody_in(world: World) -> None:
    key = added(world.boris)
    row = Passkey.objects.get()
    Passkey.objects.filter(pk=row.pk).update(member=world.vera.member)
    with pytest.raises(SignInRefused):
        enter(key)
    Passkey.objects.filter(pk=row.pk).update(member=world.boris.member, passkey_sealed=b"\x01" + bytes(300))
    with pytest.raises(SignInRefused):
        enter(key)
    assert [one.name for one in passkeys.passkeys_of(world.boris.member)] == [None]


def test_an_answer_for_another_account_of_the_same_device_is_refused(world: World) -> None:
    key = added(world.boris)
    key.handle = passkey_answers.user_handle(world.vera.member.id)
    with pytest.raises(SignInRefused):
        enter(key)


def test_another_devices_signature_is_refused(world: World) -> None:
    key, other = added(world.boris), device()
    other.id, other.handle = key.id, key.handle
    with pytest.raises(SignInRefused):
        enter(other)


def test_somebody_who_has_left_is_refused(world: World) -> None:
    key = added(world.boris)
    Member.objects.filter(pk=world.boris.member.pk).update(active=False)
    with pytest.raises(SignInRefused):
        enter(key)


def test_nine_are_one_too_many(world: World) -> None:
    for _ in range(passkeys.MOST):
        added(world.boris)
    with pytest.raises(TooManyPasskeys):
        added(world.boris)
    assert Passkey.objects.count() == passkeys.MOST == 8


def test_adding_and_removing_is_logged_and_told_for_a_fortnight(world: World) -> None:
    added(world.boris)
    for days, count in ((0, 1), (14, 1), (15, 0)):
        notices = account_notices(member=world.boris.member, on=(NOW + timedelta(days=days)).date())
        assert len(notices) == count
    passkeys.remove(visit=visit_of(world.boris), passkey_id=Passkey.objects.get().pk, now=NOW)
    acts = [(one.act, one.detail["member"]) for one in latest_acts(reader=world.anna.reader(), count=2)]
    assert acts == [("passkey-removed", world.boris.member.id), ("passkey-added", world.boris.member.id)]


def test_no_name_and_no_key_of_a_device_lies_in_clear(world: World) -> None:
    key = added(world.boris, name="зелёный ключ из Алматы")
    row = Passkey.objects.get()
    stored = bytes(row.passkey_sealed) + row.pk.encode()
    for secret in ("зелёный".encode(), key.id, key.id.hex().encode(), key.handle):
        assert secret not in stored


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["id", "rawId", "type", "response", "clientDataJSON", "authenticatorData", "signature", "userHandle",
         "attestationObject", "x"]), inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@given(answer=st.text(max_size=200) | JSON.map(json.dumps))
def test_whatever_a_browser_sends_is_refused_by_name(answer: str) -> None:
    challenge = passkey_answers.Asked(bytes(56), NOW)
    with pytest.raises(PasskeyRefused):
        passkey_answers.made(answer, challenge)
    with pytest.raises(PasskeyRefused):
        passkey_answers.signed(answer, challenge, public_key=b"", count=0, member_id="x")
    with contextlib.suppress(PasskeyRefused):
        assert isinstance(passkey_answers.credential_in(answer), bytes)


@given(place=st.integers(0, 10_000), value=st.integers(0, 255))
def test_a_good_answer_with_one_byte_changed_is_refused(place: int, value: int) -> None:
    """What the authenticator signed and its signature; the rest of an answer says nothing that is believed."""
    key = device()
    options = passkey_answers.options_for_adding(bytes(56), member_id="x", pseudonym="x", known=[])
    new = passkey_answers.made(key.make(options), passkey_answers.Asked(bytes(56), NOW))
    answer = key.enter(options)
    parts = json.loads(answer)["response"]
    for name in ("clientDataJSON", "authenticatorData", "signature"):
        part = bytearray(passkey_answers.base64url_to_bytes(parts[name]))
        at = place % len(part)
        part[at] = value if part[at] != value else value ^ 1
        with pytest.raises(PasskeyRefused):
            passkey_answers.signed(
                changed(answer, **{name: passkey_answers.text_of(bytes(part))}),
                passkey_answers.Asked(bytes(56), NOW),
                public_key=new.public_key,
                count=0,
                member_id="x",
            )


OPTIONS = re.compile(r'data-options="([^"]*)"')
CHALLENGE = re.compile(r'name="challenge" value="([^"]*)"')


def asked_on(page: str) -> tuple[str, str]:
    options, challenge = OPTIONS.search(page), CHALLENGE.search(page)
    assert options
    assert challenge
    return html.unescape(options[1]), challenge[1]


def test_the_pages_add_one_and_sign_in_with_it(world: World) -> None:
    client, key = signed_in(world.boris), device()
    options, challenge = asked_on(client.get("/account/").content.decode())
    typed = {"answer": key.make(options), "challenge": challenge, "name": "ключ"}
    assert client.post("/account/passkeys/add/", typed | {"password": "wrong"}).status_code == 403
    assert not Passkey.objects.exists()
    typed["password"] = world.boris.kept.password
    assert client.post("/account/passkeys/add/", typed).headers["Location"].endswith("passkey-added")
    assert (
        "“ключ”" in client.get("/account/").content.decode()
        or "«ключ»" in client.get("/account/").content.decode()
    )
    browser = Client()
    options, challenge = asked_on(browser.get("/sign-in/").content.decode())
    entered = browser.post("/sign-in/passkey/", {"answer": key.enter(options), "challenge": challenge})
    assert entered.headers["Location"] == "/unlock/"
    assert browser.get("/").headers["Location"].startswith("/unlock/")
    refused = Client().post("/sign-in/passkey/", {"answer": "{}", "challenge": challenge})
    assert refused.status_code == 403
    assert "data-options" in refused.content.decode(), "a fresh page to try on"
    removed = client.post("/account/passkeys/remove/", {"passkey": Passkey.objects.get().pk})
    assert removed.headers["Location"].endswith("passkey-removed")
    assert client.post("/account/passkeys/remove/", {"passkey": "x"}).status_code == 404


def test_the_sign_in_page_asks_everybody_the_same(world: World) -> None:
    before = asked_on(Client().get("/sign-in/").content.decode())[0]
    added(world.boris)
    after = asked_on(Client().get("/sign-in/").content.decode())[0]
    first, second = json.loads(before), json.loads(after)
    assert first.pop("challenge") != second.pop("challenge")
    assert first == second
    assert first["allowCredentials"] == []
    assert first["userVerification"] == "required"


@pytest.mark.parametrize("address", ["http://127.0.0.1:8401", "http://[::1]:8401"])
def test_a_desk_without_a_name_offers_none(
    world: World, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    from dataclasses import replace

    monkeypatch.setattr(passkey_answers, "conf", replace(conf, desk_url=address))
    assert "data-passkey" not in Client().get("/sign-in/").content.decode()
    assert "data-passkey" not in signed_in(world.boris).get("/account/").content.decode()
    with pytest.raises(PasskeyRefused):
        passkey_answers.options_for_sign_in(b"x" * 56)


def test_what_a_browser_is_asked_at_signing_in_is_what_the_library_would_ask() -> None:
    told = webauthn.generate_authentication_options(
        rp_id=str(passkey_answers.site()),
        challenge=bytes(56),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    assert json.loads(passkey_answers.options_for_sign_in(bytes(56))) == json.loads(
        webauthn.options_to_json(told)
    )
