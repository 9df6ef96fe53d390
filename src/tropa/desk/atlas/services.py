"""Changing facts: reviewed, set, added, stopped, eased, withdrawn, settled; by one person or by two.

Kept true: a change is tried on the atlas in force before it is stored, and every reason against it is told at once.
What opens a way or makes one look safer, and every change of a hazard or an entry rule, waits for a second person;
whoever proposed never decides, in the service and in the database. The moment a change counts, plans that rest on
what it closes end and plans that rest on what it words anew are marked, in the same transaction. A stop needs one
person and no second look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Max

from tropa.atlas import Atlas, Kind, Source
from tropa.atlas.overlay import Act, Change, Fault, Overlaid, overlaid
from tropa.desk import clock
from tropa.desk.atlas.consequences import consequences
from tropa.desk.atlas.content import Content, Seen, acts_of, read_content
from tropa.desk.atlas.errors import (
    AlreadyDecided,
    NotAResearcher,
    NothingChanges,
    OwnProposal,
    StalePage,
    WrongChange,
)
from tropa.desk.atlas.in_force import InForce, base, look_again
from tropa.desk.atlas.kept_changes import last_kept
from tropa.desk.atlas.kept_stops import KeptStop, keep_lifting, keep_stop
from tropa.desk.atlas.models import Change as Row
from tropa.desk.atlas.models import Verdict
from tropa.desk.atlas.statements import ROLES_OF_RESEARCH, check_change, sign_change, sign_verdict
from tropa.desk.atlas.stored import as_stored, keep_what_verifies, put_back
from tropa.desk.audit.acts import Act as Logged
from tropa.desk.audit.services import record
from tropa.desk.identifiers import new_id
from tropa.desk.one_writer import Writing, one_writer
from tropa.desk.plans.ended_steps import write_down
from tropa.desk.plans.shaken import Shaken, shake_plans
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.trust import verified_certificate
from tropa.desk.work.rounds import begin_round
from tropa.envelope import EnvelopeError

ALWAYS_TWO = frozenset({Kind.HAZARD, Kind.ENTRY_RULE})
WEIGHS = frozenset({Act.SET, Act.ADDED, Act.WITHDRAWN, Act.SETTLED})
SECOND = "second"  # the key under which the overlay says that one person is not enough
SOMEBODY = "somebody else"  # stands for the second person while a proposal is tried


@dataclass(frozen=True, slots=True)
class Done:
    """A stored change: whether it counts already, and how many plans it ended and marked."""

    id: str
    waits: bool
    stopped: int = 0
    changed: int = 0


def may_change_facts(reader: Reader) -> bool:
    """Whether this person's certificate makes them a researcher or coordinator today."""
    try:
        return verified_certificate(reader.member, reader.now.date()).role in ROLES_OF_RESEARCH
    except EnvelopeError:
        return False


def review_facts(
    *,
    reader: Reader,
    facts: Sequence[Seen],
    reason: str,
    source: str | None = None,
    new_source: Source | None = None,
) -> Done:
    """Say of these facts that they were looked at today and are still so, one or a whole source at once.

    Raises NotAResearcher, WrongChange; StalePage when one of them says something else by now.
    """
    content = Content(tuple(facts), reason, source=source, new_source=new_source)
    return _change(reader, Act.REVIEWED, facts[0].fact_id, content)


def change_fact(*, reader: Reader, act: Act, content: Content) -> Done:
    """Set, add, withdraw or settle one fact. Raises NotAResearcher, WrongChange, NothingChanges."""
    return _change(reader, act, content.facts[0].fact_id, content)


def stop(*, reader: Reader, scope: str, reason: str) -> Done:
    """Close a country, place, paper, leg, rule or programme at this moment. It never lapses.

    Raises NotAResearcher, WrongChange.
    """
    return _change(reader, Act.STOP, scope, Content((Seen(scope),), reason))


def ease(*, reader: Reader, scope: str, reason: str) -> Done:
    """Propose to lift a stop. Raises NotAResearcher, WrongChange."""
    return _change(reader, Act.EASED, scope, Content((Seen(scope),), reason))


def approve(*, reader: Reader, change_id: str) -> Done:
    """Sign a proposal as the second person: from now on it counts. Raises OwnProposal, AlreadyDecided,
    NotAResearcher; WrongChange when it no longer fits the atlas in force.
    """
    with transaction.atomic():
        row = _to_decide(reader, change_id)
        before = look_again()
        row.second, row.second_day, row.verdict = reader.member, reader.now.date(), Verdict.APPROVED
        row.place = _next_number()
        acts = acts_of(as_stored(row))
        after = _tried(before, acts, read_content(row.content).new_source)
        _require_taken(after, acts)
        row.second_signature = sign_verdict(reader, row)
        row.save(update_fields=["second", "second_day", "second_signature", "verdict", "place"])
        shaken = _shake(reader, before.atlas, after.atlas)
        _log(reader, Logged.ATLAS_APPROVED, row)
    write_down(shaken.ending)
    if row.act == Act.EASED:
        keep_lifting(row.subject)
    keep_what_verifies()
    look_again()
    return Done(row.pk, waits=False, stopped=shaken.stopped, changed=shaken.changed)


