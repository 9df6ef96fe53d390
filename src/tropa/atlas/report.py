"""The words `tropa atlas` says: the result of a check, and the coverage report as lines of text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from tropa.atlas.basics import Text
from tropa.atlas.coverage import CountryCoverage, Coverage
from tropa.atlas.errors import PackError
from tropa.atlas.kinds import Gap
from tropa.atlas.model import Fact
from tropa.atlas.phrases import Phrase
from tropa.atlas.phrases import gettext_lazy as _
from tropa.atlas.world import Atlas

Translate = Callable[[str], str]

LANGUAGE: Final = _("en")
"""The code of the language a catalogue speaks; its translation is the code of the other."""

DESCRIPTION: Final = _("Look after a pack of facts.")
CHECK: Final = _("list every fault of a pack with file and line")
COVERAGE: Final = _("say what a pack covers and what no source gives")
PATH: Final = _("folder of the pack; the pack that comes with Tropa when left out")
COUNTRY: Final = _("one country only, by its code")
ON: Final = _("the day to judge facts on (YYYY-MM-DD); today when left out")
AS_OF: Final = _("count unverified facts as reviewed on this day and judge them on it")

SHOW: Final = _("show one fact with its sources and whether it may be used")
DIFF: Final = _("say what differs between two packs, fact by fact")
SEARCH: Final = _("find facts by words, in Russian or English")
EXPORT: Final = _("give out facts as JSON, or the whole pack as a new folder")
SCHEMA: Final = _("print the JSON Schema of a pack's files")
ID: Final = _("the fact's id")
OLD: Final = _("folder of the older pack")
NEW: Final = _("folder of the newer pack; the pack that comes with Tropa when left out")
NEWER: Final = _("folder of the newer pack")
WORDS: Final = _("words that must all stand in the fact")
KIND: Final = _("facts of one kind only")
TO: Final = _("write the pack into this folder, which must not exist yet")
JSON: Final = _("say it as JSON, for other programs")

LOG: Final = _("say what was recorded when, the latest first")
LOG_ID: Final = _("one fact only, by its id")
RECORD: Final = _("carry the history of an older pack into a newer one, written to a new folder")
RELEASE: Final = _("publish a pack signed, or take a release of others")
PROPOSALS: Final = _("write proposals and conflicts into this new file, as changes a person may settle")
OVERLAY: Final = _("folder of our own changes, to be put over the pack")
BELIEVED: Final = _("as it was believed on this day (YYYY-MM-DD), without what was learnt since")
IMPORT: Final = _("read a table others publish: proposals and conflicts, never a changed fact")
IMPORT_KIND: Final = _("what the table is")
IMPORT_FILE: Final = _("the table; for treaties named after the treaty, as 5-2.csv")
DRY_RUN: Final = _("keep nothing for the next import to compare with")
CITIZENSHIP: Final = _("list destination, rule and days for this citizenship (two letters)")
ALL: Final = _("name every refusal, proposal, conflict and change, not the first twenty only")


def no_code(text: str) -> Phrase:
    """What is said of a citizenship that is none."""
    return _("“{value}” is no country code", value=text)


def kept(path: str) -> Phrase:
    """Where the result of an import lies."""
    return _("kept in {path}; the pack is as it was", path=path)


def not_written(error: OSError) -> Phrase:
    """A file or folder that could not be made."""
    return _("{file} cannot be written: {reason}", file=error.filename or "-", reason=error.strerror or "-")


def no_such_fact(fact_id: str) -> Phrase:
    """What is said of an id nobody holds."""
    return _("no fact has the id “{id}”", id=fact_id)


def in_language(text: Text, translate: Translate) -> str:
    """The half of a text in the language of the catalogue."""
    return text.ru if LANGUAGE.say(translate) == "ru" else text.en


def checked(atlas: Atlas, translate: Translate) -> str:
    """The one line said of a pack without faults."""
    return _(
        "{name} {version}: no fault in {n} facts, {review}, content {digest}",
        name=in_language(atlas.meta.name, translate),
        version=atlas.meta.version,
        n=len(atlas.facts),
        review=atlas.meta.review,
        digest=atlas.version[:16],
    ).say(translate)


def refused(error: PackError, translate: Translate) -> Iterator[str]:
    """A line for each fault, and their number."""
    for problem in error.problems:
        yield problem.say(translate)
    yield _("faults: {n}; the pack is refused as a whole", n=len(error.problems)).say(translate)


def covered(report: Coverage, translate: Translate, *, only: str | None = None) -> Iterator[str]:
    """The coverage report, line by line."""
    for country in report.countries:
        if only in (None, country.country):
            yield from _country(country, translate)
    if only is not None:
        return
    for gap in report.other_gaps:
        yield _gap(gap, translate)
    listed = ", ".join(f"{confidence} {number}" for confidence, number in report.confidences)
    yield _("facts by confidence: {listed}", listed=listed).say(translate)
    yield _("legs no source records: {n}", n=len(report.legs_without_source)).say(translate)
    yield _("permissions closed on {day}: {n}", day=report.on, n=len(report.closed)).say(translate)


def _country(country: CountryCoverage, translate: Translate) -> Iterator[str]:
    counted = ", ".join(f"{kind} {number}" for kind, number in country.facts)
    yield _("{country}: {counted}", country=country.country, counted=counted).say(translate)
    yield "  " + _("ways in {n}, ways out {m}", n=country.legs_in, m=country.legs_out).say(translate)
    if country.missing:
        yield "  " + _("missing: {kinds}", kinds=", ".join(country.missing)).say(translate)
    for subject, profile in country.unknown_hazards:
        yield "  " + _("unknown hazard: {subject} for {profile}", subject=subject, profile=profile).say(
            translate
        )
    for gap in country.gaps:
        yield "  " + _gap(gap, translate)


def _gap(gap: Fact[Gap], translate: Translate) -> str:
    what = in_language(gap.value.what, translate)
    return _("gap ({kind}): {what}", kind=gap.value.missing, what=what).say(translate)
