"""Whatever a letter is, reading tells whose it surely is and how it came, never raises, and stays within bounds."""

from __future__ import annotations

import asyncio
import base64
import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pysequoia import Cert, SignatureMode, Tsk, decrypt, sign

from tests.channels.mail_bombs import bomb, rsa_key
from tests.channels.mail_people import (
    RAN_OUT,
    address_of,
    cert_of,
    headed,
    key_of,
    mime,
    sealed,
    signed_only,
    wrapped,
)
from tests.channels.mail_strange import letter, many_readers, nested, wide
from tropa.channels.errors import FileUnavailable, NotConfigured, Unreachable
from tropa.channels.mail.adapter import MailChannel
from tropa.channels.mail.keys import Keys, keys_of, line_of, partners_in
from tropa.channels.mail.letter import LONGEST, MOST_FILES, Closed, How, Letter, read_letter, sender_of
from tropa.channels.mail.making import NOTHING_COMPRESSED, new_key
from tropa.channels.mail.opening import Opener
from tropa.channels.mail.sending import send
from tropa.channels.values import Failed, Outgoing

PHRASE = "Пришла повестка на завтра"
DESK = "desk@chat.test"
MEMORY = 400 * 1024 * 1024


@pytest.fixture(scope="module")
def own() -> Tsk:
    return rsa_key(DESK)


def settings_of(own: Tsk, *certs: Cert) -> dict[str, str]:
    partners = certs or (cert_of("7"), cert_of("8"))
    servers = {"address": DESK, "password": "x", "imap": "127.0.0.1:1", "smtp": "127.0.0.1:1"}
    return servers | {"key": line_of(bytes(own)), "partners": line_of(b"".join(map(bytes, partners)))}


@pytest.fixture
def keys(own: Tsk) -> Keys:
    return keys_of(settings_of(own))


def from_7(rest: bytes) -> bytes:
    return headed(address_of("7"), DESK, rest)


def test_reading_never_raises_and_never_gives_more_than_fits(envelopes: int) -> None:
    chance, read = random.Random(20261123), dict.fromkeys(How, 0)  # noqa: S311  the same letters each time
    own = new_key(DESK)
    keys, cert, signer = keys_of(settings_of(own)), own.extract_certificate(), key_of("7").signer()
    for _each in range(envelopes):
        mail = letter(chance, address_of("7"), DESK, cert, signer)
        assert sender_of(mail) == address_of("7")
        try:
            found = read_letter(mail, keys)
        except Closed:
            continue
        read[found.how] += 1
        assert len(found.text) <= LONGEST
        assert len(found.files) <= MOST_FILES
        json.dumps([found.text, *(file.name for file in found.files)], ensure_ascii=False).encode()
        if found.how in (How.CLEAR, How.OTHER_KEY):
            assert found == Letter(found.how)
        else:
            assert found.partner == cert_of("7").fingerprint
    assert min(read[How.SEALED], read[How.CLEAR]) > envelopes // 10
    assert read[How.SIGNED] > 0
    assert read[How.OTHER_KEY] == 0  # a seal that was damaged opens as nothing


def test_a_sealed_letter_says_its_words_its_subject_and_its_files(keys: Keys) -> None:
    inner = b"Subject: =?utf-8?q?=D0=A1=D1=80=D0=BE=D0=BA?=\r\n" + mime(PHRASE, ("справка.pdf", b"\x00\xff"))
    found = read_letter(
        from_7(wrapped(sealed(inner, keys.own.extract_certificate(), key_of("7").signer()))), keys
    )
    assert (found.how, found.partner, found.text) == (
        How.SEALED,
        cert_of("7").fingerprint,
        f"Срок\n\n{PHRASE}",
    )
    assert [(file.name, file.content) for file in found.files] == [("справка.pdf", b"\x00\xff")]


def text_of(blob: bytes) -> bytes:
    return b"Content-Type: text/plain\r\n\r\n" + blob


def rewritten(blob: bytes) -> bytes:
    """As some mail servers turn a sealed letter over."""
    return wrapped(blob).replace(b"multipart/encrypted", b"multipart/mixed")


