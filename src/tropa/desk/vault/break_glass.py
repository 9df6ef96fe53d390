"""Break-glass: two coordinators open a case together, and every coordinator sees that they did, and why.

One asks and puts their parts of the case's seeds into the hands of each other coordinator; one of these joins them
with their own, and both hold the case from then on. Nobody does it alone: neither the row nor the mathematics lets
one person be both. Asking is withdrawn by itself after a week.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction

from tropa.desk import clock
from tropa.desk.audit.acts import Act
from tropa.desk.audit.refusals import refuse
from tropa.desk.audit.services import record
from tropa.desk.cases.models import Case
from tropa.desk.staff.models import Member, Role
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.case_grants import running, seal_grant
from tropa.desk.vault.errors import NoGrant, NotTogether
from tropa.desk.vault.key_chain import key_chain
from tropa.desk.vault.models import BreakGlass, BreakGlassPart, CaseGrant, CaseKey, StandbyShare
from tropa.desk.vault.standby import open_part
from tropa.desk.vault.statements import break_glass_context, break_glass_reason_context
from tropa.desk.vault.trust import coordinators, verified_signer
from tropa.desk.vault.wrapping_keys import unwrap_part, wrapping_key
from tropa.envelope import EnvelopeError, SealingKey, Seed, join_two, open_sealed, seal, sign, verify

LASTS = timedelta(days=7)
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class ToldAct:
    """An act as a coordinator reads it; `reason` is empty where it does not open or was not signed."""

    act: BreakGlass
    reason: str = field(repr=False)
    may_join: bool


@transaction.atomic
def ask_together(*, reader: Reader, case: Case, reason: str) -> BreakGlass:
    """Ask another coordinator to open this case together. All coordinators are told why.

    Raises NoGrant for anybody but a coordinator, NotTogether without a reason, without parts of all the case's seeds,
    or when nobody else coordinates.
    """
    others = _others(reader)
    reason = " ".join(reason.split())[:LONGEST_REASON]
    parts = _own_parts(reader, case)
    if not reason or not others:
        raise NotTogether
    BreakGlass.objects.filter(case=case, asked_by=reader.member, done_by=None).delete()
    act = BreakGlass(case=case, asked_by=reader.member, day=reader.now.date())
    act.save(force_insert=True)
    signature = sign(reader.seed.signing(), break_glass_reason_context(act), reason.encode())
    said = json.dumps([reason, signature.hex()], ensure_ascii=False).encode()
    for member, public in coordinators(reader.now.date()):
        part = BreakGlassPart(act=act, member=member)
        part.sealed_reason = seal(public, break_glass_context(act.pk, member.pk, "sealed_reason"), said)
        if member.pk != reader.member.pk:
            body = json.dumps({key_id: raw.hex() for key_id, raw in parts.items()}).encode()
            part.sealed_parts = seal(public, break_glass_context(act.pk, member.pk, "sealed_parts"), body)
        part.save(force_insert=True)
    detail = {"case": case.pk, "act": act.pk}
    record(reader=reader, act=Act.GLASS_ASKED, detail=detail, now=reader.now)
    return act


@transaction.atomic
def open_together(*, reader: Reader, act_id: str) -> Case:
    """Join one's parts with those of who asked: both hold the case from now on, and its log says so.

    Raises NoGrant for anybody but a coordinator, NotTogether for whoever asked, for an act that is over, and when the
    parts do not give the case's own seeds; nothing has changed then.
    """
    _others(reader)
    waiting = BreakGlass.objects.select_for_update(of=("self",)).select_related("case", "asked_by__issuer")
    act = waiting.filter(pk=act_id, done_by=None, day__gte=reader.now.date() - LASTS).first()
    if act is None or act.asked_by_id == reader.member.pk or not act.asked_by.active:
        raise NotTogether
    seeds = _joined(reader, act)
    keys = {key.pk: key for key in key_chain(act.case_id)}
    for member in (act.asked_by, reader.member):
        CaseGrant.objects.filter(key__case=act.case, member=member).delete()
        for key_id, seed in seeds.items():
            seal_grant(reader=reader, key=keys[key_id], seed=seed, member=member)
    CaseGrant.objects.filter(key__case=act.case, member__active=False).delete()
    _lead_on(act.case, act.asked_by, reader.member, reader.now.date())
    act.done_by, act.done_day = reader.member, reader.now.date()
    act.save(update_fields=["done_by", "done_day"])
    act.parts.update(sealed_parts=None)
    detail = {"case": act.case_id, "act": act.pk, "with": act.asked_by_id}
    record(reader=reader, act=Act.GLASS_BROKEN, detail=detail, now=reader.now)
    return act.case


@transaction.atomic
def withdraw_asking(*, reader: Reader, act_id: str) -> None:
    """Take back what one asked; nobody can join the parts any more. Raises NotTogether for an act of somebody else."""
    deleted, _rows = BreakGlass.objects.filter(pk=act_id, asked_by=reader.member, done_by=None).delete()
    if not deleted:
        raise NotTogether
    record(reader=reader, act=Act.GLASS_WITHDRAWN, detail={"act": act_id}, now=reader.now)


def told_acts(*, reader: Reader, since: date | None = None) -> list[ToldAct]:
    """What coordinators asked or did together in the last week, newest first; nothing for anybody else."""
    since = since or reader.now.date() - LASTS
    rows = BreakGlassPart.objects.filter(member=reader.member, act__day__gte=since)
    rows = rows.select_related("act__case", "act__asked_by__issuer", "act__done_by").order_by(
        "-act__day", "act_id"
    )
    key = reader.seed.sealing()
    return [
        ToldAct(part.act, _reason(key, part), part.act.done_by_id is None and part.sealed_parts is not None)
        for part in rows
    ]


def forget_asking(*, on: date) -> int:
    """Take away what was asked a week ago and never done, parts and all. Returns how many went."""
    return BreakGlass.objects.filter(done_by=None, day__lt=on - LASTS).delete()[0]


def _others(reader: Reader) -> list[Member]:
    """The other coordinators. Raises NoGrant for somebody who is none."""
    people = [member for member, _public in coordinators(reader.now.date())]
    if reader.member.role != Role.COORDINATOR or reader.member.pk not in {one.pk for one in people}:
        raise NoGrant
    return [one for one in people if one.pk != reader.member.pk]


def _own_parts(reader: Reader, case: Case) -> dict[str, bytes]:
    """The reader's part of every epoch's seed under the case's wrapping key, by key.

    Raises NotTogether when one is missing or planted.
    """
    shares = StandbyShare.objects.filter(key__case=case, member=reader.member).select_related(
        "granted_by__issuer"
    )
    try:
        parts = {share.key_id: open_part(reader=reader, share=share) for share in shares}
    except EnvelopeError:
        refuse(table="vault_standbyshare", row=case.pk, day=reader.now.date())
        raise NotTogether from None
    if set(parts) != set(CaseKey.objects.filter(case=case).values_list("pk", flat=True)):
        raise NotTogether
    return parts


def _joined(reader: Reader, act: BreakGlass) -> dict[str, Seed]:
    """The case's seeds by key, each the very one its row is committed to. Raises NotTogether."""
    mine = _own_parts(reader, act.case)
    part = act.parts.filter(member=reader.member).first()
    place = break_glass_context(act.pk, reader.member.pk, "sealed_parts")
    try:
        opened = open_sealed(reader.seed.sealing(), place, bytes((part and part.sealed_parts) or b""))
        theirs = read_parts(opened)
        of_case = wrapping_key(act.case_id)
        seeds = {
            key_id: join_two(
                unwrap_part(of_case, key_id, reader.member.pk, mine[key_id]),
                unwrap_part(of_case, key_id, act.asked_by_id, theirs[key_id]),
            )
            for key_id in mine
        }
    except (EnvelopeError, ValueError, KeyError):
        refuse(table="vault_breakglasspart", row=act.pk, day=reader.now.date())
        raise NotTogether from None
    chain = key_chain(act.case_id)
    if any(seeds[key.pk].sealing().public.raw != bytes(key.seal_public) for key in chain):
        refuse(table="vault_breakglasspart", row=act.pk, day=reader.now.date())
        raise NotTogether
    return {key.pk: seeds[key.pk] for key in chain}


