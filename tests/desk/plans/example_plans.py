"""An answer of the planner as the desk gets it: three plans over real places, papers and facts of the shipped
pack.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from tropa.atlas import Answer, Fact, ProfileClass, Status
from tropa.desk.facts import atlas
from tropa.planning.person import HeldPaper, KnownStatus, PersonFacts
from tropa.planning.plan import (
    Clock,
    Closed,
    Cost,
    CountryNote,
    FactNote,
    Fallback,
    FallbackCause,
    PaperNote,
    PlaceNote,
    Plan,
    PlanSet,
    PlanTitle,
    Reason,
    Span,
    Step,
    StepKind,
)

ON = date(2026, 11, 22)
PERSON = PersonFacts(
    place="almaty",
    profile=ProfileClass.ABSENT,
    papers=(HeldPaper("internal"), HeldPaper("fp10", None, date(2031, 3, 14))),
    statuses=(KnownStatus(Status.WANTED, Answer.NO), KnownStatus(Status.EXIT_BAN, Answer.UNKNOWN)),
    money_euros=3600,
    income_euros=400,
    entered=date(2026, 10, 11),
)
FACTS = ("entry-AM", "stay-rule-AM", "air-yerevan-paris", "humvisa-fr-embassy", "asylum-FR", "asylum-AM")


def cost(
    risk: tuple[float, float, float], days: tuple[float, float, float], euros: tuple[float, float, float]
) -> Cost:
    return Cost(Span(*risk), Span(*days), Span(*euros))


SMALL = cost((0.001, 0.004, 0.01), (0.1, 0.2, 0.5), (80, 120, 180))
LONG = cost((0.01, 0.02, 0.03), (75, 85, 110), (150, 198, 260))


def step(number: int, kind: StepKind, origin: str, target: str, **more: object) -> Step:
    values: dict[str, object] = {
        "number": number,
        "kind": kind,
        "action": "",
        "mode": "air" if kind is StepKind.LEG else "",
        "origin": origin,
        "target": target,
        "starts": date(2026, 12, number),
        "ends": date(2026, 12, number + 1),
        "papers_used": (),
        "papers_gained": (),
        "clock": None,
        "cost": SMALL,
        "chance": None,
        "reasons": (Reason("leg_enters", (("country", "AM"),)),),
        "facts": (),
        "fallbacks": (),
        "fragile": (),
    }
    return Step(**(values | more))  # type: ignore[arg-type]


def asylum_in_armenia(number: int) -> Fallback:
    then = step(number, StepKind.PROTECTION, "yerevan", "yerevan", action="asylum-AM", cost=LONG)
    return Fallback(FallbackCause.REFUSED, Span(0.25, 0.35, 0.45), (then,), LONG, ())


def plan(id_: str, title: PlanTitle, *steps: Step, haven: str, total: Cost, robust: bool = False) -> Plan:
    return Plan(
        id=id_,
        title=title,
        steps=steps,
        haven=haven,
        cost=total,
        worst_euros=total.euros.high,
        robust=robust,
        fragile=() if robust else (Reason("judged_danger", (("fact", "asylum-FR"),)),),
        facts=tuple(dict.fromkeys(fact for one in steps for fact in one.facts)),
    )


def safest() -> Plan:
    return plan(
        "a" * 16,
        PlanTitle.SAFEST,
        step(
            1,
            StepKind.LEG,
            "almaty",
            "yerevan",
            action="entry-AM",
            facts=("entry-AM",),
            papers_used=("fp10",),
            clock=Clock(1, 180, "stay-rule-AM"),
        ),
        step(
            2,
            StepKind.OBTAIN,
            "yerevan",
            "yerevan",
            action="humvisa-fr-embassy",
            papers_used=("fp10",),
            papers_gained=("humvisa-fr",),
            cost=LONG,
            chance=Span(0.55, 0.65, 0.75),
            facts=("humvisa-fr-embassy", "stay-rule-AM"),
            fallbacks=(asylum_in_armenia(3),),
            fragile=(Reason("judged_fact", (("fact", "humvisa-fr-embassy"),)),),
        ),
        step(
            3,
            StepKind.LEG,
            "yerevan",
            "paris",
            action="air-yerevan-paris",
            facts=("air-yerevan-paris",),
            papers_used=("fp10", "humvisa-fr"),
        ),
        step(
            4,
            StepKind.PROTECTION,
            "paris",
            "paris",
            action="asylum-FR",
            cost=LONG,
            chance=Span(0.5, 0.6, 0.8),
            facts=("asylum-FR",),
            fallbacks=(
                Fallback(FallbackCause.REFUSED, Span(0.2, 0.4, 0.5), (), None, (Reason("no_fallback", ()),)),
            ),
        ),
        haven="asylum-FR",
        total=cost((0.04, 0.06, 0.10), (100, 110, 135), (1950, 2200, 2700)),
    )


def cheapest() -> Plan:
    return plan(
        "b" * 16,
        PlanTitle.CHEAPEST,
        step(1, StepKind.LEG, "almaty", "yerevan", action="entry-AM", facts=("entry-AM",)),
        step(2, StepKind.WAIT, "yerevan", "yerevan", cost=LONG),
        step(
            3, StepKind.PROTECTION, "yerevan", "yerevan", action="asylum-AM", facts=("asylum-AM",), cost=LONG
        ),
        haven="asylum-AM",
        total=cost((0.09, 0.16, 0.31), (7, 7, 9), (500, 540, 620)),
        robust=True,
    )


def fastest() -> Plan:
    return plan(
        "c" * 16,
        PlanTitle.FASTEST,
        step(
            1,
            StepKind.LEG,
            "almaty",
            "istanbul",
            fallbacks=(
                Fallback(
                    FallbackCause.TURNED_BACK, Span(0.01, 0.02, 0.05), (), None, (Reason("no_fallback", ()),)
                ),
            ),
        ),
        step(2, StepKind.LEG, "istanbul", "buenos-aires"),
        step(3, StepKind.PROTECTION, "buenos-aires", "buenos-aires", cost=LONG),
        haven="asylum-AR",
        total=cost((0.05, 0.08, 0.15), (2, 5, 12), (3100, 3200, 3500)),
        robust=True,
    )


def note(fact: Fact[object]) -> FactNote:
    return FactNote(
        id=fact.id,
        as_of=fact.as_of.text,
        review_by=fact.review_by,
        confidence=fact.confidence.value,
        sources=tuple(source.cited.en for source in fact.sources),
        sources_ru=tuple(source.cited.ru for source in fact.sources),
        age_days=max((ON - fact.as_of.earliest).days, 0),
        judgement=fact.is_judgement,
    )


def answer() -> PlanSet:
    """The set the workbench is drawn from."""
    world = atlas()
    plans = (safest(), fastest(), cheapest())
    return PlanSet(
        on=ON,
        atlas_version=world.version,
        plans=plans,
        front=plans,
        roads=412,
        closed=(Closed(Reason("wish_never", (("wish", "country"), ("about", "BY"))), 38),),
        changes=(
            Reason(
                "change_confirm",
                (
                    ("facts", "entry-AM"),
                    ("risk", "5.5"),
                    ("days", "80"),
                    ("euros", "1200"),
                    ("country", "FR"),
                ),
            ),
        ),
        no_plan=None,
        facts=tuple(note(world.facts[fact]) for fact in FACTS),  # type: ignore[arg-type]
        places=tuple(
            PlaceNote(
                f.id, f.value.country, f.value.name.en, f.value.name.ru, f.value.latitude, f.value.longitude
            )
            for f in world.places.values()
        ),
        papers=tuple(PaperNote(id_, f.value.name.en, f.value.name.ru) for id_, f in world.papers.items()),
        countries=tuple(CountryNote(c, f.value.name.en, f.value.name.ru) for c, f in world.countries.items()),
    )


class ReadyPlanner:
    """Answers at once with the same set, whoever asks: the process outside is not what these tests are
    about.
    """

    def __init__(self) -> None:
        self.set = answer()
        self.asked: list[PersonFacts] = []

    def plans(self, person: PersonFacts, only: Collection[str] | None = None) -> PlanSet:
        """The set."""
        self.asked.append(person)
        return self.set

    def without(self, plan_id: str) -> PlanSet:
        """The set, had the planner not found one of its plans."""
        left = tuple(plan for plan in self.set.plans if plan.id != plan_id)
        return replace(self.set, plans=left, front=left)
