"""Run as a program in an installation's environment: what everybody of the example world opens there, as JSON.

Each person signs in and unlocks with what they keep, which a file names, and reads every thread there is.
"""

import hashlib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import django

django.setup()

from tropa.desk.example.people import PEOPLE, read_secrets  # noqa: E402  # models are there once Django is set up
from tropa.desk.staff import services  # noqa: E402
from tropa.desk.staff.models import Member  # noqa: E402
from tropa.desk.staff.reader import Reader  # noqa: E402
from tropa.desk.talk.models import Thread  # noqa: E402
from tropa.desk.talk.queries import thread_entries  # noqa: E402
from tropa.desk.vault.errors import VaultError  # noqa: E402
from tropa.envelope import totp  # noqa: E402

kept = read_secrets(Path(sys.argv[1]))


def unlocked(name: str, pseudonym: str) -> Reader:
    """The person, by their own password, code and passphrase."""
    now = datetime.now(UTC)
    Member.objects.update(totp_last_step=0)  # the same code is used again within its half minute
    visit, token = services.sign_in(
        pseudonym=pseudonym, password=kept[name].password, code=totp(kept[name].totp, now), now=now
    )
    return services.unlock(visit=visit, token=token, passphrase=kept[name].passphrase, now=now)


def read_by(reader: Reader) -> dict[str, str]:
    """A digest of what each thread says to this person; threads that do not open to them are left out."""
    found = {}
    for thread in Thread.objects.order_by("pk"):
        try:
            said = [
                (entry.text, str(entry.problem)) for entry in thread_entries(reader=reader, thread=thread)
            ]
        except VaultError:
            continue
        found[thread.pk] = hashlib.sha256(json.dumps(said).encode()).hexdigest()
    return found


print(json.dumps({one.name: read_by(unlocked(one.name, one.pseudonym)) for one in PEOPLE}))
