"""What the words of the atlas mean on a page: statuses, modes, kinds. Plans have words for some; the rest is here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from tropa.atlas import (
    Answer,
    Carrier,
    ChargeCategory,
    ContactKind,
    CrossingStatus,
    DayKind,
    HazardSubject,
    IncidentKind,
    Kind,
    Mode,
    Office,
    PlaceKind,
    ProfileClass,
    ProtectionKind,
    Status,
    StayKind,
    WantedList,
)
from tropa.desk.plans import wording

TERMS: Mapping[Enum, Promise] = {
    PlaceKind.CITY: pgettext_lazy("place", "city"),
    PlaceKind.AIRPORT: pgettext_lazy("place", "airport"),
    PlaceKind.POST: pgettext_lazy("place", "border post"),
    StayKind.PER_VISIT: pgettext_lazy("stay", "from each entry"),
    StayKind.SLIDING: pgettext_lazy("stay", "in a sliding window"),
    StayKind.CALENDAR_YEAR: pgettext_lazy("stay", "within a calendar year"),
    StayKind.NOT_LIMITED: pgettext_lazy("stay", "without a limit"),
    StayKind.NOT_RECORDED: pgettext_lazy("stay", "no source gives a limit"),
    HazardSubject.EXIT_CHECK: pgettext_lazy("danger", "the check at the exit"),
    HazardSubject.ENTRY_CHECK: pgettext_lazy("danger", "the check at the entry"),
    HazardSubject.LEG: pgettext_lazy("danger", "the way"),
    HazardSubject.DAY_OF_STAY: pgettext_lazy("danger", "a day of stay"),
    HazardSubject.OFFICE: pgettext_lazy("danger", "a visit to the office"),
    HazardSubject.RESIDUAL: pgettext_lazy("danger", "two years afterwards"),
    IncidentKind.DETAINED_RELEASED: pgettext_lazy("incident", "detained and released"),
    IncidentKind.ABDUCTED: pgettext_lazy("incident", "abducted"),
    IncidentKind.DEPORTED: pgettext_lazy("incident", "deported"),
    IncidentKind.EXTRADITED: pgettext_lazy("incident", "extradited"),
    IncidentKind.EXTRADITION_REFUSED: pgettext_lazy("incident", "extradition refused"),
    IncidentKind.PROTECTION_GRANTED: pgettext_lazy("incident", "protection granted"),
    IncidentKind.PROTECTION_REFUSED: pgettext_lazy("incident", "protection refused"),
    IncidentKind.PROGRAMME_OPENED: pgettext_lazy("incident", "a programme opened"),
    IncidentKind.PROGRAMME_CLOSED: pgettext_lazy("incident", "a programme closed"),
    IncidentKind.RULE_CHANGED: pgettext_lazy("incident", "a rule changed"),
    DayKind.CALENDAR: pgettext_lazy("days", "calendar days"),
    DayKind.WORKING: pgettext_lazy("days", "working days"),
    DayKind.DISPUTED: pgettext_lazy("days", "calendar or working: sources conflict"),
    ChargeCategory.ADMINISTRATIVE: pgettext_lazy("offence", "administrative"),
    ChargeCategory.ORDINARY: pgettext_lazy("offence", "ordinary"),
    ChargeCategory.MILITARY: pgettext_lazy("offence", "military"),
    ChargeCategory.TERROR_TREASON: pgettext_lazy("offence", "terrorism or treason"),
    ChargeCategory.EXIT_LIMIT: pgettext_lazy("offence", "limit on leaving"),
    Kind.COUNTRY: pgettext_lazy("kind", "country"),
    Kind.PLACE: pgettext_lazy("kind", "place"),
    Kind.LIVING: pgettext_lazy("kind", "costs of living"),
    Kind.PAPER: pgettext_lazy("kind", "paper"),
    Kind.LEG: pgettext_lazy("kind", "way"),
    Kind.EXIT_CHECK: pgettext_lazy("kind", "check at the exit"),
    Kind.ENTRY_RULE: pgettext_lazy("kind", "rule of entry"),
    Kind.STAY_RULE: pgettext_lazy("kind", "rule of stay"),
    Kind.PAPER_REFUSAL: pgettext_lazy("kind", "paper not accepted"),
    Kind.OBTAIN: pgettext_lazy("kind", "how to get a paper"),
    Kind.PROTECTION: pgettext_lazy("kind", "protection"),
    Kind.HAZARD: pgettext_lazy("kind", "danger"),
    Kind.INCIDENT: pgettext_lazy("kind", "incident"),
    Kind.CLOCK: pgettext_lazy("kind", "deadline"),
    Kind.PROVISION: pgettext_lazy("kind", "provision of law"),
    Kind.GAP: pgettext_lazy("kind", "gap"),
    Kind.STOP: pgettext_lazy("kind", "emergency stop"),
    Kind.CROSSING: pgettext_lazy("kind", "border post"),
    Kind.DECISIONS: pgettext_lazy("kind", "asylum decisions"),
    Kind.ENTRY_CHECK: pgettext_lazy("kind", "check at the entry"),
    Kind.CONTACT: pgettext_lazy("kind", "partner's contact"),
    Carrier.AIRLINE: pgettext_lazy("carrier", "airline"),
    Carrier.TRAIN: pgettext_lazy("carrier", "train"),
    Carrier.COACH: pgettext_lazy("carrier", "coach"),
    Carrier.MINIBUS: pgettext_lazy("carrier", "minibus"),
    Carrier.FERRY: pgettext_lazy("carrier", "ferry"),
    Carrier.TAXI: pgettext_lazy("carrier", "taxi"),
    Carrier.NOBODY: pgettext_lazy("carrier", "on one's own"),
    CrossingStatus.OPEN: pgettext_lazy("crossing", "open"),
    CrossingStatus.RESTRICTED: pgettext_lazy("crossing", "restricted"),
    CrossingStatus.CLOSED: pgettext_lazy("crossing", "closed"),
    WantedList.LOCAL: pgettext_lazy("list", "local wanted list"),
    WantedList.FEDERAL: pgettext_lazy("list", "federal wanted list"),
    WantedList.INTERSTATE: pgettext_lazy("list", "interstate wanted list"),
    WantedList.INTERPOL: pgettext_lazy("list", "Interpol"),
    WantedList.EXIT_BANS: pgettext_lazy("list", "bans on leaving"),
    WantedList.SUMMONSES: pgettext_lazy("list", "register of summonses"),
    ContactKind.LEGAL_AID: pgettext_lazy("contact", "legal aid"),
    ContactKind.SHELTER: pgettext_lazy("contact", "shelter"),
    ContactKind.MEDICAL: pgettext_lazy("contact", "medical help"),
    ContactKind.PSYCHOLOGICAL: pgettext_lazy("contact", "psychological help"),
    ContactKind.SETTLING: pgettext_lazy("contact", "settling in"),
    ContactKind.EVACUATION: pgettext_lazy("contact", "help with leaving"),
    ContactKind.MEDIA: pgettext_lazy("contact", "press"),
}

SAID_BY_PLANS: Mapping[type[Enum], Callable[[Any], str]] = {
    Answer: wording.answer,
    Mode: wording.mode,
    Office: wording.office,
    ProfileClass: wording.profile,
    ProtectionKind: wording.haven,
    Status: wording.status,
}


def term_words(term: Enum) -> str:
    """A word of the atlas in the language of the page."""
    said = SAID_BY_PLANS.get(type(term))
    return said(term) if said else str(TERMS[term])
