"""What `vault` measures, in a process of its own: prints one line of JSON, rows of name, value, unit and bound."""

from __future__ import annotations

import json
import os
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable

ENTRIES = 200
TIMES = 300


def main() -> None:
    """Measure, on SQLite in a directory that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="tropa-bench-vault-") as folder:
        os.environ |= {
            "TROPA_DATA": folder,
            "TROPA_TESTING": "1",
            "TROPA_PASSPHRASE_PROFILE": "cheap",
            "DJANGO_SETTINGS_MODULE": "tropa.desk.settings",
        }
        os.environ.pop("TROPA_DATABASE_URL", None)
        import django  # noqa: PLC0415  # once the environment is settled

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        print(json.dumps(_measured()))


def _cpu(work: Callable[[], object], times: int = 1) -> float:
    """Milliseconds of CPU, the median of `times`."""
    spent = []
    for _again in range(times):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return statistics.median(spent) * 1000


def _measured() -> list[tuple[str, float, str, float | None]]:
    from tests.desk.world import build_world  # noqa: PLC0415
    from tropa.desk.talk.applicant import delete_everything  # noqa: PLC0415
    from tropa.desk.talk.arrivals import receive_more  # noqa: PLC0415
    from tropa.desk.talk.body import EntryBody  # noqa: PLC0415
    from tropa.desk.talk.queries import thread_entries  # noqa: PLC0415
    from tropa.desk.talk.services import take  # noqa: PLC0415
    from tropa.desk.vault.services import rotate_case  # noqa: PLC0415
    from tropa.envelope import Context, Seed, open_sealed, seal, sign, verify  # noqa: PLC0415

    key, place = Seed.generate(secrets.token_bytes), Context("bench", 1, "bench", "sealed", "1")
    sealing, signing, body = key.sealing(), key.signing(), secrets.token_bytes(500)
    both = _cpu(lambda: open_sealed(sealing, place, seal(sealing.public, place, body)), TIMES)
    signed = _cpu(lambda: verify(signing.public, place, body, sign(signing, place, body)), TIMES)
    world = build_world()
    written = world.write_in("x" * 500)
    for number in range(ENTRIES - 1):
        text = EntryBody(text="x" * 500, at=world.now)
        tag = f"{number}"
        receive_more(thread=written.thread, signing=written.signing, body=text, dedupe_tag=tag, now=world.now)
    cases = []
    taking = _cpu(lambda: cases.append(take(reader=world.boris.reader(), thread=written.thread)))
    written.thread.refresh_from_db()
    reading = _cpu(lambda: thread_entries(reader=world.boris.reader(), thread=written.thread))
    rotating = _cpu(lambda: rotate_case(reader=world.boris.reader(), case=cases[0]), 5)
    written.thread.refresh_from_db()
    destroying = _cpu(lambda: delete_everything(thread=written.thread, now=world.now))
    return [
        ("sealing and opening an entry of 500 bytes, CPU", both, "ms", 0.25),
        ("signing and verifying it, CPU", signed, "ms", None),
        (f"taking a case of {ENTRIES} entries, CPU", taking, "ms", 150),
        (f"opening its {ENTRIES} entries for the first time, CPU", reading, "ms", None),
        ("giving a case a new key, CPU", rotating, "ms", None),
        ("deleting a case of as many entries and its keys, CPU", destroying, "ms", 50),
    ]


if __name__ == "__main__":
    main()
