"""Standby: each epoch's seed of a case also lies in parts with the coordinators, any two of which give it again.

One coordinator alone learns nothing from it. It is for the case whose holders are gone (`break_glass`). Parts are
made with every key, and anew when other people coordinate; with fewer than two coordinators there are none.
"""

from __future__ import annotations

from collections.abc import Collection
from secrets import token_bytes

from django.db.models import Count, Q, QuerySet

from tropa.desk.staff.reader import Reader
from tropa.desk.vault.models import CaseGrant, CaseKey, StandbyShare
from tropa.desk.vault.statements import check_statement, standby_context, standby_statement
from tropa.desk.vault.trust import coordinators, verified_caseworker
from tropa.desk.vault.wrapping_keys import wrap_part, wrapping_key
from tropa.envelope import MOST_PARTS, Seed, open_sealed, seal, sign, split_for_two

NEEDED = 2


def share_out(*, reader: Reader, key: CaseKey, seed: Seed) -> int:
    """Give each coordinator a part of this seed, instead of any they had; how many got one, 0 or at least two."""
    StandbyShare.objects.filter(key=key).delete()
    people = coordinators(reader.now.date())[:MOST_PARTS]
    if len(people) < NEEDED:
        return 0
    signing, of_case = reader.seed.signing(), wrapping_key(key.case_id)
    shares = []
    for (member, public), part in zip(
        people, split_for_two(seed, len(people), random=token_bytes), strict=True
    ):
        share = StandbyShare(key=key, member=member, granted_by=reader.member, day=reader.now.date())
        share.sealed = seal(
            public, standby_context(share, "sealed"), wrap_part(of_case, key.pk, member.pk, part)
        )
        share.signature = sign(signing, standby_context(share, "signature"), standby_statement(share))
        shares.append(share)
    StandbyShare.objects.bulk_create(shares)
    return len(shares)


def open_part(*, reader: Reader, share: StandbyShare) -> bytes:
    """The reader's own part, under the case's wrapping key.

    Raises an EnvelopeError for one that was planted or is damaged.
    """
    verified_caseworker(share.granted_by, share.day)
    check_statement(
        share.granted_by,
        share.day,
        standby_context(share, "signature"),
        standby_statement(share),
        bytes(share.signature),
    )
    return open_sealed(reader.seed.sealing(), standby_context(share, "sealed"), bytes(share.sealed))


def on_standby(case_ids: Collection[str]) -> set[str]:
    """Those of these cases every epoch of which two coordinators who work here could open together."""
    able: dict[str, set[str]] = {}
    rows = StandbyShare.objects.filter(key__case_id__in=case_ids, member__active=True)
    for key_id, member_id in rows.values_list("key_id", "member_id"):
        able.setdefault(key_id, set()).add(member_id)
    keys = list(CaseKey.objects.filter(case_id__in=case_ids).values_list("case_id", "pk"))
    lacking = {case_id for case_id, key_id in keys if len(able.get(key_id, ())) < NEEDED}
    return {case_id for case_id, _key in keys} - lacking


def due_for_parts(*, reader: Reader, case_ids: QuerySet[CaseGrant, str], most: int) -> list[CaseKey]:
    """Keys of these cases whose parts do not lie with everybody who coordinates today, and nobody else."""
    people = [member.pk for member, _public in coordinators(reader.now.date())[:MOST_PARTS]]
    wanted = len(people) if len(people) >= NEEDED else 0
    keys = CaseKey.objects.filter(case_id__in=case_ids).annotate(
        parts=Count("standby"), right=Count("standby", filter=Q(standby__member_id__in=people))
    )
    return list(keys.exclude(parts=wanted, right=wanted).select_related("case").order_by("pk")[:most])
