"""What a rehearsal is played in: where the two sites are, who can sign in, and the directory behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tropa.seizure.store import Store


@dataclass(frozen=True, slots=True)
class SignIn:
    """What an invented volunteer types; `totp` makes their one-time codes."""

    pseudonym: str
    password: str = field(repr=False)
    passphrase: str = field(repr=False)
    totp: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Installation:
    """A running example installation. `drop` and `desk` are origins; `database` as in TROPA_DATABASE_URL."""

    drop: str
    desk: str
    data: Path
    people: Sequence[SignIn]
    database: str | None = field(default=None, repr=False)

    @property
    def store(self) -> Store:
        """The database, past the desk."""
        return Store(self.data, self.database)

    def person(self, pseudonym: str) -> SignIn | None:
        """The volunteer of this pseudonym."""
        return next((one for one in self.people if one.pseudonym == pseudonym), None)
