"""What a fact may say: one frozen value per kind, in the words of `terms`.

Units: hours, days and euros as named by the field; chances are probabilities below 1, never nats. References
to places, papers and legs are fact ids; countries are ISO 3166-1 alpha-2. Sets of papers mean what the person
holds and may show.
"""

from __future__ import annotations

from dataclasses import dataclass

from tropa.atlas.basics import PartialDate, Range, Requirement, Text
from tropa.atlas.informing import Contact, Decisions, Extradition, Figure, Settling, Treaty
from tropa.atlas.terms import (
    Answer,
    Carrier,
    ChargeCategory,
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


@dataclass(frozen=True, slots=True)
class Country:
    """A country. `zone`: countries of one zone share a stay clock and have no check between them (else its
    own code).
    """

    iso2: str
    name: Text
    shares_wanted_lists: Answer  # with Russia
    refugee_convention: Answer
    echr_party: Answer
    blocs: tuple[str, ...]
    zone: str
    extradition: Text | None = None  # in packs older than facts of that kind


@dataclass(frozen=True, slots=True)
class Place:
    """A place in degrees north and east. `is_start`: offered as a place where a person may be now."""

    country: str
    name: Text
    latitude: float
    longitude: float
    what: PlaceKind
    is_start: bool


@dataclass(frozen=True, slots=True)
class Living:
    """Bed and food for one person in a country, euros a day."""

    country: str
    euros_per_day: Range


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper a person may hold. `travel_document`: a border may admit on it. Validity in whole years, None:
    no end.
    """

    name: Text
    travel_document: bool
    valid_years: int | None
    pitfalls: Text | None


@dataclass(frozen=True, slots=True)
class Leg:
    """A way between two places. `wait_days`: until the next departure. `papers` come on top of exit and entry
    rules.

    `crosses_border` is true iff the two places lie in different countries. `crossing` names the post, where
    there is one. `months`: the season, by number; none named: all year, as far as is known. `carrier` None: not told.
    `departures`: the timetable, `tue 10:00` each; with one there is no `wait_days`, the wait follows from it.
    """

    origin: str
    target: str
    mode: Mode
    hours: Range
    euros: Range
    wait_days: Range
    crosses_border: bool
    papers: Requirement
    crossing: Text | None
    months: tuple[int, ...] = ()
    carrier: Carrier | None = None
    departures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExitCheck:
    """Leaving `country` by any of `modes` (none named: all): whoever has one of the `stops` statuses is
    stopped. `lists`: what is looked into, since the fact's `valid_from`; none named: not told.
    """

    country: str
    modes: tuple[Mode, ...]
    stops: tuple[Status, ...]
    provisions: tuple[str, ...]
    lists: tuple[WantedList, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryCheck:
    """Entering `country` by any of `modes` (none named: all): which `lists` are looked into. What that means in chances
    is said by hazards.
    """

    country: str
    modes: tuple[Mode, ...]
    lists: tuple[WantedList, ...]


@dataclass(frozen=True, slots=True)
class EntryRule:
    """Who may enter. Permission: admits holders of `papers` by `modes` (none named: all). Prohibition:
    refuses them.

    Rules of one country are alternatives; a prohibition beats every permission. `passport_days`: days the
    passport must still be valid on entry, None where no source says. `turned_back`: chance of refusal at the
    border for a person who satisfies the rule, None where nothing is known.
    """

    country: str
    citizenship: str
    papers: Requirement
    modes: tuple[Mode, ...]
    passport_days: int | None
    turned_back: Range | None


@dataclass(frozen=True, slots=True)
class StayRule:
    """How long a visitor may stay. All stay rules of a country hold together. `window` only for sliding ones.

    `papers`: the rule binds those who entered on one of these alternatives. `register_days`: registration is
    due by then. `extendable`: whether it can be made longer without leaving.
    """

    country: str
    counts: StayKind
    days: int | None
    window: int | None
    papers: Requirement
    register_days: int | None
    extendable: Answer = Answer.UNKNOWN


@dataclass(frozen=True, slots=True)
class PaperRefusal:
    """`country` does not accept `paper` (since `valid_from` of the fact; unset: since before it was
    recorded).
    """

    country: str
    paper: str
    exception: Text | None


@dataclass(frozen=True, slots=True)
class Obtain:
    """Applying for a paper. As a prohibition: the programme is closed.

    `countries`: where one may apply. `requires`: papers to show. `surrenders`: papers given up. `refusal`:
    chance that the office says no; None where nobody decides (insurance). `again`: a new application after a
    refusal is possible. `quota`: places a year, None where none is known of.
    """

    paper: str
    countries: tuple[str, ...]
    office: Office
    requires: Requirement
    needs_no_exit_ban: bool
    days: Range
    euros: Range
    refusal: Range | None
    again: bool
    surrenders: tuple[str, ...]
    quota: int | None = None


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Published decisions: `positive` of `decided` in `period`. Every ground of claim together; not a rate
    for resisters.
    """

    period: Text
    positive: int
    decided: int


@dataclass(frozen=True, slots=True)
class Protection:
    """An end state in a country. `share_positive` is None where nobody decides. `days`: until the status is
    reached. `euros`: what a person must bring for it, beyond what reception or work gives on the way.
    `procedure`, `proof`, `exclusion`: how it is asked for, what must be shown, and who is shut out.
    """

    country: str
    what: ProtectionKind
    needs: Requirement
    days: Range
    euros: Range
    share_positive: Range | None
    outcomes: Outcomes | None
    procedure: Text | None = None
    proof: Text | None = None
    exclusion: Text | None = None


@dataclass(frozen=True, slots=True)
class Exposure:
    """How many were at risk when the incidents were counted: `units` crossings, person-days or people."""

    units: float
    what: Text


@dataclass(frozen=True, slots=True)
class Hazard:
    """The chance of being caught, per unit of `subject`, for each class named.

    `scope` is a country, place or leg; for offices an obtain fact, for residual hazards a protection fact.
    Without `exposure` the range is a judgement, and plans that rest on it are fragile. `incidents` are fact
    ids. Hazards of legs come on top of those of exit and entry checks and of the days spent.
    """

    subject: HazardSubject
    scope: str
    classes: tuple[ProfileClass, ...]
    chance: Range
    incidents: tuple[str, ...]
    exposure: Exposure | None


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that happened; no person is named. `happened` is None where no source gives a date. `classes` and
    `subjects`: whose hazards and which ones it speaks to; none named: nobody told, so it speaks to all.
    """

    country: str  # ISO code, or EU for all member states
    happened: PartialDate | None
    what: IncidentKind
    profile: Text
    summary: Text
    classes: tuple[ProfileClass, ...] = ()
    subjects: tuple[HazardSubject, ...] = ()


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline: `days` after the trigger (negative: before it)."""

    country: str
    trigger: Text
    days: int
    day_kind: DayKind
    consequence: Text


@dataclass(frozen=True, slots=True)
class Provision:
    """A rule of law. `bars_exit`: statuses that bar a person from leaving. Terms in years, None where none is
    stated.
    """

    country: str
    article: Text
    what: Text
    category: ChargeCategory
    term_min_years: float | None
    term_max_years: float | None
    bars_exit: tuple[Status, ...]


@dataclass(frozen=True, slots=True)
class Crossing:
    """A border post between Russia and `country` and whether travellers may use it; legs lead over open ones only.
    `who`: whom it lets through, None where nobody says.
    """

    country: str
    name: Text
    modes: tuple[Mode, ...]
    status: CrossingStatus
    who: Text | None


@dataclass(frozen=True, slots=True)
class Gap:
    """What no source gives. `about`: a country or fact id; `missing`: the kind of fact that is not there."""

    about: str
    missing: Kind
    what: Text


@dataclass(frozen=True, slots=True)
class Stop:
    """An emergency stop. `scope`: a country (every way into it, every programme and end state there), a place or a
    paper (every way to it), or one leg, entry rule, programme or end state. `said`: why, in the words of whoever
    stopped it; a stop waits for no translation.
    """

    scope: str
    said: str


Value = (
    Country
    | Place
    | Living
    | Paper
    | Leg
    | ExitCheck
    | EntryRule
    | StayRule
    | PaperRefusal
    | Obtain
    | Protection
    | Hazard
    | Incident
    | Clock
    | Provision
    | Gap
    | Stop
    | Crossing
    | Decisions
    | EntryCheck
    | Contact
    | Treaty
    | Extradition
    | Figure
    | Settling
)
