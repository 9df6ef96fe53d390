"""A small world for changes over a pack: two ways to Norway, a paper, an end state, hazards, and who changes it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.atlas.small_pack import FILES, write_pack
from tropa.atlas import Atlas, Kind, load_pack
from tropa.atlas.overlay import Act, Change

DAY = datetime(2026, 11, 25, 9, tzinfo=UTC)
TODAY = DAY.date()

_END = """\
    sources: [law]
    as_of: 2026-11
    review_by: 2026-12-20
    owner: visas
    confidence: sourced
    review: reviewed
"""

EXTRA = {
    "entry": FILES["entry.yaml"]
    + "  - id: entry-open\n    country: NO\n    citizenship: RU\n    papers: [[fp10]]\n    modes: [rail]\n"
    + _END,
    "legs": FILES["legs.yaml"].replace("confidence: sourced", "confidence: sourced\n    review: reviewed")
    + """\
  - id: train
    from: murmansk
    to: kirkenes
    mode: rail
    hours: [4, 5, 9]
    euros: [20, 30, 60]
    wait_days: [0, 1, 3]
    crosses_border: true
"""
    + _END
    + """\
  - id: back
    from: kirkenes
    to: murmansk
    mode: rail
    hours: [4, 5, 9]
    euros: [20, 30, 60]
    wait_days: [0, 1, 3]
    crosses_border: true
"""
    + _END,
    "stays": """\
kind: stay_rule
facts:
  - id: stay-NO
    country: NO
    counts: per_visit
    days: 90
    papers: [[]]
"""
    + _END,
    "protection": """\
kind: protection
facts:
  - id: asylum-NO
    country: NO
    what: asylum
    days: [90, 200, 500]
    euros: [120, 400, 1500]
    share_positive: [0.2, 0.3, 0.5]
"""
    + _END,
    "obtaining": """\
kind: obtain
facts:
  - id: visa-anywhere
    paper: visa
    countries: [RU, NO]
    office: receiving_embassy
    requires: [[fp10]]
    needs_no_exit_ban: false
    days: [5, 10, 30]
    euros: [35, 80, 120]
"""
    + _END
    + """\
  - id: passport-in-norway
    paper: fp10
    countries: [NO]
    office: home_consulate
    requires: [[]]
    needs_no_exit_ban: true
    days: [5, 10, 30]
    euros: [35, 80, 120]
"""
    + _END,
    "papers": FILES["papers.yaml"]
    + "  - id: visa\n    name: {en: Visa, ru: виза}\n    travel_document: false\n"
    + _END,
    "hazards": FILES["hazards.yaml"].replace(
        "confidence: judgement", "confidence: judgement\n    review: reviewed"
    )
    + """\
  - id: counted
    subject: entry_check
    scope: NO
    classes: [no_summons]
    chance: [0.0001, 0.001, 0.002]
    exposure: {units: 100, what: {en: crossings, ru: переходы}}
"""
    + _END,
}


def base_atlas(folder: Path, **changed: str) -> Atlas:
    """The small world as a pack of its own."""
    return load_pack(write_pack(folder, **{**EXTRA, **changed}))


def change(
    act: Act,
    fact_id: str,
    record: Mapping[str, Any] | None = None,
    *,
    minutes: int = 0,
    second: str | None = None,
    kind: str | None = None,
    **other: Any,
) -> Change:
    """A change by Anna, so many minutes after nine."""
    on = DAY + timedelta(minutes=minutes)
    given = {"id": f"{act}-{fact_id}-{minutes}", "by": "anna", "reason": "Seen today.", **other}
    given["kind"] = None if kind is None else Kind(kind)
    return Change(act=act, fact_id=fact_id, record=record, on=on, second=second, **given)


INCIDENT = {
    "country": "NO",
    "what": "deported",
    "profile": {"en": "a deserter", "ru": "дезертир"},
    "summary": {"en": "Sent back from the border.", "ru": "Отправлен назад с границы."},
}
