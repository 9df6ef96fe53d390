"""The language the rehearsal reports in: the one asked for, else that of the terminal."""

import gettext as catalogues
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = ("ru", "en")

_chosen: list[catalogues.NullTranslations] = []


def speak(language: str | None) -> None:
    """Report in this language from now on; None: in the one of LANGUAGE, LC_ALL, LC_MESSAGES or LANG."""
    languages = None if language is None else [language]
    _chosen[:] = [catalogues.translation("rehearsal", str(LOCALE), languages, fallback=True)]


def gettext(message: str) -> str:
    """The message in the language of the report."""
    if not _chosen:
        speak(None)
    return _chosen[0].gettext(message)


def gettext_noop(message: str) -> str:
    """Marks a message for translation where it stands."""
    return message
