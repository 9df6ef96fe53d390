"""Tables `Passport,Destination,Requirement`: countries as ISO alpha-2, alpha-3, or English or Russian names.

Kept true: which of the three it is is seen from the content, one for the whole file; a row in another spelling
is refused by name. The index knows no windows, purposes, papers or ways of entry, so where the pack says more
it is never called wrong for that; only a plain contradiction is a conflict.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from tropa.atlas.basics import Text
from tropa.atlas.importing.results import Action, Conflict, Import, Proposal, Refusal, VisaRule
from tropa.atlas.importing.table import Row, columns, decoded, header_of, refuse, rows_of
from tropa.atlas.importing.territories import by_code3, code_of_name, codes2
from tropa.atlas.kinds import EntryRule, StayRule
from tropa.atlas.model import Effect, Fact
from tropa.atlas.phrases import gettext_lazy as _
from tropa.atlas.terms import Kind, StayKind
from tropa.atlas.world import Atlas

HEADER: Final = (("Passport",), ("Destination",), ("Requirement",))

_RULES: Final = {
    "visa free": VisaRule.VISA_FREE,
    "visa on arrival": VisaRule.ON_ARRIVAL,
    "eta": VisaRule.ETA,
    "e-visa": VisaRule.E_VISA,
    "visa required": VisaRule.VISA_REQUIRED,
    "no admission": VisaRule.NO_ADMISSION,
    "covid ban": VisaRule.NO_ADMISSION,  # files of 2020 to 2022
    "-1": VisaRule.OWN_COUNTRY,
}
_SAID: Final = {
    VisaRule.VISA_FREE: Text("no visa is needed", "виза не нужна"),
    VisaRule.ON_ARRIVAL: Text("a visa is given on arrival", "визу дают по прилёте"),
    VisaRule.ETA: Text(
        "an electronic permission is needed before departure", "нужно электронное разрешение до поездки"
    ),
    VisaRule.E_VISA: Text("an electronic visa is needed", "нужна электронная виза"),
    VisaRule.VISA_REQUIRED: Text("a visa is needed", "нужна виза"),
    VisaRule.NO_ADMISSION: Text("nobody is let in on this passport", "с этим паспортом не впускают"),
    VisaRule.OWN_COUNTRY: Text("it is the holder's own country", "это своя страна"),
}
"""What stands in a proposal's note, where people read it."""

_KOSOVO: Final = "XK"
_KOSOVO_ELSEWHERE: Final = ("XKX", "UNK")
"""ISO 3166-1 has no alpha-3 code for it; among passports "unknown" means nothing else."""

_DAYS: Final = re.compile(r"[1-9]\d{0,3}", re.ASCII)
PASSPORTS: Final = frozenset({"internal", "fp5", "fp10"})
"""The papers an index means by a passport; one rule may admit holders of another paper besides."""

_WITHOUT_VISA: Final = frozenset({VisaRule.VISA_FREE, VisaRule.ON_ARRIVAL, VisaRule.ETA, VisaRule.E_VISA})

Pairs = dict[tuple[str, str], tuple[VisaRule, int | None, str]]


@dataclass(frozen=True, slots=True)
class _Layout:
    name: str
    fits: Callable[[str], object]
    code: Callable[[str], str | None]


def _code2(cell: str) -> str | None:
    code = cell.upper()
    return code if code in codes2() else None


def _code3(cell: str) -> str | None:
    code = cell.upper()
    return _KOSOVO if code in _KOSOVO_ELSEWHERE else by_code3().get(code)


_LAYOUTS: Final = (
    _Layout("iso2", re.compile(r"[A-Za-z]{2}").fullmatch, _code2),
    _Layout("iso3", re.compile(r"[A-Za-z]{3}").fullmatch, _code3),
    _Layout("names", lambda _cell: True, code_of_name),
)


def read(content: bytes, *, file: str, atlas: Atlas, citizenship: str) -> Import:
    """Read a table; raises `ImportRefused`."""
    text, notes = decoded(file, content)
    rows = rows_of(file, text)
    header = header_of(file, rows)
    places = columns(file, header, HEADER)
    body = list(rows)
    if not body:
        raise refuse(file, header.line, _("the table has no rows"), _("a row for each pair of countries"))
    layout = _layout(body, places)
    pairs, refused = _pairs(body, len(header.cells), places, layout)
    listed = tuple(
        (destination, *said)
        for (passport, destination), said in sorted(pairs.items())
        if passport == citizenship
    )
    found = _Comparison(atlas, citizenship)
    for destination, rule, days, _words in listed:
        found.compare(destination, rule, days)
    return Import(
        kind="passport-index",
        layout=layout.name,
        read=len(body),
        rows={f"{passport}>{destination}": said[2] for (passport, destination), said in pairs.items()},
        refused=tuple(refused),
        agreeing=found.agreeing,
        proposals=tuple(found.proposals),
        conflicts=tuple(found.conflicts),
        notes=notes,
        listed=listed,
    )


def _layout(body: Iterable[Row], places: tuple[int | None, ...]) -> _Layout:
    """The first layout that most cells fit: names are always possible, so they are asked last."""
    cells = [
        row.cells[place]
        for row in body
        for place in places[:2]
        if place is not None and place < len(row.cells)
    ]
    return next(one for one in _LAYOUTS if 2 * sum(bool(one.fits(cell)) for cell in cells) >= len(cells))


