"""A worker as a process of its own: `python -m tests.desk.work.life DATABASE WAY`.

WAY `works`: until nothing waits. WAY `hangs`: says "storing" when it is about to store what it found, within the
transaction, and never goes on.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tropa.desk.settings")


def main(database: str, way: str) -> int:
    """Live."""
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    if way == "works":
        from tropa.cli.main import main as tropa

        return tropa(["worker", "--until-empty"])
    from tropa.desk.work.replanning import Worker
    from tropa.desk.work.sentinel import sentinel_seed

    class Hanging(Worker):
        def _store(self, *_told: Any) -> None:
            print("storing", flush=True)
            time.sleep(600)

    Hanging(sentinel_seed()).work()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
