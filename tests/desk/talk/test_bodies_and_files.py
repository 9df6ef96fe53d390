"""What is sealed reads back as it was, whatever people write; what was damaged is refused by name."""

import hashlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.desk.world import World
from tropa.desk.staff.models import Gender
from tropa.desk.talk import files
from tropa.desk.talk.arrivals import receive_more
from tropa.desk.talk.body import FORMAT, AuthorNote, EntryBody, FileNote, decode, encode
from tropa.desk.talk.errors import BadBody, FileTooLarge
from tropa.desk.talk.files import CHUNK_BYTES, IncomingFile, open_file, seal_files
from tropa.desk.talk.models import Chunk, EntryKind
from tropa.desk.talk.queries import thread_entries
from tropa.envelope import CannotOpen

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)
NOTES = st.builds(
    FileNote, id=TEXTS, name=TEXTS, size=st.integers(0, 2**40), type=TEXTS, key=TEXTS, sha256=TEXTS
)
AUTHORS = st.builds(AuthorNote, id=TEXTS, pseudonym=TEXTS, gender=st.sampled_from(Gender))
BODIES = st.builds(
    EntryBody,
    text=TEXTS,
    at=MOMENTS,
    language=st.sampled_from(["ru", "en"]),
    channel=TEXTS,
    kind=st.sampled_from(EntryKind),
    files=st.lists(NOTES, max_size=3).map(tuple),
    author=st.none() | AUTHORS,
)
GOLDEN = (
    b'\x01{"text":"\xd0\xb4\xd0\xb0","at":"2026-11-22T10:00:00+00:00","language":"ru","channel":"drop",'
    b'"kind":"applicant","salt":"00"}'
)


@given(BODIES)
def test_a_body_reads_back_as_it_was(body: EntryBody) -> None:
    assert decode(encode(body)) == body


@given(st.binary(max_size=200) | BODIES.map(encode).map(lambda whole: whole[:-1]))
def test_anything_else_is_refused_as_a_bad_body(stored: bytes) -> None:
    with pytest.raises(BadBody):
        decode(stored)


def test_format_one_reads_for_ever() -> None:
    body = decode(GOLDEN)
    assert (body.text, body.kind, body.at) == (
        "да",
        EntryKind.APPLICANT,
        datetime(2026, 11, 22, 10, tzinfo=UTC),
    )
    assert encode(body) == GOLDEN


def test_a_later_version_may_add_what_this_one_does_not_know() -> None:
    values = json.loads(GOLDEN[1:]) | {"mood": "calm"}
    assert decode(FORMAT + json.dumps(values).encode()).text == "да"


def test_equal_texts_have_unequal_bodies() -> None:
    """A digest or signature over a body must not let anybody check a guess of a short text."""
    at = datetime(2026, 11, 22, tzinfo=UTC)
    assert encode(EntryBody(text="да", at=at)) != encode(EntryBody(text="да", at=at))


def test_a_body_does_not_show_its_text_in_errors() -> None:
    body = EntryBody(text="тайна", at=datetime(2026, 11, 22, tzinfo=UTC))
    assert "тайна" not in repr(body)
    assert body.salt not in repr(body)


# files


def received(world: World, content: bytes) -> FileNote:
    written = world.write_in()
    receive_more(
        thread=written.thread,
        signing=written.signing,
        body=EntryBody(text="снимок", at=world.now),
        files=[IncomingFile("повестка.jpg", "image/jpeg", content)],
        dedupe_tag="f" * 32,
        now=world.now,
    )
    return thread_entries(reader=world.boris.reader(), thread=written.thread)[-1].files[0]


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_a_file_reads_back_as_it_was(world: World, size: int) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    note = received(world, content[:size])
    assert b"".join(open_file(note)) == content[:size]
    assert (note.name, note.size, note.type) == ("повестка.jpg", size, "image/jpeg")
    assert note.sha256 == hashlib.sha256(content[:size]).hexdigest()


def test_a_shortened_or_reordered_file_is_refused(world: World) -> None:
    note = received(world, b"x" * (3 * CHUNK_BYTES))
    Chunk.objects.filter(attachment_id=note.id, index=2).delete()
    with pytest.raises(BadBody):
        list(open_file(note))
    Chunk.objects.filter(attachment_id=note.id, index=0).delete()
    Chunk.objects.filter(attachment_id=note.id, index=1).update(index=0)
    with pytest.raises(CannotOpen):
        list(open_file(note))


def test_a_file_past_the_limit_is_refused_before_it_is_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_FILE", 10)
    with pytest.raises(FileTooLarge):
        IncomingFile("большой.bin", "", b"x" * 11)


def test_each_file_has_a_key_of_its_own() -> None:
    same = IncomingFile("a", "b", b"content")
    one, other = seal_files([same, same])
    assert one.note.key != other.note.key
    assert list(one.chunks()) != list(other.chunks())
