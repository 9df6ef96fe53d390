"""Words of this room in the person's language, and long texts cut where a reader would pause.

Kept true: the parts of a text, put together, hold every word of it; no part is longer than the channel takes.
"""

from __future__ import annotations

import gettext as catalogues
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = ("ru", "en")
PAUSES = ("\n\n", "\n", ". ", " ")


def gettext_noop(message: str) -> str:
    """Marks a message where it stands, to be translated where it is said."""
    return message


def in_language(message: str, language: str) -> str:
    """The message in Russian or English; anything else is told in Russian, the language of most who write."""
    return _catalogue("en" if language == "en" else "ru").gettext(message)


@cache
def _catalogue(language: str) -> catalogues.NullTranslations:
    if language == "en":
        return catalogues.NullTranslations()
    return catalogues.translation("channels", localedir=str(LOCALE), languages=[language])


def parts_of(text: str, longest: int) -> tuple[str, ...]:
    """The text in parts of at most `longest` characters, cut at ends of paragraphs, lines, sentences or words, in
    this order of liking; inside a word only when it is longer than half a part.
    """
    parts: list[str] = []
    rest = text.strip()
    while len(rest) > longest:
        cut = _cut(rest, longest)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    if rest or not parts:
        parts.append(rest)
    return tuple(parts)


def _cut(text: str, longest: int) -> int:
    for pause in PAUSES:
        at = text.rfind(pause, longest // 2, longest)
        if at >= 0:
            return at + len(pause)
    return longest
