"""An exhibit is kept by the person's own word and survives everything else of theirs; nothing else does."""

import hashlib
import secrets

import pytest

from tests.desk.retention.test_closing import WHY
from tests.desk.world import RECOVERY, World, Written, signed_in
from tropa.desk.audit.models import Refusal
from tropa.desk.cases.models import Case
from tropa.desk.retention.errors import NobodyReads, NoSuchMessage
from tropa.desk.retention.exhibits import (
    destroy_exhibit,
    exhibit_file,
    exhibit_place,
    release_exhibit,
    shown_exhibit,
)
from tropa.desk.retention.models import Exhibit, ExhibitChunk, ExhibitKey
from tropa.desk.retention.services import hold_case
from tropa.desk.staff.models import Member
from tropa.desk.talk.applicant import delete_everything
from tropa.desk.talk.arrivals import receive_more
from tropa.desk.talk.body import EntryBody
from tropa.desk.talk.files import CHUNK_BYTES, IncomingFile
from tropa.desk.talk.models import Entry, Thread
from tropa.desk.talk.services import reply
from tropa.desk.vault.errors import NoGrant
from tropa.envelope import CannotOpen, EnvelopeError, SymmetricKey, open_sealed, unwrap

PHOTO = bytes(range(256)) * 1200
CONSENT = "Да, сохраните снимок и покажите суду"


def told(world: World) -> tuple[Written, Case, Entry, Entry]:
    """A case with a photo of what was done to somebody, and their consent that it is kept."""
    written, case = world.taken()
    for text, files in (
        ("вот что со мной сделали", [IncomingFile("снимок.jpg", "image/jpeg", PHOTO)]),
        (CONSENT, []),
    ):
        receive_more(
            thread=written.thread, signing=written.signing, body=EntryBody(text=text, at=world.now), files=files,
            dedupe_tag=secrets.token_hex(16), now=world.now,
        )  # fmt: skip
    photo, consent = Entry.objects.filter(thread=written.thread, sequence__gte=2)
    return written, case, photo, consent


def released(world: World) -> tuple[Written, Case, Exhibit]:
    written, case, photo, consent = told(world)
    boris = world.boris.reader(world.now)
    return written, case, release_exhibit(reader=boris, case=case, entry_id=photo.pk, consent_id=consent.pk)


def test_it_outlives_delete_everything_and_a_hold_does_not(world: World) -> None:
    written, case, exhibit = released(world)
    hold_case(reader=world.boris.reader(world.now), case=case, last_day=world.now.date(), reason=WHY)
    assert len(PHOTO) > CHUNK_BYTES
    delete_everything(thread=written.thread, now=world.now)
    assert not Case.objects.exists()
    assert not Thread.objects.exists()
    shown = shown_exhibit(reader=world.anna.reader(world.now), exhibit=exhibit)
    assert (shown.text, shown.consent, shown.at) == ("вот что со мной сделали", CONSENT, world.now)
    assert shown.files == (("снимок.jpg", len(PHOTO), hashlib.sha256(PHOTO).hexdigest()),)
    assert exhibit_file(reader=world.anna.reader(world.now), exhibit=exhibit, number=0) == PHOTO


def test_recovery_opens_it_and_no_row_names_whose_it_is(world: World) -> None:
    written, case, exhibit = released(world)
    place = exhibit_place(exhibit.pk, "recovery")
    key = SymmetricKey(open_sealed(RECOVERY.sealing(), place, bytes(exhibit.recovery or b"")))
    assert CONSENT.encode().hex().encode() in unwrap(
        key, exhibit_place(exhibit.pk, "sealed"), bytes(exhibit.sealed)
    )
    said = " ".join(str(getattr(exhibit, field.name)) for field in Exhibit._meta.fields)
    assert case.pk not in said
    assert written.thread.pk not in said


