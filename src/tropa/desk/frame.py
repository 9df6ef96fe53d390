"""What stands around every page: the banner's day, the counts beside the sections, and what was just done.

After a form is posted the page is fetched anew with `?said=CODE`; only codes known to some app's
`notices.SAID` say anything, so an address cannot put words into the desk's mouth.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, partial
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.http import HttpRequest
from django.utils.functional import Promise

from tropa.desk.clock import now
from tropa.desk.conf import conf
from tropa.desk.training import in_training

Said = tuple[str, str, "str | Promise"]


@dataclass(frozen=True, slots=True)
class Notice:
    """One line said to the person on staff. `kind` is a class of the components: "", "ok",
    "danger", "stale".
    """

    kind: str
    icon: str
    text: str
    undo: str = ""  # the address that takes the act back, by POST
    back: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # what it is told: name and value


@cache
def _sayings() -> dict[str, Said]:
    """Every code of every app; two apps with one code would be a mistake of ours."""
    found: dict[str, Said] = {}
    for app in apps.get_app_configs():
        name = f"{app.name}.notices"
        if app.name.startswith("tropa.desk.") and find_spec(name):
            said = import_module(name).SAID
            if twice := found.keys() & said.keys():
                raise ValueError(f"two apps say {sorted(twice)}")
            found |= said
    return found


def notices_said(request: HttpRequest) -> list[Notice]:
    """The notice for `?said=CODE`, from the `notices` module of whichever app knows the code."""
    said = _sayings().get(request.GET.get("said", ""))
    return [Notice(kind=said[0], icon=said[1], text=str(said[2]))] if said else []


def _waiting(request: HttpRequest) -> int:
    from tropa.desk.talk.inbox import waiting_count  # noqa: PLC0415  # models are not ready when settings name this

    reader = getattr(request, "reader", None)
    return waiting_count(reader=reader) if reader else 0


def _to_review(request: HttpRequest) -> int:
    from tropa.desk.plans.queries import review_count  # noqa: PLC0415  # likewise

    reader = getattr(request, "reader", None)
    return review_count(reader=reader) if reader else 0


def _idle_seconds(request: HttpRequest) -> int:
    from tropa.desk.staff.services import seconds_until_locked  # noqa: PLC0415  # likewise

    return seconds_until_locked(visit=request.visit, now=now())  # type: ignore[attr-defined]  # asked when unlocked


def frame(request: HttpRequest) -> dict[str, object]:
    """Context processor. `facts_day` is set when facts are judged as of a pinned day; a banner says so on
    every page. Counts are looked up only when the page shows them.
    """
    return {
        "facts_day": conf.as_of,
        "example": conf.example,
        "training": in_training(),
        "idle_seconds": partial(_idle_seconds, request),
        "waiting_count": partial(_waiting, request),
        "review_count": partial(_to_review, request),
    }
