"""What the log's keeping refuses.

AuditError
├── EndDamaged           the file beside the pinned root that names the log's end cannot be read
└── CheckpointRefused    a text is no checkpoint of this desk
    ├── NotACheckpoint   it is of another form
    ├── OtherOrganisation
    └── CheckpointForged its signature does not hold: mistyped, changed, or of another desk key
"""

from __future__ import annotations


class AuditError(Exception):
    """Root of what the log's keeping refuses."""


class EndDamaged(AuditError):
    """The kept end of the log cannot be read."""


class CheckpointRefused(AuditError):
    """Not a checkpoint to hold the log against."""


class NotACheckpoint(CheckpointRefused):
    """Of another form."""


class OtherOrganisation(CheckpointRefused):
    """Of another root key."""


class CheckpointForged(CheckpointRefused):
    """Not what this desk signed."""
