"""Five minutes around the desk: what each section is for, a step at a time, without a script.

Today offers it until somebody closes it for good, which is all that is kept. Nothing of the organisation's stands in
it, so an empty desk has it too.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from tropa.desk.staff.access import OpenedRequest, opened
from tropa.desk.staff.account import close_tour
from tropa.desk.staff.rest import put_aside


@dataclass(frozen=True, slots=True)
class Step:
    """One stop: what it is, two or three sentences, the chapter that says more, and the page, if it has one."""

    title: Promise
    sentences: tuple[Promise, ...]
    chapter: str
    page: str = ""

    @property
    def address(self) -> str:
        return reverse(f"desk:{self.page}") if self.page else ""


STEPS = (
    Step(
        _("Today: begin here"),
        (
            _(
                "What is red stands first: somebody has not written in time, or a plan was stopped. Act on it "
                "first."
            ),
            _(
                "Below it: what is yours, who waits longest, who is on the way. One screen is enough to start a "
                "shift."
            ),
        ),
        "today",
        "today",
    ),
    Step(
        _("Inbox: danger first, then whoever waits longest"),
        (
            _(
                "The colour and the heading say how urgent it is; the badge says who else can read that "
                "channel."
            ),
            _(
                "Take a thread, and it is yours: it gets a key of its own, and only its holders read it from "
                "then on."
            ),
            _(
                "J and K walk the list, T takes, S puts aside. All of it works with the keyboard alone, and "
                "without scripts."
            ),
        ),
        "inbox",
        "inbox",
    ),
    Step(
        _("Thread and card: answer, then ten questions"),
        (
            _(
                "Write plainly, one question at a time. / opens the answer library beside the draft: dated, "
                "with owners."
            ),
            _(
                "The card takes a minute and holds no identity. Urgency, lane and the first facts of a plan "
                "follow from it."
            ),
        ),
        "thread",
    ),
    Step(
        _("Plan and review: two people, always"),
        (
            _("The planner proposes ways with their risk, time and money and says what each rests on."),
            _(
                "You choose and write the words; a second person reads them; one step goes at a time. Nobody "
                "approves their own plan."
            ),
        ),
        "review",
        "review-list",
    ),
    Step(
        _("What may never be written down"),
        (
            _(
                "No names, numbers, addresses, towns or handles: not in answers, notes, cards or drafts, and "
                "nothing outside the desk."
            ),
            _(
                "What was never written cannot be taken. If something slipped in, tell a coordinator today; "
                "nobody is blamed."
            ),
        ),
        "never-written",
    ),
    Step(
        _("Finding, locking, help"),
        (
            _("Ctrl K finds people by pseudonym, pages, countries, facts and answers."),
            _(
                "Lock before you leave the chair. If somebody forces you to unlock, your second passphrase "
                "opens an empty desk; set it on your account's page."
            ),
            _(
                "Help at the foot of each page has a chapter for every screen, also for when something is "
                "wrong."
            ),
        ),
        "shift-end",
        "account",
    ),
)


@opened
def tour(request: OpenedRequest) -> HttpResponse:
    """One step, by its number in the address; anything else is the first."""
    asked = request.GET.get("step", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and 1 <= int(asked[:3]) <= len(STEPS) else 1
    context = {
        "section": "tour",
        "step": STEPS[number - 1],
        "number": number,
        "count": len(STEPS),
        "before": number - 1,
        "following": number + 1 if number < len(STEPS) else 0,
    }
    return render(request, "help/tour.html", context)


@require_POST
@opened
def rest(request: OpenedRequest) -> HttpResponse:
    """No reminder to rest for two hours."""
    put_aside(member_id=request.member.pk, now=request.opened.now)
    return redirect("desk:today")


@require_POST
@opened
def close(request: OpenedRequest) -> HttpResponse:
    """Offer the tour no more; it stays under Help."""
    close_tour(member=request.member)
    return redirect(f"{reverse('desk:today')}?said=tour-closed")
