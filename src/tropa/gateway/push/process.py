"""The process: looks every few seconds until it is told to stop, and says nothing but counts."""

from __future__ import annotations

import secrets
import ssl
import threading
from collections.abc import Callable

from django.db import close_old_connections

from tropa.desk import clock
from tropa.desk.conf import conf
from tropa.desk.push.key import push_seed, sender_key
from tropa.gateway.accounts import refuse_in_training
from tropa.gateway.push.posting import Posted, PushPost
from tropa.gateway.push.rounds import Rounds

LOOK_EVERY = 15.0


def keep_telling(*, stopping: threading.Event, refused: Callable[[], None]) -> None:
    """Send what is due until `stopping`; `refused` is called for each notice that was not taken and never will be.

    Raises NoPushKey, WrongPushKey, TrainingWorld.
    """
    refuse_in_training()
    seed = push_seed()
    post = PushPost(sender_key(seed), conf.desk_url, ssl.create_default_context())
    rounds = Rounds(
        seed,
        lambda subscription, notice, now: post.post(subscription, notice, now=now),
        secrets.randbelow,
    )
    while not stopping.is_set():
        close_old_connections()
        for went in rounds.look(now=clock.now()):
            if went is Posted.REFUSED:
                refused()
        stopping.wait(LOOK_EVERY)
