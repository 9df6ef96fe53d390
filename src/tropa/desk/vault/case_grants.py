"""Grants: an epoch's seed sealed to one holder, signed, with a last day or without.

A grant is believed only if an adviser or coordinator signed it and it opens to the very key its case is committed
to: whoever writes to the database slips a key of theirs to nobody. Its last day stands in what was signed and in
what was wrapped. Somebody with the whole history holds a grant for every epoch; granted without, they hold one from
the newest epoch on. The server refuses a grant after its last day; from the next key on (`rotating`) mathematics
does.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from tropa.desk.audit.acts import Act
from tropa.desk.audit.refusals import refuse
from tropa.desk.audit.services import record
from tropa.desk.cases.models import Case
from tropa.desk.staff.models import Member
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.case_keys import CaseSeed
from tropa.desk.vault.errors import NoGrant, NotCommitted
from tropa.desk.vault.key_chain import verified_key
from tropa.desk.vault.last_act import require_time_runs_on
from tropa.desk.vault.models import CaseGrant, CaseKey
from tropa.desk.vault.statements import (
    case_grant_context,
    case_grant_place,
    case_grant_statement,
    check_statement,
)
from tropa.desk.vault.trust import verified_caseworker, verified_recipient
from tropa.desk.vault.wrapping_keys import unwrap_seed, wrap_seed, wrapping_key, wrapping_keys
from tropa.envelope import (
    CannotOpen,
    EnvelopeError,
    Seed,
    SymmetricKey,
    open_sealed,
    seal,
    sign,
    unwrap,
    wrap,
)

HELD = """
    SELECT held.case_id FROM vault_casegrant g JOIN vault_casekey held ON held.id = g.key_id
    WHERE g.member_id = %s AND (g.ends_day IS NULL OR g.ends_day >= %s)
"""
"""The cases a member holds on a day. Written out, as is `GRANTS`: every page asks, and Django builds an expression for
each part of a query each time, which costs far more than running it.
"""
GRANTS = """
    SELECT g.id, g.key_id, k.case_id, k.epoch, CAST(g.ends_day AS TEXT), g.wrapped
    FROM vault_casegrant g JOIN vault_casekey k ON k.id = g.key_id
    WHERE g.member_id = %s AND (g.ends_day IS NULL OR g.ends_day >= %s) AND k.case_id IN ({})
"""


def grant_seed(
    *, reader: Reader, key: CaseKey, seed: Seed, member: Member, ends_day: date | None = None
) -> CaseGrant:
    """Seal an epoch's seed to one holder, whose key is verified first, and sign that it was granted."""
    grant = seal_grant(reader=reader, key=key, seed=seed, member=member, ends_day=ends_day)
    detail = {"case": key.case_id, "member": member.id}
    record(reader=reader, act=Act.GRANTED, detail=detail, now=reader.now)
    return grant


def seal_grant(
    *, reader: Reader, key: CaseKey, seed: Seed, member: Member, ends_day: date | None = None
) -> CaseGrant:
    """`grant_seed` without its line in the log, for acts that write one line about several grants."""
    grant = CaseGrant(
        key=key, member=member, granted_by=reader.member, day=reader.now.date(), ends_day=ends_day
    )
    recipient = verified_recipient(member, reader.now.date())
    wrapped = wrap_seed(wrapping_key(key.case_id), key.pk, seed)
    grant.sealed = seal(recipient, case_grant_context(grant, "sealed"), wrapped)
    grant.signature = sign(
        reader.seed.signing(), case_grant_context(grant, "signature"), case_grant_statement(grant)
    )
    grant.save(force_insert=True)
    return grant


def open_case_seed(*, reader: Reader, case: Case) -> CaseSeed:
    """The seeds of the case the reader holds. Raises NoGrant when they hold none that is valid today."""
    seeds = _opened(reader, [case.pk])
    if case.pk not in seeds:
        raise NoGrant
    return seeds[case.pk]


def open_case_seeds(*, reader: Reader, case_ids: Collection[str]) -> dict[str, CaseSeed]:
    """The same for many cases in one query (more only the first time); cases not held are left out."""
    return _opened(reader, case_ids) if case_ids else {}


