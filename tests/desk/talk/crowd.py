"""Many people who wait, for one volunteer on duty."""

from __future__ import annotations

from tests.desk.world import World
from tropa.desk.staff.models import Member
from tropa.desk.talk.models import Thread


def many(world: World, count: int) -> None:
    """So many people wait; their rows are copies, for nothing of them is opened."""
    Member.objects.exclude(pk=world.vera.member.pk).update(on_duty=False)
    Member.objects.filter(pk=world.vera.member.pk).update(on_duty=True)
    one = world.write_in().thread
    Thread.objects.bulk_create(
        Thread(
            id=f"{number:032x}",
            look_up_tag=f"{number:032x}",
            applicant_public=one.applicant_public,
            name=10_000 + number,
            duty_epoch=one.duty_epoch,
            urgency_rank=2,
            waiting=True,
            waiting_since=one.waiting_since,
            day=one.day,
        )
        for number in range(1, count)
    )
