"""Is this really us: the list in force, to be compared by anybody, and the file with its signatures.

Nothing of a conversation is opened here and nothing is kept; a list that does not verify today is not shown at all.
News about our addresses, signed by two, stands here for whoever opens the page: at the drop nobody is written to.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tropa.desk import clock
from tropa.desk.contacts.in_force import genuine
from tropa.desk.contacts.notice_in_force import notice_in_force
from tropa.desk.contacts.words import list_card
from tropa.drop.pages import error_page, language_of_page, render
from tropa.envelope import Language


@require_safe
def contacts(_request: HttpRequest) -> HttpResponse:
    """The page; it says so when there is no list in force."""
    found = genuine(now=clock.now())
    language = language_of_page()
    card = list_card(found.contacts, language) if found else None
    news = notice_in_force(now=clock.now()) if found else None
    return render(
        "contacts",
        rest="contacts/",
        card=card,
        news=news.notice.text(Language(language)) if news else "",
        fingerprint=found.fingerprint if found else "",
    )


@require_safe
def contacts_file(_request: HttpRequest) -> HttpResponse:
    """The signed list as it is checked by a program."""
    found = genuine(now=clock.now())
    if found is None:
        return error_page(status=404)
    headers = {"Content-Disposition": 'attachment; filename="contacts.json"'}
    return HttpResponse(found.signed.text, content_type="application/json", headers=headers)
