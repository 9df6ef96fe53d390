"""The language the `tropa` command speaks: that of the terminal, Russian or English.

Lines that programs read (`drop: URL`, `desk: URL`) are never translated. Only the standard library is used,
so that `tropa run` can speak without loading Django.
"""

import gettext as catalogues
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"


@cache
def catalogue() -> catalogues.NullTranslations:
    """The catalogue for LANGUAGE, LC_ALL, LC_MESSAGES or LANG, in the standard order; English when none
    fits.
    """
    return catalogues.translation("cli", localedir=str(LOCALE), fallback=True)


def gettext(message: str) -> str:
    return catalogue().gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    return catalogue().ngettext(singular, plural, number)


def gettext_noop(message: str) -> str:
    """Marks a message for translation where it stands, to be translated where it is said."""
    return message
