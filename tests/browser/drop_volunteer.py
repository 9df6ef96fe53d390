"""A volunteer for tests of the drop's pages: takes the thread that begins with a text, and answers it.

A process of its own, because Django refuses the database to a thread in which Playwright is at work:
`python -m tests.browser.drop_volunteer "what they wrote" "the answer"` in the environment of an installation.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

import django


def main(written: str, answer: str) -> None:
    """Find, take if nobody has, and answer."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tropa.desk.settings"
    django.setup()
    from tropa.desk.talk.models import Thread
    from tropa.desk.talk.queries import thread_entries
    from tropa.desk.talk.services import reply, take

    reader = coordinator()
    for thread in Thread.objects.order_by("-waiting_since"):
        try:
            (first, *_rest) = thread_entries(reader=reader, thread=thread)
        except Exception:  # noqa: BLE001, S112  threads of others are not what is looked for
            continue
        if first.text != written:
            continue
        if thread.case_id is None:
            take(reader=reader, thread=thread)
            thread.refresh_from_db()
        reply(reader=reader, thread=thread, text=answer)
        return
    sys.exit("no thread begins with that text")


def coordinator() -> object:
    """The example's coordinator, unlocked with the passphrase of the example's file."""
    from tropa.desk.conf import conf
    from tropa.desk.example.people import PEOPLE, people_file, read_secrets
    from tropa.desk.staff.models import Member
    from tropa.desk.staff.reader import Reader
    from tropa.desk.staff.slots import open_slots

    person = PEOPLE[0]
    member = Member.objects.get(pseudonym=person.pseudonym)
    passphrase = read_secrets(people_file(conf.data))[person.name].passphrase
    opened = open_slots(member, passphrase)
    assert opened is not None
    return Reader(member=member, seed=opened.seed, now=datetime.now(UTC))


if __name__ == "__main__":
    main(*sys.argv[1:3])
