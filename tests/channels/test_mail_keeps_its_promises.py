"""What is OpenPGP mail's own, on a real mail server: clear and foreign letters, keys, strangers, bombs, disks."""

from __future__ import annotations

import asyncio
import base64
import random
import secrets
import socket
from email import message_from_bytes
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pysequoia import Cert

from tests.channels.deltachat_people import until
from tests.channels.mail_bombs import bomb, rsa_key
from tests.channels.mail_people import (
    KNOWN,
    Partners,
    address_of,
    cert_of,
    headed,
    key_of,
    mime,
    sealed,
    signed_only,
    wrapped,
)
from tests.channels.mail_rig import MailRig
from tests.channels.mail_server import PASSWORD
from tests.channels.mail_strange import letter
from tests.channels.rig import Desk
from tests.channels.scenes import answer, read_as_boris, run, whole_database, whole_disk
from tests.channels.taking import Life
from tropa.channels.catalogue import enrol
from tropa.channels.errors import AccountRefused, NotConfigured
from tropa.channels.mail.adapter import NOBODY, MailChannel
from tropa.channels.mail.keys import line_of
from tropa.channels.values import Failed, Outgoing, OutgoingFile, Sent
from tropa.gateway.accounts import Account, add_account
from tropa.gateway.words import WORDS, Word, told_in

if TYPE_CHECKING:
    from tests.desk.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]
PHRASE = "Пришла повестка на послезавтра"
SECRET = "это написано открыто"


@pytest.fixture
def rig(mail_partners: Partners) -> MailRig:
    return MailRig(mail_partners)


def test_what_is_not_a_partners_word_is_seen_told_and_says_nothing(rig: MailRig, world: World) -> None:
    desk = Desk.of(rig)

    async def scene() -> None:
        async with rig.running():

            def come() -> None:
                rig.post("7", mime(SECRET, ("тайна.txt", SECRET.encode())))
                rig.post("8", wrapped(sealed(mime(SECRET), rig.cert, key_of("8 anew").signer())))
                rig.post("9", signed_only(mime(PHRASE), rig.signer("9")))
                rig.post("stranger", mime(SECRET))
                rig.post("stranger", wrapped(sealed(mime(SECRET), rig.cert, key_of("stranger").signer())))
                rig.post("other", mime(SECRET))

            await asyncio.to_thread(come)
            await desk.take_in()
            assert rig.waiting() == 0
            await desk.live(lambda: all(len(rig.texts_to(each)) == 2 for each in ("7", "8")))
            await desk.live(lambda: len(rig.texts_to("9")) == 1)

    run(scene())
    from tropa.desk.talk.models import Thread

    entries = read_as_boris(world)
    assert sorted((entry.text, *entry.remarks) for entry in entries) == [
        ("", "in-clear"),
        ("", "in-clear"),
        ("", "in-clear"),
        ("", "other-key"),
        ("", "other-key"),
        (PHRASE, "plain"),
    ]
    assert Thread.objects.count() == 4  # strangers are one thread
    told = {person: "\n".join(rig.texts_to(person)) for person in ("7", "8")}
    assert told_in(WORDS[Word.IN_CLEAR], "ru") in told["7"]
    assert told_in(WORDS[Word.OTHER_KEY], "ru") in told["8"]
    assert SECRET.encode() not in whole_database() + whole_disk()
    assert _named(rig) <= {address_of(person).encode() for person in KNOWN}


def _named(rig: MailRig) -> set[bytes]:
    """Everybody a mail of ours was for."""
    return {line.partition(b"<")[2].partition(b">")[0] for line in rig.wire.named}


