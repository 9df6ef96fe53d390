"""Which keys a record of each kind has, how each is read, and what each refers to: the pack format as one
table.

Kept true: a key that is not in the table is a fault, so is a missing one that is not optional. References are
stated here beside the reader and are followed by `references`, so no field can point into nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from tropa.atlas import fields as read
from tropa.atlas import informing, kinds
from tropa.atlas.basics import NOTHING_ASKED
from tropa.atlas.fields import Reader
from tropa.atlas.model import Confidence, Effect, Review
from tropa.atlas.terms import (
    Answer,
    Carrier,
    ChargeCategory,
    ContactKind,
    CrossingStatus,
    DayKind,
    ExtraditionPractice,
    FigureKind,
    FigureUnit,
    HazardSubject,
    IncidentKind,
    Kind,
    Mode,
    Office,
    PlaceKind,
    ProfileClass,
    ProtectionKind,
    SettlingTopic,
    Status,
    StayKind,
    TreatyKind,
    TreatyStatus,
    WantedList,
)

REQUIRED: Final = object()
"""The default of a field that must be given."""


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a record, the attribute it fills, and the kinds of facts its ids must name."""

    into: str
    reader: Reader[Any]
    default: Any = REQUIRED
    refers_to: tuple[Kind, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """The value type of a kind and its keys."""

    makes: type[Any]
    keys: dict[str, Field] = field(default_factory=dict)


def _shape(makes: type[Any], **keys: Field) -> Shape:
    return Shape(makes, {name.rstrip("_"): one for name, one in keys.items()})


def _country(into: str = "country") -> Field:
    return Field(into, read.country, refers_to=(Kind.COUNTRY,))


def _papers(into: str, default: Any = REQUIRED) -> Field:
    return Field(into, read.requirement, default, refers_to=(Kind.PAPER,))


def _text(into: str, default: Any = REQUIRED) -> Field:
    return Field(into, read.both_languages, default)


def _modes() -> Field:
    return Field("modes", read.list_of(read.word_of(Mode), at_least=1), ())


def _statuses(into: str, default: Any = REQUIRED) -> Field:
    return Field(into, read.list_of(read.word_of(Status), at_least=1), default)


def _lists(default: Any = REQUIRED) -> Field:
    return Field("lists", read.list_of(read.word_of(WantedList), at_least=1), default)


def _answer(into: str) -> Field:
    return Field(into, read.word_of(Answer))


_HAZARD_SCOPES: Final = (Kind.COUNTRY, Kind.PLACE, Kind.LEG, Kind.OBTAIN, Kind.PROTECTION)

STOP_SCOPES: Final = (
    Kind.COUNTRY,
    Kind.PLACE,
    Kind.PAPER,
    Kind.LEG,
    Kind.ENTRY_RULE,
    Kind.OBTAIN,
    Kind.PROTECTION,
)
"""What an emergency stop may name."""

ENVELOPE: Final[dict[str, Field]] = {
    "id": Field("id", read.identifier),
    "sources": Field("sources", read.list_of(read.identifier, at_least=1)),
    "as_of": Field("as_of", read.partial_date),
    "review_by": Field("review_by", read.day),
    "owner": Field("owner", read.identifier),
    "confidence": Field("confidence", read.word_of(Confidence)),
    "effect": Field("effect", read.word_of(Effect), None),
    "review": Field("review", read.word_of(Review), None),
    "valid_from": Field("valid_from", read.day, None),
    "valid_until": Field("valid_until", read.day, None),
    "note": _text("note", None),
    "recorded": Field("recorded", read.day, None),
}
"""The keys of every record."""

EARLIER: Final[dict[str, Field]] = {
    **ENVELOPE,
    "recorded": Field("recorded", read.day),
    "superseded": Field("superseded", read.day),
}
"""The keys of every record of the history."""


SHAPES: Final[dict[Kind, Shape]] = {
    Kind.COUNTRY: _shape(
        kinds.Country,
        iso2=Field("iso2", read.country),
        name=_text("name"),
        shares_wanted_lists=_answer("shares_wanted_lists"),
        refugee_convention=_answer("refugee_convention"),
        echr_party=_answer("echr_party"),
        blocs=Field("blocs", read.list_of(read.identifier)),
        extradition=_text("extradition", None),
        zone=Field("zone", read.identifier),
    ),
    Kind.PLACE: _shape(
        kinds.Place,
        country=_country(),
        name=_text("name"),
        latitude=Field("latitude", read.degrees(90)),
        longitude=Field("longitude", read.degrees(180)),
        what=Field("what", read.word_of(PlaceKind)),
        is_start=Field("is_start", read.truth, default=False),
    ),
    Kind.LIVING: _shape(kinds.Living, country=_country(), euros_per_day=Field("euros_per_day", read.span)),
    Kind.PAPER: _shape(
        kinds.Paper,
        name=_text("name"),
        travel_document=Field("travel_document", read.truth),
        valid_years=Field("valid_years", read.whole, None),
        pitfalls=_text("pitfalls", None),
    ),
    Kind.LEG: _shape(
        kinds.Leg,
        from_=Field("origin", read.identifier, refers_to=(Kind.PLACE,)),
        to=Field("target", read.identifier, refers_to=(Kind.PLACE,)),
        mode=Field("mode", read.word_of(Mode)),
        hours=Field("hours", read.span),
        euros=Field("euros", read.span),
        wait_days=Field("wait_days", read.span),
        crosses_border=Field("crosses_border", read.truth),
        papers=_papers("papers", NOTHING_ASKED),
        crossing=_text("crossing", None),
        months=Field("months", read.list_of(read.month, at_least=1), ()),
        carrier=Field("carrier", read.word_of(Carrier), None),
        departures=Field("departures", read.list_of(read.departure, at_least=1), ()),
    ),
    Kind.EXIT_CHECK: _shape(
        kinds.ExitCheck,
        country=_country(),
        modes=_modes(),
        stops=_statuses("stops"),
        provisions=Field("provisions", read.list_of(read.identifier), (), (Kind.PROVISION,)),
        lists=_lists(()),
    ),
    Kind.ENTRY_RULE: _shape(
        kinds.EntryRule,
        country=_country(),
        citizenship=Field("citizenship", read.country),
        papers=_papers("papers"),
        modes=_modes(),
        passport_days=Field("passport_days", read.whole, None),
        turned_back=Field("turned_back", read.chance, None),
    ),
    Kind.STAY_RULE: _shape(
        kinds.StayRule,
        country=_country(),
        counts=Field("counts", read.word_of(StayKind)),
        days=Field("days", read.whole, None),
        window=Field("window", read.whole, None),
        papers=_papers("papers", NOTHING_ASKED),
        register_days=Field("register_days", read.whole, None),
        extendable=Field("extendable", read.word_of(Answer), Answer.UNKNOWN),
    ),
    Kind.PAPER_REFUSAL: _shape(
        kinds.PaperRefusal,
        country=Field("country", read.country),
        paper=Field("paper", read.identifier, refers_to=(Kind.PAPER,)),
        exception=_text("exception", None),
    ),
    Kind.OBTAIN: _shape(
        kinds.Obtain,
        paper=Field("paper", read.identifier, refers_to=(Kind.PAPER,)),
        countries=Field("countries", read.list_of(read.country, at_least=1), refers_to=(Kind.COUNTRY,)),
        office=Field("office", read.word_of(Office)),
        requires=_papers("requires"),
        needs_no_exit_ban=Field("needs_no_exit_ban", read.truth),
        days=Field("days", read.span),
        euros=Field("euros", read.span),
        refusal=Field("refusal", read.chance, None),
        again=Field("again", read.truth, default=False),
        surrenders=Field("surrenders", read.list_of(read.identifier), (), (Kind.PAPER,)),
        quota=Field("quota", read.count, None),
    ),
    Kind.PROTECTION: _shape(
        kinds.Protection,
        country=_country(),
        what=Field("what", read.word_of(ProtectionKind)),
        needs=_papers("needs", NOTHING_ASKED),
        days=Field("days", read.span),
        euros=Field("euros", read.span),
        share_positive=Field("share_positive", read.chance, None),
        outcomes=Field("outcomes", read.outcomes, None),
        procedure=_text("procedure", None),
        proof=_text("proof", None),
        exclusion=_text("exclusion", None),
    ),
    Kind.HAZARD: _shape(
        kinds.Hazard,
        subject=Field("subject", read.word_of(HazardSubject)),
        scope=Field("scope", read.identifier, refers_to=_HAZARD_SCOPES),
        classes=Field("classes", read.list_of(read.word_of(ProfileClass), at_least=1)),
        chance=Field("chance", read.chance),
        incidents=Field("incidents", read.list_of(read.identifier), (), (Kind.INCIDENT,)),
        exposure=Field("exposure", read.exposure, None),
    ),
    Kind.INCIDENT: _shape(
        kinds.Incident,
        country=_country(),
        happened=Field("happened", read.partial_date, None),
        what=Field("what", read.word_of(IncidentKind)),
        profile=_text("profile"),
        summary=_text("summary"),
        classes=Field("classes", read.list_of(read.word_of(ProfileClass), at_least=1), ()),
        subjects=Field("subjects", read.list_of(read.word_of(HazardSubject), at_least=1), ()),
    ),
    Kind.CLOCK: _shape(
        kinds.Clock,
        country=_country(),
        trigger=_text("trigger"),
        days=Field("days", read.whole),
        day_kind=Field("day_kind", read.word_of(DayKind)),
        consequence=_text("consequence"),
    ),
    Kind.PROVISION: _shape(
        kinds.Provision,
        country=_country(),
        article=_text("article"),
        what=_text("what"),
        category=Field("category", read.word_of(ChargeCategory)),
        term_min_years=Field("term_min_years", read.number, None),
        term_max_years=Field("term_max_years", read.number, None),
        bars_exit=_statuses("bars_exit", ()),
    ),
    Kind.GAP: _shape(
        kinds.Gap,
        about=Field("about", read.identifier, refers_to=tuple(Kind)),
        missing=Field("missing", read.word_of(Kind)),
        what=_text("what"),
    ),
    Kind.STOP: _shape(
        kinds.Stop,
        scope=Field("scope", read.identifier, refers_to=STOP_SCOPES),
        said=Field("said", read.text),
    ),
    Kind.CROSSING: _shape(
        kinds.Crossing,
        country=_country(),
        name=_text("name"),
        modes=Field("modes", read.list_of(read.word_of(Mode), at_least=1)),
        status=Field("status", read.word_of(CrossingStatus)),
        who=_text("who", None),
    ),
    Kind.DECISIONS: _shape(
        informing.Decisions,
        country=Field("country", read.country),
        year=Field("year", read.count),
        applied=Field("applied", read.count, None),
        recognised=Field("recognised", read.count),
        other=Field("other", read.count),
        rejected=Field("rejected", read.count),
        closed=Field("closed", read.count, None),
        first_recognised=Field("first_recognised", read.count, None),
        first_other=Field("first_other", read.count, None),
        first_rejected=Field("first_rejected", read.count, None),
    ),
    Kind.ENTRY_CHECK: _shape(kinds.EntryCheck, country=_country(), modes=_modes(), lists=_lists()),
    Kind.CONTACT: _shape(
        informing.Contact,
        country=_country(),
        what=Field("what", read.word_of(ContactKind)),
        name=_text("name"),
        reached=Field("reached", read.text),
    ),
    Kind.TREATY: _shape(
        informing.Treaty,
        country=_country(),
        what=Field("what", read.word_of(TreatyKind)),
        status=Field("status", read.word_of(TreatyStatus)),
        since=Field("since", read.partial_date, None),
    ),
    Kind.EXTRADITION: _shape(
        informing.Extradition,
        country=_country(),
        basis=_text("basis"),
        practice=Field("practice", read.word_of(ExtraditionPractice)),
        incidents=Field("incidents", read.list_of(read.identifier), (), (Kind.INCIDENT,)),
    ),
    Kind.FIGURE: _shape(
        informing.Figure,
        country=Field("country", read.country),
        what=Field("what", read.word_of(FigureKind)),
        measure=_text("measure"),
        counted=Field("counted", read.count),
        unit=Field("unit", read.word_of(FigureUnit)),
        publisher=_text("publisher"),
        begins=Field("begins", read.partial_date, None),
    ),
    Kind.SETTLING: _shape(
        informing.Settling,
        country=Field("country", read.country, None),
        topic=Field("topic", read.word_of(SettlingTopic)),
        advice=_text("advice"),
    ),
}
"""The keys of each kind, beside those of the envelope."""
