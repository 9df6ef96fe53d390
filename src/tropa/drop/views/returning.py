"""Coming back with nine words. Right or wrong, the answer is a redirect with a cookie of one length.

A message that was being written when the half hour ran out may come along; then the answer is a page, of one
length for right and wrong as well: with the wrong words the message is given back in it.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from tropa.desk import clock
from tropa.drop import conversation
from tropa.drop.admission import Admission, admit
from tropa.drop.message import Message, Problem, read_message
from tropa.drop.pages import language_of_page, message_back_page, message_sent_page, return_page
from tropa.drop.posted import posted


@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest) -> HttpResponse:
    """The form; posted, the way to the answers."""
    if request.method != "POST":
        return return_page()
    with posted(request) as form:
        admission = conversation.admission_for(form.fields.get("words", ""))
        if "text" in form.fields:
            response = _with_message(admission, read_message(form))
        else:
            response = HttpResponse(status=303, headers={"Location": f"/{language_of_page()}/answers/"})
        admit(response, admission, clock.now())
        return response


def _with_message(admission: Admission, message: Message) -> HttpResponse:
    if message.problem is not None:
        return message_back_page(message, message.problem, ask_words=True)
    given_back = message_back_page(message, Problem.WRONG_WORDS, ask_words=True)
    thread = conversation.find(admission)
    if thread is None:
        return given_back
    try:
        conversation.add(thread, message, language=language_of_page(), now=clock.now())
    except conversation.NotStored:
        return message_back_page(message, Problem.NOT_STORED, ask_words=True)
    return message_sent_page(given_back)
