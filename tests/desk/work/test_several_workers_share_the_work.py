"""Worker processes on one database: they share what waits, and one that is killed at the worst moment loses nothing."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.desk.world import World
    from tropa.desk.cases.models import Case

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 600


def life(way: str) -> subprocess.Popen[bytes]:
    from django.db import connection

    command = [sys.executable, "-m", "tests.desk.work.life", str(connection.settings_dict["NAME"]), way]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_one_is_killed_while_storing_and_two_others_do_everything(world: World, watched: list[Case]) -> None:
    from django.db.models.functions import Now

    from tropa.desk import clock
    from tropa.desk.facts import atlas
    from tropa.desk.plans.services import saved_facts
    from tropa.desk.vault.services import open_case_seed
    from tropa.desk.work.copies import finding_for, open_copy
    from tropa.desk.work.models import Finding, OpenCopy, Task
    from tropa.desk.work.queue import progress
    from tropa.desk.work.rounds import begin_round
    from tropa.desk.work.sentinel import sentinel_seed
    from tropa.planning.compiling import Compilations
    from tropa.planning.mass.renewal import planned
    from tropa.planning.mass.together import Together

    begin_round()
    killed = life("hangs")
    assert killed.stdout is not None
    assert killed.stdout.readline() == b"storing\n"
    killed.kill()
    killed.communicate()
    assert (Task.objects.count(), Finding.objects.count()) == (3, 0)
    assert progress().in_hand == 3
    Task.objects.update(leased_until=Now() - timedelta(seconds=1))

    others = [life("works"), life("works")]
    for one in others:
        said = one.communicate(timeout=PATIENCE)[1]
        assert one.returncode == 0, said
    now = progress()
    assert (now.done, now.waiting, now.failed) == (3, 0, 0)
    seed, reader = sentinel_seed(), world.boris.reader()
    on = clock.facts_day()
    together = Together(Compilations(atlas()), on)
    for case in watched:
        copy = open_copy(OpenCopy.objects.get(case=case), seed)
        saved = saved_facts(reader=reader, case=case)
        assert saved is not None
        assert copy.on == on
        assert copy.plan.front == planned(together, case.pk, saved.person).front
        found = finding_for(case=case, person=saved.person, opened=open_case_seed(reader=reader, case=case))
        assert found is not None
        assert (found.on, found.ways_before, found.ways_after) == (on, None, len(copy.plan.front))
