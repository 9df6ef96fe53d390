"""Founds an organisation on a disk that takes no more at one byte after another: what stands after each refusal, a line
of JSON each, and at last what was founded. A process of its own, with a data directory of its own.
"""

from __future__ import annotations

import json
import resource
import secrets

ROOMS = (0, 30, 70, 2_600, 9_000, 33_000, 132_000, 600_000, 2_000_000)


def main() -> None:
    """Until it goes through."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import DatabaseError

    from tropa.desk import clock
    from tropa.desk.conf import conf
    from tropa.desk.scrub import scrub
    from tropa.desk.staff.founding import Organisation, OrganisationKeys, found, settle, standing
    from tropa.desk.staff.joining import Secrets
    from tropa.desk.staff.models import Gender, Member, Team
    from tropa.envelope import Seed

    call_command("migrate", interactive=False, verbosity=0)
    kept = Secrets(password="password", passphrase="passphrase", totp=bytes(20))  # nobody's
    organisation = Organisation("Первая", "Анна", Gender.FEMININE, "ru", kept)
    keys = OrganisationKeys(Seed.generate(secrets.token_bytes), Seed.generate(secrets.token_bytes))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for size in ROOMS:
        scrub()
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        try:
            found(organisation=organisation, keys=keys, now=clock.now())
            refused = False
        except (OSError, DatabaseError):
            refused = True
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        settle()  # as the next ceremony begins
        told = {
            "refused": refused, "size": size, "standing": standing().value, "members": Member.objects.count(),
            "teams": Team.objects.count(), "pinned": sorted(each.name for each in conf.pinned.glob("*")),
        }  # fmt: skip
        print(json.dumps(told))
        if not refused:
            return


if __name__ == "__main__":
    main()
