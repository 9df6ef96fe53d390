"""The page of answers, and what is done on it.

Every page here is of one size class, the refusal included, and every deed is answered by a redirect with a
cookie of one length. What was done is told on the next page; the notice travels inside the sealed cookie.
"""

from __future__ import annotations

import os

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from tropa.desk import clock
from tropa.drop import conversation
from tropa.drop.acts import Deed, act_of, perform
from tropa.drop.admission import Admission, Notice, admission_of, admit
from tropa.drop.answers_page import answers_page
from tropa.drop.form_token import NONCE_BYTES, from_text
from tropa.drop.message import Message, Problem, read_message
from tropa.drop.pages import language_of_page, message_back_page, refusal_page
from tropa.drop.posted import Posted, posted

SEND = "send"


@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: HttpRequest, page: int = 1) -> HttpResponse:
    """What waits for whoever holds the codename; posted, one deed."""
    now = clock.now()
    admission = admission_of(request, now)
    if request.method == "POST":
        with posted(request) as form:
            return _do(admission, form)
    thread = conversation.find(admission)
    if thread is None:
        response = refusal_page(erased=admission.notice is Notice.ALL_ERASED)
    else:
        response = answers_page(thread, page=page, notice=admission.notice, now=now)
    admit(response, admission.saying(Notice.NONE), now)
    return response


def _do(admission: Admission, form: Posted) -> HttpResponse:
    name = form.fields.get("act", "")
    if name == SEND or not form.whole:
        return _send(admission, read_message(form), only_switch="switch" in form.fields)
    act = act_of(name)
    thread = conversation.find(admission)
    if thread is None or act is None:
        return _onward(admission)
    deed = Deed(
        act,
        ids=tuple(form.fields.getlist("id")),
        nonce=from_text(form.fields.get("nonce", ""), NONCE_BYTES) or os.urandom(NONCE_BYTES),
        language=language_of_page(),
    )
    try:
        notice = perform(deed, thread, clock.now())
    except conversation.NotStored:
        notice = Notice.NOT_STORED
    if notice is Notice.ALL_ERASED:
        return _onward(Admission.of_nobody(notice))
    return _onward(admission.saying(notice))


def _send(admission: Admission, message: Message, *, only_switch: bool) -> HttpResponse:
    """Store the message, or give it back whole; `only_switch` is the same page in the other language."""
    problem = message.problem
    thread = conversation.find(admission)
    if problem is None and thread is None:
        problem = Problem.SHUT_OUT
    if problem is None and thread is not None and not only_switch:
        try:
            conversation.add(thread, message, language=language_of_page(), now=clock.now())
        except conversation.NotStored:
            problem = Problem.NOT_STORED
    if problem is None and not only_switch:
        return _onward(admission.saying(_sent(message)))
    response = message_back_page(message, problem, ask_words=thread is None)
    admit(response, admission, clock.now())
    return response


def _sent(message: Message) -> Notice:
    """What to say about its files."""
    if message.no_room:
        return Notice.SENT_WITHOUT_ROOM
    return Notice.SENT_WITHOUT_FILES if message.refused else Notice.SENT


def _onward(admission: Admission) -> HttpResponse:
    response = HttpResponse(status=303, headers={"Location": f"/{language_of_page()}/answers/"})
    admit(response, admission, clock.now())
    return response
