"""Reads a person from YAML, for the terminal and for examples. Every fault is named with its line, none is guessed at.

Kept true: a file gives a `PersonFacts` that fits the atlas, or `BadPerson` lists all its problems at once: unknown
keys, unknown papers, places and countries (with the nearest names), dates that are none or cannot be, amounts that
are no numbers. Only plain scalars, lists and maps are read; nothing in a file is ever run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, TypeVar

import yaml

from tropa.atlas import Answer, Atlas, ProfileClass, ProtectionKind, Status
from tropa.planning.errors import BadPerson, PersonProblem
from tropa.planning.person import (
    Companion,
    HeldPaper,
    KnownStatus,
    PastStay,
    PersonFacts,
    Wish,
    WishKind,
    WishVerdict,
    check_against,
)

FORMAT = "tropa-person 1"
E = TypeVar("E", bound=StrEnum)
Node = yaml.nodes.Node

PERSON_KEYS = (
    "format",
    "note",
    "place",
    "profile",
    "citizenship",
    "papers",
    "statuses",
    "entered",
    "past_stays",
    "money",
    "income",
    "deadline",
    "companions",
    "wishes",
    "further_papers",
    "least_haven",
)
WISH_KEYS = {
    "countries": WishKind.COUNTRY,
    "legs": WishKind.LEG,
    "modes": WishKind.MODE,
    "papers": WishKind.PAPER,
    "offices": WishKind.OFFICE,
}


def read_person(text: str, atlas: Atlas, on: date, *, name: str = "person") -> PersonFacts:
    """The person a YAML text describes, held against an atlas on a day. Raises BadPerson with every problem."""
    return _Reader(text, atlas, on, name).read()


class _Reader:
    def __init__(self, text: str, atlas: Atlas, on: date, name: str) -> None:
        self.text, self.atlas, self.on, self.name = text, atlas, on, name
        self.problems: list[PersonProblem] = []
        self.lines: dict[str, int] = {}

    def read(self) -> PersonFacts:
        root = self._root()
        person = self._person(root) if root is not None else None
        if self.problems or person is None:
            raise BadPerson(tuple(self.problems))
        try:
            check_against(self.atlas, person, self.on)
        except BadPerson as error:
            raise BadPerson(tuple(self._located(problem) for problem in error.problems)) from None
        return person

    def _located(self, problem: PersonProblem) -> PersonProblem:
        line = self.lines.get(problem.found) or self.lines.get(problem.field.partition(".")[0], 0)
        return PersonProblem(
            self._where(line, problem.field), problem.found, problem.expected, problem.nearest
        )

    def _where(self, line: int, field: str) -> str:
        return f"{self.name}:{line}: {field}"

    def _refuse(
        self, node: Node, field: str, found: str, expected: str, nearest: tuple[str, ...] = ()
    ) -> None:
        self.problems.append(PersonProblem(self._where(_line(node), field), found, expected, nearest))

    def _root(self) -> yaml.nodes.MappingNode | None:
        try:
            root = yaml.compose(self.text, Loader=yaml.SafeLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 0
            self.problems.append(PersonProblem(self._where(line, "file"), "", "a YAML document"))
            return None
        if not isinstance(root, yaml.nodes.MappingNode):
            self.problems.append(PersonProblem(self._where(1, "file"), "", "keys with values"))
            return None
        return root

    # --- the person -------------------------------------------------------------------------------------------------

    def _person(self, root: yaml.nodes.MappingNode) -> PersonFacts | None:
        found = self._map(root, "", PERSON_KEYS)
        if self._plain(found.get("format"), "format") != FORMAT:
            self._refuse(found.get("format", root), "format", "", FORMAT)
        for key in ("place", "profile"):
            if key not in found:
                self._refuse(root, key, "", "a value")
        profile = self._choice(found.get("profile"), "profile", ProfileClass)
        place = self._plain(found.get("place"), "place")
        deadline = self._day(found.get("deadline"), "deadline")
        values: dict[str, Any] = dict(  # noqa: C408 - read as the call it becomes
            papers=self._papers(found.get("papers"), "papers"),
            statuses=self._statuses(found.get("statuses"), "statuses"),
            citizenship=self._plain(found.get("citizenship"), "citizenship") or "RU",
            entered=self._day(found.get("entered"), "entered"),
            past_stays=tuple(self._past_stays(found.get("past_stays"))),
            money_euros=self._amount(found.get("money"), "money"),
            income_euros=self._amount(found.get("income"), "income"),
            companions=tuple(self._companions(found.get("companions"))),
            wishes=tuple(self._wishes(found.get("wishes"))),
            least_haven=self._choice(found.get("least_haven"), "least_haven", ProtectionKind),
        )
        if "further_papers" in found:
            values["further_papers"] = self._amount(found["further_papers"], "further_papers")
        if self.problems or profile is None or place is None:
            return None
        try:
            return PersonFacts(place=place, profile=profile, deadline=deadline, **values)
        except BadPerson as error:
            self.problems.extend(self._located(problem) for problem in error.problems)
            return None

    def _papers(self, node: Node | None, field: str) -> tuple[HeldPaper, ...]:
        held: list[HeldPaper] = []
        for item in self._items(node, field):
            if isinstance(item, yaml.nodes.ScalarNode):
                held.append(HeldPaper(self._plain(item, field) or ""))
                continue
            found = self._map(item, field, ("paper", "from", "until"))
            paper = self._plain(found.get("paper"), f"{field}.paper")
            first, last = (
                self._day(found.get("from"), f"{field}.from"),
                self._day(found.get("until"), f"{field}.until"),
            )
            if paper is None:
                self._refuse(item, f"{field}.paper", "", "the id of a paper")
            elif first and last and last < first:
                self._refuse(item, field, last.isoformat(), f"a day not before {first}")
            else:
                held.append(HeldPaper(paper, first, last))
        return tuple(held)

    def _statuses(self, node: Node | None, field: str) -> tuple[KnownStatus, ...]:
        if node is None:
            return ()
        found = self._map(node, field, tuple(status.value for status in Status))
        answers = ((key, self._choice(value, f"{field}.{key}", Answer)) for key, value in found.items())
        return tuple(KnownStatus(Status(key), answer) for key, answer in answers if answer is not None)

    def _past_stays(self, node: Node | None) -> Iterator[PastStay]:
        for item in self._items(node, "past_stays"):
            found = self._map(item, "past_stays", ("country", "first", "last"))
            country = self._plain(found.get("country"), "past_stays.country")
            first = self._day(found.get("first"), "past_stays.first")
            last = self._day(found.get("last"), "past_stays.last")
            if country is None or first is None or last is None:
                self._refuse(item, "past_stays", "", "country, first and last")
            elif last < first:
                self._refuse(item, "past_stays", last.isoformat(), f"a day not before {first}")
            else:
                yield PastStay(country, first, last)

    def _companions(self, node: Node | None) -> Iterator[Companion]:
        for item in self._items(node, "companions"):
            keys = ("relation", "profile", "papers", "statuses", "citizenship")
            found = self._map(item, "companions", keys)
            profile = self._choice(found.get("profile"), "companions.profile", ProfileClass)
            if profile is None:
                if "profile" not in found:
                    self._refuse(item, "companions.profile", "", _one_of(ProfileClass))
                continue
            yield Companion(
                relation=self._plain(found.get("relation"), "companions.relation") or "",
                profile=profile,
                papers=self._papers(found.get("papers"), "companions.papers"),
                statuses=self._statuses(found.get("statuses"), "companions.statuses"),
                citizenship=self._plain(found.get("citizenship"), "companions.citizenship") or "RU",
            )

    def _wishes(self, node: Node | None) -> Iterator[Wish]:
        if node is None:
            return
        for verdict, kinds in self._map(node, "wishes", tuple(v.value for v in WishVerdict)).items():
            for key, listed in self._map(kinds, f"wishes.{verdict}", tuple(WISH_KEYS)).items():
                for item in self._items(listed, f"wishes.{verdict}.{key}"):
                    about = self._plain(item, f"wishes.{verdict}.{key}")
                    if about is not None:
                        yield Wish(WISH_KEYS[key], about, WishVerdict(verdict))

    # --- values -----------------------------------------------------------------------------------------------------

    def _map(self, node: Node, field: str, keys: tuple[str, ...]) -> Mapping[str, Node]:
        if not isinstance(node, yaml.nodes.MappingNode):
            self._refuse(node, field, "", "keys with values")
            return {}
        found: dict[str, Node] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.nodes.ScalarNode) else ""
            where = f"{field}.{name}" if field else name
            if name not in keys:
                self._refuse(
                    key, where, name, "a key of the format", tuple(get_close_matches(name, keys, n=3))
                )
            elif name in found:
                self._refuse(key, where, name, "each key once")
            else:
                found[name] = value
                self.lines.setdefault(where, _line(value))
        return found

    def _items(self, node: Node | None, field: str) -> Iterator[Node]:
        if node is None:
            return
        if isinstance(node, yaml.nodes.SequenceNode):
            yield from node.value
        else:
            self._refuse(node, field, "", "a list")

    def _plain(self, node: Node | None, field: str) -> str | None:
        if node is None:
            return None
        if not isinstance(node, yaml.nodes.ScalarNode) or not node.value.strip():
            self._refuse(node, field, "", "a value")
            return None
        value: str = node.value
        self.lines.setdefault(value, _line(node))
        return value

    def _parsed(self, node: Node | None, field: str, parse: Callable[[str], object], expected: str) -> object:
        text = self._plain(node, field)
        if node is None or text is None:
            return None
        try:
            return parse(text)
        except ValueError:
            self._refuse(node, field, text, expected)
            return None

    def _day(self, node: Node | None, field: str) -> date | None:
        found = self._parsed(node, field, date.fromisoformat, "a day as YYYY-MM-DD")
        return found if isinstance(found, date) else None

    def _amount(self, node: Node | None, field: str) -> int:
        found = self._parsed(node, field, int, "a whole number")
        return found if isinstance(found, int) else 0

    def _choice(self, node: Node | None, field: str, kind: type[E]) -> E | None:
        text = self._plain(node, field)
        if node is None or text is None:
            return None
        values = [member.value for member in kind]
        if text not in values:
            self._refuse(node, field, text, _one_of(kind), tuple(get_close_matches(text, values, n=3)))
            return None
        return kind(text)


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _one_of(kind: type[StrEnum]) -> str:
    return "one of " + ", ".join(member.value for member in kind)
