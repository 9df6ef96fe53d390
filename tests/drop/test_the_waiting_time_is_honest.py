"""While more people wait than the shift can answer, the drop tells as long a time as it takes, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.db import OperationalError, connection
from django.test import Client

from tropa.desk.talk.surge import WATCH, load

if TYPE_CHECKING:
    from tests.desk.world import World


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> Iterator[None]:
    WATCH.forget()
    yield
    WATCH.forget()


@pytest.mark.parametrize(
    ("language", "words"), [("ru", "сейчас пишут очень многие"), ("en", "very many people")]
)
def test_a_crowded_desk_promises_no_ordinary_day(
    world: World, drop_settings: object, language: str, words: str
) -> None:
    from tests.desk.talk.crowd import many

    calm = Client().get(f"/{language}/", secure=True).content.decode()
    assert words not in calm
    many(world, 60)
    WATCH.forget()
    crowded = Client().get(f"/{language}/", secure=True).content.decode()
    assert words in crowded
    hours = load(now=datetime.now(UTC)).told_hours
    assert f" {hours // 24 if hours % 24 == 0 else hours} " in crowded.replace("\N{NO-BREAK SPACE}", " ")


def test_the_page_is_shown_while_the_database_is_not_there(world: World, drop_settings: object) -> None:
    def refuse(*_arguments: object) -> None:
        raise OperationalError("gone")

    with connection.execute_wrapper(refuse):
        page = Client().get("/ru/", secure=True)
    assert page.status_code == 200
