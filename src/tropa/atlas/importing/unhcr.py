"""UNHCR's tables of asylum decisions and applications, by the column names of its R package or of its
download page.

Kept true: first instance is never added to appeals; closed cases are no decisions; numbers under five were
rounded to 0 or 5 by UNHCR, so a share has the interval this leaves and is not given under twenty decisions;
no figure is split by ground of claim, so none is a rate for people who refuse a war.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tropa.atlas.estimates import wilson
from tropa.atlas.importing.results import Action, Conflict, Import, Proposal, Refusal
from tropa.atlas.importing.table import Row, columns, decoded, header_of, refuse, rows_of
from tropa.atlas.importing.territories import by_code3
from tropa.atlas.phrases import Phrase
from tropa.atlas.phrases import gettext_lazy as _
from tropa.atlas.terms import Kind, ProtectionKind
from tropa.atlas.world import Atlas

FEWEST: Final = 20
"""Decisions below which no share is given."""

_WHO: Final = (
    ("year",),
    ("coo_iso", "Country of origin (ISO)"),
    ("coa_iso", "Country of asylum (ISO)"),
)
_DECISIONS: Final = (
    *_WHO,
    ("dec_level", "Stage of procedure"),
    ("dec_recognized", "Recognized decisions"),
    ("dec_other", "Complementary protection"),
    ("dec_rejected", "Rejected decisions"),
    ("dec_closed", "Otherwise closed"),
    ("dec_total", "Total decisions"),
)
_APPLICATIONS: Final = (*_WHO, ("app_type", "Application type"), ("applied", "Applications"))
_NEW: Final = frozenset({"N", "NEW"})
_FIRST: Final = frozenset({"FI", "FIRST INSTANCE"})

Key = tuple[str, str, int]
"""Origin and asylum country by alpha-2, and the year."""


@dataclass(slots=True)
class _Decided:
    """Decisions of one key: recognised, other protection, rejected, closed; `small` counts figures that may
    have been rounded."""

    positive: int = 0
    rejected: int = 0
    closed: int = 0
    small_positive: int = 0
    small_rejected: int = 0

    def add(self, recognised: int, other: int, rejected: int, closed: int) -> None:
        self.positive += recognised + other
        self.rejected += rejected
        self.closed += closed
        self.small_positive += sum(figure in (0, 5) for figure in (recognised, other))
        self.small_rejected += rejected in (0, 5)

    @property
    def decided(self) -> int:
        return self.positive + self.rejected

    def share(self) -> list[float]:
        """Low, point and high: a 95 % Wilson interval, widened by what rounding may have hidden."""
        # 0 stands for at most 2 and 5 for at least 3: two off for each figure that may have been rounded
        fewer = max(0, self.positive - 2 * self.small_positive)
        more = self.positive + 2 * self.small_positive
        low = wilson(fewer, fewer + self.rejected + 2 * self.small_rejected)[0]
        high = wilson(more, more + max(0, self.rejected - 2 * self.small_rejected))[1]
        shares = (low, self.positive / self.decided, high)
        return [min(round(share, 3), 0.999) for share in shares]  # a chance in the pack stays below one


def read_decisions(content: bytes, *, file: str, atlas: Atlas, citizenship: str) -> Import:
    """Read a table of decisions; raises `ImportRefused`."""
    body, places, layout, notes = _opened(content, file, _DECISIONS)
    refused: list[Refusal] = []
    first: dict[Key, _Decided] = defaultdict(_Decided)
    every: dict[Key, _Decided] = defaultdict(_Decided)
    for row in body:
        read = _read_row(row, places, _DECISIONS, refused, numbers=5)
        if read is None:
            continue
        key, (level, *_rest), (recognised, other, rejected, closed, total) = read
        if (
            abs(recognised + other + rejected + closed - total) > 2 * 4
        ):  # four figures, each rounded by two at most
            parts = recognised + other + rejected + closed
            refused.append(
                Refusal(row.line, _DECISIONS[-1][0], str(total), _("the sum of the parts, {n}", n=parts))
            )
            continue
        every[key].add(recognised, other, rejected, closed)
        if level.upper() in _FIRST:
            first[key].add(recognised, other, rejected, closed)
    compared = _compare(atlas, citizenship, first, every)
    return Import(
        kind="unhcr-decisions",
        layout=layout,
        read=len(body),
        rows={_name(key): _told(first.get(key), one) for key, one in sorted(every.items())},
        refused=tuple(refused),
        agreeing=compared.agreeing,
        proposals=tuple(compared.proposals),
        conflicts=tuple(compared.conflicts),
        notes=(*notes, *_said_of_decisions(every.values(), compared.too_few)),
    )


def read_applications(content: bytes, *, file: str, atlas: Atlas, citizenship: str) -> Import:
    """Read a table of applications; raises `ImportRefused`. The model has no fact for them: figures only."""
    del atlas, citizenship
    body, places, layout, notes = _opened(content, file, _APPLICATIONS)
    refused: list[Refusal] = []
    new: Counter[Key] = Counter()
    every: Counter[Key] = Counter()
    for row in body:
        read = _read_row(row, places, _APPLICATIONS, refused, numbers=1)
        if read is not None:
            key, (kind, *_rest), (applied,) = read
            every[key] += applied
            new[key] += applied if kind.upper() in _NEW else 0
    return Import(
        kind="unhcr-applications",
        layout=layout,
        read=len(body),
        rows={_name(key): f"new {new[key]}, with appeals and repeats {every[key]}" for key in sorted(every)},
        refused=tuple(refused),
        agreeing=0,
        proposals=(),
        conflicts=(),
        notes=(
            *notes,
            _("only new applications count people once; appeals and repeats are given apart"),
            _("the pack has no fact for applications: nothing is proposed"),
        ),
    )


def _opened(
    content: bytes, file: str, wanted: tuple[tuple[str, ...], ...]
) -> tuple[list[Row], tuple[int, ...], str, tuple[Phrase, ...]]:
    text, notes = decoded(file, content)
    rows = rows_of(file, text)
    header = header_of(file, rows)
    places = tuple(place for place in columns(file, header, wanted) if place is not None)
    body = list(rows)
    if not body:
        raise refuse(file, header.line, _("the table has no rows"), _("a row for each country and year"))
    names = {cell.casefold() for cell in header.cells}
    return body, places, "package" if "coo_iso" in names else "download", notes


def _read_row(
    row: Row,
    places: tuple[int, ...],
    wanted: tuple[tuple[str, ...], ...],
    refused: list[Refusal],
    *,
    numbers: int,
) -> tuple[Key, list[str], list[int]] | None:
    """The key, the words and the figures of a row, or None with a refusal for its first fault."""
    if len(row.cells) <= max(places):
        refused.append(Refusal(row.line, "row", ",".join(row.cells), _("a cell for each column")))
        return None
    cells = [row.cells[place] for place in places]
    names = [one[0] for one in wanted]
    year, origin, asylum = cells[:3]
    if not (year.isascii() and year.isdigit() and 1950 <= int(year) <= 2100):
        refused.append(Refusal(row.line, names[0], year, _("a year")))
        return None
    for name, code in ((names[1], origin), (names[2], asylum)):
        if code not in by_code3():
            refused.append(
                Refusal(row.line, name, code, _("a country of ISO 3166-1 as {layout}", layout="iso3"))
            )
            return None
    figures: list[int] = []
    for name, cell in zip(names[-numbers:], cells[-numbers:], strict=True):
        if not (cell.isascii() and cell.isdigit() and len(cell) < 10):
            refused.append(Refusal(row.line, name, cell, _("a whole number that is not negative")))
            return None
        figures.append(int(cell))
    return (by_code3()[origin], by_code3()[asylum], int(year)), cells[3:-numbers], figures


def _name(key: Key) -> str:
    return f"{key[0]}>{key[1]} {key[2]}"


def _told(first: _Decided | None, every: _Decided) -> str:
    chosen, level = (first, "first instance") if first and first.decided else (every, "all instances")
    return f"{level}: {chosen.positive} of {chosen.decided}, closed {chosen.closed}"


def _said_of_decisions(every: Iterable[_Decided], too_few: int) -> Iterable[Phrase]:
    listed = list(every)
    yield _(
        "closed without a decision: {n}; they count neither for nor against",
        n=sum(one.closed for one in listed),
    )
    yield _(
        "figures of 0 or 5, which may stand for 1 to 4: {n}; shares are widened for them",
        n=sum(one.small_positive + one.small_rejected for one in listed),
    )
    yield _("countries with fewer than {n} decisions, for which no share is given: {m}", n=FEWEST, m=too_few)
    yield _("no figure is split by ground of claim: none is a rate for people who refuse a war")


@dataclass(slots=True)
class _Compared:
    agreeing: int
    too_few: int
    proposals: list[Proposal]
    conflicts: list[Conflict]


def _compare(
    atlas: Atlas, citizenship: str, first: Mapping[Key, _Decided], every: Mapping[Key, _Decided]
) -> _Compared:
    """The latest year of each country against the pack's outcomes of asylum there."""
    found = _Compared(0, 0, [], [])
    latest = {
        asylum: year
        for origin, asylum, year in sorted(every, key=lambda key: key[2])
        if origin == citizenship
    }
    for asylum, year in sorted(latest.items()):
        key = (citizenship, asylum, year)
        at_first = first.get(key, _Decided())
        level, one = (
            ("first instance", at_first) if at_first.decided >= FEWEST else ("all instances", every[key])
        )
        _compare_one(
            atlas,
            asylum,
            f"{year}, {level}",
            one,
            at_first if level == "all instances" else every[key],
            found,
        )
    return found


