"""In a training world somebody invented writes in from time to time, through the same service as real people.

Refused anywhere else. Who writes is drawn by chance among the example's stories; one in seven is in danger, as on real
days. The keys of the person are forgotten at once: nobody can answer for them, and nothing leads to anybody.
"""

from __future__ import annotations

import random
import secrets
from datetime import datetime

from tropa.desk.cases.models import Urgency
from tropa.desk.example.drawn_day import DANGER
from tropa.desk.example.stories import STORIES
from tropa.desk.example.world import NoExample
from tropa.desk.talk.arrivals import receive_first
from tropa.desk.talk.body import EntryBody
from tropa.desk.talk.models import Thread
from tropa.desk.talk.recognised import heard_in
from tropa.desk.training import in_training
from tropa.envelope import Codename, Language, applicant_keys

MOST_WAITING = 200
"""Beyond so many nobody more writes: a training world left alone over night is not a flood in the morning."""


def somebody_writes(*, now: datetime, dice: random.Random) -> Thread | None:
    """One person more; None when enough wait already. Raises NoExample outside a training world."""
    if not in_training():
        raise NoExample("invented people write in a training world alone")
    if Thread.objects.filter(waiting=True).count() >= MOST_WAITING:
        return None
    danger = dice.random() < DANGER
    story = dice.choice([one for one in STORIES if (one.urgency is Urgency.NOW) == danger])
    keys = applicant_keys(Codename.generate(secrets.token_bytes, Language.RUSSIAN))
    heard = heard_in(story.text, story.urgency)
    received = receive_first(
        public=keys.public,
        signing=keys.seed.signing(),
        look_up_tag=keys.look_up_tag,
        body=EntryBody(text=story.text, at=now, language=story.language, remarks=heard.remarks),
        dedupe_tag=secrets.token_hex(16),
        urgency=heard.urgency,
        now=now,
    )
    return received.thread
