"""A small whole pack, and ways to spoil it: the tests change one line and look at what is said."""

from pathlib import Path

FILES = {
    "pack.yaml": "name: {en: Small, ru: Малый}\nformat: 1\nversion: '1'\npublished: 2026-11-22\nreview: unverified\n",
    "sources.yaml": """\
sources:
  - id: law
    title: {en: A law, ru: Закон}
    url: https://example.org/law
    dated: 2026-01
""",
    "countries.yaml": """\
kind: country
facts:
  - id: RU
    iso2: RU
    name: {en: Russia, ru: Россия}
    shares_wanted_lists: yes
    refugee_convention: yes
    echr_party: no
    blocs: [CIS]
    extradition: {en: none, ru: нет}
    zone: RU
    sources: [law]
    as_of: 2026
    review_by: 2027-01-01
    owner: law
    confidence: sourced
  - id: NO
    iso2: NO
    name: {en: Norway, ru: Норвегия}
    shares_wanted_lists: no
    refugee_convention: yes
    echr_party: yes
    blocs: []
    extradition: {en: none, ru: нет}
    zone: schengen
    sources: [law]
    as_of: 2026
    review_by: 2027-01-01
    owner: law
    confidence: sourced
""",
    "places.yaml": """\
kind: place
facts:
  - id: murmansk
    country: RU
    name: {en: Murmansk, ru: Мурманск}
    latitude: 68.97
    longitude: 33.08
    what: city
    is_start: true
    sources: [law]
    as_of: 2026
    review_by: 2027-01-01
    owner: places
    confidence: background-high
  - id: kirkenes
    country: NO
    name: {en: Kirkenes, ru: Киркенес}
    latitude: 69.73
    longitude: 30.05
    what: city
    sources: [law]
    as_of: 2026
    review_by: 2027-01-01
    owner: places
    confidence: background-high
""",
    "papers.yaml": """\
kind: paper
facts:
  - id: fp10
    name: {en: Passport, ru: паспорт}
    travel_document: true
    valid_years: 10
    sources: [law]
    as_of: 2026
    review_by: 2027-01-01
    owner: papers
    confidence: sourced
""",
    "legs.yaml": """\
kind: leg
facts:
  - id: coach
    from: murmansk
    to: kirkenes
    mode: road
    hours: [4, 5, 9]
    euros: [20, 30, 60]
    wait_days: [0, 1, 3]
    crosses_border: true
    papers: [[fp10]]
    sources: [law]
    as_of: 2026-11
    review_by: 2026-12-06
    owner: borders
    confidence: sourced
""",
    "entry.yaml": """\
kind: entry_rule
facts:
  - id: entry-closed
    country: NO
    citizenship: RU
    papers: [[]]
    modes: [road]
    effect: prohibition
    sources: [law]
    as_of: 2026-11
    review_by: 2026-12-06
    owner: visas
    confidence: sourced
    valid_from: 2026-11-01
""",
    "hazards.yaml": """\
kind: hazard
facts:
  - id: day-in-norway
    subject: day_of_stay
    scope: NO
    classes: [no_summons, summoned]
    chance: [0.0001, 0.001, 0.01]
    sources: [law]
    as_of: 2026-11
    review_by: 2026-12-06
    owner: incidents
    confidence: judgement
""",
}


def write_pack(folder: Path, **changed: str | bytes) -> Path:
    """The small pack in `folder`; `legs="..."` replaces legs.yaml, `extra="..."` adds extra.yaml."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in FILES.items():
        (folder / name).write_text(content, encoding="utf-8")
    for stem, replaced in changed.items():
        content = replaced if isinstance(replaced, bytes) else replaced.encode()
        (folder / f"{stem}.yaml").write_bytes(content)
    return folder


def spoiled(stem: str, line: str, instead: str) -> dict[str, str]:
    """One file of the small pack with one line replaced (`instead` empty: left out)."""
    content = FILES[f"{stem}.yaml"]
    assert content.count(line) >= 1, line
    return {stem: content.replace(line, instead, 1)}


def line_number(stem: str, line: str) -> int:
    """Where this text first stands in a file of the small pack, counted from 1."""
    content = FILES[f"{stem}.yaml"]
    return content[: content.index(line)].count("\n") + 1
