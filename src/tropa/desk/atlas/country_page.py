"""One country as the page shows it: what holds for whom and until when, what happened, where sources disagree, and how
many open plans rest on it. Of plans the reader does not hold only their number is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tropa.atlas import (
    Answer,
    Atlas,
    Country,
    Decisions,
    Effect,
    EntryRule,
    ExitCheck,
    Fact,
    Hazard,
    HazardSubject,
    Kind,
    Obtain,
    ProfileClass,
    Protection,
    Standing,
    StayRule,
    Value,
)
from tropa.desk.atlas.by_country import facts_of, hazards_of
from tropa.desk.atlas.counted import CountLine, counts_of, reason_of
from tropa.desk.atlas.figures import chance_words, days_from, on_bar, partial_words
from tropa.desk.atlas.in_force import InForce
from tropa.desk.atlas.recognition import Decided, Recognition, recognition
from tropa.desk.atlas.rule_words import rule_line
from tropa.desk.atlas.timeline import Happening, Mark, Timeline, mark_of, timeline
from tropa.desk.pages.fact_words import in_page_language, named, title_of
from tropa.desk.pages.field_words import owner_words
from tropa.desk.pages.standing_words import standing_words
from tropa.desk.pages.term_words import term_words
from tropa.desk.plans.map_of_plans import HIGH

RULES = (
    Kind.ENTRY_RULE,
    Kind.STAY_RULE,
    Kind.PAPER_REFUSAL,
    Kind.EXIT_CHECK,
    Kind.PROTECTION,
    Kind.OBTAIN,
    Kind.LIVING,
)
LAWS = (Kind.CLOCK, Kind.PROVISION)
INTERNAL = "internal"
FIRST_YEAR = 2022  # what was decided before the war is no guide
SOON_SHOWN = 6
MOST_SOURCES = 1


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact as a row: what it is, what it says, where from, since and until when, whose. `closed`: may not be used."""

    id: str
    kind: str
    title: str
    said: str
    note: str
    source: str
    as_of: str
    review_by: date
    owner: str
    standing: str
    closed: bool
    own: bool


@dataclass(frozen=True, slots=True)
class HazardLine:
    """A hazard for one class: words, and the bar's geometry of 0 to 100. `basis`: judged, counted or doubted."""

    id: str
    subject: str
    where: str
    text: str
    start: float
    wide: float
    tick: float
    risky: bool
    judged: bool
    doubted: bool
    refuted: bool
    overdue: bool
    counts: tuple[CountLine, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Told:
    """An incident in the list; `when` is what the source allows to be said."""

    id: str
    when: str
    mark: Mark | None
    what: str
    profile: str
    summary: str


@dataclass(frozen=True, slots=True)
class Key:
    """One of the figures under the name of the country."""

    name: str
    said: str
    note: str


def fact_line(atlas: Atlas, fact: Fact[Value], on: date, own: frozenset[str] = frozenset()) -> FactLine:
    """A fact as a row of any table."""
    standing = atlas.standing(fact, on)
    named = ", ".join(in_page_language(source.title) for source in fact.sources[:MOST_SOURCES])
    more = len(fact.sources) - MOST_SOURCES
    if more > 0:
        named += " " + ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more}
    return FactLine(
        id=fact.id,
        kind=term_words(fact.kind),
        title=title_of(fact),
        said=rule_line(fact),
        note=in_page_language(fact.note) if fact.note else "",
        source=named,
        as_of=partial_words(fact.as_of),
        review_by=fact.review_by,
        owner=owner_words(fact.owner),
        standing=standing_words(standing),
        closed=standing is not Standing.USABLE,
        own=fact.id in own,
    )


def rules_of(state: InForce, code: str, on: date, kinds: Sequence[Kind] = RULES) -> list[FactLine]:
    """The rules of a country in the order in which somebody meets them, or its facts of other kinds."""
    atlas = state.atlas
    own = frozenset(act.fact_id for act in state.overlaid.taken)
    facts = [fact for fact in facts_of(atlas, code) if fact.kind in kinds and _is_of(fact, code)]
    facts.sort(key=lambda fact: (kinds.index(fact.kind), fact.effect is Effect.PROHIBITION, fact.id))
    return [fact_line(atlas, fact, on, own) for fact in facts]


