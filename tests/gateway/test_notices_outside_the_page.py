"""A notice says one thing to everybody, opens in the browser it is for alone, and leaves at a drawn moment."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec

from tests.gateway.push_double import BrowserDouble, PushServiceDouble, unbase64url
from tropa.desk import training
from tropa.desk.conf import conf
from tropa.gateway.errors import TrainingWorld
from tropa.gateway.push.encryption import encrypted
from tropa.gateway.push.posting import Posted, PushPost

if TYPE_CHECKING:
    from tests.desk.world import Person, World
    from tropa.desk.push.subscription import Subscription
    from tropa.gateway.push.rounds import Rounds

pytestmark = pytest.mark.enable_socket
RU, EN = "Что-то ждёт. Посмотрите, когда вам удобно.", "Something waits. Look when it suits you."
MINUTE = timedelta(minutes=1)


@dataclass
class Telling:
    """Rounds over the double, with drawn moments that repeat."""

    rounds: Rounds
    at: datetime

    def after(self, pause: timedelta) -> list[Posted]:
        self.at += pause
        return self.rounds.look(now=self.at)

    def for_minutes(self, minutes: int) -> list[int]:
        """In which minutes something was sent."""
        return [minute for minute in range(1, minutes + 1) for _went in self.after(MINUTE)]


@pytest.fixture
def telling(world: World, service: PushServiceDouble) -> Telling:
    from tropa.desk.push.key import push_seed, sender_key
    from tropa.gateway.push.rounds import Rounds

    seed = push_seed()
    post = PushPost(sender_key(seed), "https://desk.example.org", service.tls)
    dice = random.Random(7)  # noqa: S311  # nothing secret is drawn

    def hand_over(subscription: Subscription, notice: bytes, now: datetime) -> Posted:
        return post.post(subscription, notice, now=now)

    return Telling(Rounds(seed, hand_over, dice.randrange), world.now)


def told(person: Person, browser: BrowserDouble) -> None:
    from tropa.desk.push.services import switch_on
    from tropa.desk.push.subscription import read_subscription

    switch_on(member=person.member, seed=person.seed, subscription=read_subscription(browser.said))


def test_encryption_is_that_of_the_standard(monkeypatch: pytest.MonkeyPatch) -> None:
    """The example of RFC 8291, section 5 and appendix A."""
    from tests.desk.push.conftest import allow
    from tropa.desk.push.subscription import Subscription

    allow(monkeypatch, "push.example.net")
    point = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    subscription = Subscription(
        "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
        unbase64url(point),
        unbase64url("BTBZMqHH6r4Tts7J_aSIgg"),
    )
    ours = int.from_bytes(unbase64url("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big")
    notice = b"When I grow up, I want to be a watermelon"
    body = encrypted(
        notice,
        subscription,
        key=ec.derive_private_key(ours, ec.SECP256R1()),
        salt=unbase64url("DGv6ra1nlYgDCS1FRnbzlw"),
        length=len(notice) + 1,
    )
    assert body == unbase64url(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6"
        "PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_a_notice_opens_in_its_browser_alone_and_says_one_thing(
    world: World, service: PushServiceDouble, telling: Telling
) -> None:
    from tropa.desk.push.key import push_public
    from tropa.desk.staff.models import Member

    Member.objects.filter(pk=world.vera.member.pk).update(language="en")
    browser, other = service.browser("boris"), service.browser("vera")
    told(world.boris, browser)
    told(world.vera, other)
    assert telling.after(MINUTE) == [], "what waited before is not told"
    world.write_in("Пришла повестка на имя Канарейкина")
    telling.for_minutes(11)
    (body,), (theirs,) = service.bodies(browser), service.bodies(other)
    assert browser.opened(body).decode() == RU
    assert other.opened(theirs).decode() == EN
    assert len(body) == len(theirs), "neither words nor language show"
    with pytest.raises(InvalidTag):
        other.opened(body)
    public = push_public()
    assert public is not None
    for _path, headers, _body in service.requests:
        claims = service.check_signature(headers, public.sender, telling.at)
        assert claims.keys() == {"aud", "exp", "sub"}
        assert headers["Content-Encoding"] == "aes128gcm"
        assert {"TTL", "Topic"} <= headers.keys()


def test_it_leaves_within_ten_minutes_at_a_moment_of_each_persons_own_and_not_of_each_message(
    world: World, service: PushServiceDouble, telling: Telling
) -> None:
    boris, vera = service.browser("boris"), service.browser("vera")
    told(world.boris, boris)
    told(world.vera, vera)
    telling.after(MINUTE)
    asked: list[int] = []
    drawn = iter([0, 599, 125, 300])

    def draw(most: int) -> int:
        asked.append(most)
        return next(drawn)

    telling.rounds.draw = draw
    world.write_in()
    assert telling.after(timedelta(0)) == [Posted.TAKEN], "one of the two at once, the other not"
    for _more in range(2):
        world.write_in()
    assert telling.after(timedelta(seconds=1)) == [], "what comes while one is to be told waits with it"
    assert telling.for_minutes(9) == [3], "told of two at a moment drawn anew"
    assert telling.after(timedelta(seconds=57)) == []
    assert telling.after(timedelta(seconds=1)) == [Posted.TAKEN], "599 seconds after the first"
    assert telling.for_minutes(30) == []
    assert asked == [600, 600, 600], "from none to under ten minutes"
    assert sorted([len(service.bodies(boris)), len(service.bodies(vera))]) == [1, 2], "three came"


def test_what_was_answered_meanwhile_and_other_peoples_cases_are_not_told(
    world: World, service: PushServiceDouble, telling: Telling
) -> None:
    from tropa.desk.talk.services import reply, take

    boris, vera = service.browser("boris"), service.browser("vera")
    told(world.vera, vera)
    telling.after(MINUTE)
    telling.rounds.draw = lambda _most: 300
    written = world.write_in()
    telling.after(timedelta(0))
    take(reader=world.boris.reader(), thread=written.thread, second=world.anna.member)
    assert telling.for_minutes(12) == [], "Boris has it now"
    told(world.boris, boris)
    telling.after(MINUTE)
    reply(reader=world.boris.reader(), thread=written.thread, text="Ответ")
    assert telling.for_minutes(12) == [], "an answer is nothing that waits"
    assert service.requests == []


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_erased(
    world: World, service: PushServiceDouble, telling: Telling, status: int
) -> None:
    from tropa.desk.push.models import PushSubscription

    told(world.boris, service.browser("boris"))
    service.answers["/push/boris"] = status
    telling.after(MINUTE)
    world.write_in()
    telling.for_minutes(11)
    assert len(service.requests) == 1
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    ("status", "went"),
    [(302, Posted.REFUSED), (403, Posted.REFUSED), (429, Posted.UNREACHED), (503, Posted.UNREACHED)],
)
def test_nothing_is_followed_and_nothing_is_tried_twice(
    world: World, service: PushServiceDouble, telling: Telling, status: int, went: Posted
) -> None:
    told(world.boris, service.browser("boris"))
    service.answers["/push/boris"] = status
    telling.after(MINUTE)
    world.write_in()
    assert [one for _minute in range(22) for one in telling.after(MINUTE)] == [went]
    assert [path for path, _headers, _body in service.requests] == ["/push/boris"]


def test_a_planted_row_is_told_nothing(world: World, service: PushServiceDouble, telling: Telling) -> None:
    """Whoever writes the database can seal a browser of their own, and cannot sign for somebody."""
    from tropa.desk.push.key import push_public
    from tropa.desk.push.models import PushSubscription
    from tropa.desk.push.subscription import place, read_subscription
    from tropa.envelope import seal, sign

    public = push_public()
    assert public is not None
    content = read_subscription(service.browser("theirs").said).encode()
    at = place(world.boris.member.pk)
    signature = sign(world.stranger.seed.signing(), at, content)
    PushSubscription.objects.create(
        member=world.boris.member, sealed=seal(public.sealing, at, signature + content)
    )
    telling.after(MINUTE)
    world.write_in()
    assert [one for _minute in range(11) for one in telling.after(MINUTE)] == [Posted.REFUSED]
    told(world.vera, service.browser("vera"))
    PushSubscription.objects.filter(member=world.boris.member).delete()
    moved = PushSubscription.objects.get(member=world.vera.member)
    PushSubscription.objects.create(member=world.boris.member, sealed=moved.sealed)
    moved.delete()
    telling.after(MINUTE)
    world.write_in()
    assert Posted.TAKEN not in [one for _minute in range(11) for one in telling.after(MINUTE)]
    assert service.requests == []


def test_nothing_leaves_a_training_world(world: World, service: PushServiceDouble, telling: Telling) -> None:
    from tropa.gateway.push.process import keep_telling

    told(world.boris, service.browser("boris"))
    telling.after(MINUTE)
    world.write_in()
    mark = conf.data / training.TRAINING_MARK
    mark.touch()
    try:
        with pytest.raises(TrainingWorld):
            telling.for_minutes(11)
        with pytest.raises(TrainingWorld):
            keep_telling(stopping=threading.Event(), refused=_nothing)
    finally:
        mark.unlink()
    assert service.requests == []


def test_whoever_left_is_told_nothing(world: World, service: PushServiceDouble, telling: Telling) -> None:
    from tropa.desk.push.models import PushSubscription
    from tropa.desk.staff.leaving import leave

    told(world.vera, service.browser("vera"))
    telling.after(MINUTE)
    world.write_in()
    leave(reader=world.anna.reader(), member=world.vera.member)
    assert not PushSubscription.objects.exists()
    assert telling.for_minutes(11) == []
    assert service.requests == []


def _nothing() -> None:
    """Nobody listens."""