@pytest.mark.parametrize("shape", [wrapped, text_of, rewritten])
@pytest.mark.parametrize(
    ("to", "by", "how"),
    [
        ("desk", "7", How.SEALED),
        ("desk", "7 with a new key", How.OTHER_KEY),
        ("desk", "", How.OTHER_KEY),
        ("8", "7", None),
    ],
)
def test_only_the_entered_key_speaks(
    keys: Keys, shape: Callable[[bytes], bytes], to: str, by: str, how: How | None
) -> None:
    cert = keys.own.extract_certificate() if to == "desk" else cert_of(to)
    inner = PHRASE.encode() if shape is text_of else mime(PHRASE)
    mail = from_7(shape(sealed(inner, cert, key_of(by).signer() if by else None)))
    if how is None:
        with pytest.raises(Closed):
            read_letter(mail, keys)
        return
    found = read_letter(mail, keys)
    assert (found.how, found.text) == (how, PHRASE if how is How.SEALED else "")


def test_what_is_signed_alone_is_told_from_what_was_sealed_and_what_was_changed_is_nothing(
    keys: Keys,
) -> None:
    signer = key_of("7").signer()
    whole = from_7(signed_only(mime("Buy bread"), signer))
    inline = from_7(text_of(sign(signer, b"Buy bread", mode=SignatureMode.CLEAR)))
    for mail in (whole, inline):
        assert (read_letter(mail, keys).how, read_letter(mail, keys).text) == (How.SIGNED, "Buy bread")
        assert read_letter(mail.replace(b"bread", b"BREAD"), keys) == Letter(How.CLEAR)
    stranger = from_7(signed_only(mime("Buy bread"), key_of("stranger").signer()))
    assert read_letter(stranger, keys) == Letter(How.CLEAR)
    # the library would take it for an opened one
    assert read_letter(from_7(wrapped(sign(signer, b"Buy bread"))), keys).how is How.SIGNED


def test_what_came_in_clear_leaves_no_word(keys: Keys) -> None:
    assert read_letter(from_7(mime(PHRASE, ("a.txt", b"x"))), keys) == Letter(How.CLEAR)


def test_a_key_of_ours_asks_for_nothing_compressed_and_is_a_key_whatever_its_bytes_are() -> None:
    for _each in range(40):  # a number that begins with zeros is written shorter
        own = new_key(DESK)
        cert = own.extract_certificate()
        assert NOTHING_COMPRESSED in bytes(cert)
        assert [str(each) for each in cert.user_ids] == [f"<{DESK}>"]  # one whose signature is bad is none
        mine = keys_of(settings_of(own))
        read = read_letter(from_7(wrapped(sealed(mime(PHRASE), cert, key_of("7").signer()))), mine)
        assert read.text == PHRASE
    blob = sealed(mime(PHRASE), cert_of("7"), mine.signer)
    assert decrypt(blob, key_of("7").decryptor(), lambda _ids: [cert]).valid_sigs


def test_the_same_seal_is_the_same_letter_however_it_is_wrapped(keys: Keys) -> None:
    blob = sealed(mime(PHRASE), keys.own.extract_certificate(), key_of("7").signer())
    first, second = (
        read_letter(headed(sender, DESK, wrapped(blob)), keys) for sender in (address_of("7"), "x@chat.test")
    )
    assert (first.seal, first.partner) == (second.seal, second.partner)


def test_ten_thousand_readers_are_one_letter_and_parts_beyond_counting_are_none(keys: Keys) -> None:
    own = new_key(DESK)
    mine, signer = keys_of(settings_of(own)), key_of("7").signer()
    blob = many_readers(10_000, own.extract_certificate(), signer)
    assert read_letter(from_7(wrapped(blob)), mine).text == "all"
    for inside in (nested(10_000), wide(10_000), b"\n" * 2_000_000):
        with pytest.raises(Closed):
            read_letter(from_7(wrapped(sealed(inside, own.extract_certificate(), signer))), mine)
        with pytest.raises(Closed):
            read_letter(from_7(inside), mine)


@contextmanager
def opener(own: Tsk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opener]:
    monkeypatch.setattr("tropa.channels.mail.opening.MEMORY", MEMORY)
    found = Opener(settings_of(own))
    try:
        yield found
    finally:
        found.end()


