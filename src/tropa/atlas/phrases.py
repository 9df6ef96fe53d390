"""Sentences for people that can be said in either language: a message of the catalogue with its values.

A fault is found long before anybody knows who will read it, so it is kept as a phrase and said at the end.
"""

from __future__ import annotations

import gettext as catalogues
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

LOCALE: Final = Path(__file__).parent / "locale"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A message with `{name}` places and what stands in them; a value may be a phrase itself."""

    message: str
    values: tuple[tuple[str, str | Phrase], ...] = ()

    def say(self, translate: Callable[[str], str]) -> str:
        """The sentence, its message and the phrases within translated."""
        values = {
            name: value.say(translate) if isinstance(value, Phrase) else value for name, value in self.values
        }
        return translate(self.message).format_map(values)

    def __str__(self) -> str:
        return self.say(lambda message: message)


def gettext_lazy(message: str, **values: object) -> Phrase:
    """Mark a message for translation and keep it with its values, to be said later."""
    return Phrase(
        message,
        tuple((name, value if isinstance(value, Phrase) else str(value)) for name, value in values.items()),
    )


@cache
def translator(language: str | None = None) -> Callable[[str], str]:
    """The catalogue of a language, or of the environment's without one; English when none fits."""
    languages = None if language is None else [language]
    return catalogues.translation("atlas", str(LOCALE), languages=languages, fallback=True).gettext
