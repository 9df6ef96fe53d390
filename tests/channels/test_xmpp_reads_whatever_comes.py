"""Whatever a server or a person gives, reading never raises: what is strange is kept as unreadable or passed over."""

from __future__ import annotations

import asyncio
import random
from xml.etree import ElementTree as ET

import pytest

from tests.channels.strange import STRANGE
from tests.channels.xmpp_strange import clear, strange, valid
from tropa.channels.errors import FileLost
from tropa.channels.notes import Notes
from tropa.channels.values import LONGEST_TEXT, Attachment, Failed, IncomingKind, Retry, Unknown
from tropa.channels.xmpp.files import Link, fetch, read_link
from tropa.channels.xmpp.reading import (
    OMEMO,
    Letter,
    Step,
    look_at,
    loose_key,
    person_of,
    read_opened,
    read_plain,
    unreadable,
)
from tropa.channels.xmpp.stream import Refusal, result_of

OWN = "desk@example.org"
SECRET = "0a" * 44


def attached(link: Link) -> Attachment:
    return Attachment(link.name, "", None, lambda: fetch(link, (), 1))


def letter(message: ET.Element) -> Letter:
    return look_at(message, "key", None, OWN)


def test_reading_never_raises_and_never_gives_more_than_fits(envelopes: int) -> None:
    chance, taken = random.Random(20261123), 0  # noqa: S311  the same messages each time
    said = [each for each in STRANGE if isinstance(each, str)] + [f"aesgcm://a/b#{SECRET}", "x" * 30_000]
    for _each in range(envelopes):
        seen = letter(strange(chance))
        if seen.step is Step.SKIP:
            continue
        taken += 1
        items = [unreadable(seen), read_plain(seen)]
        items.append(read_opened(seen, chance.choice(said), attached, new_device=False))
        if seen.step is Step.OPEN:
            assert seen.encrypted.tag == OMEMO
        for item in items:
            assert len(item.text) <= LONGEST_TEXT + 1
            item.text.encode()
            item.key.encode()
            assert person_of(item.reply_route.decode()) == item.handle
    assert taken > envelopes // 3


def test_ten_thousand_keys_are_one_message_and_ten_thousand_members_a_group() -> None:
    message = valid()
    header = message.find(f"{OMEMO}/{{{OMEMO[1:].partition('}')[0]}}}header")
    assert header is not None
    header.extend(ET.Element(header[0].tag, {"rid": str(number)}) for number in range(10_000))
    seen = letter(message)
    assert (seen.step, seen.encrypted.tag) == (Step.OPEN, OMEMO)
    group = clear()
    members = ET.SubElement(group, "{http://jabber.org/protocol/muc#user}x")
    for number in range(10_000):
        ET.SubElement(members, "{http://jabber.org/protocol/muc#user}item", {"jid": f"m{number}@example.org"})
    assert letter(group).step is Step.SKIP


@pytest.mark.parametrize(
    ("changed", "step"),
    [
        ({}, Step.OPEN),
        ({"type": "groupchat"}, Step.SKIP),
        ({"type": "headline"}, Step.SKIP),
        ({"from": "example.org"}, Step.SKIP),
        ({"from": OWN + "/other"}, Step.SKIP),
        ({"to": "somebody@example.org"}, Step.SKIP),
    ],
)
def test_only_what_one_person_says_to_us_is_taken(changed: dict[str, str], step: Step) -> None:
    message = valid()
    for name, value in changed.items():
        message.set(name, value)
    assert letter(message).step is step


def test_what_came_in_clear_is_labelled_and_one_address_is_one_person() -> None:
    item = read_plain(letter(clear()))
    assert (item.kind, item.text, item.handle) == (IncomingKind.PLAIN, "в открытую", "person@example.org")


@pytest.mark.parametrize(
    ("tag", "step"),
    [
        ("{urn:xmpp:omemo:2}encrypted", Step.SHUT),
        ("{jabber:x:encrypted}x", Step.SHUT),
        ("{jabber:x:conference}x", Step.GROUP),
        ("{urn:xmpp:message-retract:1}retract", Step.SKIP),
    ],
)
def test_what_is_no_word_of_two_says_what_it_is(tag: str, step: Step) -> None:
    message = clear()
    message.append(ET.Element(tag))
    assert letter(message).step is step


def test_a_sign_without_words_is_passed_over() -> None:
    assert letter(clear("  ")).step is Step.SKIP


def test_a_correction_is_marked() -> None:
    assert letter(valid()).edited


def test_one_message_of_no_archive_has_one_key() -> None:
    assert loose_key(clear()) == loose_key(clear()) != loose_key(clear("иначе"))


@pytest.mark.parametrize(
    "text",
    [
        "aesgcm://example.org/x",
        f"aesgcm://user@example.org/x#{SECRET}",
        f"https://example.org/x#{SECRET}",
        f"смотрите aesgcm://example.org/x#{SECRET}",
        f"aesgcm://example.org/x#{SECRET}00",
    ],
)
def test_a_link_is_a_link_only_when_it_is_whole(text: str) -> None:
    assert read_link(text) is None


def test_a_link_names_its_file_and_never_a_path() -> None:
    link = read_link(
        f"aesgcm://Example.org:8443/a/..%2F..%2Fetc%2Fpasswd?x=1#{SECRET}\n\ndata:image/png;base64,AA"
    )
    assert link is not None
    assert (link.host, link.name, len(link.begins), len(link.key)) == (
        "example.org:8443",
        "../../etc/passwd",
        12,
        32,
    )


def test_nothing_is_fetched_from_a_host_that_is_not_configured() -> None:
    link = read_link(f"aesgcm://example.org/x#{SECRET}")
    assert link is not None

    async def fetched() -> None:
        async for _piece in fetch(link, ("example.org:5281",), 100):
            raise AssertionError

    with pytest.raises(FileLost, match="host_not_configured"):
        asyncio.run(fetched())


@pytest.mark.parametrize(
    ("refusal", "result"),
    [
        (Refusal("wait", "resource-constraint"), Retry(5.0, "rate_limited")),
        (Refusal("cancel", "service-unavailable"), Failed("blocked")),
        (Refusal("cancel", "item-not-found"), Failed("no_such_person")),
        (Refusal("modify", "policy-violation"), Failed("too_long")),
        (Refusal("wait", "remote-server-timeout"), Unknown("no_answer")),
        (Refusal("cancel", "made-up"), Failed("refused")),
    ],
)
def test_a_refusal_is_understood(refusal: Refusal, result: object) -> None:
    assert result_of(refusal) == result


class Kept:
    """What was stored."""

    def __init__(self) -> None:
        self.values: dict[str, bytes] = {}

    async def get(self, name: str) -> bytes | None:
        return self.values.get(name)


def test_whoever_waits_for_a_key_waits_for_its_newest_value() -> None:
    """An answer may be encrypted while the batch before is being stored; it leaves when its own keys are."""

    async def scene() -> None:
        notes = Notes(Kept())
        notes.put("session", b"read")
        batch = notes.new
        notes.put("session", b"written")
        waiting = asyncio.create_task(notes.until_stored())
        await asyncio.sleep(0)
        notes.stored(batch)
        await asyncio.sleep(0)
        assert not waiting.done()
        notes.stored(notes.new)
        await asyncio.wait_for(waiting, 5)

    asyncio.run(scene())
