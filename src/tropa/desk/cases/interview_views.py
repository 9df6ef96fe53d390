"""The interview beside a case: a volunteer asks, the answers stay in the form until they are kept, sealed."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tropa.counsel.interview import Told, WhyPerson
from tropa.desk import clock
from tropa.desk.cases import services
from tropa.desk.cases.card import Card
from tropa.desk.cases.errors import CardChanged, CardDoesNotOpen
from tropa.desk.cases.from_interview import answers_of, filled
from tropa.desk.cases.models import Case
from tropa.desk.interview_form import Asked, field_of, law, question_of, read_form, stand
from tropa.desk.staff.access import UnlockedRequest, unlocked
from tropa.desk.talk import services as talk
from tropa.desk.talk.models import Thread
from tropa.desk.talk.pseudonyms import name_of
from tropa.desk.vault.errors import NoGrant

MOST_LETTERS = 20_000
"""Of one entry."""


@unlocked
def interview(request: UnlockedRequest, case_id: str) -> HttpResponse:
    """Ask the next question, or keep what was answered: conclusions as a note, answers on the card."""
    case = Case.objects.select_related("lead", "second").filter(pk=case_id).first()
    thread = Thread.objects.filter(case=case).first() if case else None
    if case is None or thread is None:
        raise Http404
    try:
        card, version = services.open_card(reader=request.reader, case=case)
    except NoGrant:
        raise Http404 from None  # that there is such a case is not for everybody to know
    except CardDoesNotOpen:
        return redirect(reverse("desk:triage", args=[case.pk]))
    rules, language = law(), "en" if get_language() == "en" else "ru"
    posted = request.method == "POST"
    asked = read_form(request.POST, rules, clock.facts_day()) if posted else Asked(answers_of(card))
    result, told = stand(asked, rules, language)
    if "keep" in request.POST and told.answers:
        return _keep(request, case, thread, filled(card, result), version, told)
    context = {
        "section": "inbox",
        "name": name_of(thread),
        "thread_address": reverse("desk:thread", args=[thread.pk]),
        "told": told,
        "waits": WhyPerson.FACTS_WAIT,
        **field_of(asked, question_of(asked, rules, language, result, told), language),
    }
    return render(request, "cases/interview.html", context)


def _keep(
    request: UnlockedRequest, case: Case, thread: Thread, card: Card, version: int, told: Told
) -> HttpResponse:
    """A sealed note with everything, and the card. Somebody who changed the card meanwhile keeps theirs."""
    talk.note(reader=request.reader, thread=thread, text=_note(told))
    try:
        services.save_card(reader=request.reader, case=case, card=card, version=version)
    except CardChanged:
        return redirect(reverse("desk:triage", args=[case.pk]))
    return redirect(f"{reverse('desk:thread', args=[thread.pk])}?said=card")


def _note(told: Told) -> str:
    lines = [_("Interview, %(day)s") % {"day": told.day}]
    lines += [f"– {one.asked} {one.answer}" for one in told.answers]
    for topic in told.topics:
        for finding in topic.findings:
            said = [" ".join((reason.sentence, *reason.days)) for reason in finding.reasons]
            lines.append(f"{finding.title}: {' '.join((*said, finding.person))}".strip())
    return "\n".join(lines)[:MOST_LETTERS]
