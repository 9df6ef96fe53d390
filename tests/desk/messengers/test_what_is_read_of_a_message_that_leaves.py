"""What the gateway reads of a row before it leaves: of an automatic message one lean query, of an answer all that its
signatures need.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tropa.desk.identifiers import new_id
from tropa.desk.messengers import delivery
from tropa.desk.messengers.addresses import Change, rewrite, sealed_addresses
from tropa.desk.messengers.models import Address, Outgoing, OutgoingKind
from tropa.desk.talk.services import reply

if TYPE_CHECKING:
    from tests.desk.world import World


def test_an_automatic_message_is_read_without_what_only_signatures_need(world: World) -> None:
    row = Outgoing.objects.create(kind=OutgoingKind.AUTOMATIC, key=new_id(), sealed=b"sealed")
    with CaptureQueriesContext(connection) as asked:
        assert delivery.row_to_send(row.pk) == row
    assert len(asked) == 1
    assert "JOIN" not in asked[0]["sql"]


def test_an_answer_is_read_with_all_that_verifying_it_needs(world: World) -> None:
    written, _case = world.taken()
    Address.objects.create(thread=written.thread, sealed=b"sealed")
    entry = reply(reader=world.boris.reader(), thread=written.thread, text="Мы рядом.")
    number = Outgoing.objects.get(entry=entry).pk
    row = delivery.row_to_send(number)
    assert row is not None
    with CaptureQueriesContext(connection) as asked:
        assert row.thread is not None
        assert row.thread.case is not None
        assert bytes(row.thread.address.sealed) == b"sealed"
        assert row.entry is not None
        assert row.entry.author is not None
        assert row.entry.thread == row.thread
        assert row.entry.author.issuer == world.boris.member.issuer
    assert len(asked) == 0
    assert delivery.take_up(row)
    assert not delivery.take_up(row)  # one process at most
    assert delivery.row_to_send(number) is None


def test_an_automatic_message_that_ended_leaves_nothing_and_takes_no_answer_along(world: World) -> None:
    written, _case = world.taken()
    Address.objects.create(thread=written.thread, sealed=b"sealed")
    entry = reply(reader=world.boris.reader(), thread=written.thread, text="Мы рядом.")
    automatic = Outgoing.objects.create(kind=OutgoingKind.AUTOMATIC, key=new_id(), sealed=b"sealed")
    delivery.forget_automatic([automatic, Outgoing.objects.get(entry=entry)])
    assert [row.entry_id for row in Outgoing.objects.all()] == [entry.pk]


def test_an_address_somebody_changed_meanwhile_is_not_written_over(world: World) -> None:
    threads = [world.taken()[0].thread.pk for _person in range(2)]
    for thread_id in threads:
        Address.objects.create(thread_id=thread_id, sealed=secrets.token_bytes(8))
    read = dict(sealed_addresses(threads))
    Address.objects.filter(pk=threads[0]).update(sealed=b"of somebody else")
    rewrite([Change(thread_id, read[thread_id], b"told") for thread_id in threads])
    assert dict(sealed_addresses(threads)) == {threads[0]: b"of somebody else", threads[1]: b"told"}
