"""What waits for a second person, the log of all changes, and conflicts side by side."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from tropa.atlas.overlay import Act, seen
from tropa.desk import clock
from tropa.desk.atlas import services
from tropa.desk.atlas.content import Content, Seen
from tropa.desk.atlas.drawn import drawn
from tropa.desk.atlas.errors import AlreadyDecided, NothingChanges, OwnProposal, StalePage, WrongChange
from tropa.desk.atlas.fact_views import require_research, stale_notice, wrong_notice
from tropa.desk.atlas.forms import ReasonForm
from tropa.desk.atlas.history_page import Told, told
from tropa.desk.atlas.in_force import InForce, in_force
from tropa.desk.atlas.models import Verdict
from tropa.desk.atlas.paging import MOST, following, start_of
from tropa.desk.atlas.proposal_page import as_approved, before_and_after
from tropa.desk.atlas.resting import aftermath, foreseen, groups_of_change
from tropa.desk.atlas.side_by_side import disputes_of
from tropa.desk.atlas.stored import StoredChange
from tropa.desk.frame import Notice, notices_said
from tropa.desk.staff.access import UnlockedRequest, unlocked


@unlocked
def changes(request: UnlockedRequest) -> HttpResponse:
    """Proposals first, then everything that was changed, latest first and in parts."""
    state = in_force()
    start = start_of(request)
    log = partial(_log, state, start)
    context = {
        "section": "atlas",
        "notices": notices_said(request),
        "waiting": waiting_of(state),
        "log": drawn(state, clock.facts_day(), "atlas/changes_log.html", start, told=log),
        "count": len(state.rows),
        "unread": len(state.unread),
        "missing": state.missing,
        "gone": sum(row.gone for row in state.rows),
        "lost": len(state.lost),
        "refused": len(state.overlaid.refused),
    }
    return render(request, "atlas/changes.html", context)


def _log(state: InForce, start: int) -> dict[str, object]:
    """What was decided, latest first, in parts."""
    decided = [row for row in reversed(state.rows) if row.verdict is not Verdict.WAITING]
    rows = (told(state, row) for row in decided[start : start + MOST])
    return {"rows": [one for one in rows if one is not None], "following": following(start, len(decided))}


def waiting_of(state: InForce) -> list[Told]:
    """The proposals nobody has decided about, oldest first."""
    rows = (row for row in state.rows if row.verdict is Verdict.WAITING)
    return [one for row in rows if (one := told(state, row)) is not None]


@unlocked
def change(request: UnlockedRequest, change_id: str) -> HttpResponse:
    """One change; a proposal with what it does, and the decision for everybody but who proposed it."""
    row = _row(in_force(), change_id)
    if request.method == "POST":
        require_research(request)
        return _decided(request, row)
    return _change_page(request, row, notices_said(request))


def _row(state: InForce, change_id: str) -> StoredChange:
    row = next((row for row in state.rows if row.id == change_id), None)
    if row is None:
        raise Http404
    return row


def _decided(request: UnlockedRequest, row: StoredChange) -> HttpResponse:
    act: Callable[..., object] = (
        services.approve if request.POST.get("act") == "approve" else services.decline
    )
    try:
        act(reader=request.reader, change_id=row.id)
    except OwnProposal:
        said = _("You proposed this, so somebody else decides about it. Nothing was changed.")
        return _change_page(request, row, [Notice("", "lock", said)], status=409)
    except AlreadyDecided:
        said = _("Somebody was quicker: this is decided. Look again below.")
        return _change_page(request, _row(in_force(), row.id), [Notice("", "info", said)], status=409)
    except WrongChange as error:
        return _change_page(request, row, [wrong_notice(error)], status=409)
    except StalePage:
        return _change_page(request, row, [stale_notice()], status=409)
    code = "change-approved" if act is services.approve else "change-declined"
    return redirect(f"{reverse('desk:change', args=[row.id])}?said={code}")


def _change_page(
    request: UnlockedRequest, row: StoredChange, notices: list[Notice], status: int = 200
) -> HttpResponse:
    state = in_force()
    shown = told(state, row)
    if shown is None:
        raise Http404
    waits = row.verdict is Verdict.WAITING
    after = as_approved(state, row) if waits else None
    if after is not None:
        plans = foreseen(request.reader, state.atlas, after.atlas, clock.facts_day())
    else:
        plans = aftermath(request.reader, groups_of_change(state.atlas, shown.facts))
    context = {
        "section": "atlas",
        "notices": notices,
        "change": shown,
        "waits": waits,
        "own": row.by == request.reader.member.pk,
        "pairs": before_and_after(state, after) if after else [],
        "aftermath": plans,
        "may_change": services.may_change_facts(request.reader),
    }
    return render(request, "atlas/change.html", context, status=status)


@unlocked
def conflicts(request: UnlockedRequest) -> HttpResponse:
    """Where two sides say different things; each is settled for one of them, with a sentence."""
    notices = notices_said(request)
    status = 200
    if request.method == "POST":
        require_research(request)
        answer = _settled(request, notices)
        if answer is not None:
            return answer
        status = 422
    context = {
        "section": "atlas",
        "notices": notices,
        "disputes": disputes_of(in_force()),
        "form": ReasonForm(),
        "may_change": services.may_change_facts(request.reader),
    }
    return render(request, "atlas/conflicts.html", context, status=status)


def _settled(request: UnlockedRequest, notices: list[Notice]) -> HttpResponse | None:
    state = in_force()
    form = ReasonForm(request.POST)
    fact_id, conflict = request.POST.get("fact", ""), request.POST.get("conflict", "")
    if not any(one.fact_id == fact_id and one.id == conflict for one in state.overlaid.conflicts):
        notices.append(stale_notice())
        return None
    if not form.is_valid():
        notices.append(Notice("", "info", " ".join(map(str, form.errors["reason"]))))
        return None
    content = Content(
        (Seen(fact_id, seen(state.overlaid, Act.SETTLED, fact_id)),),
        form.cleaned_data["reason"],
        record={"side": request.POST.get("side", ""), "conflict": conflict},
    )
    try:
        done = services.change_fact(reader=request.reader, act=Act.SETTLED, content=content)
    except WrongChange as error:
        notices.append(wrong_notice(error))
        return None
    except (StalePage, NothingChanges):
        notices.append(stale_notice())
        return None
    return redirect(
        f"{reverse('desk:conflicts')}?said={'change-waits' if done.waits else 'conflict-settled'}"
    )
