"""What a stored change says, as canonical JSON, and the acts on facts it stands for.

One row may review many facts at once: its author saw each in a wording, and both stand in the content. Refused: a
field this format does not know, and anything that is not whole.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from tropa.atlas import Kind, PartialDate, Source, Text
from tropa.atlas.overlay import Act, Change
from tropa.atlas.writing import source_record
from tropa.desk.atlas.stored import StoredChange

FORMAT = 1
FIELDS = {"format", "facts", "reason", "kind", "record", "source", "new_source"}
OWN_SOURCE = re.compile(r"own-[0-9a-f]{8,32}")


@dataclass(frozen=True, slots=True)
class Seen:
    """A fact and the wording in which its reviewer had it before them; none for what has no wording yet."""

    fact_id: str
    against: str | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What an author says: of which facts, why, and what is to stand there. `record` in the notation of a pack."""

    facts: tuple[Seen, ...]
    reason: str
    kind: Kind | None = None
    record: Mapping[str, Any] | None = None
    source: str | None = None
    new_source: Source | None = None

    def encode(self) -> str:
        """The text that is stored and signed."""
        whole = {
            "format": FORMAT,
            "facts": [[seen.fact_id, seen.against] for seen in self.facts],
            "reason": self.reason,
            "kind": self.kind.value if self.kind else None,
            "record": dict(self.record) if self.record is not None else None,
            "source": self.source,
            "new_source": source_record(self.new_source) if self.new_source else None,
        }
        return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_content(text: str) -> Content:
    """The same again. Raises ValueError for anything else."""
    try:
        return _content(json.loads(text))
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("not the content of a change") from error


def _content(whole: Any) -> Content:
    """The content in a read text. Raises ValueError, KeyError, TypeError."""
    if not isinstance(whole, dict) or whole.keys() != FIELDS or whole["format"] != FORMAT:
        raise ValueError("not the content of a change")
    facts = whole["facts"]
    if (
        not isinstance(facts, list)
        or not facts
        or not all(isinstance(one, list) and len(one) == 2 for one in facts)
    ):
        raise ValueError("a change names the facts it is about")
    return Content(
        facts=tuple(Seen(str(fact_id), against) for fact_id, against in facts),
        reason=str(whole["reason"]),
        kind=Kind(whole["kind"]) if whole["kind"] else None,
        record=whole["record"],
        source=whole["source"],
        new_source=_source(whole["new_source"]) if whole["new_source"] else None,
    )


def _source(told: Mapping[str, Any]) -> Source:
    """A source of our own, named by `own_source`. Raises ValueError, KeyError, TypeError."""
    if not OWN_SOURCE.fullmatch(told["id"]):
        raise ValueError("a source of ours has a name of ours")
    dated = None if told["dated"] == "unknown" else PartialDate.parse(told["dated"])
    title = Text(told["title"]["en"], told["title"]["ru"])
    return Source(told["id"], title, None if told["url"] == "none" else told["url"], dated)


def own_source(*, title: str, url: str, dated: str) -> Source:
    """A source nobody has cited yet, named by its content: cited twice it is one; its title stands in its own language.
    Raises ValueError for a day that is
    none, or an address that is none.
    """
    if url and not url.startswith(("https://", "http://")):
        raise ValueError("no address")
    name = hashlib.sha256(json.dumps([title, url, dated]).encode()).hexdigest()[:12]
    return Source(f"own-{name}", Text(title, title), url or None, PartialDate.parse(dated) if dated else None)


def acts_of(row: StoredChange) -> tuple[Change, ...]:
    """The acts a change in force stands for, one for each of its facts. Raises ValueError."""
    content = read_content(row.content)
    return tuple(
        Change(
            id=row.id if len(content.facts) == 1 else f"{row.id}.{number}",
            act=Act(row.act),
            fact_id=seen.fact_id,
            by=row.by,
            on=moment_of(row),
            reason=content.reason,
            kind=content.kind,
            record=content.record,
            source_id=content.new_source.id if content.new_source else content.source,
            second=row.second or None,
            against=seen.against,
        )
        for number, seen in enumerate(content.facts)
    )


def row_of(change_id: str) -> str:
    """The id of the row an act came from."""
    return change_id.partition(".")[0]


def day_in_force(row: StoredChange) -> date:
    """The day the change began to count."""
    return row.second_day or row.day


def moment_of(row: StoredChange) -> datetime:
    """When a change began to count: its day, and within it its place. The hour of an act is nobody's business."""
    return datetime.combine(day_in_force(row), time(), UTC) + timedelta(milliseconds=row.place or row.number)