def test_a_letter_that_unpacks_without_end_ends_its_process_and_the_next_is_read(
    own: Tsk, monkeypatch: pytest.MonkeyPatch
) -> None:
    cert = own.extract_certificate()
    bad = from_7(wrapped(bomb(cert, 1000)))
    good = from_7(wrapped(sealed(mime(PHRASE), cert, key_of("7").signer())))
    assert len(bad) < 2 * 1024 * 1024
    with opener(own, monkeypatch) as opening:
        told = opening.read(len(bad), lambda most: [bad[:most]])
        assert told["from"] == address_of("7")
        assert "text" not in told
        assert opening.read(len(good), lambda most: [good[:most]])["text"] == PHRASE
        process = opening._process
        assert process is not None
        held = {str(each.readlink()) for each in Path(f"/proc/{process.pid}/fd").iterdir()}
        assert {each.partition(":")[0] for each in held} <= {"pipe", "/dev/null"}  # no socket, no file


def test_whoever_is_stopped_in_the_midst_of_a_letter_says_nothing_of_it(
    own: Tsk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opener(own, monkeypatch) as opening:

        def stopped(_most: int) -> Iterator[bytes]:
            opening.stop()
            yield b"x" * 100

        with pytest.raises(Unreachable):
            opening.read(100, stopped)


def test_a_file_that_is_not_given_whole_is_asked_for_again_later(own: Tsk) -> None:
    channel = MailChannel(settings_of(own))
    channel._box.cut()
    file = channel._file(1, 100, 0, {"name": "a", "type": "b/c", "size": 3})

    async def opened() -> None:
        async for _piece in file.open():
            raise AssertionError

    with pytest.raises(FileUnavailable):
        asyncio.run(opened())


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: bytes(key_of("7")), "keys_of_partners_secret"),
        (lambda: str(key_of("7")).encode(), "keys_of_partners_secret"),
        (lambda: b"", "keys_of_partners_malformed"),
        (lambda: b"\xff" * 100, "keys_of_partners_malformed"),
        (
            lambda: bytes(Tsk.generate("No Address").extract_certificate()),
            "key_of_a_partner_names_no_address",
        ),
        (
            lambda: bytes(cert_of("7")) + bytes(new_key(address_of("7")).extract_certificate()),
            "share_an_address",
        ),
        (lambda: bytes(revoked()), "key_of_a_partner_ran_out"),
        (lambda: bytes(expired()), "key_of_a_partner_ran_out"),
        (lambda: b"\x99" * (5 * 1024 * 1024), "keys_of_partners_too_large"),
    ],
)
def test_a_key_nothing_can_be_sent_to_is_refused_when_it_is_entered(
    content: Callable[[], bytes], code: str
) -> None:
    with pytest.raises(NotConfigured, match=code):
        partners_in(content(), entered=True)


def revoked() -> Cert:
    cert = cert_of("7")
    return Cert.from_bytes(bytes(cert) + bytes(cert.revoke(key_of("7").certifier())))


def expired() -> Cert:
    return Tsk.from_bytes(base64.b64decode(RAN_OUT)).extract_certificate()


def test_nothing_leaves_for_a_key_that_ran_out_or_for_whoever_has_none(own: Tsk) -> None:
    settings = settings_of(own, expired(), cert_of("8"))
    keys = keys_of(settings)
    seven, eight = (keys.partners[each.fingerprint] for each in (expired(), cert_of("8")))
    for handle, route, code in (
        (seven.handle, seven.route, "key_ran_out"),
        (eight.handle, seven.route, "no_such_person"),
        (eight.handle, b"0" * 40, "no_such_person"),
        (eight.handle, b"\xff", "no_such_person"),
        ("nobody", b"", "no_key"),
    ):
        out = Outgoing("0" * 32, handle, route, PHRASE)  # type: ignore[arg-type]
        assert send(out, keys, settings) == Failed(code)


def test_a_letter_signed_with_a_key_that_was_taken_back_is_held_back(own: Tsk) -> None:
    keys = keys_of(settings_of(own, revoked()))
    mail = from_7(wrapped(sealed(mime(PHRASE), own.extract_certificate(), key_of("7").signer())))
    assert read_letter(mail, keys) == Letter(How.OTHER_KEY)
