"""A file opens as a copy drawn anew, for whoever may read the thread; the original is never handed out."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.desk.world import World, Written, signed_in
from tropa.cleaning import service
from tropa.desk.audit.models import Refusal
from tropa.desk.talk.arrivals import receive_more
from tropa.desk.talk.body import EntryBody
from tropa.desk.talk.files import IncomingFile
from tropa.desk.talk.models import Chunk
from tropa.desk.talk.queries import thread_entries
from tropa.desk.talk.services import take

pytestmark = pytest.mark.django_db
CANARY = b"kanareyka-camera-5521"


def photo() -> bytes:
    file, told = io.BytesIO(), Image.Exif()
    told[0x010F] = CANARY.decode()
    Image.new("RGB", (64, 48), "red").save(file, "JPEG", exif=told)
    return file.getvalue()


def sent(world: World, content: bytes, name: str) -> tuple[Written, str]:
    """Somebody writes and sends a file; Boris takes the thread. The address of the copy."""
    written = world.write_in("Пришла повестка")
    receive_more(
        thread=written.thread,
        signing=written.signing,
        body=EntryBody(text="вот она", at=world.now),
        files=[IncomingFile(name, "text/html", content)],
        dedupe_tag="f" * 32,
        now=world.now,
    )
    take(reader=world.boris.reader(), thread=written.thread, second=world.anna.member)
    written.thread.refresh_from_db()
    note = thread_entries(reader=world.boris.reader(), thread=written.thread)[-1].files[0]
    return written, f"/threads/{written.thread.pk}/files/{note.id}/"


def test_the_holder_sees_a_copy_without_what_the_original_carries(world: World) -> None:
    written, address = sent(world, photo(), "повестка.html")
    client = signed_in(world.boris)
    assert address in client.get(f"/threads/{written.thread.pk}/").content.decode()
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer["Content-Disposition"] == 'inline; filename="copy.jpg"'
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert CANARY in photo()
    assert CANARY not in answer.content
    assert Image.open(io.BytesIO(answer.content)).size == (64, 48)


def test_nobody_else_sees_that_there_is_a_file(world: World) -> None:
    written, address = sent(world, photo(), "повестка.jpg")
    assert signed_in(world.vera).get(address).status_code == 404
    other = world.write_in("Кто-то другой")
    moved = address.replace(written.thread.pk, other.thread.pk)
    assert signed_in(world.boris).get(moved).status_code == 404
    unknown = address[:-2] + ("1/" if address[-2] == "0" else "0/")
    assert signed_in(world.boris).get(unknown).status_code == 404


def test_what_cannot_be_drawn_stays_sealed_and_the_page_says_why(world: World) -> None:
    _written, address = sent(world, b"<script>alert(1)</script>", "повестка.jpg")
    answer = signed_in(world.boris).get(address)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<script>alert" not in page
    assert "снимок экрана" in page
    assert "остаётся запечатанным" in page


def test_a_damaged_file_is_told_apart(world: World) -> None:
    _written, address = sent(world, photo(), "повестка.jpg")
    Chunk.objects.all().delete()
    answer = signed_in(world.boris).get(address)
    assert answer.status_code == 422
    assert "повреждён" in answer.content.decode()
    assert Refusal.objects.get().table == "talk_chunk"


def test_while_another_copy_is_made_one_is_asked_to_wait(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _written, address = sent(world, photo(), "повестка.jpg")
    monkeypatch.setattr(service, "TURN_SECONDS", 0.0)
    client = signed_in(world.boris)
    with service._turn:
        assert client.get(address).status_code == 503
    assert client.get(address).status_code == 200
