"""What changed, asked for by a page that heard of it, or from time to time by one that hears nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tropa.desk.by_key import by_key
from tropa.desk.conf import conf
from tropa.desk.live.marks import THREAD, is_topic, marks_of
from tropa.desk.live.tickets import Watching, good_for, ticket
from tropa.desk.staff.access import OpenedRequest, UnlockedRequest, unlocked_or_empty
from tropa.desk.staff.models import Claim
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.models import Thread
from tropa.desk.talk.queries import claimed_by

MOST_BUSY = 200


def nothing_changed(request: OpenedRequest) -> HttpResponse:
    """In an empty desk nothing ever does."""
    if not is_topic(request.GET.get("on", "")):
        raise Http404
    return JsonResponse({"marks": {}, "says": "", "busy": {}})


@unlocked_or_empty(nothing_changed)
def changes(request: UnlockedRequest) -> HttpResponse:
    """Marks to compare, a sentence to show, and in the inbox who looks at what. Asking is not being there."""
    topic, given = request.GET.get("on", ""), request.GET.get("ticket", "")
    key = conf.live_key
    if not key or not is_topic(topic):
        raise Http404
    if good_for(key, given, visit=request.visit.pk, topic=topic) is not Watching.CHANGES:
        raise Http404
    busy = _busy(request.reader) if topic == "inbox" else {}
    return JsonResponse({"marks": marks_of(topic, _ask), "says": _says(request.reader, topic), "busy": busy})


def live_bar(request: HttpRequest, topic: str) -> SafeString | str:
    """The bar of a page that watches this topic, hidden until something changes; nothing where there are no streams."""
    if not conf.live_key:
        return ""
    visit = request.visit.pk  # type: ignore[attr-defined]  # asked for on pages of somebody unlocked
    silent = getattr(request, "reader", None) is None
    context = {
        "url": conf.live_url,
        "topic": topic,
        "ticket": ticket(conf.live_key, visit=visit, topic=topic, silent=silent),
        "here": request.get_full_path(),
    }
    return render_to_string("live/bar.html", context)


def _ask(question: str) -> Sequence[Any]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        found: Sequence[Any] = cursor.fetchall()
        return found


def _says(reader: Reader, topic: str) -> str:
    found = THREAD.fullmatch(topic)
    if found is None:
        return _("Something changed since this page was drawn.")
    thread = by_key(Thread, found[1])
    other = claimed_by(thread=thread, reader=reader) if thread else None
    if other:
        return _("%(who)s has this conversation open too.") % {"who": other.pseudonym}
    return _("Something changed in this conversation since this page was drawn.")


def _busy(reader: Reader) -> dict[str, str]:
    """Who else looks at which thread that nobody holds."""
    claims = (
        Claim.objects.filter(lapses__gt=reader.now, thread__case=None)
        .exclude(member_id=reader.member.id)
        .values_list("thread_id", "member__pseudonym")[:MOST_BUSY]
    )
    return dict(claims)