def test_an_address_that_was_not_entered_is_never_sent_to(
    rig: MailRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: set[tuple[str, int]] = set()
    genuine = socket.socket.connect

    def connect(own: socket.socket, address: Any) -> None:
        met.add(address[:2])
        genuine(own, address)

    async def scene() -> None:
        async with rig.running():
            # whatever a letter asks for: its sender, its answers' address, its receipts
            elsewhere = "elsewhere@chat.test"
            heads = f"Reply-To: <{elsewhere}>\r\nDisposition-Notification-To: <{elsewhere}>\r\n".encode()
            rest = heads + wrapped(
                sealed(mime(f"https://example.org <{elsewhere}>"), rig.cert, rig.signer("7"))
            )
            rig.server.put(rig.desk, headed(elsewhere, rig.desk, rest))
            monkeypatch.setattr(socket.socket, "connect", connect)
            async with Life(MailChannel(rig.settings)) as life:
                while not life.items:
                    await asyncio.sleep(0.02)
                (item,) = life.items
                sent = await life.channel.send(Outgoing("0" * 32, item.handle, item.reply_route, PHRASE))
                assert isinstance(sent, Sent)
                for handle, route in ((NOBODY, b""), (NOBODY, item.reply_route), (item.handle, b"0" * 40)):
                    out = Outgoing("1" * 32, handle, route, PHRASE)
                    assert isinstance(await life.channel.send(out), Failed)
            monkeypatch.undo()
            assert _named(rig) == {address_of("7").encode()}
            servers = {("127.0.0.1", port) for port in (rig.wire.imap, rig.wire.smtp)}
            assert met - servers <= {("127.0.0.1", rig.server.imap), ("127.0.0.1", rig.server.smtp)}
            await asyncio.to_thread(until, lambda: PHRASE in rig.texts_to("7"))

    run(scene())


def test_files_go_out_whole_and_sealed(rig: MailRig) -> None:
    content = secrets.token_bytes(50_000)

    async def scene() -> None:
        async with rig.running():
            await rig.write("7", PHRASE)
            async with Life(rig.channel()) as life:
                await asyncio.to_thread(until, lambda: life.items)
                item = life.items[0]
                file = OutgoingFile("памятка.pdf", "application/pdf", content)
                out = Outgoing("0" * 32, item.handle, item.reply_route, "вот", attachments=(file,))
                assert isinstance(await life.channel.send(out), Sent)
            shown = await asyncio.to_thread(until, lambda: rig.partners.shown("7", rig.desk, rig.cert))
            (head,) = (
                str(message_from_bytes(mail)["Autocrypt"])
                for mail in rig.server.mails(address_of("7"))
                if rig.desk.encode() in mail
            )
            carried = base64.b64decode(head.partition("keydata=")[2])
            assert Cert.from_bytes(carried).fingerprint == rig.cert.fingerprint
            (got,) = shown[-1].iter_attachments()
            assert (got.get_filename(), got.get_content()) == ("памятка.pdf", content)

    run(scene())


def test_the_account_added_again_has_the_same_key_and_wrong_answers_are_told(
    rig: MailRig, tmp_path: Path
) -> None:
    path = tmp_path / "partners.asc"
    path.write_text("\n".join(str(cert) for cert in rig.known))  # one key after another, as people paste them

    async def scene() -> None:
        async with rig.running():
            asked = rig.asked(path)
            again = await enrol(rig.about, asked | {"identity": rig.paper})
            assert dict(again.settings) == rig.settings
            assert again.paper == rig.paper == rig.settings["key"]
            assert (await enrol(rig.about, asked)).settings["key"] != rig.settings["key"]
            for wrong, code in (
                ({"identity": "A" * 400}, "identity_malformed"),
                ({"keys_of_partners": str(tmp_path / "none")}, "keys_of_partners_not_there"),
            ):
                with pytest.raises(NotConfigured, match=code):
                    await enrol(rig.about, asked | wrong)
            with pytest.raises(AccountRefused):
                await enrol(rig.about, asked | {"password": "another"})
            invite = (await rig.channel().invite()).text
            assert invite.splitlines()[:2] == [rig.desk, f"openpgp4fpr:{rig.cert.fingerprint.upper()}"]
            assert "PRIVATE" not in invite

    run(scene())


def test_no_word_no_name_and_no_key_lies_readable_on_a_disk(rig: MailRig, world: World) -> None:
    content = "содержимое файла ".encode() * 5_000
    desk, probe = Desk.of(rig), "это проба"

    async def scene() -> None:
        async with rig.running():
            add_account(Account("partners", "mail", rig.settings), desk.keys)
            await rig.write("7", PHRASE, file=("справка.jpg", content))
            await desk.take_in()
            await asyncio.to_thread(answer, world, "Ответ волонтёра")
            await desk.live(lambda: "Ответ волонтёра" in rig.texts_to("7"))
            rig.server.put(rig.desk, headed("a@chat.test", rig.desk, mime(probe)))

    run(scene())
    entry = read_as_boris(world)[0]
    assert (entry.text, len(entry.files)) == (PHRASE, 1)
    said = (PHRASE, "справка.jpg", "содержимое файла", "Ответ волонтёра")
    ours = whole_database() + whole_disk()
    assert [word for word in said if word.encode() in ours + rig.server.everything()] == []
    planted = [rig.settings["key"].encode(), rig.settings["partners"].encode(), bytes(cert_of("7"))]
    planted += [said.encode() for said in (cert_of("7").fingerprint, address_of("7"), rig.desk, PASSWORD)]
    assert [word for word in planted if word in ours] == []
    assert b"probe in clear" in ours


def test_whatever_comes_by_mail_the_rest_goes_on(
    rig: MailRig, world: World, envelopes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, chance = Desk.of(rig), random.Random(20261123)  # noqa: S311  the same letters each time
    own = rsa_key(rig.desk)
    monkeypatch.setattr("tropa.channels.mail.opening.MEMORY", 400 * 1024 * 1024)
    count = envelopes // 10

    async def scene() -> None:
        async with rig.wire:
            await rig.begin(identity=line_of(bytes(own)))
            given = [
                letter(chance, address_of("9"), rig.desk, rig.cert, rig.signer("9")) for _each in range(count)
            ]
            given.insert(1, headed(address_of("9"), rig.desk, wrapped(bomb(rig.cert, 1000))))
            await asyncio.to_thread(rig.server.put, rig.desk, *given)
            await rig.write("7", PHRASE)
            await desk.take_in()
            assert rig.waiting() == 0

    run(scene())
    entries = read_as_boris(world)
    assert PHRASE in [entry.text for entry in entries]
    # those that are alike in all but their seal or place are the only ones that are one
    assert len(entries) > count // 2
    assert any("unreadable" in entry.remarks for entry in entries)
