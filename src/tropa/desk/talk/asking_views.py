"""A draft that asks the person what the card leaves open. Nothing is stored or sent."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tropa.desk.cases.asking import asking_text
from tropa.desk.cases.card import Card
from tropa.desk.cases.errors import CardDoesNotOpen
from tropa.desk.cases.services import open_card
from tropa.desk.staff.access import UnlockedRequest, unlocked
from tropa.desk.talk.body import LONGEST_TEXT
from tropa.desk.talk.models import EntryKind
from tropa.desk.talk.queries import thread_entries
from tropa.desk.talk.views import shown, thread_or_404


@require_POST
@unlocked
def ask_missing(request: UnlockedRequest, thread_id: str) -> HttpResponse:
    """The thread again with the missing questions at the end of the draft, in the language the person wrote last."""
    found, draft = thread_or_404(thread_id), request.POST.get("text", "")[:LONGEST_TEXT]
    if found.case is None:
        raise Http404
    entries = thread_entries(reader=request.reader, thread=found)
    try:
        card, _version = open_card(reader=request.reader, case=found.case)
    except CardDoesNotOpen:
        card = Card()
    theirs = [one.language for one in entries if one.kind is EntryKind.APPLICANT and one.language]
    text = asking_text(card, language=theirs[-1] if theirs else "ru")
    if not text:
        return shown(
            request, found, draft=draft, error=_("The card has an answer to everything."), status=409
        )
    whole = "\n\n".join(part for part in (draft.rstrip(), text) if part)
    return shown(request, found, draft=whole, error="", status=200)
