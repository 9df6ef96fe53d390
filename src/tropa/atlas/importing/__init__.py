"""Reading what others publish: rows become proposals a researcher may take, never facts by themselves.

Kept true: an import changes no fact. What the pack does not know is proposed, what it says otherwise is a
conflict, and every row that could not be read is named with line and field.
"""

from tropa.atlas.importing.kinds import ImportKind, read_import
from tropa.atlas.importing.results import (
    Action,
    Conflict,
    Import,
    ImportRefused,
    Proposal,
    Refusal,
    RowChange,
    VisaRule,
)
from tropa.atlas.importing.since import changed_since

__all__ = [
    "Action",
    "Conflict",
    "Import",
    "ImportKind",
    "ImportRefused",
    "Proposal",
    "Refusal",
    "RowChange",
    "VisaRule",
    "changed_since",
    "read_import",
]
