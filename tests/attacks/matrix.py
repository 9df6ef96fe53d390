"""Everybody there can be before a case, every address and every service, put together from what the program has.

Nothing here is a list of views or services: addresses come from the URL configuration and services from the modules,
and one whose parameters nobody here knows how to fill stops the tests.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.desk.plans.flow import approved, released
from tests.desk.world import ROOT, Person, join, signed_in
from tropa.desk.cases.card import Card, Danger
from tropa.desk.cases.services import save_card
from tropa.desk.plans.models import Plan, Release
from tropa.desk.staff.joining import Certifier
from tropa.desk.staff.models import Role
from tropa.desk.talk.services import save_draft
from tropa.desk.vault.services import ask_together, grant_case, revoke_case

if TYPE_CHECKING:
    from tests.desk.plans.conftest import Planned

SECRETS = ("Пришла повестка", "Черновик Бориса", "Купите билет до Еревана")
UNTOUCHED_BY_A_LOOK = {"staff_visit", "staff_member", "audit_refusal", "staff_claim", "django_session"}
STANDINGS = ("granted", "expired", "revoked", "never")


@dataclass(frozen=True, slots=True)
class Scene:
    """A case with card, draft, plan and released step, and people who may not open it."""

    planned: Planned
    plan: Plan
    release: Release
    act_id: str
    outsiders: dict[str, Person]
    granted: dict[str, Person]

    def parameters(self) -> dict[str, str]:
        """What stands in addresses, by the name of the parameter."""
        return {
            "thread_id": self.planned.written.thread.pk,
            "case_id": self.planned.case.pk,
            "plan_id": self.plan.pk,
            "release_id": self.release.pk,
            "member_id": self.planned.world.boris.member.pk,
            "act_id": self.act_id,
            "shift_id": "0" * 32,
            "view_id": "0" * 32,
            "entry_id": self.planned.written.entry.pk,
            "reply_id": "0" * 32,
            "exhibit_id": "0" * 32,
            "file_id": "0" * 32,
            "number": "1",
            "page": "1",
            "fact_id": "nothing",
            "answer_id": "nothing",
            "change_id": "0" * 32,
            "source_id": "nothing",
            "code": "XX",
            "kind": "nothing",
            "key": "0" * 32,
            "name": "today",
        }


def built(planned: Planned) -> Scene:
    """Boris leads and Anna is second. Of every role there is somebody whose grant has ended, somebody shut out and
    somebody who never held it before the case, and one who was let in beside it.
    """
    world, case = planned.world, planned.case
    boris, team = world.boris.reader(), world.vera.member.team
    save_card(reader=boris, case=case, card=Card(danger=Danger.YES), version=0)
    by_anna = Certifier(world.anna.seed.signing(), world.anna.member)
    yesterday = world.now.date() - timedelta(days=1)
    people: dict[str, dict[Role, Person]] = {standing: {} for standing in STANDINGS}
    for role in Role:
        for standing in STANDINGS:
            by = Certifier(ROOT.signing()) if role is Role.COORDINATOR else by_anna
            person = join(f"{standing} {role}", role, team, by, now=world.now)
            people[standing][role] = person
            if standing != "never":
                ends = yesterday if standing == "expired" else None
                grant_case(reader=boris, case=case, member=person.member, ends_day=ends)
    for person in people["revoked"].values():
        revoke_case(reader=boris, case=case, member=person.member)
    plan = approved(planned)
    release = released(planned, plan)
    save_draft(reader=boris, thread=planned.written.thread, text=SECRETS[1])
    act = _asked(planned)
    outsiders = {
        f"{standing} {role}": person
        for standing, those in people.items()
        if standing != "granted"
        for role, person in those.items()
    }
    granted = {f"granted {role}": person for role, person in people["granted"].items()}
    return Scene(planned, plan, release, act, outsiders, granted)


def _asked(planned: Planned) -> str:
    from tropa.desk.staff.tending import tend

    tend(reader=planned.world.boris.reader())
    reader = planned.world.anna.reader()
    return ask_together(reader=reader, case=planned.case, reason="проверка").pk


def addresses(scene: Scene) -> Iterator[tuple[URLPattern, str]]:
    """Every address of the URL configuration in force, with this scene's ids in it."""
    parameters = scene.parameters()
    for pattern, route in _patterns(get_resolver(), "/"):
        filled = route
        for name, converter in pattern.pattern.converters.items():
            if converter.regex == "[0-9]+":
                parameters.setdefault(name, "1")
            assert name in parameters, f"nobody knows what to put for {name} in {route}"
            for kind in ("str", "int", "slug", "uuid"):
                filled = filled.replace(f"<{kind}:{name}>", parameters[name])
        assert "<" not in filled, route
        yield pattern, filled


def _patterns(resolver: URLResolver, before: str) -> Iterator[tuple[URLPattern, str]]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _patterns(one, route)
        else:
            yield one, route


def names_a_case(pattern: URLPattern) -> bool:
    """Whether an address leads to one case, thread, plan or step."""
    return bool({"thread_id", "case_id", "plan_id", "release_id", "act_id"} & set(pattern.pattern.converters))


def services() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every function of the desk that somebody does something with: keyword-only, with a `reader` and a case in it."""
    seen = set()
    for app in apps.get_app_configs():
        if not app.name.startswith("tropa.desk."):
            continue
        for module in pkgutil.iter_modules(import_module(app.name).__path__, f"{app.name}."):
            if ".migrations" in module.name:
                continue
            for name, function in inspect.getmembers(import_module(module.name), inspect.isfunction):
                if (
                    name.startswith("_")
                    or function in seen
                    or not function.__module__.startswith("tropa.desk")
                ):
                    continue
                given = inspect.signature(function).parameters
                if "reader" in given and {"case", "thread", "plan", "step", "release", "case_ids"} & set(
                    given
                ):
                    seen.add(function)
                    yield f"{function.__module__}.{name}", function


def clients(scene: Scene) -> dict[str, Client]:
    """A browser of each outsider, a passer-by's, and one of a holder whose key is closed."""
    browsers = {who: signed_in(person) for who, person in scene.outsiders.items()}
    return browsers | {"passer-by": Client(), "locked": signed_in(scene.planned.world.boris, unlocked=False)}


def rows() -> dict[str, int]:
    """How many rows each table has, but for those a look may change."""
    return {
        model._meta.db_table: model._default_manager.count()  # documented
        for model in apps.get_models()
        if model._meta.db_table not in UNTOUCHED_BY_A_LOOK
    }