def _pairs(
    body: list[Row], width: int, places: tuple[int | None, ...], layout: _Layout
) -> tuple[Pairs, list[Refusal]]:
    pairs: Pairs = {}
    lines: dict[tuple[str, str], int] = {}
    refused: list[Refusal] = []
    for row in body:
        if len(row.cells) != width:
            refused.append(Refusal(row.line, "row", ",".join(row.cells), _("{n} cells", n=width)))
            continue
        passport, destination, words = (row.cells[place] for place in places if place is not None)
        fault, key, said = _read_row(row.line, passport, destination, words, layout)
        if fault is None and key in pairs:
            fault = Refusal(
                row.line,
                "row",
                f"{passport},{destination}",
                _("each pair once; it is at line {n}", n=lines[key]),
            )
        if fault is not None:
            refused.append(fault)
        else:
            pairs[key], lines[key] = said, row.line
    return pairs, refused


def _read_row(
    line: int, passport: str, destination: str, words: str, layout: _Layout
) -> tuple[Refusal | None, tuple[str, str], tuple[VisaRule, int | None, str]]:
    nothing = ("", ""), (VisaRule.NO_ADMISSION, None, "")
    codes = layout.code(passport), layout.code(destination)
    for field, cell, code in zip(("Passport", "Destination"), (passport, destination), codes, strict=True):
        if code is None:
            expected = _("a country of ISO 3166-1 as {layout}", layout=layout.name)
            return Refusal(line, field, cell, expected), *nothing
    days = int(words) if _DAYS.fullmatch(words) else None
    rule = VisaRule.VISA_FREE if days else _RULES.get(words.casefold())
    if rule is None:
        expected = _("days, or one of: {words}", words=", ".join(_RULES))
        return Refusal(line, "Requirement", words, expected), *nothing
    if (rule is VisaRule.OWN_COUNTRY) != (codes[0] == codes[1]):
        return Refusal(line, "Requirement", words, _("-1 for one's own country, and for no other")), *nothing
    return None, (codes[0] or "", codes[1] or ""), (rule, days, words)


class _Comparison:
    """The rows for one citizenship against the pack's rules of entry and stay."""

    def __init__(self, atlas: Atlas, citizenship: str) -> None:
        self._atlas, self._citizenship = atlas, citizenship
        self.agreeing = 0
        self.proposals: list[Proposal] = []
        self.conflicts: list[Conflict] = []

    def compare(self, destination: str, rule: VisaRule, days: int | None) -> None:
        if rule is VisaRule.OWN_COUNTRY:
            return
        rules = [
            fact
            for fact in self._atlas.entry_rules(destination)
            if fact.value.citizenship == self._citizenship
        ]
        if rules:
            self._entry(rules, rule, days)
        else:
            self._propose(destination, rule)
        stays = self._atlas.stay_rules(destination)
        if days is not None:
            self._stay(destination, stays, days)

    def _entry(self, rules: list[Fact[EntryRule]], rule: VisaRule, days: int | None) -> None:
        admitting = [fact for fact in rules if fact.effect is Effect.PERMISSION]
        free = [fact for fact in admitting if _asks_no_visa(fact)]
        theirs = f"{rule} {days}" if days else rule.value
        if rule is VisaRule.VISA_FREE and not free:
            self.conflicts.append(Conflict(rules[0].id, "papers", _papers(rules[0]), theirs))
        elif rule not in _WITHOUT_VISA and free:
            self.conflicts.append(Conflict(free[0].id, "papers", _papers(free[0]), theirs))
        else:
            self.agreeing += 1

    def _stay(self, destination: str, stays: tuple[Fact[StayRule], ...], days: int) -> None:
        stated = [fact for fact in stays if fact.value.days is not None]
        if any(fact.value.days == days for fact in stated):
            self.agreeing += 1
        elif stated:
            told = stated[0]
            self.conflicts.append(Conflict(told.id, "days", told.value.days, days, {"days": days}))
        elif not any(fact.value.counts is StayKind.NOT_LIMITED for fact in stays):
            record = {"country": destination, "counts": StayKind.PER_VISIT.value, "days": days}
            lacks = ("counts", *self._unknown(destination))  # the index does not tell how days are counted
            self.proposals.append(
                Proposal(Action.ADD, f"stay-rule-{destination}-index", Kind.STAY_RULE, record, lacks)
            )

    def _propose(self, destination: str, rule: VisaRule) -> None:
        record: dict[str, Any] = {"country": destination, "citizenship": self._citizenship}
        lacks = ["papers", *self._unknown(destination)]
        if rule is VisaRule.NO_ADMISSION:
            record |= {"papers": [[]], "effect": Effect.PROHIBITION.value}
            lacks.remove("papers")
        said = _SAID[rule]
        record["note"] = {
            "en": f"A passport index says: {said.en}.",
            "ru": f"В индексе паспортов: {said.ru}.",
        }
        self.proposals.append(
            Proposal(Action.ADD, f"entry-{destination}-index", Kind.ENTRY_RULE, record, tuple(lacks))
        )

    def _unknown(self, destination: str) -> tuple[str, ...]:
        return () if destination in self._atlas.countries else (f"country {destination}",)


def _asks_no_visa(fact: Fact[EntryRule]) -> bool:
    """Whether a passport admits without a visa; what else is asked for (an insurance) the index does not tell."""
    return any(
        (not one or one & PASSPORTS) and not any("visa" in paper for paper in one)
        for one in fact.value.papers.alternatives
    )


def _papers(fact: Fact[EntryRule]) -> Any:
    if fact.effect is Effect.PROHIBITION:
        return Effect.PROHIBITION.value
    return [sorted(alternative) for alternative in fact.value.papers.alternatives]
