"""Setting a fact anew, adding one, taking our own word back, and noting that a source says otherwise: by form.

What opens a way or weighs a danger waits for a second person, and the page says so before anything is sent.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tropa.atlas import Kind
from tropa.atlas.overlay import Act, seen, wording
from tropa.atlas.writing import record_of
from tropa.desk.atlas import services
from tropa.desk.atlas.content import Content, Seen
from tropa.desk.atlas.errors import NothingChanges, StalePage, WrongChange
from tropa.desk.atlas.fact_fields import differing, fields_of, required_missing, typed
from tropa.desk.atlas.fact_views import known_fact, require_research, stale_notice, wrong_notice
from tropa.desk.atlas.forms import SourceForm
from tropa.desk.atlas.in_force import in_force
from tropa.desk.atlas.services import ALWAYS_TWO
from tropa.desk.frame import Notice
from tropa.desk.pages.fact_words import named, title_of
from tropa.desk.pages.term_words import term_words
from tropa.desk.staff.access import UnlockedRequest, unlocked

ADDED_BY_FORM = (
    Kind.INCIDENT,
    Kind.HAZARD,
    Kind.ENTRY_RULE,
    Kind.STAY_RULE,
    Kind.PAPER_REFUSAL,
    Kind.LEG,
    Kind.OBTAIN,
    Kind.PROTECTION,
    Kind.LIVING,
    Kind.EXIT_CHECK,
    Kind.ENTRY_CHECK,
    Kind.CROSSING,
    Kind.DECISIONS,
    Kind.CONTACT,
    Kind.TREATY,
    Kind.EXTRADITION,
    Kind.FIGURE,
    Kind.SETTLING,
    Kind.CLOCK,
    Kind.PROVISION,
    Kind.GAP,
    Kind.PAPER,
    Kind.PLACE,
    Kind.COUNTRY,
)
PREFIX = {Kind.INCIDENT: "INC-own", Kind.ENTRY_RULE: "entry", Kind.STAY_RULE: "stay-rule"}


@unlocked
def edit(request: UnlockedRequest, fact_id: str) -> HttpResponse:
    """A fact as a form. What was changed meanwhile is never overwritten unseen."""
    state = in_force()
    fact = known_fact(state, fact_id)
    require_research(request)
    record = record_of(fact)
    form, notices, status = SourceForm(request.POST or None), list[Notice](), 200
    told: Mapping[str, Any] = record
    if request.method == "POST":
        told = typed(fact.kind, request.POST)
        status = 422
        act = Act.PROPOSED if request.POST.get("act") == "proposed" else Act.SET
        if request.POST.get("seen") != wording(fact):
            notices.append(stale_notice())
        elif form.is_valid():
            changed = differing(fact.kind, record, told)
            against = seen(state.overlaid, act, fact_id)
            answer = _stored(request, act, fact_id, form, changed, against, notices)
            if answer is not None:
                return answer
    context = {
        "section": "atlas",
        "fact": fact,
        "title": title_of(fact),
        "kind": fact.kind,
        "fields": fields_of(fact.kind, {key: value for key, value in told.items() if value is not None}),
        "form": form,
        "seen": request.POST.get("seen") or wording(fact),
        "sources": fact.sources,
        "two": fact.kind in ALWAYS_TWO,
        "papers": _papers(),
        "notices": notices,
    }
    return render(request, "atlas/edit.html", context, status=status)


def _stored(
    request: UnlockedRequest,
    act: Act,
    fact_id: str,
    form: SourceForm,
    record: Mapping[str, Any],
    against: str | None,
    notices: list[Notice],
    kind: Kind | None = None,
) -> HttpResponse | None:
    """The answer once it is stored; None with a notice of what stands in the way."""
    told = form.cleaned_data
    content = Content(
        (Seen(fact_id, against),),
        told["reason"],
        kind=kind,
        record=record,
        source=told["source"] or None,
        new_source=told["new_source"],
    )
    try:
        done = services.change_fact(reader=request.reader, act=act, content=content)
    except WrongChange as error:
        notices.append(wrong_notice(error))
    except StalePage:
        notices.append(stale_notice())
    except NothingChanges:
        notices.append(Notice("", "info", _("This says what stands there already. Nothing was stored.")))
    else:
        if done.waits:
            return redirect(f"{reverse('desk:change', args=[done.id])}?said=change-waits")
        said = "other-noted" if act is Act.PROPOSED else "fact-changed"
        return redirect(f"{reverse('desk:fact', args=[fact_id])}?said={said}")
    return None


@unlocked
def add(request: UnlockedRequest, kind: str) -> HttpResponse:
    """A fact the pack does not have."""
    require_research(request)
    try:
        chosen = Kind(kind)
    except ValueError:
        raise Http404 from None
    if chosen not in ADDED_BY_FORM:
        raise Http404
    form, notices, status = SourceForm(request.POST or None), list[Notice](), 200
    told: Mapping[str, Any] = (
        {"country": request.GET.get("country", "")} if request.GET.get("country") else {}
    )
    if request.method == "POST":
        told = typed(chosen, request.POST)
        status = 422
        missing = required_missing([one for one in fields_of(chosen, {}) if one.key not in DEFAULTED], told)
        if missing:
            notices.append(Notice("", "info", _("Still empty: %(fields)s.") % {"fields": ", ".join(missing)}))
        elif form.is_valid():
            record = {key: value for key, value in told.items() if value is not None}
            answer = _stored(request, Act.ADDED, _new_id(chosen, record), form, record, None, notices, chosen)
            if answer is not None:
                return answer
    context = {
        "section": "atlas",
        "kind": chosen,
        "kind_words": term_words(chosen),
        "fields": fields_of(chosen, {key: value for key, value in told.items() if value is not None}),
        "form": form,
        "two": chosen in ALWAYS_TWO,
        "papers": _papers(),
        "notices": notices,
        "kinds": [(one, term_words(one)) for one in ADDED_BY_FORM],
    }
    return render(request, "atlas/edit.html", context, status=status)


DEFAULTED = frozenset({"as_of", "review_by", "confidence"})
"""What the library fills in for a fact that is added."""


def _new_id(kind: Kind, record: Mapping[str, Any]) -> str:
    if kind is Kind.COUNTRY:
        return str(record.get("iso2", ""))
    about = str(record.get("country") or record.get("scope") or record.get("paper") or "")
    parts = [PREFIX.get(kind, kind.value.replace("_", "-")), about, secrets.token_hex(3)]
    return "-".join(part for part in parts if part)


def _papers() -> list[tuple[str, str]]:
    return [(paper, named(paper)) for paper in in_force().atlas.papers]


@require_POST
@unlocked
def withdraw(request: UnlockedRequest, fact_id: str) -> HttpResponse:
    """Take our own word on a fact back: what the shared pack says stands again."""
    known_fact(in_force(), fact_id)
    require_research(request)
    form, notices = SourceForm(request.POST), list[Notice]()
    if form.is_valid():
        answer = _stored(request, Act.WITHDRAWN, fact_id, form, {}, None, notices)
        if answer is not None:
            gone = fact_id not in in_force().atlas.facts
            return redirect(f"{reverse('desk:atlas')}?said=fact-withdrawn") if gone else answer
    said = "withdraw-refused" if notices else "reason-missing"
    return redirect(f"{reverse('desk:fact', args=[fact_id])}?said={said}")
