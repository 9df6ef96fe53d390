"""What the operator reads: a line for each promise, and one at the end."""

from __future__ import annotations

from tropa.rehearsal.language import gettext as _
from tropa.rehearsal.promises import Broken


def say_held(promise: str) -> None:
    """A promise that held."""
    _print(f"{_('holds')}  {promise}")


def say_broken(broken: Broken) -> None:
    """The promise that did not hold, and what was found instead."""
    found = f" [{broken.found}]" if broken.found else ""
    _print(f"{_('BROKEN')}  {broken.promise}{found}")


def say_all_held(count: int) -> None:
    """The end of a rehearsal in which everything held."""
    _print(_("Every promise of the path held: %(count)d were checked.") % {"count": count})


def say_not_started() -> None:
    """The installation did not start, so nothing could be checked."""
    _print(_("The rehearsal could not begin: its installation did not start (see above)."))


def _print(line: str) -> None:
    print(line, flush=True)
