"""What somebody sent along, as a cleaned copy; the original stays sealed and is never handed out.

The copy is made for this one answer and kept nowhere.
"""

from __future__ import annotations

from typing import assert_never

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tropa.cleaning import Busy, CannotClean, Why, clean
from tropa.desk.audit.services import refuse
from tropa.desk.staff.access import UnlockedRequest, unlocked
from tropa.desk.talk.body import FileNote
from tropa.desk.talk.errors import BadBody
from tropa.desk.talk.files import open_file
from tropa.desk.talk.models import Thread
from tropa.desk.talk.queries import thread_entries
from tropa.desk.talk.views import thread_or_404
from tropa.desk.vault.errors import NoGrant
from tropa.envelope import EnvelopeError


@unlocked
def copy_of_file(request: UnlockedRequest, thread_id: str, file_id: str) -> HttpResponse:
    """A picture, or a document made of pictures; or a page that says why there is none."""
    found = thread_or_404(thread_id)
    try:
        entries = thread_entries(reader=request.reader, thread=found)
    except NoGrant:
        raise Http404 from None
    note = next((file for entry in entries for file in entry.files if file.id == file_id), None)
    if note is None:
        raise Http404
    try:
        copy = clean(open_file(note))
    except CannotClean as refused:
        return _none(request, found, note, _words(refused.why), status=422)
    except Busy:
        words = _("Other copies are being made just now. Try again in a minute.")
        return _none(request, found, note, words, status=503)
    except (EnvelopeError, BadBody):
        refuse(table="talk_chunk", row=note.id, day=request.reader.now.date())
        words = _("The stored file is damaged or incomplete. Tell a coordinator.")
        return _none(request, found, note, words, status=422)
    response = HttpResponse(copy.content, content_type=copy.type)
    response["Content-Disposition"] = f'inline; filename="copy.{copy.ending}"'
    return response


def _none(
    request: UnlockedRequest, thread: Thread, file: FileNote, words: str, *, status: int
) -> HttpResponse:
    context = {"section": "inbox", "thread": thread, "file": file, "words": words}
    return render(request, "talk/no_copy.html", context, status=status)


def _words(why: Why) -> str:
    match why:
        case Why.UNKNOWN_KIND:
            return _(
                "It is none of the kinds a copy can be made of: a picture (JPEG, PNG, WebP, GIF, BMP, TIFF) or a PDF. "
                "Ask for a photo or a screenshot of it."
            )
        case Why.BROKEN:
            return _(
                "It does not hold what it says, or only a part of it arrived. Ask for it once more, or for a photo."
            )
        case Why.LOCKED:
            return _("The document is under a password. Ask for a screenshot, not for the password.")
        case Why.TOO_LARGE:
            return _("It has too many pixels or pages to be drawn. Ask for the pages that matter, as photos.")
        case Why.TOO_LONG:
            return _(
                "Drawing it took too long, which careful people take for a warning. Ask for a photo instead."
            )
    assert_never(why)
