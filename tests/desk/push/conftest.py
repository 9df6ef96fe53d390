"""An organisation that sends notices, to one push service."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

HOST = "push.example.org"


@pytest.fixture
def push_on(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """There is a key, and one configured push service."""
    allow(monkeypatch, HOST)
    from tropa.desk.push.key import destroy_keys, switch_on

    switch_on()
    yield
    destroy_keys()


def allow(monkeypatch: pytest.MonkeyPatch, *hosts: str) -> None:
    """Let these be the configured push services."""
    from tropa.desk.push import services, subscription

    for module in (services, subscription):
        monkeypatch.setattr(module, "conf", replace(subscription.conf, push_hosts=hosts))
