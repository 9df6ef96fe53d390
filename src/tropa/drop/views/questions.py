"""Questions one after the other, without script: each page carries all answers on in its form.

What rests on facts nobody confirmed is not told on the drop at all: a person answers it.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tropa.counsel.interview import Told, WhyPerson
from tropa.desk import clock
from tropa.desk.interview_form import field_of, law, question_of, read_form, stand
from tropa.drop.pages import language_of_page, render_one_size
from tropa.drop.posted import posted


@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest) -> HttpResponse:
    """The next question, and what follows from the answers so far."""
    rules, language = law(), language_of_page().value
    asked = read_form(_fields(request), rules, clock.facts_day())
    result, told = stand(asked, rules, language)
    question = question_of(asked, rules, language, result, told)
    return render_one_size(
        "questions",
        rest="questions/",
        told=told,
        waits=WhyPerson.FACTS_WAIT,
        summary=_summary(told),
        **field_of(asked, question, language),
    )


def _fields(request: HttpRequest) -> QueryDict:
    if request.method != "POST":
        return QueryDict(mutable=True)
    with posted(request) as form:
        return form.fields


def _summary(told: Told) -> str:
    """The answers as a message to a person; empty where there are none."""
    if not told.answers:
        return ""
    heading = _("My answers to your questions, %(day)s:") % {"day": told.day}
    return "\n".join([heading, *(f"– {one.asked} {one.answer}" for one in told.answers)])
