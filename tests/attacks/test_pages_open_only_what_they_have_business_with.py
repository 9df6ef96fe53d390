"""While every page is walked, each opening is watched: which service made it, for which page, of what kind."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import resolve

from tests.attacks.matrix import addresses, built
from tests.desk.world import signed_in
from tropa.desk.vault.compartments import EVERYWHERE, PAGES, SERVICES, TABLES, Compartment, app_of
from tropa.envelope.seal import open_sealed
from tropa.envelope.wrap import ColumnOpener, unwrap

if TYPE_CHECKING:
    from tests.desk.plans.conftest import Planned

OPENERS: set[CodeType] = {open_sealed.__code__, unwrap.__code__, ColumnOpener.open_padded.__code__}


@contextmanager
def watched() -> Iterator[set[tuple[str, str]]]:
    """What is opened meanwhile: the app of the service that did it, and the table it came from."""
    opened: set[tuple[str, str]] = set()

    def look(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call" and frame.f_code in OPENERS:
            caller = frame.f_back
            while caller is not None and caller.f_globals["__name__"].startswith("tropa.envelope"):
                caller = caller.f_back
            assert caller is not None
            told = frame.f_locals
            context = told["context"] if "context" in told else told["self"].context
            opened.add((app_of(caller.f_globals["__name__"]), context.table))

    sys.setprofile(look)
    try:
        yield opened
    finally:
        sys.setprofile(None)


@pytest.mark.parametrize("who", ["boris", "anna"])
def test_every_page_opens_only_what_it_has_business_with(planned: Planned, who: str) -> None:
    scene = built(planned)
    client = signed_in(getattr(planned.world, who))
    reached: set[Compartment] = set()
    for pattern, address in addresses(scene):
        if pattern.name in {"lock", "sign-out", "sign-in", "unlock"}:
            continue
        app = app_of(pattern.callback.__module__)
        assert app in PAGES, f"nobody has said what pages of {app} have business with"
        with watched() as opened:
            client.get(address)
        assert resolve(address)
        for service, table in opened:
            assert table in TABLES, f"nobody has said where content of {table} belongs"
            kind = TABLES[table]
            assert kind in SERVICES.get(service, set()), (service, table)
            assert kind in PAGES[app] | EVERYWHERE, (address, table)
            reached.add(kind)
    assert {Compartment.TALK, Compartment.CARD, Compartment.PLANS, Compartment.KEYS} <= reached
    assert not reached & {Compartment.HANDLES, Compartment.TESTIMONY}


def test_no_page_and_no_service_of_the_desk_has_business_with_handles_or_testimony() -> None:
    closed = {Compartment.HANDLES, Compartment.TESTIMONY}
    for table in (PAGES, SERVICES):
        assert not any(kinds & closed for kinds in table.values())


def test_an_opening_elsewhere_is_seen(planned: Planned) -> None:
    """The watch does see: a page of plans that opened a handle would be refused."""
    from tropa.envelope import CannotOpen, Context, Seed

    with watched() as opened, pytest.raises(CannotOpen):
        unwrap(Seed(bytes(32)).subkey("x"), Context("address", 1, "messengers_address", "sealed", "x"), b"")
    assert {table for _app, table in opened} == {"messengers_address"}
