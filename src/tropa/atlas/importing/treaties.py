"""Status of treaties in the layout of the UN Treaty Collection: participant, signature, accession.

Kept true: a signature alone binds nobody; a country that is not listed may have joined later, so absence is
never a finding. Which treaty it is stands in the file's name (`5-2.csv`), as nothing in the table tells.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

from tropa.atlas.basics import PartialDate
from tropa.atlas.importing.results import Action, Conflict, Import, Proposal, Refusal
from tropa.atlas.importing.table import columns, decoded, header_of, refuse, rows_of
from tropa.atlas.importing.territories import code_of_name
from tropa.atlas.phrases import gettext_lazy as _
from tropa.atlas.terms import Answer, Kind, TreatyKind, TreatyStatus
from tropa.atlas.world import Atlas

TREATIES: Final = {
    "5-2": "Refugee Convention 1951",
    "5-5": "Refugee Protocol 1967",
    "5-3": "Statelessness Convention 1954",
    "4-4": "ICCPR 1966",
    "4-9": "Convention against Torture 1984",
}
_KINDS: Final = {
    "5-2": TreatyKind.REFUGEE_CONVENTION,
    "5-5": TreatyKind.REFUGEE_PROTOCOL,
    "5-3": TreatyKind.STATELESSNESS,
    "4-4": TreatyKind.CIVIL_POLITICAL,
    "4-9": TreatyKind.AGAINST_TORTURE,
}
SIGNED_ONLY: Final = "signed only"
_REFUGEES: Final = frozenset({"5-2", "5-5"})

_JOINED: Final = (
    "Accession(a), Succession(d), Ratification",
    "Accession(a), Succession(d)",
    "Ratification, Accession(a), Succession(d)",
)
_DAY: Final = re.compile(
    r"(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4})(?: ([a-zA-Z]))?", re.ASCII
)
_MONTHS: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def read(content: bytes, *, file: str, atlas: Atlas) -> Import:
    """Read one treaty's table; raises `ImportRefused`."""
    text, notes = decoded(file, content)
    treaty = re.split(r"[/\\]", file)[-1].rpartition(".")[0] or file
    if treaty not in TREATIES:
        named = ", ".join(f"{code}.csv ({name})" for code, name in TREATIES.items())
        raise refuse(file, 0, _("the file's name tells no treaty"), _("one of: {words}", words=named))
    rows = rows_of(file, text)
    header = header_of(file, rows)
    participant, joined = columns(file, header, (("Participant",), _JOINED))
    assert participant is not None
    assert joined is not None
    refused: list[Refusal] = []
    parties: dict[str, str] = {}
    number = 0
    for number, row in enumerate(rows, 1):  # noqa: B007 the count is part of the result
        if len(row.cells) <= max(participant, joined):
            refused.append(Refusal(row.line, "row", ",".join(row.cells), _("a cell for each column")))
            continue
        name, when = row.cells[participant], row.cells[joined]
        code = code_of_name(name)
        if code is None:
            refused.append(Refusal(row.line, "Participant", name, _("a known country")))
        elif code in parties:
            refused.append(Refusal(row.line, "Participant", name, _("each country once")))
        elif when and _day(when) is None:
            refused.append(
                Refusal(row.line, "Accession", when, _("a day like 30 Aug 2005, with a letter or none"))
            )
        else:
            parties[code] = when or SIGNED_ONLY
    agreeing, proposals, conflicts = _compared(atlas, treaty, parties)
    return Import(
        kind="treaties",
        layout=TREATIES[treaty],
        read=number,
        rows={f"{treaty} {code}": when for code, when in sorted(parties.items())},
        refused=tuple(refused),
        agreeing=agreeing,
        proposals=tuple(proposals),
        conflicts=tuple(conflicts),
        notes=(*notes, _("a country that is not listed may have joined since: absence is no finding")),
    )


def _day(text: str) -> date | None:
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    try:
        return date(int(match[3]), _MONTHS.index(match[2]) + 1, int(match[1]))
    except ValueError:
        return None


def _compared(
    atlas: Atlas, treaty: str, parties: dict[str, str]
) -> tuple[int, list[Proposal], list[Conflict]]:
    """The rows against the facts on this treaty, and on the refugee treaties against what a country says of itself."""
    found = _Comparison(atlas, _KINDS[treaty])
    for code, when in sorted(parties.items()):
        found.compare(code, when)
        if treaty in _REFUGEES:
            found.country(code, when)
    return found.agreeing, found.proposals, found.conflicts


def _may_mean(told: PartialDate, day: date) -> bool:
    return told.earliest <= day <= told.latest


class _Comparison:
    def __init__(self, atlas: Atlas, what: TreatyKind) -> None:
        self._atlas, self._what = atlas, what
        self._known = {fact.value.country: fact for fact in atlas.treaties if fact.value.what is what}
        self.agreeing = 0
        self.proposals: list[Proposal] = []
        self.conflicts: list[Conflict] = []

    def compare(self, code: str, when: str) -> None:
        status = TreatyStatus.SIGNED if when == SIGNED_ONLY else TreatyStatus.PARTY
        day = _day(when)
        said: dict[str, Any] = {"status": status.value}
        if day is not None:
            said["since"] = day.isoformat()
        fact = self._known.get(code)
        if fact is None:
            record = {"country": code, "what": self._what.value, **said}
            lacks = () if code in self._atlas.countries else (f"country {code}",)
            name = f"treaty-{self._what.value.replace('_', '-')}-{code}"
            self.proposals.append(Proposal(Action.ADD, name, Kind.TREATY, record, lacks))
        elif (ours := fact.value.status) is not status:
            self.conflicts.append(Conflict(fact.id, "status", ours.value, status.value, said))
        elif day is not None and fact.value.since is not None and not _may_mean(fact.value.since, day):
            told = {"since": day.isoformat()}
            self.conflicts.append(Conflict(fact.id, "since", fact.value.since.text, day.isoformat(), told))
        else:
            self.agreeing += 1

    def country(self, code: str, when: str) -> None:
        fact = self._atlas.countries.get(code)
        if fact is None or when == SIGNED_ONLY:
            return
        told = {"refugee_convention": "yes"}
        match fact.value.refugee_convention:
            case Answer.YES:
                self.agreeing += 1
            case Answer.NO:
                theirs = f"party since {when}"
                self.conflicts.append(Conflict(fact.id, "refugee_convention", "no", theirs, told))
            case Answer.UNKNOWN:
                self.proposals.append(Proposal(Action.CHANGE, fact.id, Kind.COUNTRY, told))
