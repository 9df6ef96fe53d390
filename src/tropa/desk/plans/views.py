"""Pages of the workbench. Each view parses, authorises, calls one service, and renders.

The workbench reads the facts out; the form that changes them is a page of its own, which a script puts into the
workbench. The form works the same with and without script: with it, a change is posted at once and the plans beside it
are replaced; without it, a button posts and the workbench comes again. While a plan is in review or approved, facts are
only tried: saving them voids that plan and asks for it.
"""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tropa.desk.by_key import by_key
from tropa.desk.cases.models import Case
from tropa.desk.facts import atlas
from tropa.desk.parts import parts_had
from tropa.desk.plans import services
from tropa.desk.plans.errors import (
    ChangedMeanwhile,
    FactsClosed,
    FactsDoNotOpen,
    NotThisPlan,
    PlannerAway,
    WrongFacts,
)
from tropa.desk.plans.forms import FactsForm
from tropa.desk.plans.notices import Notice, closed_notice
from tropa.desk.plans.queries import living_plan
from tropa.desk.plans.services import SavedFacts
from tropa.desk.plans.texts_page import texts_context, thread_language, thread_of
from tropa.desk.plans.workbench import (
    Answer,
    Choice,
    answer_for,
    answer_for_saved,
    facts_of,
    found_meanwhile,
    wished_in,
    workbench_context,
)
from tropa.desk.staff.access import UnlockedRequest, unlocked
from tropa.desk.vault.errors import NoGrant
from tropa.desk.vault.services import open_case_seed
from tropa.planning.person import PersonFacts, Wish, WishKind, WishVerdict

LONGEST_STEP_TEXT = 4000


@unlocked
def workbench(request: UnlockedRequest, case_id: str) -> HttpResponse:
    """Facts, plans, map and one opened step."""
    case = held_case(request, case_id)
    saved = facts_of(reader=request.reader, case=case)
    choice = _choice(request.GET)
    answer = answer_for_saved(reader=request.reader, case=case, saved=saved, choice=choice)
    context = workbench_context(case=case, saved=saved, choice=choice, answer=answer)
    found = found_meanwhile(reader=request.reader, case=case, person=saved.person)
    return _shown(request, context | {"notices": [*context["notices"], *found]})


@require_http_methods(["GET", "HEAD", "POST"])
@unlocked
def facts(request: UnlockedRequest, case_id: str) -> HttpResponse:
    """The form of all facts; posted, what was changed is saved, or only tried while a plan rests on the saved facts."""
    case = held_case(request, case_id)
    saved = facts_of(reader=request.reader, case=case)
    if request.method != "POST":
        return _form_alone(request, case, saved)
    person = _with_leg_wish(saved.person, request.POST)
    # the workbench itself sends no more than the wish about the opened step
    form = FactsForm(request.POST, person=person) if "place" in request.POST else None
    if form is not None and saved.elsewhere:
        form.ask_place()
    if form is None:
        # where the place means nothing there was no plan whose step could be wished for
        wanted: PersonFacts | None = None if saved.elsewhere else person
    else:
        wanted = form.cleaned_data["facts"] if form.is_valid() else None
    notices: list[Notice] = []
    if wanted is not None:
        saved, notices = _saved_or_tried(request, case, saved, wanted, form)
        if not notices and not (form and form.errors) and not _is_part(request):
            return redirect(_address(case, request.POST))
    choice = _choice(request.POST)
    if wanted is None:
        answer = answer_for_saved(reader=request.reader, case=case, saved=saved, choice=choice)
    else:
        answer = answer_for(reader=request.reader, case=case, person=wanted, choice=choice)
    context = workbench_context(case=case, saved=saved, choice=choice, answer=answer, form=form, tried=wanted)
    context["notices"] = [*context["notices"], *notices]
    return _shown(request, context | {"tried": bool(notices)})


def _form_alone(request: UnlockedRequest, case: Case, saved: SavedFacts) -> HttpResponse:
    """The form without the plans: a page of its own, or the part that comes into the workbench."""
    choice = _choice(request.GET)
    answer = answer_for_saved(reader=request.reader, case=case, saved=saved, choice=choice)
    form = FactsForm(None, person=saved.person, wished=wished_in(answer.plans))
    if saved.elsewhere:
        form.ask_place()
    context = workbench_context(case=case, saved=saved, choice=choice, answer=Answer(), form=form)
    context |= {"facts_alone": True, "chosen": {"id": choice.plan}, "step": {"number": choice.step}}
    return render(request, "plans/facts.html" if _is_part(request) else "plans/workbench.html", context)


def _saved_or_tried(
    request: UnlockedRequest, case: Case, saved: SavedFacts, wanted: PersonFacts, form: FactsForm | None
) -> tuple[SavedFacts, list[Notice]]:
    """The facts as saved now, and what is to be said when they were not saved."""
    if living_plan(case=case) is not None and "void" not in request.POST:
        return saved, [_trying()] if wanted != saved.person else []
    version = form.cleaned_data["version"] if form else _number(request.POST.get("version", ""))
    try:
        kept = services.save_facts(reader=request.reader, case=case, facts=wanted, version=version or 0)
    except ChangedMeanwhile:
        return saved, [_changed()]
    except WrongFacts as error:
        if form is None:
            return saved, [_changed()]  # the atlas lost what they were about meanwhile
        form.add_problems(error.problems)
        return saved, []
    return kept, []


