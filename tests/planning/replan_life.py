"""`tropa replan` as a process that dies: `python -m tests.planning.replan_life WORDS...`, with REPLAN_LIFE in its
environment.

`before:N` and `after:N`: killed, as by kill -9, while it writes the N-th line of that kind; `hand:FILE`: whichever
process has this file in hand is killed; `whole`: nobody is.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from tropa.cli import replan, replan_hands, replan_journal
from tropa.planning.replanned import PlannedAfter, PlannedBefore


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Dying(replan_journal.Journal):
    """Leaves half a line."""

    kind: type = object
    lines_left = 0

    def _write(self, value: object) -> None:
        if isinstance(value, self.kind):
            self.lines_left -= 1
            if not self.lines_left:
                assert self._file is not None
                self._file.write(b'{"label":"Planned')
                self._file.flush()
                die()
        super()._write(value)


class DyingHand(replan_hands.Hand):
    """Dies of one file."""

    file = ""

    def done(self, work: replan_hands.Work, items: Sequence[Any]) -> Iterator[Any]:
        for item in items:
            if self.file in (item if isinstance(item, tuple) else (item.key,)):
                die()
            yield from super().done(work, [item])


WAY = os.environ.get("REPLAN_LIFE", "whole")
if WAY.startswith("hand:"):
    DyingHand.file = WAY.partition(":")[2]
    vars(replan_hands)["Hand"] = DyingHand  # in the processes it starts as well: they import this module
elif WAY != "whole":
    Dying.kind = {"before": PlannedBefore, "after": PlannedAfter}[WAY.partition(":")[0]]
    Dying.lines_left = int(WAY.partition(":")[2])
    vars(replan)["Journal"] = Dying


def main(words: list[str]) -> int:
    """Live."""
    parser = argparse.ArgumentParser()
    replan.add_commands(parser.add_subparsers())
    parsed = parser.parse_args(["replan", *words])
    result: int = parsed.run(parsed)
    return result


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
