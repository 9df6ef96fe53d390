"""What somebody on staff can take on: lines of work, languages, how many cases at once, and how late it is there.

Sealed under the desk's service key, as second factors are: whoever has the database alone does not learn who knows
about deserters. A row that does not open is counted and passes for nothing said: nobody is proposed for it, and nobody
is hindered.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from tropa.desk import clock
from tropa.desk.audit.refusals import refuse
from tropa.desk.staff.models import Member
from tropa.desk.staff.service_key import service_seed
from tropa.envelope import CannotOpen, Context, unwrap, wrap

MOST_LANGUAGES = 8
ZONES = range(-12 * 60, 14 * 60 + 1, 15)
"""Minutes ahead of UTC that clocks show somewhere."""
LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class Abilities:
    """Lanes by their stored names, languages by their codes; `most_cases` 0: no limit was said; `zone`: minutes
    ahead of UTC where they live, None when they did not say.
    """

    lanes: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    most_cases: int = 0
    zone: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.most_cases <= 999 or len(self.languages) > MOST_LANGUAGES:
            raise ValueError("abilities out of bounds")
        if not all(LANGUAGE.fullmatch(code) for code in self.languages):
            raise ValueError("a language is two or three small letters")
        if self.zone is not None and self.zone not in ZONES:
            raise ValueError("no time zone is so far from UTC")


def abilities_of(members: Iterable[str]) -> dict[str, Abilities]:
    """By member id, of these members; those who said nothing are left out. One query."""
    rows = Member.objects.filter(pk__in=list(members)).exclude(abilities_sealed=b"")
    found = {}
    for member_id, sealed in rows.values_list("pk", "abilities_sealed"):
        opened = _opened(member_id, bytes(sealed))
        if opened is not None:
            found[member_id] = opened
    return found


def say_abilities(*, member: Member, abilities: Abilities) -> None:
    """Keep what somebody says of themselves, instead of what they said before."""
    content: dict[str, object] = {
        "lanes": sorted(abilities.lanes),
        "languages": sorted(abilities.languages),
        "most": abilities.most_cases,
    }
    if abilities.zone is not None:
        content["zone"] = abilities.zone
    sealed = wrap(
        service_seed().subkey("abilities"),
        _context(member.pk),
        json.dumps(content).encode(),
        random=secrets.token_bytes,
    )
    Member.objects.filter(pk=member.pk).update(abilities_sealed=sealed)


def _opened(member_id: str, sealed: bytes) -> Abilities | None:
    try:
        return read_abilities(unwrap(service_seed().subkey("abilities"), _context(member_id), sealed))
    except (CannotOpen, ValueError):
        refuse(table="staff_member", row=member_id, day=clock.now().date())
        return None


def read_abilities(content: bytes) -> Abilities:
    """What was sealed. Raises ValueError."""
    try:
        said = json.loads(content)
        return Abilities(
            frozenset(said["lanes"]), frozenset(said["languages"]), int(said["most"]), said.get("zone")
        )
    except (KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError("no abilities of this format") from error


def _context(member_id: str) -> Context:
    return Context("abilities", 1, "staff_member", "abilities_sealed", member_id)
