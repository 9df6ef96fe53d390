"""A conversation at a terminal: questions, answers, and a screen that is wiped of what was shown on it.

Secrets are typed without being shown. Shares are shown on the terminal's second screen, which keeps no
scrolled-off lines, and it is wiped before it is left. What cannot be promised: a terminal, a multiplexer or a
remote session that keeps a record of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from getpass import getpass
from typing import Protocol, TypeVar

from tropa.cli.language import gettext as _

ENTER_APART = "\x1b[?1049h\x1b[H\x1b[2J"
LEAVE_APART = "\x1b[H\x1b[2J\x1b[3J\x1b[?1049l"
Value = TypeVar("Value")


class CeremonyEnded(Exception):
    """Somebody ended the ceremony, or the answers ran out."""


class BadAnswer(Exception):
    """An answer that does not fit its question; the sentence says what was expected."""


class Answers(Protocol):
    """Where lines are read from."""

    def readline(self) -> str: ...


class Words(Protocol):
    """Where lines are written to."""

    def write(self, text: str, /) -> object: ...

    def flush(self) -> object: ...


@dataclass(frozen=True, slots=True)
class Terminal:
    """`hidden` reads an answer that is not to be seen; without it, one is read like any other."""

    answers: Answers
    words: Words
    hidden: Callable[[str], str] | None = None

    def say(self, sentence: str = "") -> None:
        """A line."""
        self.words.write(f"{sentence}\n")
        self.words.flush()

    def ask(self, question: str) -> str:
        """The answer, without spaces around it. Raises CeremonyEnded."""
        self.words.write(f"{question} ")
        self.words.flush()
        line = self.answers.readline()
        if not line:
            raise CeremonyEnded
        return line.strip()

    def ask_hidden(self, question: str) -> str:
        """A secret, exactly as typed. Raises CeremonyEnded."""
        if self.hidden is None:
            return self.ask(question)
        try:
            return self.hidden(f"{question} ")
        except EOFError:
            raise CeremonyEnded from None

    def ask_until(self, question: str, read: Callable[[str], Value]) -> Value:
        """Ask again until `read` makes something of the answer; its BadAnswer is said."""
        while True:
            try:
                return read(self.ask(question))
            except BadAnswer as refused:
                self.say(str(refused))

    def choose(self, question: str, choices: Mapping[str, Value]) -> Value:
        """One of `choices` by what is typed for it."""

        def chosen(answer: str) -> Value:
            try:
                return choices[answer.lower()]
            except KeyError:
                raise BadAnswer(_("Please type one of: %s") % ", ".join(choices)) from None

        return self.ask_until(question, chosen)

    @contextmanager
    def apart(self) -> Iterator[None]:
        """A screen of its own, wiped at the end, however it ends."""
        self.words.write(ENTER_APART)
        try:
            yield
        finally:
            self.words.write(LEAVE_APART)
            self.words.flush()


def terminal_here() -> Terminal:
    """The one this program runs at."""
    return Terminal(sys.stdin, sys.stdout, getpass if sys.stdin.isatty() else None)
