"""Short messages above a page: what happened, what is safe, what to do."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tropa.desk.atlas.causes import Cause, causes_of
from tropa.desk.frame import Said
from tropa.desk.plans.errors import FactsClosed
from tropa.desk.plans.models import Mark, Plan
from tropa.desk.plans.step_panel import StaleLine, stale_line
from tropa.desk.work.copies import Found

SAID: dict[str, Said] = {
    "review-asked": ("ok", "check", gettext_lazy("A second reader can decide about it now.")),
    "plan-approved": ("ok", "check", gettext_lazy("Approved and signed with your key. Step 1 can be sent.")),
    "plan-returned": ("ok", "check", gettext_lazy("Returned to its author with your reasons.")),
    "step-sent": (
        "ok",
        "check",
        gettext_lazy("Sealed to the person. They see it when they next open their code."),
    ),
    "step-withdrawn": ("ok", "check", gettext_lazy("Withdrawn: nobody had read it.")),
}
"""What may be said after a form was posted, by code."""


@dataclass(frozen=True, slots=True)
class Notice:
    """`kind` is a class of the notice ("", "ok", "stale", "danger"); `facts` are named below the text, and `causes`:
    what was changed under a plan."""

    kind: str
    icon: str
    text: str
    facts: tuple[StaleLine, ...] = ()
    causes: tuple[Cause, ...] = ()


def closed_notice(error: FactsClosed) -> Notice:
    """Which facts block, and who owns them."""
    return Notice(
        "stale",
        "stale",
        _(
            "This plan rests on facts that may not be used today. Nothing was sent. Whoever owns them can renew them:"
        ),
        tuple(stale_line(one) for one in error.facts),
    )


def damaged_facts() -> Notice:
    """The saved facts do not open; what stands on the page is something else."""
    return Notice(
        "danger",
        "danger",
        _(
            "The saved facts no longer open: they were damaged or changed outside the desk. Tell a coordinator. Below "
            "stands what the card says; enter the rest again, and saving replaces the damaged ones."
        ),
    )


def place_not_named() -> Notice:
    """The card says that the person is where nothing may be planned from a city of Russia."""
    return Notice(
        "stale",
        "stale",
        _(
            "The card says the person is near the front, in an occupied area or abroad, and names no city. Nothing is "
            "planned until you name the place."
        ),
    )


def shaken_notice(plan: Plan) -> Notice | None:
    """That the newest plan was stopped or marked since it was written, and by which changes."""
    match Mark(plan.mark):
        case Mark.NONE:
            return None
        case Mark.STOPPED:
            text = _(
                "Draft %(version)d is stopped: a fact it rests on was closed, and nothing of it can be sent. Below"
                " stands what can be done on the facts of today."
            )
            return Notice("danger", "ban", text % {"version": plan.version}, causes=causes_of(plan))
        case Mark.CHANGED:
            text = _(
                "Facts under draft %(version)d have changed: nothing of it can be sent before it was written anew."
                " Below stands what can be done on the facts of today."
            )
            return Notice("stale", "stale", text % {"version": plan.version}, causes=causes_of(plan))


def planned_anew(found: Found) -> Notice | None:
    """What unattended planning found for these facts since; None where everything stands as it did."""
    on = date_format(found.on, "j E")
    match found.outcome:
        case "no_way":
            return Notice(
                "danger",
                "danger",
                _("On %(day)s these facts were planned anew, with nobody here: no way is left.")
                % {"day": on},
            )
        case "not_planned":
            return Notice(
                "stale",
                "stale",
                _(
                    "On %(day)s these facts could not be planned anew: the atlas no longer knows what they name."
                )
                % {"day": on},
            )
        case "cut_off":
            return Notice(
                "stale",
                "stale",
                _(
                    "On %(day)s these facts were planned anew, with nobody here, but not to the end: ways may be"
                    " missing. Compute the plans here."
                )
                % {"day": on},
            )
        case "changed" if found.ways_before is not None:
            return Notice(
                "stale",
                "stale",
                _(
                    "On %(day)s these facts were planned anew, with nobody here: the best ways are others now than"
                    " they were before. Look at the plan again."
                )
                % {"day": on},
            )
        case _:
            return None
