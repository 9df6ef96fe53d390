"""People at the terminal of a ceremony: they read what is shown, keep it on paper, and answer what is asked.

`Table` stands where a terminal would: it takes what is written and gives the next answer. What it kept
(`shares`, `secret`) is what the people would have on paper and phone.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime

from tropa.cli.ceremony.terminal import ENTER_APART, LEAVE_APART
from tropa.envelope import totp

TITLE = re.compile(r"(Root|Recovery) key: share (\d+) of (\d+)$", re.MULTILINE)
NUMBERED = re.compile(r"(\d+)\. ([a-z]+)")
ANSWERS = {
    "How many trustees": "3",
    "have to meet": "2",
    "first team": "Первая линия",
    "Pseudonym:": "Клён",
    "gender": "m",
    "Language": "ru",
    "Password": "рыжий-кот-на-крыше",
    "Passphrase": "семь тихих озёр за холмом",
    "Press Enter": "",
    "(yes)": "yes",
}
Answer = Callable[["Table"], str]


class Table:
    """Answers by question: `instead` replaces what is said to a question that contains its key."""

    def __init__(self, instead: dict[str, str | Answer] | None = None) -> None:
        self.written = ""
        self.instead = instead or {}
        self.shares: dict[tuple[str, int], list[str]] = {}
        self.secret = b""
        self.asked: list[str] = []
        self._said_last = ""
        self._answered = 0

    def write(self, text: str) -> None:
        self.written += text

    def flush(self) -> None:
        """Nothing waits."""

    @property
    def screen(self) -> str:
        """What stands on the screen now: everything since it was last cleared."""
        return re.split(f"{re.escape(ENTER_APART)}|{re.escape(LEAVE_APART)}", self.written)[-1]

    def readline(self) -> str:
        """The next answer; empty when whoever is asked hangs up."""
        question = self.written[self._answered :].rsplit("\n", 1)[-1]  # what is typed is not written back
        self._answered = len(self.written)
        self._keep()
        try:
            answer = self._answer(question)
        except EOFError:
            return ""
        self.asked.append(question)
        self._said_last = answer if "same once more" not in question else self._said_last
        return answer + "\n"

    def _keep(self) -> None:
        if "As a link" in self.screen:
            key = re.search(r"^Key: (.+)$", self.screen, re.MULTILINE)
            assert key
            self.secret = base64.b32decode(key[1].replace(" ", ""))
        words = {int(number): word for number, word in NUMBERED.findall(self.screen)}
        if len(words) == 33:
            self.shares[self.title()] = [words[number] for number in range(1, 34)]

    def title(self) -> tuple[str, int]:
        """Key and number of the share that is being dealt with."""
        found = TITLE.findall(self.written)[-1]
        return found[0], int(found[1])

    def _answer(self, question: str) -> str:
        for part, said in self.instead.items():
            if part in question:
                return said if isinstance(said, str) else said(self)
        if "same once more" in question:
            return self._said_last
        if "six digits" in question:
            return totp(self.secret, datetime.now(UTC))
        if question.startswith(">"):
            return " ".join(self.shares[self.title()])
        for part, said in ANSWERS.items():
            if part in question:
                return said
        raise AssertionError(f"nobody knows what to say to {question!r}")
