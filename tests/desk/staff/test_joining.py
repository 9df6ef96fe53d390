"""Somebody joins by an invitation that is good once and for a day, and works here once their keys were compared."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tests.desk.world import World, signed_in
from tropa.desk.audit.queries import latest_acts
from tropa.desk.housekeeping import keep_house
from tropa.desk.language import COOKIE as LANGUAGE_COOKIE
from tropa.desk.staff.certifying import certify_newcomer, refuse_newcomer, waiting_newcomers
from tropa.desk.staff.errors import (
    InvitationExpired,
    InvitationUsed,
    NotCoordinator,
    NotWaiting,
    OtherKeys,
    PseudonymTaken,
    SignInRefused,
    UnknownInvitation,
)
from tropa.desk.staff.invitations import Applicant, good_invitation, invite, join, key_fingerprint
from tropa.desk.staff.joining import Secrets
from tropa.desk.staff.models import Gender, Invitation, Member, Role
from tropa.desk.staff.services import sign_in, unlock
from tropa.desk.talk.inbox import InboxFilters, inbox_page
from tropa.desk.vault.models import CaseGrant, DutyGrant
from tropa.desk.vault.trust import verified_certificate
from tropa.envelope import Seed, totp

KEPT = Secrets(password="двенадцать букв", passphrase="очень длинная парольная фраза", totp=b"t" * 20)
NEW = Applicant("Ольха", Gender.FEMININE, "ru", KEPT)


def invited(world: World, role: Role = Role.ADVISER) -> str:
    return invite(reader=world.anna.reader(world.now), role=role, team=world.anna.member.team)


def test_a_newcomer_signs_in_and_unlocks_once_certified_and_not_before(world: World) -> None:
    member = join(code=invited(world), applicant=NEW, now=world.now)
    code = totp(KEPT.totp, world.now)
    with pytest.raises(SignInRefused):
        sign_in(pseudonym="Ольха", password=KEPT.password, code=code, now=world.now)
    certify_newcomer(
        reader=world.anna.reader(world.now), member_id=member.pk, fingerprint=key_fingerprint(member)
    )
    visit, token = sign_in(pseudonym="Ольха", password=KEPT.password, code=code, now=world.now)
    reader = unlock(visit=visit, token=token, passphrase=KEPT.passphrase, now=world.now)
    assert verified_certificate(reader.member, world.now.date()).role == Role.ADVISER


def test_a_newcomer_reads_what_arrives_from_now_on_and_nothing_before(world: World) -> None:
    world.write_in("Это пришло раньше")
    world.taken()
    member = join(code=invited(world), applicant=NEW, now=world.now)
    assert not DutyGrant.objects.filter(member=member).exists()
    anna = world.anna.reader(world.now)
    certify_newcomer(reader=anna, member_id=member.pk, fingerprint=key_fingerprint(member))
    world.write_in("Это пришло потом")
    visit, token = sign_in(
        pseudonym="Ольха", password=KEPT.password, code=totp(KEPT.totp, world.now), now=world.now
    )
    reader = unlock(visit=visit, token=token, passphrase=KEPT.passphrase, now=world.now)
    words = [row.words for row in inbox_page(reader=reader, filters=InboxFilters())]
    assert any("потом" in text for text in words)
    assert not any("раньше" in text for text in words)
    assert not CaseGrant.objects.filter(member=member).exists()
    still = [row.words for row in inbox_page(reader=world.boris.reader(), filters=InboxFilters())]
    assert any("раньше" in text for text in still)
    assert any("потом" in text for text in still)


def test_an_invitation_runs_out_after_a_day_and_is_forgotten_after_a_week(world: World) -> None:
    code = invited(world)
    good_invitation(code=code, now=world.now + timedelta(hours=23))
    with pytest.raises(InvitationExpired):
        join(code=code, applicant=NEW, now=world.now + timedelta(hours=25))
    assert not waiting_newcomers().exists()
    keep_house(now=world.now + timedelta(days=9))
    with pytest.raises(UnknownInvitation):
        good_invitation(code=code, now=world.now)


def test_an_invitation_is_good_once(world: World) -> None:
    code = invited(world)
    join(code=code, applicant=NEW, now=world.now)
    other = Applicant("Осина", Gender.FEMININE, "ru", KEPT)
    with pytest.raises(InvitationUsed):
        join(code=code, applicant=other, now=world.now)
    assert waiting_newcomers().count() == 1


def test_a_taken_pseudonym_leaves_the_invitation_good(world: World) -> None:
    code = invited(world)
    with pytest.raises(PseudonymTaken):
        join(code=code, applicant=Applicant("Борис", Gender.MASCULINE, "ru", KEPT), now=world.now)
    join(code=code, applicant=NEW, now=world.now)


def test_a_code_is_read_however_it_is_typed_and_a_wrong_one_is_unknown(world: World) -> None:
    code = invited(world)
    good_invitation(code=f" {code.lower().replace('-', ' ')} ", now=world.now)
    for wrong in ("", "AAAA-AAAA", code[:-1]):
        with pytest.raises(UnknownInvitation):
            good_invitation(code=wrong, now=world.now)


def test_the_database_does_not_hold_the_code(world: World) -> None:
    code = invited(world)
    row = str(Invitation.objects.values().get())
    assert code not in row
    assert code.replace("-", "") not in row


@pytest.mark.parametrize("who", ["boris", "vera", "stranger"])
def test_only_coordinators_invite_certify_and_refuse(world: World, who: str) -> None:
    reader = getattr(world, who).reader(world.now)
    with pytest.raises(NotCoordinator):
        invite(reader=reader, role=Role.ADVISER, team=world.anna.member.team)
    member = join(code=invited(world), applicant=NEW, now=world.now)
    with pytest.raises(NotCoordinator):
        certify_newcomer(reader=reader, member_id=member.pk, fingerprint=key_fingerprint(member))
    with pytest.raises(NotCoordinator):
        refuse_newcomer(reader=reader, member_id=member.pk)


def test_nobody_is_invited_to_be_coordinator(world: World) -> None:
    with pytest.raises(NotCoordinator):
        invited(world, Role.COORDINATOR)


def test_keys_that_were_changed_meanwhile_are_not_certified(world: World) -> None:
    member = join(code=invited(world), applicant=NEW, now=world.now)
    shown = key_fingerprint(member)
    planted = Seed(b"planted key of an attacker 12345")
    Member.objects.filter(pk=member.pk).update(seal_public=planted.sealing().public.raw)
    with pytest.raises(OtherKeys):
        certify_newcomer(reader=world.anna.reader(world.now), member_id=member.pk, fingerprint=shown)
    assert not Member.objects.get(pk=member.pk).active


def test_nobody_is_certified_twice_and_a_refused_one_is_gone(world: World) -> None:
    anna = world.anna.reader(world.now)
    with pytest.raises(NotWaiting):
        certify_newcomer(
            reader=anna, member_id=world.boris.member.pk, fingerprint=key_fingerprint(world.boris.member)
        )
    member = join(code=invited(world), applicant=NEW, now=world.now)
    refuse_newcomer(reader=anna, member_id=member.pk)
    assert not Member.objects.filter(pseudonym="Ольха").exists()
    acts = [one.act for one in latest_acts(reader=anna, count=3)]
    assert acts == ["newcomer-refused", "joined", "invited"]


def test_the_pages_lead_from_invitation_to_certificate(world: World) -> None:
    anna, newcomer = signed_in(world.anna), Client()
    team = world.anna.member.team_id
    shown = anna.post("/people/invite/", {"role": "adviser", "team": team}).content.decode()
    code = re.search(r"invitation\">([A-Z2-7-]{29})<", shown)
    assert code
    page = newcomer.post("/join/", {"invitation": code[1]}).content.decode()
    secret = re.search(r'name="secret" value="([A-Z2-7]+)"', page)
    assert secret
    assert f"otpauth://totp/Tropa?secret={secret[1]}" in page
    form = {
        "invitation": code[1],
        "secret": secret[1],
        "code": totp(base64.b32decode(secret[1]), datetime.now(UTC)),
        "pseudonym": "Ольха",
        "gender": "f",
        "language": "ru",
        "password": KEPT.password,
        "password_again": KEPT.password,
        "passphrase": KEPT.passphrase,
        "passphrase_again": KEPT.passphrase,
    }
    for wrong in (
        {"code": "000000"},
        {"password_again": "x"},
        {"passphrase": "коротко"},
        {"pseudonym": "Борис"},
    ):
        refused = newcomer.post("/join/", {**form, **wrong})
        assert refused.status_code == 403
        assert KEPT.passphrase not in refused.content.decode()
    joined = newcomer.post("/join/", form).content.decode()
    fingerprint = re.search(r"fingerprint\">([0-9a-f ]{24})<", joined)
    assert fingerprint
    member = Member.objects.get(pseudonym="Ольха")
    address = f"/people/{member.pk}/certify/"
    assert fingerprint[1] not in anna.get("/people/").content.decode(), "it is heard, not looked up"
    assert anna.post(address, {"act": "certify", "fingerprint": "0000 0000"}).status_code == 403
    assert anna.post(address, {"act": "certify", "fingerprint": fingerprint[1]}).status_code == 302
    assert Member.objects.get(pk=member.pk).active


def test_the_join_page_says_why_a_code_is_not_good(world: World) -> None:
    code, client = invited(world), Client()
    client.cookies[LANGUAGE_COOKIE] = "en"
    join(code=code, applicant=NEW, now=world.now)
    used = client.post("/join/", {"invitation": code})
    assert used.status_code == 403
    assert "must not certify those keys" in used.content.decode()
    unknown = client.post("/join/", {"invitation": "AAAA"})
    assert "No invitation has this code" in unknown.content.decode()
    other = invited(world)
    Invitation.objects.filter(used=False).update(ends_after=world.now - timedelta(hours=1))
    expired = client.post("/join/", {"invitation": other})
    assert "has run out" in expired.content.decode()
