"""What an organisation says over the pack, on its way to the planner's process: public knowledge, in clear, as JSON.

Kept true: what is revived is what was sent, so desk and planner rest on one and the same atlas; both sides can tell
two states apart by their names.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tropa.atlas import Kind, PartialDate, Source, Text
from tropa.atlas.overlay import Act, Change
from tropa.atlas.writing import source_record
from tropa.planning.plan_json import WrongJson


@dataclass(frozen=True, slots=True)
class OverPack:
    """Changes and own sources as JSON data, and the name of this very content."""

    name: str
    document: Mapping[str, Any] = field(repr=False)

    def changes(self) -> tuple[Change, ...]:
        """The changes again. Raises WrongJson."""
        try:
            return tuple(_change(told) for told in self.document["changes"])
        except (KeyError, TypeError, ValueError) as error:
            raise WrongJson("changes over the pack") from error

    def sources(self) -> tuple[Source, ...]:
        """The sources again. Raises WrongJson."""
        try:
            return tuple(_source(told) for told in self.document["sources"])
        except (KeyError, TypeError, ValueError) as error:
            raise WrongJson("sources over the pack") from error


def over_pack(changes: Iterable[Change], sources: Iterable[Source] = ()) -> OverPack:
    """These changes and sources, named by their content."""
    return named(
        {
            "changes": [_plain_change(one) for one in changes],
            "sources": [source_record(one) for one in sources],
        }
    )


def named(document: Mapping[str, Any]) -> OverPack:
    """What came through the pipe, named anew."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return OverPack(hashlib.sha256(text.encode()).hexdigest(), document)


def _plain_change(change: Change) -> dict[str, Any]:
    return {
        "id": change.id,
        "act": change.act.value,
        "fact_id": change.fact_id,
        "by": change.by,
        "on": change.on.isoformat(),
        "reason": change.reason,
        "kind": change.kind.value if change.kind else None,
        "record": dict(change.record) if change.record is not None else None,
        "source_id": change.source_id,
        "second": change.second,
        "against": change.against,
    }


def _change(told: Mapping[str, Any]) -> Change:
    kind = Kind(told["kind"]) if told["kind"] else None
    return Change(**{**told, "act": Act(told["act"]), "on": datetime.fromisoformat(told["on"]), "kind": kind})


def _source(told: Mapping[str, Any]) -> Source:
    return Source(
        id=told["id"],
        title=Text(told["title"]["en"], told["title"]["ru"]),
        url=None if told["url"] == "none" else told["url"],
        dated=None if told["dated"] == "unknown" else PartialDate.parse(told["dated"]),
    )


NOTHING = over_pack(())
"""The pack by itself."""