def _is_of(fact: Fact[Value], code: str) -> bool:
    countries = getattr(fact.value, "countries", None)
    return code in countries if countries is not None else getattr(fact.value, "country", code) == code


def hazard_lines(state: InForce, code: str, profile: ProfileClass, on: date) -> list[HazardLine]:
    """What is stated for people of one class, in the order in which somebody meets it, with what counts say of it."""
    atlas = state.atlas
    order = list(HazardSubject)
    facts = [fact for fact in hazards_of(atlas, code) if profile in fact.value.classes and fact.in_force(on)]
    facts.sort(key=lambda fact: (order.index(fact.value.subject), fact.value.scope != code, fact.id))
    return [_hazard_line(state, fact, profile, on) for fact in facts]


def _hazard_line(state: InForce, fact: Fact[Hazard], profile: ProfileClass, on: date) -> HazardLine:
    atlas = state.atlas
    chance = atlas.chance(fact, on)
    start, end = on_bar(chance.low), on_bar(chance.high)
    return HazardLine(
        id=fact.id,
        subject=term_words(fact.value.subject),
        where=_place_of(atlas, fact.value.scope),
        text=chance_words(chance),
        start=start,
        wide=round(max(end - start, 1.0), 1),
        tick=min(on_bar(chance.point), 98.0),
        risky=chance.high > HIGH,
        judged=fact.is_judgement,
        doubted=fact.id in atlas.doubts.doubted,
        refuted=fact.id in atlas.doubts.refuted,
        overdue=not atlas.usable(fact, on),
        counts=counts_of(state, fact, profile),
        reason=reason_of(state, fact),
    )


def _place_of(atlas: Atlas, scope: str) -> str:
    """What a hazard's scope is called, where it is not the country itself."""
    fact = atlas.facts.get(scope)
    match fact.value if fact else None:
        case None | Country():
            return ""
        case Protection(what=what):
            return term_words(what)
        case Obtain(paper=paper):
            return named(paper)
        case _:
            return title_of(fact) if fact else ""


def told_of(incidents: Iterable[Fact[Value]]) -> list[Told]:
    """The incidents as a list."""
    return [
        Told(
            id=fact.id,
            when=partial_words(fact.value.happened) if fact.value.happened else "",
            mark=mark_of(fact.value.what),
            what=term_words(fact.value.what),
            profile=in_page_language(fact.value.profile),
            summary=in_page_language(fact.value.summary),
        )
        for fact in _incidents(incidents)
    ]


def timeline_of(incidents: Iterable[Fact[Value]], on: date) -> Timeline | None:
    """The drawing of those with a date; None where there is none."""
    happenings = [
        Happening(
            address=fact.id,
            when=fact.value.happened,
            mark=mark_of(fact.value.what),
            title=_capital(term_words(fact.value.what)),
            detail=in_page_language(fact.value.profile),
        )
        for fact in _incidents(incidents)
        if fact.value.happened is not None
    ]
    return timeline(happenings, on) if happenings else None


def _incidents(facts: Iterable[Fact[Value]]) -> Sequence[Fact]:  # type: ignore[type-arg]  # of incidents
    return list(facts)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def recognition_of(atlas: Atlas, code: str) -> Recognition | None:
    """Published decisions about people from Russia, by year; where no year is on record, of the period that is."""
    years = [_decided(fact.value) for fact in atlas.decisions_in(code) if fact.value.year >= FIRST_YEAR]
    if any(one.decided for one in years):
        return recognition(years)
    periods = {
        in_page_language(outcomes.period).partition(",")[0]: outcomes
        for fact in atlas.protections_in(code)
        if (outcomes := fact.value.outcomes) is not None
    }
    return recognition([Decided(name, one.positive, one.decided) for name, one in sorted(periods.items())])


