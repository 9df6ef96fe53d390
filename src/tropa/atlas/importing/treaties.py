"""Status of treaties in the layout of the UN Treaty Collection: participant, signature, accession.

Kept true: a signature alone binds nobody; a country that is not listed may have joined later, so absence is
never a finding. Which treaty it is stands in the file's name (`5-2.csv`), as nothing in the table tells.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from tropa.atlas.importing.results import Action, Conflict, Import, Proposal, Refusal
from tropa.atlas.importing.table import columns, decoded, header_of, refuse, rows_of
from tropa.atlas.importing.territories import code_of_name
from tropa.atlas.phrases import gettext_lazy as _
from tropa.atlas.terms import Answer, Kind
from tropa.atlas.world import Atlas

TREATIES: Final = {
    "5-2": "Refugee Convention 1951",
    "5-5": "Refugee Protocol 1967",
    "5-3": "Statelessness Convention 1954",
    "4-4": "ICCPR 1966",
    "4-9": "Convention against Torture 1984",
}
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
        elif when and not _is_day(when):
            refused.append(
                Refusal(row.line, "Accession", when, _("a day like 30 Aug 2005, with a letter or none"))
            )
        else:
            parties[code] = when or "signed only"
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
        notes=(
            *notes,
            _("a country that is not listed may have joined since: absence is no finding"),
            *(
                ()
                if treaty in _REFUGEES
                else (_("the pack has no fact for this treaty: nothing is proposed"),)
            ),
        ),
    )


def _is_day(text: str) -> bool:
    match = _DAY.fullmatch(text)
    if match is None:
        return False
    try:
        date(int(match[3]), _MONTHS.index(match[2]) + 1, int(match[1]))
    except ValueError:
        return False
    return True


def _compared(
    atlas: Atlas, treaty: str, parties: dict[str, str]
) -> tuple[int, list[Proposal], list[Conflict]]:
    agreeing = 0
    proposals: list[Proposal] = []
    conflicts: list[Conflict] = []
    if treaty not in _REFUGEES:
        return agreeing, proposals, conflicts
    for code, when in sorted(parties.items()):
        fact = atlas.countries.get(code)
        if fact is None or when == "signed only":
            continue
        match fact.value.refugee_convention:
            case Answer.YES:
                agreeing += 1
            case Answer.NO:
                conflicts.append(
                    Conflict(
                        fact.id,
                        "refugee_convention",
                        "no",
                        f"party since {when}",
                        {"refugee_convention": "yes"},
                    )
                )
            case Answer.UNKNOWN:
                record = {"refugee_convention": "yes"}
                proposals.append(Proposal(Action.CHANGE, fact.id, Kind.COUNTRY, record))
    return agreeing, proposals, conflicts
