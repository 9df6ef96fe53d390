"""What the planner answers with: plans, their steps, and why each step stands where it does.

These values cross process edges as JSON (`to_json`/`from_json` in `plan_json`) and are stored sealed, so they hold
plain data only: no sentence for people (a `Reason` is a code with values, rendered by `words`), no clock, no atlas
object (facts are named by id). Costs are intervals: a single figure would lie. `low <= point <= high` always holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class StepKind(StrEnum):
    """What a person does in a step."""

    LEG = "leg"  # move along a leg of the atlas
    OBTAIN = "obtain"  # apply for a paper or visa, where somebody else decides
    WAIT = "wait"  # stay where one is, legally, until a day
    PROTECTION = "protection"  # enter an end state: ask for protection, or settle in legal stay


class FallbackCause(StrEnum):
    """What went wrong when a fallback begins."""

    REFUSED = "refused"
    TURNED_BACK = "turned_back"


class PlanTitle(StrEnum):
    """Why a plan is among those shown; the first that fits names it."""

    SAFEST = "safest"
    FASTEST = "fastest"
    CHEAPEST = "cheapest"
    MOST_FALLBACKS = "most_fallbacks"
    DIFFERENT = "different"
    SPARE = "spare"  # does without the first plan's most dangerous border; may be beaten by others


@dataclass(frozen=True, slots=True)
class Span:
    """An interval with its estimate. Unit is that of the field: probability 0..1, days, or euros."""

    low: float
    point: float
    high: float

    def __post_init__(self) -> None:
        if not (0 <= self.low <= self.point <= self.high):
            raise ValueError(
                f"an interval needs 0 <= low <= point <= high, got {self.low}, {self.point}, {self.high}"
            )


@dataclass(frozen=True, slots=True)
class Cost:
    """`risk`: probability of being caught or returned, 0..1; `days` until the end state; `euros` to be paid."""

    risk: Span
    days: Span
    euros: Span


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a plan comes to with refusals and their fallbacks counted. `failure`: probability of being caught or of
    standing without a way on; `days` and `euros`: expected, as if the person stays free; `worst_`: of the dearest and
    of the longest branch, in the pessimistic world."""

    failure: Span
    days: Span
    euros: Span
    worst_days: float
    worst_euros: float


@dataclass(frozen=True, slots=True)
class Reason:
    """A code of `words` with the values its sentence needs (place ids, paper ids, numbers as text)."""

    code: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FactNote:
    """One fact a plan rests on, as it stood on the day of planning. `age_days` counts from `as_of`. `sources_ru`: the
    same in Russian; plans stored before there were any have none.
    """

    id: str
    as_of: str
    review_by: date
    confidence: str
    sources: tuple[str, ...]
    age_days: int
    judgement: bool
    sources_ru: tuple[str, ...] = ()

    def sources_in(self, language: str) -> tuple[str, ...]:
        """The citations in a language of the desk."""
        return self.sources_ru if language.startswith("ru") and self.sources_ru else self.sources


@dataclass(frozen=True, slots=True)
class PlaceNote:
    """A place as pages need it: names in both languages, country, and degrees for the map."""

    id: str
    country: str
    name_en: str
    name_ru: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class PaperNote:
    """A paper as pages need it."""

    id: str
    name_en: str
    name_ru: str


@dataclass(frozen=True, slots=True)
class CountryNote:
    """A country as pages need it."""

    iso2: str
    name_en: str
    name_ru: str


@dataclass(frozen=True, slots=True)
class Clock:
    """Legal stay around a step: days used and allowed in the zone after the step. None allowed: no limit recorded."""

    used: int
    allowed: int | None
    fact: str | None


@dataclass(frozen=True, slots=True)
class Fallback:
    """What to do if this step fails. `steps` empty: nothing is left; `reasons` then say why."""

    cause: FallbackCause
    chance: Span
    steps: tuple[Step, ...]
    cost: Cost | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `origin == target` for everything but a leg. `cost` parts of all steps add up to the plan's cost
    (risk: as 1 - product of survivals; days and euros: sums)."""

    number: int
    kind: StepKind
    action: str  # id of the leg, obtain or protection fact; "" for waiting
    mode: str  # air, rail, road, foot, domestic ...; "" unless a leg
    origin: str
    target: str
    starts: date
    ends: date
    papers_used: tuple[str, ...]
    papers_gained: tuple[str, ...]
    clock: Clock | None
    cost: Cost
    chance: Span | None  # chance that the office says yes; None when nobody decides
    reasons: tuple[Reason, ...]
    facts: tuple[str, ...]
    fallbacks: tuple[Fallback, ...]
    fragile: tuple[Reason, ...]  # empty: not fragile


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole way. `id` is a digest of its content: equal plans have equal ids."""

    id: str
    title: PlanTitle
    steps: tuple[Step, ...]
    haven: str  # id of the protection fact that ends it
    cost: Cost
    worst_euros: float
    robust: bool
    fragile: tuple[Reason, ...]
    facts: tuple[str, ...]
    overall_risk: Span | None = (
        None  # with refusals and their fallbacks; a refusal without a way on counts as failure
    )
    contested: tuple[
        Reason, ...
    ] = ()  # on the front, but beaten by another of it if the facts turn out better
    outlook: Outlook | None = None
    unguarded: tuple[int, ...] = ()  # numbers of the steps at which a refusal leaves no lawful way on

    @property
    def warning(self) -> Reason | None:
        """The plain mark of a plan in which a refusal may leave nothing."""
        if not self.unguarded:
            return None
        return Reason("unguarded", (("steps", ", ".join(map(str, self.unguarded))),))


@dataclass(frozen=True, slots=True)
class Closed:
    """A constraint, wish or expired fact and how many actions it closed; `relaxed` says what relaxing it would
    bring.
    """

    reason: Reason
    actions: int
    relaxed: Reason | None = None


@dataclass(frozen=True, slots=True)
class Withheld:
    """A way that is not offered, because it applies for a paper without any way on after a refusal: why, how dangerous
    it would be with refusals counted, where it ends, and what would open it."""

    reason: Reason
    failure: Span
    country: str
    would_open: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why the plans do not end in a country somebody asked about."""

    country: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class NoPlan:
    """No way in the model: which constraint closed the last way, and what would open one."""

    closed_by: tuple[Reason, ...]
    would_open: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class PlanSet:
    """The planner's whole answer for one person on one day."""

    on: date
    atlas_version: str
    plans: tuple[Plan, ...]  # three to seven shown, best first
    front: tuple[Plan, ...]  # the whole front, in order of risk
    roads: int  # actions considered
    closed: tuple[Closed, ...]
    changes: tuple[Reason, ...]  # what would change the choice
    no_plan: NoPlan | None
    facts: tuple[FactNote, ...]
    places: tuple[PlaceNote, ...]
    papers: tuple[PaperNote, ...]
    countries: tuple[CountryNote, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    why_not: tuple[WhyNot, ...] = ()
    cut_off: Reason | None = (
        None  # the time was over before everything was found or explained: what is proven
    )
    policies: int = 0  # how many policies the exact front has; `front` holds the most different of them
    begin_by: Reason | None = None  # until when the surest way must be begun to stay the surest
    ends: tuple[Reason, ...] = ()  # whether the better and the worse end of the facts give the same choice
    trimmed: Reason | None = None  # what follows refusals was looked at less closely: how
    unlisted: int = 0  # plans of the front whoever asked did not want: `notes.narrowed`
