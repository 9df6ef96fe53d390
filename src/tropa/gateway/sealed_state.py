"""A channel's cursor and library state: values wrapped under the gateway's key, names kept as keyed tags."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from tropa.desk import clock
from tropa.desk.audit.refusals import refuse
from tropa.desk.messengers.channel_state import store_state, stored_state
from tropa.envelope import CannotOpen, Context, unwrap, wrap
from tropa.gateway.credential import GatewayKeys
from tropa.gateway.database import Database
from tropa.gateway.tags import Tags


class SealedState:
    """The state of one account. What does not open counts as not there: whoever changed it makes us fetch again."""

    def __init__(self, keys: GatewayKeys, tags: Tags, database: Database) -> None:
        self._key = keys.seed.subkey("channel state")
        self._tags = tags
        self._database = database

    async def get(self, name: str) -> bytes | None:
        """The value; None when there is none."""
        tag = self._tags.state(name)
        sealed = await self._database.do(stored_state, tag)
        if sealed is None:
            return None
        try:
            return unwrap(self._key, _place(tag), sealed)
        except CannotOpen:
            day = clock.now().date()
            await self._database.do(refuse, table="messengers_channelstate", row=tag, day=day)
            return None

    def store(self, values: Mapping[str, bytes | None]) -> None:
        """Write, in the caller's transaction and thread."""
        sealed = {}
        for name, value in values.items():
            tag = self._tags.state(name)
            sealed[tag] = (
                None if value is None else wrap(self._key, _place(tag), value, random=secrets.token_bytes)
            )
        store_state(sealed)


def _place(tag: str) -> Context:
    return Context("channel state", 1, "messengers_channelstate", "sealed", tag)
