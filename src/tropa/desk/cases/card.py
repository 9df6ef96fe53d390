"""The triage card: ten closed questions without identity (TRQ-1 to TRQ-10). Each may be skipped.

Format 1 of the sealed card: byte 0x01, then JSON. Values of the enumerations are stored; they are added to,
never renamed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

FORMAT = b"\x01"


class BadCard(Exception):
    """A stored card opened, but does not read."""


class AskingFor(StrEnum):
    """TRQ-1: for whom somebody writes."""

    SELF = "self"
    RELATIVE = "relative"
    FRIEND = "friend"
    NOT_SAID = "not-said"


class Situation(StrEnum):
    """TRQ-2: what is happening."""

    NO_SUMMONS = "no-summons"
    SUMMONS = "summons"
    COMMISSION = "commission-decision"
    COLLECTION_POINT = "collection-point"
    CONSCRIPT = "conscript"
    PRESSED = "pressed-to-sign"
    MOBILISED = "mobilised"
    CONTRACT = "contract"
    CONVICT = "convict-recruit"
    OFFICER = "officer"
    ON_LEAVE = "on-leave"
    HOSPITAL = "hospital"
    ABSENT = "absent-from-unit"
    PIT = "pit-or-cellar"
    CUSTODY = "custody"
    SUSPENDED = "suspended-sentence"
    PRISONER_OF_WAR = "prisoner-of-war"
    ABROAD = "abroad"
    NOT_SAID = "not-said"


class Whereabouts(StrEnum):
    """TRQ-3: where, roughly."""

    RUSSIA = "russia"
    FRONT = "front-area"
    OCCUPIED = "occupied-area"
    INTERNAL_PASSPORT_COUNTRY = "country-admitting-internal-passport"
    OTHER_COUNTRY = "other-country"
    NOT_SAID = "not-said"


class Deadline(StrEnum):
    """TRQ-4: whether there is a date."""

    TODAY = "today"
    THREE_DAYS = "three-days"
    TWO_WEEKS = "two-weeks"
    TWO_MONTHS = "two-months"
    NONE = "none"
    UNKNOWN = "unknown"


class Danger(StrEnum):
    """TRQ-5: danger to life or health now."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class PaperInHand(StrEnum):
    """TRQ-6: which papers are in hand; several may be."""

    INTERNAL = "internal-passport"
    FOREIGN_5 = "foreign-passport-5"
    FOREIGN_10 = "foreign-passport-10"
    MILITARY_ID = "military-id"
    NONE = "none"
    TAKEN = "taken-away"
    UNKNOWN = "unknown"


class Ban(StrEnum):
    """TRQ-7: known ban, case or search; several may be."""

    NONE = "none-known"
    EXIT_BAN = "exit-ban"
    CASE = "case"
    WANTED = "wanted"
    DEBTS = "debts-or-court"
    SECRETS = "state-secrets"
    UNKNOWN = "unknown"


class Dependants(StrEnum):
    """TRQ-8: who travels along or depends."""

    NOBODY = "nobody"
    CHILDREN = "children"
    PARTNER = "partner"
    ELDERLY_OR_ILL = "elderly-or-ill"
    SEVERAL = "several"
    NOT_SAID = "not-said"


class OtherReaders(StrEnum):
    """TRQ-9: who else can read this chat."""

    NOBODY = "nobody"
    FAMILY = "family"
    COMMANDER_OR_POLICE = "commander-or-police"
    WORK_DEVICE = "work-device"
    UNKNOWN = "unknown"


class Wish(StrEnum):
    """TRQ-10: what is wanted; several may be."""

    LAW = "understand-the-law"
    DEFERRAL = "deferral-or-alternative-service"
    LEAVE = "leave"
    LEAVE_UNIT = "leave-the-unit"
    PROTECTION = "protection-abroad"
    ABUSE = "record-abuse"
    SETTLE = "settle"
    FIND = "find-a-missing-man"
    MONEY = "money-or-things"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Card:
    """The answers; None or empty: not asked or not answered."""

    asking_for: AskingFor | None = None
    situation: Situation | None = None
    whereabouts: Whereabouts | None = None
    deadline: Deadline | None = None
    danger: Danger | None = None
    papers: frozenset[PaperInHand] = frozenset()
    bans: frozenset[Ban] = frozenset()
    dependants: Dependants | None = None
    other_readers: OtherReaders | None = None
    wishes: frozenset[Wish] = frozenset()

    @property
    def answered(self) -> int:
        """How many of the ten have an answer."""
        return sum(bool(getattr(self, name.name)) for name in fields(self))


SINGLE: dict[str, type[StrEnum]] = {
    "asking_for": AskingFor,
    "situation": Situation,
    "whereabouts": Whereabouts,
    "deadline": Deadline,
    "danger": Danger,
    "dependants": Dependants,
    "other_readers": OtherReaders,
}
SEVERAL: dict[str, type[StrEnum]] = {"papers": PaperInHand, "bans": Ban, "wishes": Wish}


def encode(card: Card) -> bytes:
    """The bytes to seal."""
    values: dict[str, Any] = {name: getattr(card, name) for name in SINGLE if getattr(card, name)}
    values |= {name: sorted(getattr(card, name)) for name in SEVERAL if getattr(card, name)}
    return FORMAT + json.dumps(values, sort_keys=True, separators=(",", ":")).encode()


def decode(stored: bytes) -> Card:
    """The card again. Raises BadCard."""
    if stored[:1] != FORMAT:
        raise BadCard
    try:
        values = json.loads(stored[1:])
        single = {name: kind(values[name]) for name, kind in SINGLE.items() if name in values}
        several = {name: frozenset(map(kind, values.get(name, ()))) for name, kind in SEVERAL.items()}
    except (ValueError, TypeError, AttributeError):
        raise BadCard from None
    return Card(**single, **several)  # type: ignore[arg-type]  # each value was made by its own enumeration
