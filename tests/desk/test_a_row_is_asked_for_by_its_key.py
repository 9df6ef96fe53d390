"""`by_key` gives what `.get(pk=...)` gives, in one query."""

from __future__ import annotations

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from tests.desk.world import World
from tropa.desk.by_key import by_key
from tropa.desk.cases.models import Case
from tropa.desk.talk.models import Thread
from tropa.desk.talk.services import take


@pytest.mark.parametrize("kind", [Case, Thread])
def test_the_row_is_the_models_own_and_whole(world: World, kind: type[models.Model]) -> None:
    thread = world.write_in().thread
    take(reader=world.boris.reader(), thread=thread)
    wanted = kind._default_manager.get()  # of either model
    with CaptureQueriesContext(connection) as queries:
        found = by_key(kind, wanted.pk)
        assert found is not None
        assert {one.attname: getattr(found, one.attname) for one in kind._meta.concrete_fields} == {
            one.attname: getattr(wanted, one.attname) for one in kind._meta.concrete_fields
        }
    assert len(queries) == 1


def test_no_row_is_none(world: World) -> None:
    assert by_key(Case, "0" * 32) is None
    assert by_key(Case, "' OR 1=1 --") is None
