"""Notices outside the page: off, for oneself alone, at configured services, with the cost said before."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from tests.desk.push.conftest import HOST, allow
from tests.desk.world import World, signed_in
from tests.gateway.push_double import BrowserDouble
from tropa.desk import training
from tropa.desk.conf import ConfError, conf, read
from tropa.desk.push import services
from tropa.desk.push.errors import AlreadyOn, BadSubscription, NoPushKey, PushOff, WrongPushKey
from tropa.desk.push.key import PINNED, destroy_keys, push_public, push_seed, switch_on
from tropa.desk.push.models import PushSubscription
from tropa.desk.push.subscription import LONGEST, place, read_subscription
from tropa.desk.security import CONTENT_SECURITY_POLICY
from tropa.desk.staff.leaving import leave
from tropa.envelope import CannotOpen, Seed, open_sealed

ENDPOINT = f"https://{HOST}/send/kanareyka-5521"


@pytest.fixture
def browser() -> BrowserDouble:
    return BrowserDouble(ENDPOINT)


def test_it_is_off_and_not_offered_until_the_organisation_wants_it(
    world: World, browser: BrowserDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(world.boris)
    allow(monkeypatch, HOST)
    assert "/account/push/" not in client.get("/account/").content.decode()
    assert client.post("/account/push/on/", {"subscription": browser.said}).status_code == 404
    switch_on()
    try:
        assert "/account/push/on/" in client.get("/account/").content.decode()
        allow(monkeypatch)
        assert "/account/push/" not in client.get("/account/").content.decode()
        allow(monkeypatch, HOST)
        subscription = read_subscription(browser.said)
        destroy_keys()
        with pytest.raises(PushOff):
            services.switch_on(member=world.boris.member, seed=world.boris.seed, subscription=subscription)
    finally:
        destroy_keys()
    assert not PushSubscription.objects.exists()


def test_the_cost_is_said_before_the_button(world: World, push_on: None) -> None:
    page = signed_in(world.boris).get("/account/").content.decode()
    part = page[page.index('id="n-h"') :]
    cost, button = part.index("Чего это стоит"), part.index("/account/push/on/")
    assert cost < button
    assert "Google, Mozilla, Apple" in part[cost:button]
    assert "hidden" in part[button : button + 300], "without scripts there is no button that could not work"


def test_it_is_kept_sealed_and_erased(world: World, push_on: None, browser: BrowserDouble) -> None:
    client = signed_in(world.boris)
    said = client.post("/account/push/on/", {"subscription": browser.said})
    assert said.url.endswith("?said=push-on")  # type: ignore[attr-defined]
    row = PushSubscription.objects.get()
    assert row.member_id == world.boris.member.pk
    assert b"kanareyka" not in bytes(row.sealed)
    assert b"kanareyka" in open_sealed(push_seed().sealing(), place(row.member_id), bytes(row.sealed))
    with pytest.raises(CannotOpen):
        open_sealed(push_seed().sealing(), place(world.vera.member.pk), bytes(row.sealed))
    for key in (world.boris.seed, world.anna.seed, Seed(conf.service_key.read_bytes())):
        with pytest.raises(CannotOpen):
            open_sealed(key.sealing(), place(row.member_id), bytes(row.sealed))
    assert "/account/push/off/" in client.get("/account/").content.decode()
    client.post("/account/push/on/", {"subscription": BrowserDouble(ENDPOINT + "2").said})
    assert PushSubscription.objects.count() == 1, "another browser takes its place"
    client.post("/account/push/off/")
    assert not PushSubscription.objects.exists()


def test_leaving_erases_it(world: World, push_on: None, browser: BrowserDouble) -> None:
    services.switch_on(
        member=world.vera.member, seed=world.vera.seed, subscription=read_subscription(browser.said)
    )
    leave(reader=world.anna.reader(), member=world.vera.member)
    assert not PushSubscription.objects.exists()


def test_an_empty_desk_shows_the_same_and_is_told_nothing(
    world: World, push_on: None, browser: BrowserDouble
) -> None:
    """Of the same length, and signed by nobody."""
    subscription = read_subscription(browser.said)
    services.switch_on(member=world.boris.member, seed=None, subscription=subscription)
    empty = bytes(PushSubscription.objects.get().sealed)
    services.switch_on(member=world.boris.member, seed=world.boris.seed, subscription=subscription)
    assert len(empty) == len(bytes(PushSubscription.objects.get().sealed))


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example.org/a",
        "https://push.example.org.evil.example/a",
        "https://evil.example/push.example.org",
        "https://push.example.org@evil.example/a",
        "https://push.example.org:444/a",
        "https://push.example.org:x/a",
        "https://sub.push.example.org/a",
        "https://127.0.0.1/a",
        "https://push.example.org/a b",
        "https://push.example.org\\@evil.example/a",
        "https://push.example.org/a\r\nHost: evil.example",
        "https://push.example.org/" + "a" * 1100,
        "",
        7,
        None,
    ],
)
def test_only_configured_services_are_taken(world: World, push_on: None, endpoint: object) -> None:
    said = json.loads(BrowserDouble(ENDPOINT).said) | {"endpoint": endpoint}
    with pytest.raises(BadSubscription):
        read_subscription(json.dumps(said))
    client = signed_in(world.boris)
    refused = client.post("/account/push/on/", {"subscription": json.dumps(said)})
    assert refused.url.endswith("?said=push-refused")  # type: ignore[attr-defined]
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    "said",
    [
        "",
        "[]",
        "7",
        "{}",
        "{",
        "null",
        '{"endpoint": "https://push.example.org/a"}',
        "[" * 4000,
        "x" * (LONGEST + 1),
    ],
)
def test_what_is_no_subscription_is_refused(push_on: None, said: str) -> None:
    with pytest.raises(BadSubscription):
        read_subscription(said)


@pytest.mark.parametrize("name", ["p256dh", "auth"])
@pytest.mark.parametrize("value", ["", "AAAA", "ü", 7, None, "A" * 87, "BA" * 43 + "A"])
def test_keys_that_are_none_are_refused(push_on: None, name: str, value: object) -> None:
    said = json.loads(BrowserDouble(ENDPOINT).said)
    said["keys"][name] = value
    with pytest.raises(BadSubscription):
        read_subscription(json.dumps(said))


def test_a_star_stands_for_what_lies_beneath(monkeypatch: pytest.MonkeyPatch) -> None:
    allow(monkeypatch, "*.notify.example.org", "other.example:4443")
    for endpoint, good in (
        ("https://db5.notify.example.org/w/1", True),
        ("https://notify.example.org/w/1", False),
        ("https://evilnotify.example.org/w/1", False),
        ("https://other.example:4443/w/1", True),
        ("https://other.example/w/1", False),
    ):
        said = BrowserDouble(endpoint).said
        if good:
            assert read_subscription(said).endpoint == endpoint
        else:
            with pytest.raises(BadSubscription):
                read_subscription(said)


def test_the_setting_takes_machines_and_nothing_else() -> None:
    assert read({}).push_hosts == ()
    named = read({"TROPA_PUSH_HOSTS": "push.example.org, *.notify.example.org 127.0.0.1:4443"})
    assert named.push_hosts == ("push.example.org", "*.notify.example.org", "127.0.0.1:4443")
    for wrong in ("https://push.example.org", "*", "*.*.org", "push", "push.example.org/x", "a.b:0"):
        with pytest.raises(ConfError):
            read({"TROPA_PUSH_HOSTS": wrong})


def test_the_key_is_pinned_and_made_once(push_on: None, tmp_path: Path) -> None:
    with pytest.raises(AlreadyOn):
        switch_on()
    kept = conf.push_key.read_bytes()
    assert conf.push_key.stat().st_mode & 0o077 == 0
    public = push_public()
    assert public is not None
    conf.push_key.write_bytes(kept.replace(kept[-65:-1], os.urandom(32).hex().encode()))
    with pytest.raises(WrongPushKey):
        push_seed()
    conf.push_key.unlink()
    with pytest.raises(NoPushKey):
        push_seed()
    (conf.pinned / PINNED).write_text("something else")
    with pytest.raises(WrongPushKey):
        push_public()


def test_a_training_world_offers_none(world: World, push_on: None, browser: BrowserDouble) -> None:
    mark = conf.data / training.TRAINING_MARK
    mark.touch()
    try:
        client = signed_in(world.boris)
        assert "/account/push/" not in client.get("/account/").content.decode()
        assert client.post("/account/push/on/", {"subscription": browser.said}).status_code == 404
    finally:
        mark.unlink()


def test_the_policy_stands_as_it_was_and_the_worker_sees_no_page() -> None:
    """`worker-src` falls back to `script-src 'self'`: the policy names nothing more. The worker lies in a folder
    without pages, keeps nothing and asks the network for nothing.
    """
    assert "worker-src" not in CONTENT_SECURITY_POLICY
    assert "script-src 'self';" in CONTENT_SECURITY_POLICY
    worker = Path(str(finders.find("desk/push-worker.js"))).read_text()
    for word in ("fetch", "caches", "indexedDB", "importScripts", "clients.claim", "XMLHttpRequest"):
        assert word not in worker, word
