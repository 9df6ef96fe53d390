"""Fills an example installation's inbox with sealed threads, and counts the queries of its page.

`python -m tools.bench.inbox_world fill 35000` writes rows as a first message makes them: a body sealed to the verified
key of the duty epoch, in the place it stands in, and signed by a sender of its own, whose keys the thread is named
after. `count` reads the cookie of an unlocked visit from the input and prints the number of queries. Both need
TROPA_DATA of an example world.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from multiprocessing import Pool

import django

TEXT = "повестка на начало декабря, загранпаспорта нет, военный билет на руках, что делать? письмо номер "
CHUNK = 500
Row = tuple[str, bytes, int, int, str, bytes, bytes]


def fill(count: int) -> None:
    """So many threads that wait for an answer, spread over urgencies and over the last days."""
    from django.db import transaction

    from tropa.desk.cases.models import Urgency
    from tropa.desk.clock import whole_hour
    from tropa.desk.talk.models import Entry, EntryKind, Thread
    from tropa.desk.talk.urgency import rank_of
    from tropa.desk.vault.services import current_duty_epoch, duty_public

    epoch, now = current_duty_epoch(), datetime.now(UTC)
    public = duty_public(epoch).raw
    urgencies = list(Urgency)
    names = list(islice(_free_names(set(Thread.objects.values_list("name", flat=True))), count))
    starts = [(start, names[start : start + CHUNK], public) for start in range(0, count, CHUNK)]
    with Pool(os.cpu_count()) as pool, transaction.atomic():
        for rows in pool.imap_unordered(_sealed, starts):
            threads, entries = [], []
            for thread_id, applicant, name, number, entry_id, sealed, signature in rows:
                urgency = urgencies[number % len(urgencies)]
                at = now - timedelta(hours=number % 400)
                thread = Thread(
                    id=thread_id,
                    look_up_tag=secrets.token_hex(16),
                    applicant_public=applicant,
                    name=name,
                    duty_epoch=epoch,
                    urgency=urgency,
                    urgency_rank=rank_of(urgency),
                    waiting=True,
                    waiting_since=whole_hour(at),
                    day=at.date(),
                    last_sequence=1,
                    last_heard=1,
                )
                threads.append(thread)
                entries.append(
                    Entry(
                        id=entry_id,
                        thread=thread,
                        sequence=1,
                        kind=EntryKind.APPLICANT,
                        duty_epoch=epoch,
                        sealed=sealed,
                        signature=signature,
                        dedupe_tag=secrets.token_hex(16),
                        size_class=len(sealed),
                        day=at.date(),
                    )
                )
            Thread.objects.bulk_create(threads)
            Entry.objects.bulk_create(entries)


def _free_names(taken: set[int]) -> Iterator[int]:
    """Pseudonyms nobody has, the largest numbers first."""
    from tropa.desk.talk.plants import PLANTS
    from tropa.desk.talk.pseudonyms import LARGEST, STRIDE

    for number in range(LARGEST, 0, -1):
        yield from {plant * STRIDE + number for plant in range(len(PLANTS))} - taken


def _sealed(told: tuple[int, list[int], bytes]) -> list[Row]:
    return list(_rows(*told))


def _rows(start: int, names: list[int], public: bytes) -> Iterator[Row]:
    from tropa.desk.talk.body import EntryBody, encode
    from tropa.desk.talk.models import Entry
    from tropa.desk.talk.seals import seal_entry, sign_entry
    from tropa.envelope import Codename, Language, SealingPublicKey, applicant_keys, thread_id_of

    key, now = SealingPublicKey(public), datetime.now(UTC)
    for number, name in enumerate(names, start):
        sender = applicant_keys(Codename.generate(secrets.token_bytes, Language.RUSSIAN))
        entry = Entry(id=secrets.token_hex(16), thread_id=thread_id_of(sender.public), sequence=1)
        body = encode(EntryBody(text=f"{TEXT}{number}", at=now, language="ru"))
        sealed = seal_entry(entry, key, body)
        signature = sign_entry(entry, sender.seed.signing(), body)
        yield entry.thread_id, sender.public.raw, name, number, entry.id, sealed, signature


def count_queries(cookie: str) -> int:
    """The queries of the inbox's first page, for the visit of this cookie. SystemExit when the page is not shown."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tropa.desk.staff.cookies import VISIT_COOKIE

    client = Client(headers={"host": "localhost"})
    client.cookies[VISIT_COOKIE] = cookie
    client.get("/inbox/")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get("/inbox/")
    if response.status_code != 200 or b'class="threads"' not in response.content:
        raise SystemExit(f"the inbox answered {response.status_code}")
    return len(queries)


def main() -> None:
    """Fill or count."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tropa.desk.settings")
    django.setup()
    match sys.argv[1:]:
        case ["fill", count]:
            fill(int(count))
        case ["count"]:
            print(count_queries(sys.stdin.readline().strip()))
        case _:
            raise SystemExit("fill COUNT, or count")


if __name__ == "__main__":
    main()
