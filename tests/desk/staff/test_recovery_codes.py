"""A recovery code stands in for the second factor once, with the right password, and is kept as a sealed digest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tropa.desk.audit.models import Record, Refusal
from tropa.desk.audit.queries import latest_acts
from tropa.desk.staff import account, recovery_codes, services
from tropa.desk.staff.errors import SignInRefused, WrongPassword
from tropa.desk.staff.models import Member, Visit
from tropa.desk.staff.service_key import service_seed
from tropa.envelope import wrap

if TYPE_CHECKING:
    from tests.desk.world import Person, World

NOW = datetime(2026, 11, 22, 12, 0, 5, tzinfo=UTC)


def codes_of(person: Person) -> list[str]:
    return recovery_codes.make_codes(member=person.member, now=NOW)


def sign_in(person: Person, code: str, **changed: object) -> Visit:
    values = {
        "pseudonym": person.member.pseudonym,
        "password": person.kept.password,
        "code": code,
        "now": NOW,
    }
    return services.sign_in(**(values | changed))[0]  # type: ignore[arg-type]


def kept(person: Person) -> recovery_codes.KeptCodes:
    return recovery_codes.kept_codes(Member.objects.get(pk=person.member.pk))


def test_ten_codes_of_eighty_bits_are_made_and_none_is_like_another(world: World) -> None:
    codes = codes_of(world.boris)
    assert len(set(codes)) == recovery_codes.CODES == 10
    assert all(code.replace(" ", "").isdigit() and len(code.replace(" ", "")) == 24 for code in codes)
    assert kept(world.boris).left == 10


@pytest.mark.parametrize("place", range(10))
def test_each_signs_in_once_however_it_is_grouped(world: World, place: int) -> None:
    code = codes_of(world.boris)[place]
    assert sign_in(world.boris, code.replace(" ", "-")).member == world.boris.member
    with pytest.raises(SignInRefused):
        sign_in(world.boris, code)
    assert kept(world.boris).left == 9


def test_a_wrong_password_uses_up_no_code(world: World) -> None:
    code = codes_of(world.boris)[0]
    with pytest.raises(SignInRefused):
        sign_in(world.boris, code, password="wrong")
    assert kept(world.boris).left == 10
    sign_in(world.boris, code)


def test_a_colleagues_code_signs_nobody_in(world: World) -> None:
    codes_of(world.boris)
    code = codes_of(world.vera)[0]
    with pytest.raises(SignInRefused):
        sign_in(world.boris, code)
    assert kept(world.vera).left == 10


def test_new_codes_make_the_earlier_ones_worthless(world: World) -> None:
    earlier = codes_of(world.boris)
    later = codes_of(world.boris)
    for code in earlier:
        with pytest.raises(SignInRefused):
            sign_in(world.boris, code)
    sign_in(world.boris, later[9])


@pytest.mark.parametrize("typed", ["", "0" * 24, "123456", "  ", "٣" * 24])
def test_somebody_without_codes_is_signed_in_by_nothing_like_one(world: World, typed: str) -> None:
    with pytest.raises(SignInRefused):
        sign_in(world.boris, typed)


def test_codes_moved_from_another_row_or_written_by_somebody_else_are_none(world: World) -> None:
    code = codes_of(world.vera)[0]
    theirs = Member.objects.get(pk=world.vera.member.pk).recovery_codes_sealed
    for planted in (theirs, b"", b"\x01" * 285):
        Refusal.objects.all().delete()
        Member.objects.filter(pk=world.boris.member.pk).update(recovery_codes_sealed=planted)
        with pytest.raises(SignInRefused):
            sign_in(world.boris, code)
        counted = list(Refusal.objects.values_list("table", "row"))
        assert counted == ([("staff_member", world.boris.member.pk)] if planted else [])


def test_two_who_type_one_code_at_once_are_one_sign_in(world: World) -> None:
    code = codes_of(world.boris)[3]
    member = Member.objects.get(pk=world.boris.member.pk)
    place = recovery_codes.kept_codes(member).place_of(code, member.id)
    assert place == 3
    assert recovery_codes.spend(member=member, place=place, now=NOW)
    assert not recovery_codes.spend(member=member, place=place, now=NOW)


def test_the_row_looks_alike_with_ten_codes_with_nine_and_with_none(world: World) -> None:
    none = Member.objects.get(pk=world.boris.member.pk).recovery_codes_sealed
    code = codes_of(world.boris)[0]
    ten = Member.objects.get(pk=world.boris.member.pk).recovery_codes_sealed
    sign_in(world.boris, code)
    nine = Member.objects.get(pk=world.boris.member.pk).recovery_codes_sealed
    assert len({bytes(one) for one in (none, ten, nine)}) == 3
    assert {(len(one), bytes(one)[:1]) for one in (none, ten, nine)} == {(len(ten), b"\x01")}


def test_no_code_lies_in_the_database_and_none_in_what_the_service_key_opens(world: World) -> None:
    codes = codes_of(world.boris)
    row = bytes(Member.objects.get(pk=world.boris.member.pk).recovery_codes_sealed)
    opened = repr(kept(world.boris)).encode()
    for code in codes:
        for text in (code, code.replace(" ", "")):
            assert text.encode() not in row
            assert text.encode() not in opened


def test_stored_codes_of_format_one_open_for_ever(world: World) -> None:
    """The body as it was first written: made on day 739577, the second code used on day 739580."""
    ones = [bytes([number]) * 16 + (739580 if number == 1 else 0).to_bytes(4, "big") for number in range(10)]
    body = bytes.fromhex("01000b48f9") + b"".join(ones)
    key, place = service_seed().subkey("recovery codes"), recovery_codes._context(world.boris.member.id)
    sealed = wrap(key, place, body, random=bytes)
    Member.objects.filter(pk=world.boris.member.pk).update(recovery_codes_sealed=sealed)
    found = kept(world.boris)
    assert (found.made, found.left) == (739577, 9)
    assert found.codes[1] == recovery_codes.KeptCode(b"\x01" * 16, 739580)


def test_making_and_using_them_is_logged_and_said_to_the_person_for_a_fortnight(world: World) -> None:
    code = codes_of(world.boris)[0]
    sign_in(world.boris, code)
    acts = [(one.act, one.detail) for one in latest_acts(reader=world.anna.reader(), count=2)]
    who = {"member": world.boris.member.id}
    assert acts == [("recovery-code-used", who), ("recovery-codes-made", who)]
    member = Member.objects.get(pk=world.boris.member.pk)
    for days, count in ((0, 2), (14, 2), (15, 0)):
        on = (NOW + timedelta(days=days)).date()
        assert len(account.account_notices(member=member, on=on)) == count


def test_codes_are_made_only_with_the_password(world: World) -> None:
    visit = sign_in(world.boris, world.boris.code(NOW))
    before = Record.objects.count()
    with pytest.raises(WrongPassword):
        account.make_codes(visit=visit, password="wrong", now=NOW)
    assert kept(world.boris).left == 0
    assert Record.objects.count() == before
    assert len(account.make_codes(visit=visit, password=world.boris.kept.password, now=NOW)) == 10
