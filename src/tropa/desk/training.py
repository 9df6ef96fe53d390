"""The training world: an example world in which people also go on writing, and from which nothing can leave.

A mark in the data directory says so, set before anything else lies there and never taken away; no setting undoes it.
Where the mark is, no messenger account can be added, read or run, so no process exists that could send; the supervisor
starts none and publishes no onion service. What is played here may therefore look as real as it likes.
"""

from __future__ import annotations

from pathlib import Path

from tropa.desk.conf import conf

TRAINING_MARK = "training-world"


def in_training() -> bool:
    """Whether this installation is a training world."""
    return is_training(conf.data)


def is_training(data: Path) -> bool:
    """Whether the mark lies in this directory; a link or a folder of its name counts as well."""
    path = data / TRAINING_MARK
    return path.exists() or path.is_symlink()
