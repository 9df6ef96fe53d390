"""Why not this country: an answer for any country somebody asks about, from the same searches as the plan itself.

Kept true: each statement is the result of a search restricted to end states of that country, with at most one thing
changed; where no single change opens a way, that is said and not guessed at. Whoever asks has made sure that the atlas
knows the country.
"""

from __future__ import annotations

from collections.abc import Iterator

from tropa.planning.explain import Explainer
from tropa.planning.plan import PlanSet, Reason, WhyNot
from tropa.planning.search import Way, surest
from tropa.planning.setting import Setting

MOST_OPENINGS = 4


def why_not(explainer: Explainer, answer: PlanSet, country: str) -> WhyNot:
    """Why the plans do not end in a country: they do, another way is better, what closes it, or nothing is known."""
    return WhyNot(country, _reasons(explainer, answer, country))


def _reasons(explainer: Explainer, answer: PlanSet, country: str) -> tuple[Reason, ...]:
    about = (("country", country),)
    if not explainer.atlas.protections_in(country):
        return (Reason("why_no_haven", about),)
    if any(explainer.atlas.fact(plan.haven).value.country == country for plan in answer.front):  # type: ignore[union-attr]
        return (Reason("why_it_does", about),)
    today = explainer.surest(Setting())
    way = explainer.surest_to(country, Setting())
    if way is not None and today is not None:
        return (Reason("why_beaten", (*about, *_compared(explainer, way, today))),)
    openings = sorted(_openings(explainer, country), key=lambda found: surest(found[0].cost))
    if not openings:
        return (Reason("why_closed", about), Reason("why_nothing_opens", about))
    said = (
        Reason(code, (*values, *explainer.figures(way))) for way, code, values in openings[:MOST_OPENINGS]
    )
    return (Reason("why_closed", about), *said)


def _openings(explainer: Explainer, country: str) -> Iterator[tuple[Way, str, tuple[tuple[str, str], ...]]]:
    """Ways to the country with one thing changed."""
    held = {one.paper for one in explainer.person.papers}
    asked = [one for one in explainer.obstacles() if one[0] != "paper"]
    # also papers no open act asks for: asking for them is what closed it
    asked += [
        ("paper", (("paper", paper),), Setting(given_papers=frozenset({paper})))
        for paper in explainer.atlas.papers
        if paper not in held
    ]
    for code, values, setting in asked:
        way = explainer.surest_to(country, setting)
        if way is not None:
            yield way, f"open_{code}", (*values, *explainer.extra_values(f"change_{code}", way))
    way = explainer.surest_to(country, Setting(any_money=True))
    if way is not None:
        yield way, "open_money", (("needed", str(way.euros)),)


def _compared(explainer: Explainer, way: Way, today: Way) -> tuple[tuple[str, str], ...]:
    there, best = dict(explainer.figures(way)), dict(explainer.figures(today))
    return (
        *((name, there[name]) for name in ("risk", "days", "euros", "sure")),
        ("was", best["risk"]),
        ("other", best["country"]),
    )
