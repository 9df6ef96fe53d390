"""One statement says which cards of Today are empty; none that it calls empty holds anything."""

from __future__ import annotations

from dataclasses import asdict

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desk.world import World
from tropa.desk.pages.at_a_glance import at_a_glance
from tropa.desk.talk.assigning import assign
from tropa.desk.talk.hand_over import hand_over


def said(world: World, name: str) -> set[str]:
    found = asdict(at_a_glance(reader=getattr(world, name).reader()))
    return {part for part, there in found.items() if there}


def test_nothing_is_there_before_anything_happened(world: World) -> None:
    world.write_in("Здравствуйте")
    assert said(world, "boris") == set()
    with CaptureQueriesContext(connection) as queries:
        at_a_glance(reader=world.boris.reader())
    assert len(queries) == 1


def test_what_was_given_and_handed_over_is_there_for_whom_it_concerns(world: World) -> None:
    thread = world.write_in("Здравствуйте").thread
    assign(reader=world.boris.reader(), thread=thread, member=world.vera.member)
    hand_over(reader=world.boris.reader(), text="Консульство не отвечает.")
    assert said(world, "boris") == {"given", "handed_over"}
    assert said(world, "vera") == {"given", "handed_over"}
    assert said(world, "stranger") == {"handed_over"}