def _lead_on(case: Case, asker: Member, joiner: Member, on: date) -> None:
    """Who was led by nobody who works here is led by the asker, seconded by who joined."""
    row = Case.objects.select_for_update(of=("self",)).select_related("lead", "second").get(pk=case.pk)
    holding = CaseGrant.objects.filter(running(on), key__case=case, member__active=True)
    held = set(holding.values_list("member_id", flat=True))
    if row.lead_id in held:
        return
    row.lead, row.second = asker, joiner
    row.save(update_fields=["lead", "second"])


def _reason(key: SealingKey, part: BreakGlassPart) -> str:
    act = part.act
    place = break_glass_context(act.pk, part.member_id, "sealed_reason")
    try:
        reason, signature = read_reason(open_sealed(key, place, bytes(part.sealed_reason)))
        signer = verified_signer(act.asked_by, act.day)
        verify(signer, break_glass_reason_context(act), reason.encode(), signature)
    except (EnvelopeError, ValueError):
        refuse(table="vault_breakglasspart", row=str(part.pk), day=clock.now().date())
        return ""
    return reason


def read_reason(body: bytes) -> tuple[str, bytes]:
    """Why somebody asked, and their signature, as they were sealed. Raises ValueError."""
    try:
        reason, signature = json.loads(body)
        return str(reason), bytes.fromhex(signature)
    except (TypeError, RecursionError) as error:
        raise ValueError("no reason of this format") from error


def read_parts(body: bytes) -> dict[str, bytes]:
    """The parts of a case's seeds, by key, as they were sealed. Raises ValueError."""
    try:
        return {key_id: bytes.fromhex(raw) for key_id, raw in json.loads(body).items()}
    except (AttributeError, TypeError, RecursionError) as error:
        raise ValueError("no parts of this format") from error
