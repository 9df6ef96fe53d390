"""Two rounds of housekeeping at once destroy everything once, and tell of it once."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection

from tests.desk.retention.test_closing import closed
from tests.desk.world import build_world
from tropa.desk.audit.models import Record
from tropa.desk.cases.models import Case
from tropa.desk.conf import conf
from tropa.desk.housekeeping import keep_house
from tropa.desk.retention.models import Receipt
from tropa.desk.vault.wrapping_keys import wrapping_keys

PATIENCE = 300.0


@pytest.mark.django_db(transaction=True)
def test_two_rounds_at_once_destroy_everything_once() -> None:
    world = build_world()
    cases = [closed(world)[1].pk for _each in range(3)]
    later = world.now + timedelta(days=conf.closed_days + 1)
    results: list[int] = []
    errors: list[Exception] = []

    def round_of(now: datetime) -> None:
        try:
            results.append(keep_house(now=now).cases)
        except Exception as error:  # noqa: BLE001  # looked at below
            errors.append(error)
        finally:
            connection.close()

    rounds = [threading.Thread(target=round_of, args=(later,), daemon=True) for _each in range(2)]
    for one in rounds:
        one.start()
    for one in rounds:
        one.join(PATIENCE)
    assert errors == []
    assert sum(results) == len(cases)
    assert not Case.objects.exists()
    assert not wrapping_keys(cases)
    assert Receipt.objects.filter(what="case").count() == len(cases)
    assert Receipt.objects.filter(what="facts").count() <= len(cases)
    assert Record.objects.exists()