def _both(period: str) -> dict[str, str]:
    """A period in both languages."""
    russian = period.replace("first instance", "первая инстанция").replace("all instances", "все инстанции")
    return {"en": period, "ru": russian}


def _compare_one(
    atlas: Atlas, asylum: str, period: str, one: _Decided, other: _Decided, found: _Compared
) -> None:
    facts = [fact for fact in atlas.protections_in(asylum) if fact.value.what is ProtectionKind.ASYLUM]
    outcomes = facts[0].value.outcomes if facts else None
    year = period.partition(",")[0]
    if outcomes is not None and outcomes.period.en.startswith(f"{year},"):
        chosen = one if outcomes.period.en == period else other
        if (outcomes.positive, outcomes.decided) == (chosen.positive, chosen.decided):
            found.agreeing += 1
        else:
            ours = f"{outcomes.period.en}: {outcomes.positive} of {outcomes.decided}"
            theirs = f"{outcomes.period.en}: {chosen.positive} of {chosen.decided}"
            told = {
                "period": _both(outcomes.period.en),
                "positive": chosen.positive,
                "decided": chosen.decided,
            }
            found.conflicts.append(Conflict(facts[0].id, "outcomes", ours, theirs, {"outcomes": told}))
        return
    if one.decided < FEWEST:
        found.too_few += 1
        return
    record: dict[str, Any] = {
        "country": asylum,
        "what": ProtectionKind.ASYLUM.value,
        "share_positive": one.share(),
        "outcomes": {"period": _both(period), "positive": one.positive, "decided": one.decided},
    }
    if facts:
        found.proposals.append(Proposal(Action.CHANGE, facts[0].id, Kind.PROTECTION, record))
    else:
        lacks = ("days", "euros", *(() if asylum in atlas.countries else (f"country {asylum}",)))
        found.proposals.append(Proposal(Action.ADD, f"asylum-{asylum}", Kind.PROTECTION, record, lacks))
