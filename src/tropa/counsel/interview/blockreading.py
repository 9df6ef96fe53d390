"""What the lines of one block say: texts in both languages, options, days, cases. Every fault is added, none ends the
reading, so that an editor sees all of them at once.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from tropa.atlas import Text
from tropa.counsel.interview.blocks import Block, Line
from tropa.counsel.interview.errors import Fault
from tropa.counsel.interview.model import Case, DateRole, Expected, Option, Wording

STATES = ("holds", "not", "person", "open", "silent")
"""What a case may expect of its conclusion: the three outcomes, still open, or that no rule speaks."""

NO_TEXT = Text("?", "?")
OPTION = re.compile(r"option ([a-z][a-z0-9_-]*)(?: (\d+(?:\.\d+)?))?")
EXPECTED = re.compile(r"(holds|not|person|open|silent)(?: (since|by|until) (\d{4}-\d{2}-\d{2}))?")


@dataclass(slots=True)
class Reading:
    """One block being read, and the faults found so far."""

    block: Block
    faults: list[Fault] = field(default_factory=list)

    def fault(self, line: Line | None, what: str) -> None:
        """Note a fault at a line, or at the head of the block."""
        self.faults.append(Fault(self.block.file, line.number if line else self.block.number, what))

    def keys(self, known: Collection[str], repeated: Collection[str] = ()) -> None:
        """Fault every key that is unknown, and every one given twice that may stand once."""
        seen: set[str] = set()
        for line in self.block.lines:
            name = "option" if line.key.startswith("option ") else line.key
            if name not in known and name not in repeated:
                self.fault(line, f"unknown key “{line.key}”; known: {', '.join(sorted({*known, *repeated}))}")
            elif name in seen and name not in repeated:
                self.fault(line, f"“{line.key}” is given twice")
            seen.add(name)

    def line(self, key: str, *, needed: bool = True) -> Line | None:
        """The line of a key; a fault where it is needed and missing or empty."""
        found = self.block.all(key)
        if not found or not found[0].text:
            if needed or found:
                self.fault(found[0] if found else None, f"“{key}” is missing")
            return None
        return found[0]

    def text(self, after: str = "") -> Text:
        """A text in both languages."""
        english, russian = self.line(f"en{after}"), self.line(f"ru{after}")
        if english is None or russian is None:
            return NO_TEXT
        if not re.search("[а-яё]", russian.text, re.IGNORECASE):
            self.fault(russian, "the Russian text has no Russian letter")
        return Text(english.text, russian.text)

    def wording(self) -> Wording:
        """How a question is put, to the person and to somebody who writes for another."""
        return Wording(self.text(), self.text(" for another"))

    def options(self) -> tuple[Option, ...]:
        """The answers of a closed question, each in both languages."""
        found: list[Option] = []
        for line in self.block.lines:
            if not line.key.startswith("option"):
                continue
            match = OPTION.fullmatch(line.key)
            english, bar, russian = (part.strip() for part in line.text.partition("|"))
            if match is None or not (bar and english and russian):
                self.fault(line, "an option is “option name share: English | Russian”")
                continue
            if any(one.id == match.group(1) for one in found):
                self.fault(line, f"the option “{match.group(1)}” is given twice")
            share = float(match.group(2) or 1)
            if not 0 < share <= 1000:
                self.fault(line, "a share lies above 0 and not above 1000")
                share = 1.0
            found.append(Option(match.group(1), share, Text(english, russian)))
        return tuple(found)

    def in_force(self) -> tuple[date | None, date | None]:
        """The first and last day of a rule: “always”, “from D”, “until D”, “from D until D”."""
        line = self.line("in force")
        if line is None or line.text == "always":
            return None, None
        match = re.fullmatch(r"(?:from (\S+))? ?(?:until (\S+))?", line.text)
        if match is None or not any(match.groups()):
            self.fault(line, "“in force” is “always”, “from DAY”, “until DAY” or “from DAY until DAY”")
            return None, None
        first, last = (self.day(line, part) if part else None for part in match.groups())
        if first and last and last < first:
            self.fault(line, f"{last} comes before {first}")
        return first, last

    def day(self, line: Line, text: str) -> date | None:
        """A day of the form 2026-11-22."""
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            with suppress(ValueError):
                return date.fromisoformat(text)
        self.fault(line, f"“{text}” is no day of the form 2026-11-22")
        return None

    def names(self, key: str) -> tuple[str, ...]:
        """A list of names between commas."""
        line = self.line(key)
        if line is None:
            return ()
        found = tuple(part.strip() for part in line.text.split(","))
        for name in found:
            if not re.fullmatch(r"[A-Za-z][A-Za-z0-9._-]*", name):
                self.fault(line, f"“{name}” is no name")
        if len(set(found)) < len(found):
            self.fault(line, "a name is given twice")
        return found

    def cases(self) -> tuple[Case, ...]:
        """The tests beside a rule: “DAY, DAY | question answer; question answer | state, state”."""
        return tuple(case for line in self.block.all("case") if (case := self._case(line)) is not None)

    def _case(self, line: Line) -> Case | None:
        parts = [part.strip() for part in line.text.split("|")]
        if len(parts) != 3:
            self.fault(line, "a case is “days | answers | what is expected on each day”")
            return None
        days = [self.day(line, part.strip()) for part in parts[0].split(",")]
        answers = [part.strip().partition(" ") for part in parts[1].split(";") if part.strip()]
        expected = [EXPECTED.fullmatch(part.strip()) for part in parts[2].split(",")]
        if len(expected) != len(days):
            self.fault(line, f"{len(days)} days and {len(expected)} expectations")
            return None
        known_days = [day for day in days if day is not None]
        if None in expected or len(known_days) < len(days):
            self.fault(line, f"expected is one of {', '.join(STATES)}, with “since”, “by” or “until” a day")
            return None
        return Case(
            days=tuple(known_days),
            answers=tuple((name, value.strip()) for name, _, value in answers),
            expected=tuple(self._expected(line, match) for match in expected if match is not None),
            line=line.number,
        )

    def _expected(self, line: Line, match: re.Match[str]) -> Expected:
        state, role, day = match.groups()
        if role is None:
            return Expected(state, None, None)
        return Expected(state, DateRole(role), self.day(line, day))
