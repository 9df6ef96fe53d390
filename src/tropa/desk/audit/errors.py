"""What the log's keeping refuses.

AuditError
├── RecordClosed         a record does not open for a reader
│   ├── NotSealedToReader it was written before they were a coordinator, or they are none
│   └── RecordDamaged     somebody changed it
├── EndDamaged           the file beside the pinned root that names the log's end cannot be read
└── CheckpointRefused    a text is no checkpoint of this desk
    ├── NotACheckpoint   it is of another form
    ├── OtherOrganisation
    └── CheckpointForged its signature does not hold: mistyped, changed, or of another desk key
"""

from __future__ import annotations


class AuditError(Exception):
    """Root of what the log's keeping refuses."""


class RecordClosed(AuditError):
    """A record that does not open for this reader."""


class NotSealedToReader(RecordClosed):
    """Sealed to other coordinators."""


class RecordDamaged(RecordClosed):
    """What is stored does not read as a record."""


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
