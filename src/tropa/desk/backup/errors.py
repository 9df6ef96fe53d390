"""What backups refuse. Whatever is refused, nothing was changed.

BackupError
├── NothingToBackUp      no organisation has been founded here
├── NobodyOpensIt        there is neither a recovery key nor a passphrase the archive could be sealed to
├── NotTheKey            the archive is damaged, or this is not its key or passphrase
├── NotABackup           it opens, and is no backup this version reads
├── OtherEngine          it is of SQLite and this desk rests on PostgreSQL, or the other way round
├── NotEmpty             an organisation's database lies where it would be put
├── OtherRoot            the pinned root here is another organisation's
├── TooOld               older than what was kept since, or than backups may be
└── NoRoom               the disk took not all of it
"""

from __future__ import annotations


class BackupError(Exception):
    """Root of what backups refuse."""


class NothingToBackUp(BackupError):
    """No organisation here."""


class NobodyOpensIt(BackupError):
    """No recipient."""


class NotTheKey(BackupError):
    """Does not open."""


class NotABackup(BackupError):
    """Opens, and is something else, or of a later version."""


class OtherEngine(BackupError):
    """Of another database engine."""


class NotEmpty(BackupError):
    """Nothing is ever restored over a database."""


class OtherRoot(BackupError):
    """Of another organisation."""


class TooOld(BackupError):
    """Acts are known that it does not hold, or its days are over."""


class NoRoom(BackupError):
    """A write failed."""
