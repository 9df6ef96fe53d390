"""The page where a chosen plan gets its words, step by step, in the language of the thread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tropa.desk.cases.models import Case
from tropa.desk.plans.names import names_in
from tropa.desk.plans.plan_card import cards_of
from tropa.desk.plans.reasons import sentences_for
from tropa.desk.plans.step_panel import figures, step_title
from tropa.desk.plans.step_words import text_for
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.models import EntryKind, Thread
from tropa.desk.talk.pseudonyms import name_of
from tropa.desk.talk.queries import thread_entries
from tropa.planning.plan import Plan, PlanSet


def thread_of(case: Case) -> Thread | None:
    """The thread of a case that its steps go to."""
    return Thread.objects.filter(case=case).order_by("id").first()


def thread_language(reader: Reader, thread: Thread) -> str:
    """The language the person last wrote in; Russian where nothing says."""
    entries = thread_entries(reader=reader, thread=thread)
    written = [entry.language for entry in entries if entry.kind == EntryKind.APPLICANT and not entry.problem]
    return written[-1] if written else "ru"


def texts_context(
    case: Case, thread: Thread, plans: PlanSet, plan: Plan, language: str, words: Mapping[int, str]
) -> dict[str, Any]:
    """What the page shows; `words` are those a browser has just sent."""
    names = names_in(plans.places, plans.papers)
    listed = list(plans.plans) if plan in plans.plans else [*plans.plans, plan]
    cards = cards_of(listed, names, frozenset(), sentences_for(plans), opened=0, chosen=plan.id)
    steps = [
        {
            "number": step.number,
            "title": step_title(step, plan, names),
            "figures": figures(step),
            "text": words.get(step.number) or text_for(step, plans, language),
        }
        for step in plan.steps
    ]
    return {
        "section": "plans",
        "case": case,
        "name": name_of(thread),
        "card": next(card for card in cards if card.id == plan.id),
        "language": language,
        "languages": [("ru", "Русский"), ("en", "English")],
        "steps": steps,
    }
