"""The calendar of shifts, and changing it. Each view parses, calls one service or query, and answers."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tropa.desk.staff.abilities import abilities_of
from tropa.desk.staff.access import UnlockedRequest, unlocked
from tropa.desk.staff.coordinating import coordinates
from tropa.desk.staff.queries import active_members
from tropa.desk.vault import shifts
from tropa.desk.vault.forms import ShiftForm
from tropa.desk.vault.notices import shifts_to_undo, told_of
from tropa.desk.vault.shift_calendar import FARTHEST, WEEK, drawn_week, monday_of


@unlocked
def calendar(request: UnlockedRequest) -> HttpResponse:
    """One week; for coordinators also who is loaded how much, and adding and taking back."""
    today = request.reader.now.date()
    monday = _week(request.GET.get("week", ""), today)
    coordinator = coordinates(request.reader)
    kept = shifts.shifts_between(monday, monday + timedelta(days=WEEK - 1))
    people = list(active_members().filter(on_duty=True)) if coordinator else []
    told = abilities_of({request.reader.member.pk, *(one.pk for one in people)})
    week = timedelta(days=WEEK)
    context = {
        "section": "people",
        "days": drawn_week(
            kept,
            monday=monday,
            today=today,
            zones={one: said.zone for one, said in told.items() if said.zone is not None},
            reader_id=request.reader.member.pk,
        ),
        "any": shifts.any_kept(today),
        "monday": monday,
        "sunday": monday + week - timedelta(days=1),
        "before": (monday - week).isoformat(),
        "after": (monday + week).isoformat(),
        "this_week": monday == monday_of(today),
        "coordinator": coordinator,
        "shift_form": ShiftForm() if coordinator else None,
        "people": [(one, told[one.pk].most_cases if one.pk in told else 0) for one in people],
        "notices": shifts_to_undo(request),
    }
    return render(request, "vault/calendar.html", context)


@require_POST
@unlocked
def add_shift(request: UnlockedRequest) -> HttpResponse:
    """Put somebody on duty for some days; their keys are prepared."""
    _coordinators_only(request)
    form = ShiftForm(request.POST)
    said, week = "shift-refused", ""
    if form.is_valid():
        try:
            shift = shifts.add_shift(reader=request.reader, **form.cleaned_data)
            said = "shift-added"
            week = f"&week={monday_of(shift.first_day).isoformat()}&done={shift.pk}"
        except ValueError:
            pass  # days that are over, or in the wrong order: the notice says so
    return redirect(f"{reverse('desk:shifts')}?said={said}{week}")


@require_POST
@unlocked
def remove_shift(request: UnlockedRequest, shift_id: str) -> HttpResponse:
    """Take a shift back."""
    _coordinators_only(request)
    gone = shifts.remove_shift(reader=request.reader, shift_id=shift_id)
    done = f"&done={told_of(gone)}" if gone else ""
    return redirect(f"{reverse('desk:shifts')}?said=shift-removed{done}")


def _week(asked: str, today: date) -> date:
    """The Monday of the week asked for; this one's without asking. Raises Http404 for what is far off or no day."""
    if not asked:
        return monday_of(today)
    try:
        monday = monday_of(date.fromisoformat(asked))
    except (ValueError, OverflowError):
        raise Http404 from None
    if abs(monday - today) > FARTHEST:
        raise Http404
    return monday


def _coordinators_only(request: UnlockedRequest) -> None:
    if not coordinates(request.reader):
        raise PermissionDenied
