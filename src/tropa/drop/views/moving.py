"""Coming here from a messenger with a one-time code, and going there with one.

A code that opens nothing is answered with a page as long as the one with the words; so is a lost admission.
"""

from __future__ import annotations

import os
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from tropa.desk import clock
from tropa.desk.conf import conf
from tropa.desk.messengers.move_code import MoveCode
from tropa.drop import conversation
from tropa.drop.admission import Notice, admission_of, admit
from tropa.drop.beside_words import Beside
from tropa.drop.form_token import FormToken
from tropa.drop.moving import arrive as bring_here
from tropa.drop.moving import code_for, messengers_in
from tropa.drop.pages import code_page, language_of_page, refusal_page, render, render_one_size
from tropa.drop.posted import posted


@require_http_methods(["GET", "HEAD", "POST"])
def arrive(request: HttpRequest) -> HttpResponse:
    """The form for a code; posted, nine words, or the form again."""
    if request.method != "POST":
        return render("move", rest="move/", token=FormToken.generate(os.urandom).text)
    with posted(request) as form:
        token = FormToken.parse(form.fields.get("token", "")) or FormToken.generate(os.urandom)
        code = MoveCode.parse(form.fields.get("code", ""))
        language = language_of_page()
        try:
            came = bring_here(token=token, code=code, language=language, now=clock.now())
        except conversation.NotStored:
            return render_one_size("move", rest="move/", token=token.text, not_stored=True)
    if not came:
        return render_one_size("move", rest="move/", token=token.text, refusal=True)
    return code_page(token, Beside(moved=True))


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Posted: a fresh code for whoever is let in."""
    language = language_of_page()
    if request.method != "POST":
        return redirect(f"/{language}/answers/")
    now = clock.now()
    admission = admission_of(request, now)
    found = conversation.find(admission)
    if found is None:
        response = refusal_page()
    else:
        try:
            code = code_for(found, now).text
        except conversation.NotStored:
            code = ""
        ends = now + timedelta(hours=conf.move_hours)
        response = render_one_size(
            "move_code",
            rest="answers/",
            code=code,
            until=f"{ends:%d.%m.%Y %H:%M}",
            messengers=messengers_in(language),
        )
    admit(response, admission.saying(Notice.NONE), now)
    return response