def of_held_cases(*, reader: Reader) -> RawSQL:
    """The cases the reader holds a grant for today, for `__in` of a query."""
    return RawSQL(HELD, _values(reader))  # noqa: S611  # a literal of this module


def held_case_ids(*, reader: Reader) -> QuerySet[CaseGrant, str]:
    """Ids of the cases the reader holds a grant for today, as a subquery."""
    return _valid(reader).values_list("key__case_id", flat=True)


def running(on: date) -> Q:
    """Grants that have not ended before that day."""
    return Q(ends_day=None) | Q(ends_day__gte=on)


def _values(reader: Reader) -> tuple[str, Any]:
    require_time_runs_on(reader.now)
    return reader.member.id, connection.ops.adapt_datefield_value(reader.now.date())


def _valid(reader: Reader) -> QuerySet[CaseGrant]:
    require_time_runs_on(reader.now)
    return CaseGrant.objects.filter(running(reader.now.date()), member_id=reader.member.id)


def _grants(reader: Reader, case_ids: Collection[str]) -> list[tuple[Any, ...]]:
    values = [*_values(reader), *case_ids]
    with connection.cursor() as cursor:
        cursor.execute(GRANTS.format(", ".join(["%s"] * len(case_ids))), values)
        return list(cursor.fetchall())


def _opened(reader: Reader, case_ids: Collection[str]) -> dict[str, CaseSeed]:
    """Seeds by case; grants that do not open or verify are counted, and else as if they were not there."""
    wrapping = reader.seed.subkey("case grants")
    found: dict[str, dict[int, Seed]] = {}
    unopened: list[str] = []
    rows = _grants(reader, case_ids)
    of_cases = wrapping_keys({case_id for _grant, _key, case_id, *_rest in rows})
    for grant_id, key_id, case_id, epoch, ends, wrapped in rows:
        if case_id not in of_cases:
            continue
        if wrapped is None:
            unopened.append(grant_id)
            continue
        place = case_grant_place(
            "wrapped",
            case_id=case_id,
            key_id=key_id,
            member_id=reader.member.id,
            epoch=epoch,
            ends_day=date.fromisoformat(ends) if ends else None,
        )
        try:
            inner = unwrap(wrapping, place, bytes(wrapped))
            found.setdefault(case_id, {})[epoch] = unwrap_seed(of_cases[case_id], key_id, inner)
        except EnvelopeError:
            refuse(table="vault_casegrant", row=grant_id, day=reader.now.date())
    if unopened:
        unseen = CaseGrant.objects.filter(pk__in=unopened)
        for grant in unseen.select_related("key__signer__issuer", "granted_by__issuer"):
            try:
                seed = _first_opening(reader, grant, of_cases[grant.key.case_id])
                found.setdefault(grant.key.case_id, {})[grant.key.epoch] = seed
            except (EnvelopeError, NotCommitted):
                refuse(table="vault_casegrant", row=grant.pk, day=reader.now.date())
    return {case_id: _newest_first(seeds) for case_id, seeds in found.items() if seeds}


def _newest_first(seeds: dict[int, Seed]) -> CaseSeed:
    newest = max(seeds)
    return CaseSeed(newest, seeds.pop(newest), seeds)


def _first_opening(reader: Reader, grant: CaseGrant, of_case: SymmetricKey) -> Seed:
    """Open with the member's own key, check who granted what, and keep it wrapped so that the
    next time is quick.
    """
    verified_caseworker(grant.granted_by, grant.day)
    check_statement(
        grant.granted_by,
        grant.day,
        case_grant_context(grant, "signature"),
        case_grant_statement(grant),
        bytes(grant.signature),
    )
    inner = open_sealed(reader.seed.sealing(), case_grant_context(grant, "sealed"), bytes(grant.sealed))
    seed = unwrap_seed(of_case, grant.key_id, inner)
    if seed.sealing().public != verified_key(grant.key):
        raise CannotOpen
    context = case_grant_context(grant, "wrapped")
    wrapped = wrap(reader.seed.subkey("case grants"), context, inner, random=secrets.token_bytes)
    CaseGrant.objects.filter(pk=grant.pk).update(wrapped=wrapped)
    return seed
