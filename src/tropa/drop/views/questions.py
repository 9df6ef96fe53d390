"""Questions one after the other, without script: each page carries all answers on in its form."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tropa.counsel.interview import Interview, Law, Reason, Teller, Told, WhyPerson
from tropa.counsel.interview.model import AnswerKind
from tropa.counsel.interview.telling import ToldQuestion
from tropa.counsel.interview.words import REFUSED, translator
from tropa.desk import clock
from tropa.drop.pages import language_of_page, render_one_size
from tropa.drop.posted import posted
from tropa.drop.questions import Asked, law, read_form, stand

TYPED_IN = (AnswerKind.AGE, AnswerKind.PAST_DAY, AnswerKind.DAY)


@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest) -> HttpResponse:
    """The next question, and what follows from the answers so far."""
    rules = law()
    asked = read_form(_fields(request), rules, clock.facts_day())
    result, told = stand(asked, rules, language_of_page())
    question = _question(asked, rules, result, told)
    return render_one_size(
        "questions",
        rest="questions/",
        told=told,
        question=question,
        kept=asked.kept(),
        skipped=asked.skipped,
        problem=_problem(asked, question),
        typed=asked.typed,
        chosen=asked.typed.split(","),
        several=question is not None and question.kind is AnswerKind.SEVERAL,
        typed_in=question is not None and question.kind in TYPED_IN,
        an_age=question is not None and question.kind is AnswerKind.AGE,
        latest=clock.facts_day().isoformat() if _only_past(question) else "",
        waits=WhyPerson.FACTS_WAIT,
        summary=_summary(told),
    )


def _fields(request: HttpRequest) -> QueryDict:
    if request.method != "POST":
        return QueryDict(mutable=True)
    with posted(request) as form:
        return form.fields


def _question(asked: Asked, rules: Law, result: Interview, told: Told) -> ToldQuestion | None:
    if not asked.again:
        return told.question
    return Teller(rules, language_of_page().value).question(asked.again, result)


def _only_past(question: ToldQuestion | None) -> bool:
    return question is not None and question.kind is AnswerKind.PAST_DAY


def _problem(asked: Asked, question: ToldQuestion | None) -> str:
    if asked.reason is None or question is None:
        return ""
    if not asked.typed:
        return _("Choose or type an answer, or skip the question.")
    if asked.reason is Reason.NO_OPTION and question.kind is AnswerKind.SEVERAL:
        return _("“None of these” and “I do not know” do not go together with another answer.")
    said = translator(language_of_page().value)(REFUSED[asked.reason])
    return said[:1].upper() + said[1:] + "."


def _summary(told: Told) -> str:
    """The answers as a message to a person; empty where there are none."""
    if not told.answers:
        return ""
    heading = _("My answers to your questions, %(day)s:") % {"day": told.day}
    return "\n".join([heading, *(f"– {one.asked} {one.answer}" for one in told.answers)])
