"""What records owe each other: ids given once, references that lead somewhere, dates and numbers that agree.

Every fault is found in one pass over all records, so whoever mends a pack sees the whole list at once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from itertools import pairwise
from typing import Any, Final

from tropa.atlas.basics import PartialDate, Requirement
from tropa.atlas.errors import Problem
from tropa.atlas.model import Effect
from tropa.atlas.phrases import Phrase
from tropa.atlas.phrases import gettext_lazy as _
from tropa.atlas.records import Record
from tropa.atlas.shapes import SHAPES
from tropa.atlas.terms import Kind, StayKind

EVERY_MEMBER_STATE = "EU"
"""Incidents and deadlines may concern the European Union as a whole; no country fact has this code."""


def problems_between(
    records: Sequence[Record],
    *,
    sources: Mapping[str, Any] | None,
    broken: AbstractSet[str] = frozenset(),
    published: date = date.max,
    synthetic: bool = False,
) -> Iterator[Problem]:
    """Everything wrong that a single record cannot show. `sources` None: they could not be read, so what they
    are owed is not checked. `broken`: ids whose records have faults of their own; naming them is no further
    fault. `synthetic`: an invented world may use codes of countries nobody assigned.
    """
    known: dict[str, Record] = {}
    for record in records:
        if record.id in known:
            first = known[record.id]
            yield _problem(
                record,
                "id",
                _("the id is taken"),
                _("an id not used at {file}:{line}", file=first.file, line=first.line),
            )
        else:
            known[record.id] = record
    for record in records:
        yield from problems_of_record(
            record, known, sources=sources, broken=broken, published=published, synthetic=synthetic
        )
    yield from overlapping_hazards(record for record in records if record.kind is Kind.HAZARD)
    yield from circular_papers([record for record in records if record.kind is Kind.OBTAIN])


def circular_papers(obtains: Sequence[Record]) -> Iterator[Problem]:
    """Papers that can only be had by whoever has them: each way to them asks, in the end, for themselves."""
    offered = {record.values["paper"] for record in obtains}
    left = list(obtains)
    had: set[str] = set()
    while True:
        open_now = [
            record
            for record in left
            if any(
                all(paper in had or paper not in offered for paper in alternative)
                for alternative in record.values["requires"].alternatives
            )
        ]
        if not open_now:
            break
        had.update(record.values["paper"] for record in open_now)
        left = [record for record in left if record not in open_now]
    for record in left:
        if record.values["paper"] not in had:
            yield _problem(
                record,
                "requires",
                _("“{paper}” asks in a circle for itself", paper=record.values["paper"]),
                _("a way that begins without it"),
            )


def problems_of_record(
    record: Record,
    known: Mapping[str, Record],
    *,
    sources: Mapping[str, Any] | None,
    broken: AbstractSet[str] = frozenset(),
    published: date = date.max,
    synthetic: bool = False,
) -> Iterator[Problem]:
    """What is wrong with one record among those `known` by id."""
    if record.kind is Kind.COUNTRY and not synthetic:
        code = record.values["iso2"]
        if not _is_country(code) and not _USER_ASSIGNED.fullmatch(code):
            what = _("“{value}” is no country", value=code)
            yield _problem(record, "iso2", what, _("a code of ISO 3166-1"))
    yield from _dates(record, published)
    yield from _dangling(record, known, sources, broken)
    yield from _impossible(record, known)


def _problem(record: Record, key: str, what: Phrase, expected: Phrase) -> Problem:
    return Problem(
        record.file,
        record.lines.get(key, record.line),
        _("{key}: {what}", key=record.id, what=what),
        expected,
    )


def _dates(record: Record, published: date) -> Iterator[Problem]:
    envelope = record.envelope
    as_of: PartialDate = envelope["as_of"]
    if as_of.earliest > published:
        yield _problem(
            record,
            "as_of",
            _("as of {day} lies after publication", day=as_of.text),
            _("at latest {day}", day=published),
        )
    if envelope["review_by"] < as_of.earliest:
        yield _problem(
            record,
            "review_by",
            _("review by {day} lies before as_of", day=envelope["review_by"]),
            _("a day after {day}", day=as_of.text),
        )
    if envelope["recorded"] is not None and envelope["recorded"] > published:
        yield _problem(
            record,
            "recorded",
            _("recorded {day}, after publication", day=envelope["recorded"]),
            _("at latest {day}", day=published),
        )
    begins, ends = envelope["valid_from"], envelope["valid_until"]
    if begins and ends and ends < begins:
        yield _problem(
            record,
            "valid_until",
            _("valid until {ends} but from {begins}", ends=ends, begins=begins),
            _("an end that is not before the beginning"),
        )
    if ends and envelope["effect"] is Effect.PROHIBITION:
        yield _problem(
            record,
            "valid_until",
            _("a prohibition has an end date"),
            _("none: it stands until somebody lifts it"),
        )


def _dangling(
    record: Record,
    known: Mapping[str, Record],
    sources: Mapping[str, Any] | None,
    broken: AbstractSet[str],
) -> Iterator[Problem]:
    for source in record.envelope["sources"]:
        if sources is not None and source not in sources:
            yield _problem(
                record, "sources", _("the source “{id}” is nowhere", id=source), _("an id of sources.yaml")
            )
    for name, one in SHAPES[record.kind].keys.items():
        if not one.refers_to:
            continue
        for target in _ids(record.values[one.into]):
            if target in broken or (
                target == EVERY_MEMBER_STATE and record.kind in (Kind.INCIDENT, Kind.CLOCK)
            ):
                continue
            if target not in known or known[target].kind not in one.refers_to:
                yield _problem(
                    record,
                    name,
                    _("{key} names “{id}”, which is nowhere", key=name, id=target),
                    _("the id of: {kinds}", kinds=", ".join(one.refers_to)),
                )


def _ids(value: Any) -> Iterable[str]:
    if isinstance(value, Requirement):
        return sorted(value.papers)
    if isinstance(value, str):
        return (value,)
    return tuple(value)


def _impossible(record: Record, known: Mapping[str, Record]) -> Iterator[Problem]:
    match record.kind:
        case Kind.COUNTRY:
            if record.id != record.values["iso2"]:
                yield _problem(
                    record, "iso2", _("the id differs from iso2"), _("the id {id}", id=record.values["iso2"])
                )
        case Kind.LEG:
            yield from _impossible_leg(record, known)
        case Kind.PAPER_REFUSAL | Kind.DECISIONS | Kind.FIGURE | Kind.SETTLING:
            # also of countries of which nothing else is known
            code = record.values["country"]
            union = code == EVERY_MEMBER_STATE and record.kind is Kind.FIGURE
            if code is not None and code not in known and not union and not _is_country(code):
                what = _("“{value}” is no country", value=code)
                yield _problem(record, "country", what, _("a code of ISO 3166-1"))
        case Kind.STAY_RULE:
            yield from _impossible_stay(record)
        case Kind.PROVISION:
            low, high = record.values["term_min_years"], record.values["term_max_years"]
            if low is not None and high is not None and high < low:
                yield _problem(
                    record,
                    "term_max_years",
                    _("a term of {low} to {high} years", low=low, high=high),
                    _("a minimum below the maximum"),
                )
        case Kind.PROTECTION:
            if record.values["outcomes"] is not None and record.values["share_positive"] is None:
                yield _problem(
                    record,
                    "outcomes",
                    _("outcomes without a share"),
                    _("the key “{key}”", key="share_positive"),
                )
        case _:
            pass


_USER_ASSIGNED: Final = re.compile("AA|Q[M-Z]|X[A-Z]|ZZ")
"""Codes ISO 3166-1 leaves to whoever needs one: no country will ever have them."""


def _is_country(code: str) -> bool:
    from tropa.atlas.importing.territories import codes2  # noqa: PLC0415 - asked for few facts, read from a table

    return code in codes2()


def _impossible_leg(record: Record, known: Mapping[str, Record]) -> Iterator[Problem]:
    origin, target = known.get(record.values["origin"]), known.get(record.values["target"])
    if record.values["origin"] == record.values["target"]:
        yield _problem(record, "to", _("the leg ends where it begins"), _("another place"))
    if record.values["hours"].high == 0:
        yield _problem(record, "hours", _("the leg takes no time"), _("more than 0 hours"))
    if record.values["departures"] and record.values["wait_days"].high > 0:
        what = _("a timetable and days until the next departure")
        yield _problem(record, "wait_days", what, _("[0, 0, 0]: the timetable says how long one waits"))
    if origin is None or target is None or "country" not in origin.values or "country" not in target.values:
        return
    home, abroad = origin.values["country"], target.values["country"]
    crosses = home != abroad
    if crosses != record.values["crosses_border"]:
        said, meant = str(not crosses).lower(), str(crosses).lower()
        yield _problem(
            record,
            "crosses_border",
            _("crosses_border is {said} from {home} to {abroad}", said=said, home=home, abroad=abroad),
            _("one of: {words}", words=meant),
        )


def _impossible_stay(record: Record) -> Iterator[Problem]:
    counts, days, window = (record.values[name] for name in ("counts", "days", "window"))
    limited = counts in (StayKind.PER_VISIT, StayKind.SLIDING, StayKind.CALENDAR_YEAR)
    if limited and (days is None or days < 1):
        yield _problem(record, "days", _("{counts}: {n} days", counts=counts, n=days), _("at least 1 day"))
    if not limited and days is not None:
        yield _problem(record, "days", _("{counts}: {n} days", counts=counts, n=days), _("no days"))
    if (counts is StayKind.SLIDING) != (window is not None):
        yield _problem(
            record,
            "window",
            _("{counts}: a window of {n}", counts=counts, n=window),
            _("a window for sliding rules, and for no others"),
        )
    elif window is not None and days is not None and window < days:
        yield _problem(
            record,
            "window",
            _("{n} days in {window}", n=days, window=window),
            _("a window of at least the days"),
        )


def overlapping_hazards(records: Iterable[Record]) -> Iterator[Problem]:
    """Two hazards in force at once for one subject, scope and class would leave open which one counts."""
    groups: dict[tuple[str, str, str], list[Record]] = defaultdict(list)
    for record in records:
        for profile in record.values["classes"]:
            groups[record.values["subject"], record.values["scope"], profile].append(record)
    for (_subject, _scope, profile), members in groups.items():
        members.sort(key=lambda record: (record.envelope["valid_from"] or date.min, record.id))
        for earlier, later in pairwise(members):
            if (earlier.envelope["valid_until"] or date.max) >= (later.envelope["valid_from"] or date.min):
                yield _problem(
                    later,
                    "valid_from",
                    _("“{id}” states the same for {profile}", id=earlier.id, profile=profile),
                    _("dates that do not overlap"),
                )


def problems_of_history(
    earlier: Sequence[Record],
    standing: Sequence[Record],
    *,
    sources: Mapping[str, Any] | None,
    published: date,
) -> Iterator[Problem]:
    """Versions that cannot have stood as told: reversed days, two at once, sources that are nowhere. What they
    refer to may have gone since.
    """
    versions: dict[str, list[tuple[date, date, Record]]] = defaultdict(list)
    for record in earlier:
        begins, ends = record.envelope["recorded"], record.superseded or date.max
        if not begins < ends <= published:
            yield _problem(
                record,
                "superseded",
                _("recorded {begins}, superseded {ends}", begins=begins, ends=ends),
                _("days in order, at latest {day}", day=published),
            )
        for source in record.envelope["sources"]:
            if sources is not None and source not in sources:
                yield _problem(
                    record,
                    "sources",
                    _("the source “{id}” is nowhere", id=source),
                    _("an id of sources.yaml"),
                )
        versions[record.id].append((begins, ends, record))
    for record in standing:
        if record.id in versions:
            versions[record.id].append((record.envelope["recorded"] or published, date.max, record))
    for members in versions.values():
        members.sort(key=lambda member: member[:2])
        for (_begins, ends, first), (begins, _ends, second) in pairwise(members):
            if begins < ends:
                yield _problem(
                    second,
                    "recorded",
                    _("stood at once with {file}:{line}", file=first.file, line=first.line),
                    _("versions one after the other"),
                )
