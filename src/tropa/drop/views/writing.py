"""The first message: the form, and the nine words it is answered with.

The form's token is drawn here and never stored: everything about the conversation follows from it
(`form_token`).
"""

from __future__ import annotations

import os

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from tropa.desk import clock
from tropa.drop import conversation
from tropa.drop.admission import Admission, admit
from tropa.drop.at_arrival import read_arrival
from tropa.drop.beside_words import Beside, beside_again
from tropa.drop.form_token import FormToken
from tropa.drop.message import Problem, read_message
from tropa.drop.pages import code_page, language_of_page, write_page, written_page
from tropa.drop.posted import posted


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """The form; posted, the nine words, or the form again with all that was written in it."""
    if request.method != "POST":
        return write_page(FormToken.generate(os.urandom))
    with posted(request) as form:
        message = read_message(form)
        # a form that lost its token is still a message; it only cannot be told from its twin
        token = FormToken.parse(form.fields.get("token", "")) or FormToken.generate(os.urandom)
        if "switch" in form.fields:
            return written_page(token, message, None)
        if message.problem is not None:
            return written_page(token, message, message.problem)
        try:
            arrival = read_arrival(message)
            conversation.begin(
                token=token, message=message, language=language_of_page(), now=clock.now(), arrival=arrival
            )
        except conversation.NotStored:
            return written_page(token, message, Problem.NOT_STORED)
        beside = Beside(arrival.given, message.refused, no_room=message.no_room)
        return code_page(token, beside)


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The nine words in this page's language with what stood beside them, for whoever holds the form's token."""
    token, language = FormToken.parse(request.POST.get("token", "")), language_of_page()
    return (
        redirect(f"/{language}/") if token is None else code_page(token, beside_again(request.POST, language))
    )


@require_POST
def open_thread(request: HttpRequest) -> HttpResponse:
    """From the nine words to the answers, without typing them."""
    token = FormToken.parse(request.POST.get("token", ""))
    response = HttpResponse(status=303, headers={"Location": f"/{language_of_page()}/answers/"})
    admit(response, Admission.of_nobody() if token is None else Admission(token.entropy()), clock.now())
    return response