@unlocked
def ask_review(request: UnlockedRequest, case_id: str) -> HttpResponse:
    """The words of each step, to be edited; posted, the plan goes to a second reader."""
    case = held_case(request, case_id)
    source = request.POST if request.method == "POST" else request.GET
    saved = facts_of(reader=request.reader, case=case)
    thread = thread_of(case)
    usable = saved.version and not saved.damaged
    plan_id = source.get("plan", "")
    choice = Choice(plan=plan_id)
    answer = Answer()
    if usable:
        answer = answer_for(reader=request.reader, case=case, person=saved.person, choice=choice)
    plans = answer.plans
    chosen = next((p for p in (*plans.plans, *plans.front) if p.id == plan_id), None) if plans else None
    if thread is None or plans is None or chosen is None:
        return redirect("desk:workbench", case_id=case.pk)
    language = source.get("language") or thread_language(request.reader, thread)
    language = language if language in {"ru", "en"} else "ru"
    words = _words(request.POST) if "words" in request.POST else {}
    notices: list[Notice] = []
    if request.method == "POST" and request.POST.get("act") == "ask":
        try:
            row = services.ask_review(
                reader=request.reader,
                case=case,
                thread=thread,
                plan=chosen,
                step_texts=words,
                language=language,
            )
        except FactsClosed as error:
            notices.append(closed_notice(error))
        except (PlannerAway, NotThisPlan, WrongFacts, ChangedMeanwhile, FactsDoNotOpen):
            notices.append(_not_asked())
        else:
            return redirect(f"{reverse('desk:review', args=[row.pk])}?said=review-asked")
    kept = words if request.POST.get("act") == "ask" else {}
    context = texts_context(case, thread, plans, chosen, language, kept)
    return render(request, "plans/texts.html", context | {"notices": notices})


def held_case(request: UnlockedRequest, case_id: str) -> Case:
    """The case, for somebody who holds a grant; for everybody else there is no such page."""
    case = by_key(Case, case_id)
    if case is None:
        raise Http404
    try:
        open_case_seed(reader=request.reader, case=case)
    except NoGrant:
        raise Http404 from None
    return case


def _shown(request: UnlockedRequest, context: dict[str, object]) -> HttpResponse:
    template = "plans/result.html" if _is_part(request) else "plans/workbench.html"
    return render(request, template, context | {"parts": parts_had(request.headers)})


def _is_part(request: UnlockedRequest) -> bool:
    """Whether a script asks for what it puts into the page."""
    return "X-Part" in request.headers


def _number(told: str, most: int = 9) -> int:
    """A number of at most so many digits; anything else is 0."""
    return int(told) if told.isascii() and told.isdigit() and len(told) <= most else 0


def _choice(source: QueryDict) -> Choice:
    number = _number(source.get("step", ""), 3) or 1
    return Choice(
        plan=source.get("plan", ""), step=number, against=source.get("against", ""), whole="whole" in source
    )


def _address(case: Case, source: QueryDict) -> str:
    query = QueryDict(mutable=True)
    for name in ("plan", "step"):
        value = source.get(name, "")
        if value:
            query[name] = value
    return reverse("desk:workbench", args=[case.pk]) + (f"?{query.urlencode()}" if query else "")


def _with_leg_wish(person: PersonFacts, data: QueryDict) -> PersonFacts:
    """The person with a wish about one leg, which the opened step asks for and the form carries over."""
    leg, verdict = data.get("wish-leg", ""), data.get("wish-leg-verdict", "")
    if leg not in atlas().facts or verdict not in set(WishVerdict):
        return person
    others = [wish for wish in person.wishes if (wish.kind, wish.about) != (WishKind.LEG, leg)]
    if verdict != WishVerdict.ALLOW:
        others.append(Wish(WishKind.LEG, leg, WishVerdict(verdict)))
    return replace(person, wishes=tuple(others))


def _words(data: QueryDict) -> dict[int, str]:
    """Texts by number of their step; empty ones fall back to the draft."""
    found = {}
    for name in data:
        number = name.removeprefix("text-")
        text = data.get(name, "").strip()
        if name != number and number.isascii() and number.isdigit() and text:
            found[int(number)] = text.replace("\r\n", "\n")[:LONGEST_STEP_TEXT]
    return found


def _changed() -> Notice:
    return Notice(
        "stale",
        "info",
        _(
            "Somebody saved other facts while you were changing these. Yours stand below and are not saved; "
            "compare, then save again."
        ),
    )


def _trying() -> Notice:
    return Notice(
        "stale",
        "stale",
        _(
            "Only tried, not saved: a plan in review or approved rests on the saved facts. Saving a change voids it."
        ),
    )


def _not_asked() -> Notice:
    return Notice(
        "",
        "info",
        _(
            "The plan was not given to a second reader: facts or atlas have changed, or the planner is away. "
            "Your words stand below."
        ),
    )