def _decided(told: Decisions) -> Decided:
    """A year's decisions on the merits: those of the first instance where they are told apart."""
    first = (told.first_recognised, told.first_other, told.first_rejected)
    whole = (told.recognised, told.other, told.rejected)
    recognised, other, rejected = (part or 0 for part in (first if any(first) else whole))
    return Decided(str(told.year), recognised + other, recognised + other + rejected)


def keys_of(atlas: Atlas, code: str, on: date, plans: int) -> list[Key]:
    """The four figures a planner asks first."""
    facts = facts_of(atlas, code)
    return [_stay(atlas, facts, on), _internal(atlas, facts, on), _lists(atlas, facts, code), _resting(plans)]


def _stay(atlas: Atlas, facts: Iterable[Fact[Value]], on: date) -> Key:
    stays = [fact for fact in facts if isinstance(fact.value, StayRule)]
    open_ones = [fact for fact in stays if atlas.usable(fact, on)]
    if not open_ones:
        note = standing_words(atlas.standing(stays[0], on)) if stays else _("no rule is recorded")
        return Key(_("Legal stay"), _("closed") if stays else _("not known"), note)
    return Key(_("Legal stay"), rule_line(open_ones[0]), _dates(open_ones[0]))


def _internal(atlas: Atlas, facts: Iterable[Fact[Value]], on: date) -> Key:
    name = _("Internal passport")
    entries = [fact for fact in facts if isinstance(fact.value, EntryRule)]
    admitting = [
        fact
        for fact in entries
        if fact.effect is Effect.PERMISSION
        and any(one <= {INTERNAL} for one in fact.value.papers.alternatives)  # type: ignore[union-attr]
    ]
    if not entries:
        return Key(name, _("not known"), _("no rule is recorded"))
    usable = [fact for fact in admitting if atlas.usable(fact, on)]
    if not admitting:
        return Key(name, _("does not admit"), _dates(entries[0]))
    if not usable:
        return Key(name, _("closed"), standing_words(atlas.standing(admitting[0], on)))
    modes = usable[0].value.modes  # type: ignore[union-attr]
    said = (
        _("yes, only by %(modes)s") % {"modes": ", ".join(map(term_words, modes))} if modes else _("admits")
    )
    return Key(name, said, _dates(usable[0]))


def _lists(atlas: Atlas, facts: Iterable[Fact[Value]], code: str) -> Key:
    country = atlas.countries[code]
    match country.value.shares_wanted_lists:
        case Answer.YES:
            said = _("shared")
        case Answer.NO:
            said = _("not shared")
        case _:
            said = _("not known")
    stopped = [fact for fact in facts if isinstance(fact.value, ExitCheck)]
    note = _("checks at the exit as well") if stopped else _dates(country)
    return Key(_("Russia's wanted lists"), said, note)


def _resting(plans: int) -> Key:
    said = ngettext("%(count)d open plan", "%(count)d open plans", plans) % {"count": plans}
    return Key(_("Rests on it"), said, _("in review or approved"))


def _dates(fact: Fact[Value]) -> str:
    return _("as of %(day)s, review by %(until)s") % {
        "day": partial_words(fact.as_of),
        "until": f"{fact.review_by:%d.%m.%Y}",
    }


def due_of(atlas: Atlas, code: str, on: date) -> list[tuple[str, FactLine]]:
    """What of a country is overdue or falls due next, the oldest first, with how long that is."""
    aging = [fact for fact in facts_of(atlas, code) if fact.kind in (*RULES, *LAWS) and _is_of(fact, code)]
    first = sorted(aging, key=lambda fact: (fact.review_by, fact.id))[:SOON_SHOWN]
    return [(days_from(on, fact.review_by), fact_line(atlas, fact, on)) for fact in first]


def gaps_of(atlas: Atlas, code: str) -> list[tuple[str, str]]:
    """What no source gives about a country: ids and sentences."""
    of_it = {fact.id for fact in facts_of(atlas, code)}
    return [
        (fact.id, in_page_language(fact.value.what))
        for fact in atlas.gaps
        if fact.value.about == code or fact.id in of_it
    ]