def decline(*, reader: Reader, change_id: str) -> None:
    """Turn a proposal down; it never counts. Raises as `approve`."""
    with transaction.atomic():
        row = _to_decide(reader, change_id)
        row.second, row.second_day, row.verdict = reader.member, reader.now.date(), Verdict.DECLINED
        row.second_signature = sign_verdict(reader, row)
        row.save(update_fields=["second", "second_day", "second_signature", "verdict"])
        _log(reader, Logged.ATLAS_DECLINED, row)
    keep_what_verifies()
    look_again()


def _change(reader: Reader, act: Act, subject: str, content: Content) -> Done:
    """Try it, store it, and let it count at once unless it takes two."""
    if not may_change_facts(reader):
        raise NotAResearcher
    with transaction.atomic():
        number = _next_number()
        before = look_again()
        row = Row(
            id=new_id(),
            number=number,
            place=number,
            subject=subject,
            act=act.value,
            content=content.encode(),
            day=reader.now.date(),
            author=reader.member,
        )
        after, waits = _weighed(before, act, acts_of(as_stored(row)), content.new_source)
        if (
            act is not Act.REVIEWED
            and after.atlas.version == before.atlas.version
            and not _settles(before, after)
        ):
            raise NothingChanges
        row.verdict = Verdict.WAITING if waits else Verdict.NOT_NEEDED
        row.place = None if waits else number
        row.signature = sign_change(reader, row)
        row.save(force_insert=True)
        shaken = _shake(reader, before.atlas, before.atlas if waits else after.atlas)
        _log(reader, Logged.ATLAS_STOPPED if act is Act.STOP else Logged.ATLAS_CHANGED, row)
    write_down(shaken.ending)
    if act is Act.STOP:
        keep_stop(KeptStop(row.pk, subject, content.reason, row.day))
    keep_what_verifies()
    look_again()
    return Done(row.pk, waits=waits, stopped=shaken.stopped, changed=shaken.changed)


def _weighed(
    before: InForce, act: Act, acts: tuple[Change, ...], new: Source | None
) -> tuple[Overlaid, bool]:
    """The atlas with these acts, and whether they take two people."""
    alone = _tried(before, acts, new)
    faults = _faults(alone, acts)
    if any(fault.key == SECOND for fault in faults):
        together = _tried(before, tuple(replace(one, second=SOMEBODY) for one in acts), new)
        _require_taken(together, acts)
        return together, True
    _require_taken(alone, acts)
    return alone, act in WEIGHS and bool(_kinds(before.atlas, alone.atlas, acts) & ALWAYS_TWO)


def _tried(before: InForce, acts: tuple[Change, ...], new: Source | None = None) -> Overlaid:
    sources = {one.id: one for one in (*before.overlaid.sources, *([new] if new else []))}
    return overlaid(base(), (*before.acts, *acts), sources=sources.values(), after=before.overlaid)


def _faults(found: Overlaid, acts: tuple[Change, ...]) -> list[Fault]:
    ids = {one.id for one in acts}
    return [fault for gone in found.refused if gone.change.id in ids for fault in gone.faults]


def _require_taken(found: Overlaid, acts: tuple[Change, ...]) -> None:
    """Raise WrongChange with every reason, or StalePage when the fact says something else by now."""
    faults = _faults(found, acts)
    if faults:
        raise WrongChange(tuple(dict.fromkeys(str(fault.what) for fault in faults)))
    ids = {one.id for one in acts}
    if any(one.id in ids for one in found.lapsed):
        raise StalePage


def _kinds(before: Atlas, after: Atlas, acts: tuple[Change, ...]) -> set[Kind]:
    pairs = [(before.facts.get(one.fact_id), after.facts.get(one.fact_id)) for one in acts]
    return {fact.kind for pair in pairs for fact in pair if fact is not None}


def _settles(before: InForce, after: Overlaid) -> bool:
    return len(after.conflicts) != len(before.overlaid.conflicts)


def _shake(reader: Reader, before: Atlas, after: Atlas) -> Shaken:
    told = consequences(before, after, clock.facts_day(reader.now))
    shaken = shake_plans(reader=reader, closed=told.closed, changed=told.changed)
    if before.version != after.version:
        begin_round()
    return shaken


def _to_decide(reader: Reader, change_id: str) -> Row:
    """The proposal, locked and verified, for somebody who may decide about it."""
    if not may_change_facts(reader):
        raise NotAResearcher
    put_back(change_id)
    rows = Row.objects.select_for_update(of=("self",)).select_related("author__issuer__issuer")
    row = rows.filter(pk=change_id).first()
    if row is None or row.verdict != Verdict.WAITING:
        raise AlreadyDecided
    try:
        check_change(row)
    except (EnvelopeError, ValueError):
        raise AlreadyDecided from None
    if row.author_id == reader.member.pk:
        raise OwnProposal
    return row


def _next_number() -> int:
    """One more than any number or place there is; nobody else takes one before this transaction ends."""
    one_writer(Writing.CHANGES_OF_FACTS)
    last = Row.objects.aggregate(number=Max("number"), place=Max("place"))
    return max(last["number"] or 0, last["place"] or 0, last_kept()) + 1


def _log(reader: Reader, act: Logged, row: Row) -> None:
    record(reader=reader, act=act, detail={"change": row.pk, "subject": row.subject}, now=reader.now)
