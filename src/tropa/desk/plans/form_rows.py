"""The facts form as its template goes through it: a paper, a companion, a wish at a time."""

from __future__ import annotations

from dataclasses import dataclass

from django.forms.boundfield import BoundField


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper: whether it is in hand, and until when it is valid."""

    held: BoundField
    until: BoundField


@dataclass(frozen=True, slots=True)
class CompanionRow:
    """Somebody who travels along; no name yet: the row to add one."""

    name: str
    relation: BoundField
    profile: BoundField
    papers: BoundField
    until: BoundField


@dataclass(frozen=True, slots=True)
class WishRow:
    """Something to pin, to allow or to rule out."""

    name: str
    label: str
    chosen: str
