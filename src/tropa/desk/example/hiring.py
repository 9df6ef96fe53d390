"""People on staff for a drawn day: a coordinator and as many volunteers as have shifts, made through the real services.

Only in an example world; the root key exists in memory alone, as in `world`.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from tropa.desk.conf import conf
from tropa.desk.example.drawn_day import DrawnDay
from tropa.desk.example.people import draw_secrets
from tropa.desk.example.world import NoExample
from tropa.desk.staff.joining import Certifier, Joined, Newcomer, prepare_member
from tropa.desk.staff.models import Gender, Member, Role, Team
from tropa.desk.staff.reader import Reader
from tropa.desk.staff.service_key import make_service_key
from tropa.desk.vault.models import Shift
from tropa.desk.vault.pinned import pin_root
from tropa.desk.vault.services import open_duty_epoch
from tropa.envelope import Seed


def hired(*, day: DrawnDay, start: datetime) -> tuple[Joined, list[Joined]]:
    """The coordinator, and one volunteer for each shift of the day; those who are not called in are on shift.

    Raises NoExample on an installation of real people, or where somebody is on staff already.
    """
    if not conf.example or Member.objects.exists():
        raise NoExample("a day is played in an empty example world")
    root = Seed.generate(secrets.token_bytes).signing()
    pin_root(root.public)
    make_service_key(conf.service_key)
    team = Team.objects.create(name="Первая линия")
    coordinator = _joined("Клён", Role.COORDINATOR, team, Certifier(root), start)
    certifier = Certifier(coordinator.seed.signing(), coordinator.member)
    volunteers = [
        _joined(f"Липа-{place + 1}", Role.ADVISER, team, certifier, start) for place in range(len(day.shifts))
    ]
    on_shift = [one for one, shift in zip(volunteers, day.shifts, strict=True) if not shift.called]
    today = start.date()
    Shift.objects.bulk_create(Shift(member=one.member, first_day=today, last_day=today) for one in on_shift)
    reader = Reader(member=coordinator.member, seed=coordinator.seed, now=start - timedelta(days=1))
    open_duty_epoch(reader=reader, roster=[coordinator.member, *(one.member for one in on_shift)])
    return coordinator, volunteers


def _joined(pseudonym: str, role: Role, team: Team, certifier: Certifier, start: datetime) -> Joined:
    newcomer = Newcomer(pseudonym, Gender.FEMININE, role, team)
    on = (start - timedelta(days=7)).date()
    joined = prepare_member(newcomer=newcomer, kept=draw_secrets(), certifier=certifier, on=on)
    joined.member.save(force_insert=True)
    return joined