def test_only_coordinators_read_it(world: World) -> None:
    _written, _case, exhibit = released(world)
    for person in (world.boris, world.vera, world.stranger):
        with pytest.raises(NoGrant):
            shown_exhibit(reader=person.reader(world.now), exhibit=exhibit)
        with pytest.raises(NoGrant):
            destroy_exhibit(reader=person.reader(world.now), exhibit_id=exhibit.pk)
        assert signed_in(person).get(f"/exhibits/{exhibit.pk}/").status_code == 404
    assert ExhibitKey.objects.get().member == world.anna.member


def test_only_what_they_wrote_and_signed_with_consent_of_theirs(world: World) -> None:
    written, case, photo, consent = told(world)
    ours = reply(reader=world.boris.reader(world.now), thread=written.thread, text="сохраним?")
    other, _case = world.taken()
    boris = world.boris.reader(world.now)
    for entry, word in (
        (photo.pk, ours.pk),
        (ours.pk, consent.pk),
        (photo.pk, other.entry.pk),
        (photo.pk, ""),
    ):
        with pytest.raises(NoSuchMessage):
            release_exhibit(reader=boris, case=case, entry_id=entry, consent_id=word)
    Entry.objects.filter(pk=consent.pk).update(signature=b"x" * 64)
    with pytest.raises(NoSuchMessage):
        release_exhibit(reader=boris, case=case, entry_id=photo.pk, consent_id=consent.pk)
    with pytest.raises(NoGrant):
        release_exhibit(
            reader=world.vera.reader(world.now), case=case, entry_id=photo.pk, consent_id=consent.pk
        )
    assert not Exhibit.objects.exists()


def test_nobody_to_read_it_nothing_is_kept(world: World) -> None:
    _written, case, photo, consent = told(world)
    Member.objects.filter(pk=world.anna.member.pk).update(active=False)
    with pytest.raises(NobodyReads):
        release_exhibit(
            reader=world.boris.reader(world.now), case=case, entry_id=photo.pk, consent_id=consent.pk
        )
    assert not Exhibit.objects.exists()


def test_a_changed_exhibit_is_not_shown(world: World) -> None:
    _written, _case, exhibit = released(world)
    _again, _other, second = released(world)
    anna = world.anna.reader(world.now)
    for name in ("sealed", "signature"):
        kept = getattr(exhibit, name)
        Exhibit.objects.filter(pk=exhibit.pk).update(**{name: getattr(second, name)})
        Refusal.objects.all().delete()
        with pytest.raises(EnvelopeError):
            shown_exhibit(reader=anna, exhibit=Exhibit.objects.get(pk=exhibit.pk))
        assert list(Refusal.objects.values_list("table", "row")) == [("retention_exhibit", exhibit.pk)], name
        Exhibit.objects.filter(pk=exhibit.pk).update(**{name: kept})
    ExhibitChunk.objects.filter(exhibit=exhibit, index=1).delete()
    with pytest.raises(CannotOpen):
        exhibit_file(reader=anna, exhibit=exhibit, number=0)


def test_taken_back_it_is_destroyed(world: World) -> None:
    _written, _case, exhibit = released(world)
    client = signed_in(world.anna)
    assert CONSENT in client.get(f"/exhibits/{exhibit.pk}/").content.decode()
    assert f"/exhibits/{exhibit.pk}/" in client.get("/receipts/").content.decode()
    gone = client.post(f"/exhibits/{exhibit.pk}/", follow=True).content.decode()
    assert "Свидетельство уничтожено" in gone
    assert not ExhibitChunk.objects.exists()


def test_the_page_releases_by_two_messages(world: World) -> None:
    _written, case, photo, consent = told(world)
    page = f"/cases/{case.pk}/keeping/"
    client = signed_in(world.boris)
    assert "вот что со мной сделали" in client.get(page).content.decode()
    client.post(page, {"act": "exhibit", "entry": photo.pk, "consent": consent.pk})
    assert Exhibit.objects.count() == 1
    assert client.post(page, {"act": "exhibit", "entry": photo.pk, "consent": "0" * 32}).status_code == 409
