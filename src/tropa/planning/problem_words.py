"""Says what is wrong with a person's facts or file in the language of the answer.

Kept true: whatever a problem expects has words here, in English as it stands and in Russian (a test reads the source);
a file that cannot be read is told by its kind, never by an error of the machine.
"""

from __future__ import annotations

import re
from typing import Final

from tropa.planning.errors import PersonProblem
from tropa.planning.sentences import gettext_noop as _
from tropa.planning.words import catalogue

EXPECTED: Final = (
    _("a YAML document"),
    _("a value"),
    _("the id of a paper"),
    _("country, first and last"),
    _("keys with values"),
    _("a key of the format"),
    _("each key once"),
    _("each one once"),
    _("a list"),
    _("a day as YYYY-MM-DD"),
    _("a whole number"),
    _("one of {values}"),
    _("a day not before {day}"),
    _("a day not after {day}"),
    _("a day before {day}"),
    _("at most {count} people in one party"),
    _("one verdict, not two that contradict"),
    _("a place of the atlas"),
    _("a paper of the atlas"),
    _("a country of the atlas"),
    _("a leg of the atlas"),
    _("a way of travelling"),
    _("an office"),
    _("{least} to {most} euros"),
    _("{least} to {most} groups in which each of 1 to {people} stands once"),
    _("{least} to {most}"),
)
"""What a problem expects. The first that fits is meant."""

LINE: Final = _("{field}: found {found}, expected {expected}")
LINE_NOTHING_FOUND: Final = _("{field}: expected {expected}")
NEAR: Final = _("; near: {names}")

NO_FILE: Final = _("{file}: there is no such file")
A_FOLDER: Final = _("{file}: this is a folder, not a file")
NO_TEXT: Final = _("{file}: this file is not text (UTF-8)")
UNREADABLE: Final = _("{file}: this file cannot be read")


def problem_line(problem: PersonProblem, language: str) -> str:
    """A problem in one line, with near names where there are any."""
    text = catalogue(language).gettext
    expected = _expected(problem.expected, language)
    line = text(LINE if problem.found else LINE_NOTHING_FOUND)
    near = text(NEAR).format(names=", ".join(problem.nearest)) if problem.nearest else ""
    return line.format(field=problem.field, found=repr(problem.found), expected=expected) + near


def file_line(file: object, error: OSError | UnicodeDecodeError, language: str) -> str:
    """Why a file was not planned for."""
    match error:
        case FileNotFoundError():
            message = NO_FILE
        case IsADirectoryError():
            message = A_FOLDER
        case UnicodeDecodeError():
            message = NO_TEXT
        case _:
            message = UNREADABLE
    return catalogue(language).gettext(message).format(file=file)


def template_of(expected: str) -> str | None:
    """The words among EXPECTED that this text was made with."""
    return next((one for one in EXPECTED if _pattern(one).fullmatch(expected)), None)


def _expected(expected: str, language: str) -> str:
    template = template_of(expected)
    found = _pattern(template).fullmatch(expected) if template else None
    if template is None or found is None:
        return expected
    return catalogue(language).gettext(template).format(**found.groupdict())


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(template)))
